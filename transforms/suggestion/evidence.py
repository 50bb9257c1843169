"""Evidence: how far the cells of a column bear out what its header says."""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.case import case_fields, find_limits
from schemas.date_form import Calendar
from schemas.field import Kind
from schemas.ladder import LADDERS, parse_range
from schemas.territory import TerritoryPolicy
from transforms.country import parse_numeric
from transforms.suggestion.dating import Dating, find_dating
from transforms.suggestion.profile import Profile
from transforms.suggestion.vocabulary import (
    ANSWER,
    COUNTRY,
    Words,
    is_code,
    is_missing,
    place_codes,
    place_parts,
    place_words,
    topic_of_field,
)
from transforms.wording import level_digits
from transforms.yes_no import TICKS

DATES = 0.92
"""How far cells bear a year out that look like dates of a form or calendar nobody here reads."""
MARKS = TICKS | {"+", "√"}
"""Signs on a form that mean yes."""


@dataclass(frozen=True)
class Evidence:
    """Share of the cells that fit (None where there is no cell), what that is in words, and known words."""

    share: float | None
    text: str
    words: Words | None = None
    dating: Dating | None = None
    is_strict: bool = False


def weigh_field(name: str, profile: Profile, languages: Sequence[str]) -> Evidence:
    """How far the cells fit a field: by number, date, code, or words of the languages."""
    if profile.share(is_missing) == 1 or not profile.filled:
        return Evidence(None, "no cell has an answer")
    described = case_fields()[name]
    if described.kind is Kind.YEAR:
        return _weigh_year(name, profile, languages)
    if described.kind is Kind.INTEGER:
        lowest, highest = find_limits(name)
        return _weigh_share(profile, profile.within(lowest, highest), f"numbers from {lowest} to {highest}")
    topic = topic_of_field(name)
    if topic is None and described.kind is Kind.CODES:
        words = place_codes(profile, str(described.codelist))
        return Evidence(words.share, f"{words.share:.0%} of the cells are codes of the list", words)
    codes = profile.share(lambda cell: _is_code_or_range(cell, name, described.codelist))
    if topic is None:
        return Evidence(codes, f"{codes:.0%} of the cells are codes of the list")
    place = place_parts if described.kind is Kind.CODES or topic == "country" else place_words
    words = place(profile, topic, languages)
    if topic == ANSWER and words.share < 1:
        words = _with_digits(profile, words)
    return Evidence(max(words.share, codes), _describe_words(profile, words, codes), words)


def weigh_flags(topic: str, profile: Profile, languages: Sequence[str]) -> Evidence:
    """How far the cells are words of a topic that names several flags."""
    if not profile.filled:
        return Evidence(None, "no cell has an answer")
    words = place_parts(profile, topic, languages)
    return Evidence(words.share, _describe_words(profile, words, 0), words)


def weigh_dates(profile: Profile, languages: Sequence[str]) -> Evidence:
    """How far the cells are dates or years of any calendar."""
    dating = find_dating(profile, languages)
    if dating is None:
        return Evidence(DATES if profile.is_dates else 0.0, "dates of a form to be named", is_strict=True)
    return Evidence(1.0, _describe_dating(dating), dating=dating, is_strict=True)


def _weigh_year(name: str, profile: Profile, languages: Sequence[str]) -> Evidence:
    dates = weigh_dates(profile, languages)
    if dates.share:
        return dates
    lowest, highest = find_limits(name)
    return _weigh_share(profile, profile.within(lowest, highest), f"years from {lowest} to {highest}")


def _describe_dating(dating: Dating) -> str:
    what = f"dates of the form {' or '.join(dating.forms)}" if dating.forms else "years"
    calendar = "" if dating.calendar is Calendar.GREGORIAN else f", calendar {dating.calendar.value}"
    return f"{what}{calendar}" + (f"; also {dating.also} would fit" if dating.also else "")


def _is_code_or_range(cell: str, name: str, codelist: str | None) -> bool:
    """A code or label of the field's list; of bands also one of another cut; a numeric country."""
    if is_code(cell, codelist) or (codelist == COUNTRY and parse_numeric(cell, TerritoryPolicy.CTDC)):
        return True
    return name in LADDERS and parse_range(level_digits(cell)) is not None


def _weigh_share(profile: Profile, share: float, what: str) -> Evidence:
    """Cells that say there is no answer count neither for nor against."""
    blanks = profile.share(is_missing)
    fitting = share / (1 - blanks) if blanks < 1 else 0.0
    return Evidence(min(fitting, 1.0), f"{fitting:.0%} of the cells are {what}", is_strict=True)


def _with_digits(profile: Profile, words: Words) -> Words:
    """Yes and no as 1 and 0, also as 1.0, and marks on a form."""
    signs = {
        "1": "1",
        "1.0": "1",
        "0": "0",
        "0.0": "0",
        "true": "1",
        "false": "0",
        **dict.fromkeys(MARKS, "1"),
    }
    placed = {**words.placed, **{c: signs[c.casefold()] for c in profile.counts if c.casefold() in signs}}
    left = {cell: n for cell, n in words.unplaced.items() if cell not in placed}
    known = sum(profile.counts.get(cell, 0) for cell in (*placed, *words.missing)) / max(profile.filled, 1)
    return Words(words.language, placed, words.missing, left, known if placed or words.missing else 0.0)


def _describe_words(profile: Profile, words: Words, codes: float) -> str:
    if codes > words.share:
        return f"{codes:.0%} of the cells are codes of the list"
    known, all_of_them = len(words.placed) + len(words.missing), len(words.unplaced)
    where = f" ({words.language})" if words.language else ""
    return f"{known} of {known + all_of_them} different values are known words{where}"
