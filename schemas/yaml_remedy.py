"""Remedies for text that is not YAML: in which line, and what usually is the matter there."""

import re

import yaml

REMEDIES = (
    (r"character '\\t'", "a tab stands here; indent with spaces only"),
    (
        r"mapping values are not allowed",
        "a second colon, too deep an indent, or no colon in the line above; put text with a colon in quotes",
    ),
    (
        r"expected <block end>",
        "the indent differs from the lines it belongs to; begin them all below each other, "
        "and take out a {} that stands above them",
    ),
    (r"could not find expected ':'", "a key without a colon; write key: value, with a space after the colon"),
    (r"expected ',' or '\}'", "a { is not closed, or a comma is missing"),
    (r"expected ',' or '\]'", "a [ is not closed, or a comma is missing"),
    (
        r"while parsing a flow|expected the node content",
        "a bracket without its other half, or a comma too many",
    ),
    (r"unexpected end of stream", "a quotation mark is not closed"),
    (r"unknown escape character", "a backslash in double quotes; use single quotes"),
    (r"cannot start any token", "text that begins with this character must stand in quotes"),
    (r"alias|alphabetic or numeric character", "text that begins with * or & must stand in quotes"),
    (r"expected a single document", "--- begins a second description; a file has one"),
    (r"could not determine a constructor", "a word after ! is no text; put it in quotes"),
    (r"a key must be one word", "a key must be one word; put it in quotes"),
)
"""What YAML's parser says and what it means to somebody who writes a description."""


def explain_yaml_error(error: yaml.YAMLError) -> str:
    """Where the text stops being YAML, and what to do; quotes nothing of it."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return "not YAML; it has a character that no text file should have"
    said = f"{error.context or ''} {error.problem or ''}"
    remedy = next((text for pattern, text in REMEDIES if re.search(pattern, said)), "this is not YAML")
    begun, found = error.context_mark, error.problem_mark
    if found is None:
        return remedy
    since = f" (begun in line {begun.line + 1})" if begun and begun.line != found.line else ""
    return f"line {found.line + 1}{since}: {remedy}"
