"""Whether the parts of a source description fit each other: nothing is filled twice, and no key is idle."""

from collections import defaultdict
from collections.abc import Iterator

from schemas.case import case_fields
from schemas.date_form import Calendar, find_fault
from schemas.field import Kind, Requirement
from schemas.nearest import ask_nearest, find_nearest
from schemas.period import LENGTHS, list_months, name_period
from schemas.problem import Path, Problem
from schemas.source import Column, LookupTarget, Source
from schemas.source_check import list_columns_by_path, list_targets

WRITTEN_BY_PALERMO = frozenset(name for name, field in case_fields().items() if field.kind is Kind.TEXT)


def find_conflicts(source: Source, mentioned: frozenset[str]) -> Iterator[Problem]:
    """A problem for each two parts that exclude each other, and for each that is missing or idle.

    `mentioned` are all words under the columns and constants, those of broken entries among them: what
    stands there is not missing, even if its entry could not be read.
    """
    yield from _find_palermos_own(source)
    yield from _find_double_fields(source)
    yield from _find_double_columns(source)
    yield from _find_idle_keys(source)
    yield from _find_birth_faults(source)
    yield from _find_ambiguous_words(source)
    yield from _find_empty_bounds(source)
    yield from _find_lost_aliases(source)
    yield from _find_unfilled(source, mentioned)
    yield from _find_unused_lookups(source, mentioned)
    yield from _find_calendar_faults(source)


def _find_calendar_faults(source: Source) -> Iterator[Problem]:
    """First and last period are written as the calendar counts, and stand in their order."""
    schedule = source.schedule
    length = LENGTHS.get(schedule.every)
    ends = {"first": schedule.first, "last": schedule.last}
    given = {name: list_months(period) for name, period in ends.items() if period}
    for name, months in given.items():
        path: Path = ("schedule", name)
        if length is None:
            yield Problem(path, "what is handed in once has no calendar; remove it")
        elif len(months) != length:
            form = name_period(schedule.every, months.start)
            yield Problem(path, f"with every: {schedule.every} a period is written as {form} is")
    if len(given) == len(ends) and given["last"].start < given["first"].start:
        yield Problem(("schedule", "last"), "it is before the first one; swap them")


def _find_palermos_own(source: Source) -> Iterator[Problem]:
    for path, field in _list_filled(source):
        if field in WRITTEN_BY_PALERMO:
            said = f"Palermo fills {field} itself; map the column elsewhere or list it under ignored"
            yield Problem(path, said)


def _find_double_fields(source: Source) -> Iterator[Problem]:
    """Columns may share a field; a constant, or a field that is not collected, can have no column."""
    columns = {field for path, field in _list_filled(source) if path[0] != "constants"}
    said = "only one of columns, constants and not_collected may fill a field; choose one"
    for field in source.constants:
        if field in columns or field in source.not_collected:
            yield Problem(("constants", field), f"{field}: {said}")
    for number, field in enumerate(source.not_collected):
        if field in columns:
            yield Problem(("not_collected", number), f"{field}: {said}")


def _find_double_columns(source: Source) -> Iterator[Problem]:
    places: dict[str, list[Path]] = defaultdict(list)
    mapped = list_columns_by_path(source)
    one_hot = ((("one_hot", number, "columns", name)) for number, name, *_ in source.list_one_hot())
    others = ((section, name) for section in ("ignored", "refused") for name in getattr(source, section))
    for path in dict.fromkeys([*mapped, *one_hot, *others]):
        places[str(path[-1]).removeprefix(f"{source.cases}.")].append(path)
    for name, paths in places.items():
        if len(paths) > 1:
            where = " and ".join(str(path[0]) for path in paths)
            yield Problem(paths[-1], f"column {name} stands under {where}; choose one")
    shared = source.shared_key.column if source.shared_key else None
    for section in ("concatenated", "ignored", "refused"):
        if shared in getattr(source, section):
            yield Problem(
                ("shared_key", "column"), f"column {shared} stands under {section} too; remove it there"
            )
    keys = [name for name, column in source.columns.items() if column.key]
    for name in keys[1:]:
        yield Problem(("columns", name, "key"), f"column {keys[0]} is the key already; keep one")


def _find_idle_keys(source: Source) -> Iterator[Problem]:
    """Keys of a column that would do nothing there, or not what they say."""
    for path, column in list_columns_by_path(source).items():
        if path[0] != "columns":
            continue
        field = case_fields().get(column.field or "")
        kind = field.kind if field else None
        yield from _find_date_faults(path, column, kind)
        if column.lookup and kind in (None, Kind.YEAR):
            said = "only fields with codes, numbers, yes and no have a lookup; remove it"
            yield Problem((*path, "lookup"), said)
        if column.others == "no" and not column.flags:
            yield Problem((*path, "others"), "only a column with flags has others; remove it")
        if column.together == "any" and kind not in (Kind.FLAG, Kind.CODES):
            said = "only yes/no fields and lists add up; leave together out"
            yield Problem((*path, "together"), said)
        if column.country != "codes" and (field is None or field.codelist != "country"):
            yield Problem((*path, "country"), "only a field that is a country has country; remove it")
        if column.country == "names" and not source.language:
            said = (
                "names are read in the language of the source; add language, such as sr-Latn, to the source"
            )
            yield Problem((*path, "country"), said)
        yield from _find_several_codes(source, path, column, kind)


def _find_date_faults(path: Path, column: Column, kind: Kind | None) -> Iterator[Problem]:
    is_dated = kind is Kind.YEAR or column.birth_date
    for form in column.date or ():
        if not is_dated:
            said = "give a form such as %d.%m.%Y, and only for a field that is a year"
            yield Problem((*path, "date"), said)
        elif fault := find_fault(form, column.pivot):
            yield Problem((*path, "date"), fault)
    if column.calendar is not Calendar.GREGORIAN and not is_dated:
        yield Problem((*path, "calendar"), "only dates and years have a calendar; remove it")
    if column.pivot is not None and not is_dated:
        yield Problem((*path, "pivot"), "only dates and years have a pivot; remove it")


def _find_birth_faults(source: Source) -> Iterator[Problem]:
    """A date of birth needs a ground on which it is sent, and one event at which the age is told."""
    born = [name for name, column in source.columns.items() if column.birth_date]
    events = [name for name, column in source.columns.items() if column.field == "year_of_registration"]
    for name in born:
        path: Path = ("columns", name, "birth_date")
        if not source.terms.birth_dates:
            said = "say under terms, as birth_dates, where the agreement allows dates of birth to be sent"
            yield Problem(path, said)
        if len(events) != 1:
            yield Problem(path, "the age is told at year_of_registration; map exactly one column to it")
    for name in born[1:]:
        yield Problem(("columns", name, "birth_date"), f"column {born[0]} is the date of birth; keep one")


def _find_several_codes(source: Source, path: Path, column: Column, kind: Kind | None) -> Iterator[Problem]:
    targets = source.lookups.get(column.lookup or "", {}).values()
    if kind is not Kind.CODES and any(len(list_targets(target)) > 1 for target in targets):
        yield Problem((*path, "lookup"), f"gives several codes, but {column.field} holds one")


def _find_ambiguous_words(source: Source) -> Iterator[Problem]:
    """Words that differ only in case or spacing, and so are one word to the lookup, yet have two meanings."""
    for name, lookup in source.lookups.items():
        meanings: dict[str, LookupTarget] = {}
        for word, target in lookup.items():
            folded = " ".join(word.casefold().split())
            if meanings.setdefault(folded, target) != target:
                said = f"the word {folded} has two meanings; case and spacing do not count"
                yield Problem(("lookups", name, word), said)


def _find_empty_bounds(source: Source) -> Iterator[Problem]:
    """Limits between which nothing lies."""
    low, high = source.bounds.min, source.bounds.max
    pairs: dict[Path, tuple[float | None, float | None]] = {
        ("rows",): (low.rows, high.rows),
        ("held_share",): (low.held_share, high.held_share),
    }
    pairs |= {
        ("null_share", name): (share, high.null_share.get(name)) for name, share in low.null_share.items()
    }
    pairs |= {("mean", name): (mean, high.mean.get(name)) for name, mean in low.mean.items()}
    for path, (lowest, highest) in pairs.items():
        if lowest is not None and highest is not None and lowest > highest:
            yield Problem(
                ("bounds", "min", *path), f"{lowest} is above the {highest} under max; nothing fits"
            )


def _find_lost_aliases(source: Source) -> Iterator[Problem]:
    """Right names of misspelt columns, and labelled columns, that no other section knows."""
    known = {str(path[-1]) for path in list_columns_by_path(source)} | {*source.ignored, *source.refused}
    if source.persons:
        known |= {one for name in source.persons.columns for one in source.persons.name_columns(name)}
    named = [(("aliases", wrong), right) for wrong, right in source.aliases.items()]
    for path, name in [*named, *((("labels", name), name) for name in source.labels)]:
        if name not in known:
            said = f"no section says what column {name} means{ask_nearest(find_nearest(name, known))}"
            yield Problem(path, said)


def _find_unfilled(source: Source, mentioned: frozenset[str]) -> Iterator[Problem]:
    """Mandatory fields that nothing fills, and flags that concatenated text names and nothing fills."""
    filled = {field for _, field in _list_filled(source)}
    for name, field in case_fields().items():
        if field.requirement is Requirement.MANDATORY and name not in {
            *filled,
            *mentioned,
            *WRITTEN_BY_PALERMO,
        }:
            said = f"{name} is mandatory; map a column to it or give it here"
            yield Problem(("constants",), said)
    for column, text in source.concatenated.items():
        named = set(_named_flags(source, text.flags)) & case_fields().keys()
        for flag in sorted(named - filled - mentioned):
            said = f"nothing fills {flag}; map a column to it or drop it there"
            yield Problem(("concatenated", column), said)


def _find_unused_lookups(source: Source, mentioned: frozenset[str]) -> Iterator[Problem]:
    columns = list_columns_by_path(source).values()
    used = {name for column in columns for name in (column.lookup, column.flags) if name}
    meant = {near for name in used - set(source.lookups) for near in find_nearest(name, source.lookups)}
    for name in source.lookups:
        if name not in {*used, *meant, *mentioned}:
            said = "no column uses this lookup; name it in a column as lookup or flags, or remove it"
            yield Problem(("lookups", name), said)


def _list_filled(source: Source) -> Iterator[tuple[Path, str]]:
    """Every field that a column or a constant fills, and where that is said."""
    for path, column in list_columns_by_path(source).items():
        if path[0] == "concatenated":
            continue
        if column.field:
            yield path if path[0] == "one_hot" else (*path, "field"), column.field
        if column.birth_date:
            yield (*path, "birth_date"), "age_at_registration"
        for flag in _named_flags(source, column.flags):
            yield path if path[0] == "one_hot" else (*path, "flags"), flag
    for field in source.constants:
        yield ("constants", field), field


def _named_flags(source: Source, lookup: str | None) -> list[str]:
    targets = source.lookups.get(lookup or "", {}).values()
    return [str(field) for target in targets for field in list_targets(target)]
