"""Invented files in the form of every source, made from a seed: the same seed gives the same bytes."""
