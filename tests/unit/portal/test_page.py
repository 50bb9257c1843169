"""How figures are written, and that the colors of the pages can be read."""

import re
from itertools import product

import pytest

from portal.page import TEMPLATES, write_count, write_number, write_share, write_size, write_time


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (48801, "48,801"), (17.0, "17"), (17.44, "17.4")])
def test_numbers(value: float, text: str) -> None:
    assert write_number(value) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0 %"),
        (1, "100 %"),
        (0.5, "50 %"),
        (1 / 36, "2.8 %"),
        (0.0004, "< 0.1 %"),
        (0.0005, "0.1 %"),
        (0.9995, "> 99.9 %"),
        (0.9994, "99.9 %"),
    ],
)
def test_shares_never_round_to_none_or_all(share: float, text: str) -> None:
    assert write_share(share) == text


def test_counts() -> None:
    assert write_count(1, "row") == "1 row"
    assert write_count(2, "row") == "2 rows"
    assert write_count(1_000, "class", "classes") == "1,000 classes"


@pytest.mark.parametrize(
    ("size", "text"), [(412, "412 bytes"), (1000, "1 kB"), (1_260_000, "1.3 MB"), (5e15, "5,000 TB")]
)
def test_sizes(size: float, text: str) -> None:
    assert write_size(size) == text


def test_times() -> None:
    assert write_time("2026-11-24T10:05:33.123456+00:00") == "2026-11-24 10:05 UTC"
    assert write_time("2026-11-24") == "2026-11-24"


def luminance(color: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, two: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(two)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


COLORS = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", (TEMPLATES / "style.css").read_text()))
TONES = ("good", "wait", "stop", "calm")
PAIRS = [
    *product(("ink", "soft", "link"), ("paper", "wash")),
    *((tone, f"{tone}-wash") for tone in TONES),
    ("paper", "brand"),
]


@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_contrast_is_at_least_4_5(text: str, ground: str) -> None:
    """WCAG 2.2, criterion 1.4.3, level AA."""
    assert contrast(COLORS[text], COLORS[ground]) >= 4.5


@pytest.mark.parametrize("color", ["#d3e2ec", "#e4eef4", "#c5d8e4"])
def test_text_on_the_head_too(color: str) -> None:
    assert color in (TEMPLATES / "style.css").read_text()
    assert contrast(color, COLORS["brand"]) >= 4.5
