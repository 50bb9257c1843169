"""One module a file format: bytes in, a table of text out."""
