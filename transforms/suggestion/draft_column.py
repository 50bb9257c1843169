"""Columns of a draft: what each means and why, groups of yes and no, and columns that are not used."""

from collections.abc import Iterator, Sequence

from schemas.unfilled import TODO
from transforms.suggestion.lookup import name_lookup
from transforms.suggestion.notation import describe_notation
from transforms.suggestion.one_hot import DraftOneHot
from transforms.suggestion.placement import Place, PlacedColumn
from transforms.suggestion.role import list_others
from transforms.suggestion.scalar import comment, quote, write_flow, write_words

Addressed = tuple[str, PlacedColumn]
"""A column with its address in a description: its name, behind that of its table where it is a linked one."""


def write_columns(
    columns: Sequence[Addressed], groups: Sequence[DraftOneHot], languages: tuple[str, ...]
) -> Iterator[str]:
    """The sections `columns` and `concatenated`."""
    grouped = {address for group in groups for address, _ in group.columns}
    used = [(address, one) for address, one in columns if one.placement.is_used and address not in grouped]
    undecided = [(address, one) for address, one in columns if one.placement.place is Place.UNDECIDED]
    yield "columns:" if any(one.column.name for _, one in [*used, *undecided]) else "columns: {}"
    for address, one in used:
        why = f"{one.placement.confidence:.2f}: {comment(one.placement.reason)}"
        if one.column.name:
            yield f"  {quote(address)}: {write_flow(_describe(one, languages))}  # {why}"
        else:
            looks = f"it looks like {one.placement.target}" if one.placement.target else "it looks like a key"
            yield f"  # column {one.column.position} has no name; {looks} ({why})"
    for address, one in undecided:
        if one.column.name:
            keys = describe_notation(one)
            written = f"; {write_flow({'field': '...', **keys})}" if keys else ""
            yield f"  {quote(address)}: {TODO}  # {comment(one.placement.reason)}{written}"
        else:
            yield f"  # column {one.column.position} has no name: {comment(one.placement.reason)}"
    yield from _write_labels(columns)


def _describe(one: PlacedColumn, languages: tuple[str, ...]) -> dict[str, str]:
    placement = one.placement
    match placement.place:
        case Place.KEY:
            return {"key": "true"}
        case Place.BIRTH:
            parts = {"birth_date": "true"}
        case Place.FLAGS:
            parts = {"flags": str(name_lookup(one, languages))}
        case _:
            parts = {"field": placement.target}
            if lookup := name_lookup(one, languages):
                parts["lookup"] = lookup
    parts |= describe_notation(one)
    return parts | ({"optional": "true"} if one.column.optional else {})


def _write_labels(columns: Sequence[Addressed]) -> Iterator[str]:
    labels = [
        pair for pair in columns if pair[1].placement.place is Place.CONCATENATED and pair[1].column.name
    ]
    if labels:
        yield ""
        yield "concatenated:"
    for address, one in labels:
        separator = (one.placement.words.separator if one.placement.words else None) or ";"
        parts = {"flags": str(name_lookup(one)), "separator": quote(separator)}
        yield f"  {quote(address)}: {write_flow(parts)}  # {comment(one.placement.reason)}"


def write_one_hot(groups: Sequence[DraftOneHot]) -> Iterator[str]:
    """The section `one_hot`: columns that say yes or no in the same words."""
    if groups:
        yield "one_hot:"
    for group in groups:
        for number, (address, one) in enumerate(group.columns):
            begin = "  - columns:\n" if not number else ""
            why = f"{one.placement.confidence:.2f}: {comment(one.placement.reason)}"
            yield f"{begin}      {quote(address)}: {one.placement.target}  # {why}"
        yield f"    yes: {write_words(group.yes)}"
        if group.no:
            yield f"    no: {write_words(group.no)}"
        else:
            yield '    blank: unknown  # ask the agency: if a blank means no, write "no" in quotes'


def write_ignored_rows(columns: Sequence[Addressed]) -> Iterator[str]:
    """The section `ignored_rows`: who stands in the table and is no victim."""
    found = [(a, one) for a, one in columns if one.placement.place is Place.FILTER and one.column.name]
    if found:
        yield "ignored_rows:  # who is no victim is counted under the reason, and no case"
    for address, one in found:
        parts = {"column": quote(address), "values": write_words(list_others(one)), "reason": "no victim"}
        yield f"  - {write_flow(parts)}"


def write_unused(columns: Sequence[Addressed]) -> Iterator[str]:
    """The sections `ignored` and `refused`."""
    for place in (Place.IGNORED, Place.REFUSED):
        found = [(address, one) for address, one in columns if one.placement.place is place]
        named = [(address, one) for address, one in found if one.column.name]
        if named:
            yield f"{place.value}:"
        for address, one in named:
            yield f"  {quote(address)}: {one.placement.target}"
        for _, one in found:
            if not one.column.name:
                said = f"has no name, and is {place.value}: {one.placement.target}"
                yield f"# column {one.column.position} {said}"
