"""Origins: which columns of the file a field of the case comes from, also where it was derived."""

from collections.abc import Iterable, Iterator

from schemas.rules_derivation import DERIVATIONS
from schemas.source import Column, Source
from transforms.flag import list_flags


def list_origins(source: Source, fields: Iterable[str]) -> tuple[str, ...]:
    """Addresses of the columns that fill some fields, in the order of the fields; none for a constant."""
    found = (address for field in fields for address in _find(source, field, frozenset()))
    return tuple(dict.fromkeys(found))


def _find(source: Source, field: str, asked: frozenset[str]) -> Iterator[str]:
    """The columns that fill the field themselves, else those of the fields from which it is derived."""
    own = [address for address, column in source.columns.items() if field in _list_filled(source, column)]
    if own or field in source.constants:
        yield from own
        return
    for derivation in DERIVATIONS:
        if derivation.field == field and field not in asked:
            for origin in derivation.origins:
                yield from _find(source, origin, asked | {field})


def _list_filled(source: Source, column: Column) -> tuple[str, ...]:
    if column.key:
        return ("source_record_key",)
    if column.birth_date:
        return ("age_at_registration",)
    return list_flags(source, column) if column.flags else (column.field or "",)
