"""Whether the names in a source description exist: tables, lookups, fields and codes."""

from collections.abc import Iterator
from typing import Any

from schemas.case import case_fields
from schemas.codelist import load_codelist
from schemas.field import Kind
from schemas.ladder import LADDERS, parse_range
from schemas.missing import MissingReason
from schemas.nearest import ask_nearest, find_nearest, find_nearest_codes
from schemas.problem import Path, Problem
from schemas.source import Column, LookupTarget, Placement, Source

INVENTED = "ZZZ"
"""Country of publishers that are none: it stands for no place."""

NUMBERS = (Kind.INTEGER, Kind.YEAR)


def find_unknown_names(source: Source) -> Iterator[Problem]:
    """A problem for each name that stands for nothing, so that a typing error shows at once."""
    yield from _find_tables(source)
    yield from _find_lookups(source)
    yield from _find_fields(source)
    yield from _find_targets(source)
    yield from _find_constants(source)
    country = source.publisher.country
    if country != INVENTED and country not in load_codelist("country").codes:
        yield Problem(
            ("publisher", "country"), f"{country} is no code of a country{_ask('country', country)}"
        )


def list_columns_by_path(source: Source) -> dict[Path, Column]:
    """Every column that is mapped or compared, by its place in the description."""
    one_hot = {name: (column, number) for number, name, column, _ in reversed([*source.list_one_hot()])}
    places: dict[Path, Column] = {}
    for name, column in source.columns.items():
        written, number = one_hot.get(name, (None, 0))
        is_one_hot = column == written
        places[("one_hot", number, "columns", name) if is_one_hot else ("columns", name)] = column
    return places | {("concatenated", name): text.column for name, text in source.concatenated.items()}


def _find_tables(source: Source) -> Iterator[Problem]:
    if not source.tables:
        yield Problem((), "describe the file: give reader, or tables with a reader each")
        return
    named: dict[Path, str] = {("cases",): source.cases}
    named |= {("link", number, "table"): link.table for number, link in enumerate(source.link)}
    if source.perpetrators:
        named["perpetrators", "table"] = source.perpetrators.table
    for path, name in named.items():
        if name not in source.tables:
            yield Problem(path, _say_none("table", name, source.tables, "under tables"))


def _find_lookups(source: Source) -> Iterator[Problem]:
    for path, column in list_columns_by_path(source).items():
        for key, name in (("lookup", column.lookup), ("flags", column.flags)):
            if name and name not in source.lookups:
                yield Problem((*path, key), _say_none("lookup", name, source.lookups, "under lookups"))


def _find_fields(source: Source) -> Iterator[Problem]:
    fields = case_fields()
    named: dict[Path, str] = {("constants", name): name for name in source.constants}
    named |= {("not_collected", number): name for number, name in enumerate(source.not_collected)}
    for side, limits in (("min", source.bounds.min), ("max", source.bounds.max)):
        named |= {("bounds", side, "null_share", name): name for name in limits.null_share}
        for name in limits.mean:
            if name not in fields or fields[name].kind not in NUMBERS:
                yield Problem(
                    ("bounds", side, "mean", name), f"bounds of a mean need a number, {name} is none"
                )
    for path, column in list_columns_by_path(source).items():
        if column.field:
            named[path if path[0] == "one_hot" else (*path, "field")] = column.field
    for path, name in named.items():
        if name not in fields:
            yield Problem(path, _say_none("field", name, fields, "in the case"))


def _say_none(what: str, name: str, known: Any, where: str) -> str:
    return f"there is no {what} {name} {where}{ask_nearest(find_nearest(name, known))}"


def _find_targets(source: Source) -> Iterator[Problem]:
    """Every code on the right side of a lookup must exist in the fields of all columns that use it."""
    told: set[tuple[Path, str]] = set()
    for path, column in list_columns_by_path(source).items():
        name, allowed = column.flags or column.lookup or "", list_allowed_targets(column)
        field = case_fields().get(column.field or "")
        if path[0] == "one_hot" and field and column.together == "any" and field.kind is not Kind.FLAG:
            said = f"{field.name} is no yes/no field; write the code that a yes means, {{{field.name}: code}}"
            yield Problem(path, said)
            continue
        for word, target in source.lookups.get(name, {}).items():
            place: Path = path if path[0] == "one_hot" else ("lookups", name, word)
            for one in list_targets(target):
                if allowed is None or one in allowed or _is_range(column, one) or (place, str(one)) in told:
                    continue
                told.add((place, str(one)))
                yield Problem(place, _say_not_allowed(str(path[-1]), column, one))


def _say_not_allowed(name: str, column: Column, target: Any) -> str:
    if column.flags:
        flags = [name for name, field in case_fields().items() if field.kind is Kind.FLAG]
        return f"{target} is no yes/no field (column {name}){ask_nearest(find_nearest(str(target), flags))}"
    field = case_fields()[column.field or ""]
    if field.kind is Kind.INTEGER:
        return f"{target} is no range for {field.name} (column {name}); write 14, 10-14, 60+, <18 or a reason"
    if field.codelist is None:
        return f"{target} does not fit {field.name} (column {name}); write 1, 0 or a reason such as unknown"
    return f"{target} is no code of {field.name} (column {name}){_ask(field.codelist, str(target))}"


def _ask(codelist: str, word: str) -> str:
    return ask_nearest(find_nearest_codes(codelist, word))


def list_allowed_targets(column: Column) -> set[Any] | None:
    """What may stand on the right side of the column's lookup; None where that is checked elsewhere."""
    fields = case_fields()
    if column.flags:
        return {name for name, field in fields.items() if field.kind is Kind.FLAG}
    field = fields.get(column.field or "")
    if field is None or column.lookup is None:
        return None
    if field.codelist:
        entries = load_codelist(field.codelist).entries
        return {entry.code for entry in entries} | set(MissingReason)
    if field.kind is Kind.FLAG:
        return {0, 1} | set(MissingReason)
    return set(MissingReason) if field.kind is Kind.INTEGER else None


def _is_range(column: Column, target: Any) -> bool:
    """Whether a lookup's target is a number or range that the field or its ladder can hold."""
    field = case_fields().get(column.field or "")
    if field is None or (field.name not in LADDERS and field.kind is not Kind.INTEGER):
        return False
    if field.kind is Kind.INTEGER and (type(target) is int or str(target).isdecimal()):
        return True
    return field.name in LADDERS and parse_range(str(target)) is not None


def list_targets(target: LookupTarget) -> tuple[Any, ...]:
    """What a word of a lookup stands for, one by one."""
    if isinstance(target, Placement):
        return list_targets(target.to)
    if target is None:
        return ()
    return target if isinstance(target, tuple) else (target,)


def _find_constants(source: Source) -> Iterator[Problem]:
    """A constant is written into every case as it stands, so it must be a value of its field."""
    for name, value in source.constants.items():
        field = case_fields().get(name)
        wrong = None
        if field is None or field.kind is Kind.TEXT:
            continue
        if field.codelist:
            codes = load_codelist(field.codelist).codes
            said = str(value).split(";") if field.kind is Kind.CODES else [value]
            bad = [one for one in said if one not in codes]
            wrong = f"{bad[0]} is no code of {name}{_ask(field.codelist, str(bad[0]))}" if bad else None
        elif field.kind is Kind.BOOLEAN and not isinstance(value, bool):
            wrong = "must be true or false, without quotes"
        elif field.kind is Kind.FLAG and (type(value) is not int or value not in (0, 1)):
            wrong = "must be 1 (yes) or 0 (no)"
        elif field.kind in NUMBERS and type(value) is not int:
            wrong = "must be a whole number, without quotes"
        if wrong:
            yield Problem(("constants", name), wrong)
