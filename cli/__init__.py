"""The command `palermo`: one command a step."""
