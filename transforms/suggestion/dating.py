"""Dating: in which notation, calendar and language the cells of a column are dates."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from schemas.date_form import Calendar, Serial
from transforms.date import Span, build_date_reading
from transforms.number import parse_whole, parse_year
from transforms.suggestion.profile import EARLIEST, LATEST, SAMPLE, Profile
from transforms.suggestion.tongue import FURTHER, list_tongues
from transforms.suggestion.vocabulary import is_missing
from transforms.wording import level_digits

LEAST = 0.98
"""Share of the cells that must be read."""
PIVOT = 2035
"""Last year that two digits are taken to mean in a draft; a person looks at it."""
SERIALS = (15_000, 60_000)
"""Days since 1900 that a workbook may count: 1941 to 2064."""
LOOKED_AT = 5
"""Different shapes of dates in one column that are tried."""
TIME = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2})?(?:\.\d+)?$")
PART = re.compile(r"\d+|[^\W\d_]+|\s+|.")
MONTH = "%B"
ORDERS = {3: ("dmY", "mdY", "Ymd"), 2: ("mY", "Ym"), 1: ("Y",)}
"""How the numbers of a date may follow each other, by how many there are."""
ORDERS_BY_NAME = {2: ("dY", "Yd"), 1: ("Y",)}
"""The same beside a month in letters."""
INVISIBLE = dict.fromkeys(map(ord, "\u200e\u200f\u061c\u202a\u202b\u202c\ufeff"))
OFFSETS = {Calendar.BUDDHIST: 543, Calendar.SOLAR_HIJRI: -621}
"""Years that a calendar counts above ours."""


@dataclass(frozen=True)
class Dating:
    """How dates of a column are written; `also` is another form that fits every cell as well.

    Without a form the cells are years. `language` is that of the months' names. `is_serial` says that the
    cells are bare numbers, which only a header can make dates.
    """

    forms: tuple[str, ...] = ()
    calendar: Calendar = Calendar.GREGORIAN
    language: str | None = None
    also: str | None = None
    is_serial: bool = False

    @property
    def pivot(self) -> int | None:
        """The pivot that a form of two digits needs."""
        return PIVOT if any("%y" in form for form in self.forms) else None

    @property
    def has_days(self) -> bool:
        """Whether the cells tell a day, as a birth date and a date of an event must to give an age."""
        return self.is_serial or any("%d" in form for form in self.forms)


def find_dating(profile: Profile, languages: Sequence[str]) -> Dating | None:
    """How the cells are dates or years, None if most are neither; `languages` are asked first for months."""
    told = (cell.translate(INVISIBLE) for cell in profile.counts if not is_missing(cell))
    cells = list(islice(told, SAMPLE))
    if not cells:
        return None
    if years := _find_years(cells):
        return years
    if all(SERIALS[0] <= (parse_whole(cell) or 0) <= SERIALS[1] for cell in cells):
        return Dating((Serial.EXCEL_1900.value,), is_serial=True)
    return _find_forms(cells, languages)


def _find_years(cells: Sequence[str]) -> Dating | None:
    years = [parse_year(cell) for cell in cells]
    for calendar in Calendar:
        offset = OFFSETS.get(calendar, 0)
        if sum(EARLIEST + offset <= (year or 0) <= LATEST + offset for year in years) >= LEAST * len(cells):
            return Dating(calendar=calendar)
    return None


def _find_forms(cells: Sequence[str], languages: Sequence[str]) -> Dating | None:
    shapes = Counter(_find_shape(cell) for cell in cells)
    examples = {_find_shape(cell): cell for cell in cells}
    common = [shape for shape, _ in shapes.most_common(LOOKED_AT) if shape]
    forms = list(dict.fromkeys(form for shape in common for form in _list_forms(examples[shape])))
    for calendar in Calendar:
        if found := _fit_forms(cells, forms, calendar, _list_languages(forms, languages)):
            return found
    return None


def _find_shape(cell: str) -> str:
    """Letters and digits by their kind: dates of one notation look alike; blank for what is no date."""
    text = level_digits(" ".join(cell.split()))
    if not 1 <= len(re.findall(r"\d+", TIME.sub("", text))) <= 3 or len(text) > 40:
        return ""
    numbers = re.sub(r"\d+", lambda found: "9999" if len(found[0]) == 4 else "9", TIME.sub("T", text))
    return re.sub(r"[^\W\d_]+", "a", numbers)


def _list_forms(cell: str) -> Iterator[str]:
    """Every form in which one date may have been written."""
    text = level_digits(" ".join(cell.split()))
    time = TIME.search(text)
    parts = PART.findall(text[: time.start()] if time else text)
    clock = "" if time is None else f"{time[0][0]}%H:%M" + (":%S" if time[1] else "")
    numbers = [place for place, part in enumerate(parts) if part.isdigit()]
    words = [place for place, part in enumerate(parts) if part.isalpha()]
    lengths = [len(parts[place]) for place in numbers]
    if any(length > 4 or length == 3 for length in lengths):
        return
    for order in ORDERS.get(len(numbers), ()):
        if len(numbers) > 1 and not words and (written := _write_order(order, lengths)):
            yield _write_form(parts, dict(zip(numbers, written, strict=True))) + clock
    for order in ORDERS_BY_NAME.get(len(numbers), ()):
        if written := _write_order(order, lengths):
            named = dict(zip(numbers, written, strict=True))
            for place in words:
                yield _write_form(parts, {**named, place: MONTH}) + clock


def _write_order(order: str, lengths: Sequence[int]) -> list[str] | None:
    """The directives of an order where the lengths of the numbers allow it; a year has four digits or two."""
    written = []
    for sign, length in zip(order, lengths, strict=True):
        if (sign == "Y" and length not in (2, 4)) or (sign != "Y" and length > 2):
            return None
        written.append("%y" if sign == "Y" and length == 2 else f"%{sign}")
    return written


def _write_form(parts: Sequence[str], directives: dict[int, str]) -> str:
    return "".join(directives.get(place, part.replace("%", "")) for place, part in enumerate(parts))


def _list_languages(forms: Sequence[str], languages: Sequence[str]) -> list[str | None]:
    """Languages in which months are tried: those asked for first."""
    if not any(MONTH in form for form in forms):
        return [None]
    return list(dict.fromkeys([*languages, *list_tongues(), *FURTHER]))


def _fit_forms(
    cells: Sequence[str], forms: Sequence[str], calendar: Calendar, languages: Sequence[str | None]
) -> Dating | None:
    """The one form that reads all cells, or else the few that do so together; and the language it takes."""
    for language in languages:
        read = {form: _mark_read(cells, (form,), calendar, language) for form in forms}
        whole = [form for form, marks in read.items() if sum(marks) >= LEAST * len(cells)]
        named = language if any(MONTH in form for form in (whole or forms)[:1]) else None
        if whole:
            return Dating((whole[0],), calendar, named, also=whole[1] if len(whole) > 1 else None)
        some = [form for form in forms if any(read[form])]
        together = _join_forms(some, read)
        marks = zip(*(read[form] for form in together), strict=True)
        if len(together) > 1 and sum(map(any, marks)) >= LEAST * len(cells):
            return Dating(tuple(together), calendar, language)
    return None


def _join_forms(forms: Sequence[str], read: dict[str, list[bool]]) -> list[str]:
    """Forms of which each reads cells that none before it reads."""
    chosen: list[str] = []
    for form in sorted(forms, key=lambda form: -sum(read[form])):
        before = [any(marks) for marks in zip(*(read[f] for f in chosen), strict=True)] if chosen else []
        if not chosen or any(mark and not old for mark, old in zip(read[form], before, strict=True)):
            chosen.append(form)
    return chosen


def _mark_read(
    cells: Sequence[str], forms: tuple[str, ...], calendar: Calendar, language: str | None
) -> list[bool]:
    pivot = PIVOT if any("%y" in form for form in forms) else None
    reading = build_date_reading(forms, calendar, pivot, (language,) if language else ())
    return [_is_plausible(reading, cell) for cell in cells]


def _is_plausible(reading: Callable[[str], Span | None], cell: str) -> bool:
    span = reading(cell)
    return span is not None and EARLIEST <= span.first.year <= LATEST
