"""One step a room, the workspace they work in, and the logger that refuses rows."""
