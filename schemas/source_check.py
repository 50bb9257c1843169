"""Whether the names in a source description exist: tables, lookups, fields and codes."""

from typing import TYPE_CHECKING, Any

from schemas.case import case_fields
from schemas.codelist import load_codelist
from schemas.field import Kind
from schemas.missing import MissingReason

if TYPE_CHECKING:
    from schemas.source import Column, LookupTarget, Source


def list_unknown_names(source: "Source") -> list[str]:
    """One line for each name that stands for nothing, so that a typing error shows at once."""
    return [
        *_unknown_tables(source),
        *_unknown_lookups(source),
        *_unknown_fields(source),
        *_unknown_codes(source),
    ]


def _unknown_tables(source: "Source") -> list[str]:
    if not source.tables:
        return ["describe the file: give reader, or tables with a reader each"]
    named = {source.cases, *([source.link.table] if source.link else [])}
    named |= {source.perpetrators.table} if source.perpetrators else set()
    return [f"there is no table {name} under tables" for name in sorted(named - set(source.tables))]


def _unknown_lookups(source: "Source") -> list[str]:
    named = {n for column in _all_columns(source).values() for n in (column.lookup, column.flags) if n}
    return [f"there is no lookup {name} under lookups" for name in sorted(named - set(source.lookups))]


def _unknown_fields(source: "Source") -> list[str]:
    fields = case_fields()
    bounds = (source.bounds.min, source.bounds.max)
    means = {name for limits in bounds for name in limits.mean}
    shares = {name for limits in bounds for name in limits.null_share}
    named = {*source.constants, *source.not_collected, *shares}
    numbers = {name for name, field in fields.items() if field.kind in (Kind.INTEGER, Kind.YEAR)}
    return [
        *(f"there is no field {name} in the case" for name in sorted(named - set(fields))),
        *(f"bounds of a mean need a number, {name} is none" for name in sorted(means - numbers)),
    ]


def _unknown_codes(source: "Source") -> list[str]:
    """Every code on the right side of a lookup must exist, so that a typing error shows at once."""
    problems = []
    for name, column in _all_columns(source).items():
        lookup = source.lookups.get(column.flags or column.lookup or "", {})
        allowed = _allowed_targets(column)
        if allowed is None:
            continue
        wrong = {str(t) for target in lookup.values() for t in _as_tuple(target) if t not in allowed}
        problems += [f"lookup of column {name}: {target} is not allowed there" for target in sorted(wrong)]
    return problems


def _all_columns(source: "Source") -> "dict[str, Column]":
    return source.columns | {name: text.column for name, text in source.concatenated.items()}


def _allowed_targets(column: "Column") -> set[Any] | None:
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
    return None


def _as_tuple(target: "LookupTarget") -> tuple[Any, ...]:
    if target is None:
        return ()
    return target if isinstance(target, tuple) else (target,)
