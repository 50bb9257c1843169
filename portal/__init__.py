"""Pages: the officer's desk (restricted) and the public catalogue (reads only the public zone)."""
