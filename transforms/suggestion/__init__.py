"""Drafting a source description from a file: what it probably says, how sure that is, and what is left."""
