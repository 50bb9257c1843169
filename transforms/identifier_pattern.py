"""Identifying text by its form alone: e-mail addresses, international telephone numbers, coordinates."""

import re

# begins only where a word begins: a long cell must not be searched from each of its characters
EMAIL = r"(?<![^\s@<>,;])[^\s@<>,;]+@[^\s@<>,;]+\.[^\W\d_]{2,}"
PHONE = r"(?<![\w+])\+\(?\d(?:[\s().\-/]{0,2}\d){7,14}(?!\d)"
DEGREES = r"\d{1,3}\s?°\s?\d{1,2}(?:[.,]\d+)?\s?['’′]"
PAIR = re.compile(
    r"(?<![\d.,])([+-]?\d{1,3}[.]\d{3,})\s*[,;/|\s]\s*([+-]?\d{1,3}[.]\d{3,})(?![\d.,])"
    r"|(?<![\d.,])([+-]?\d{1,3}[,]\d{3,})\s*[;/|\s]\s*([+-]?\d{1,3}[,]\d{3,})(?![\d.,])"
)
PATTERN = re.compile(f"{EMAIL}|{PHONE}|{DEGREES}")
SIGNS = "@+°"
"""One of these stands in whatever the pattern finds: most cells need not be searched."""


def looks_identifying(text: str) -> bool:
    """Whether the text has an e-mail address, an international telephone number or a pair of coordinates."""
    if any(sign in text for sign in SIGNS) and PATTERN.search(text):
        return True
    return any(_is_place(match) for match in PAIR.finditer(text))


def _is_place(match: re.Match[str]) -> bool:
    first, second = (abs(float(number.replace(",", "."))) for number in match.groups() if number)
    return (first <= 90 and second <= 180) or (first <= 180 and second <= 90)
