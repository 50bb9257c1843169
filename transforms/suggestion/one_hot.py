"""One-hot: columns of flags that say yes, no or nothing in the same words, drafted as one statement."""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.case import case_fields
from schemas.field import Kind
from transforms.suggestion.placement import Place, PlacedColumn
from transforms.suggestion.vocabulary import is_missing

FEWEST = 2
YES, NO = "1", "0"


@dataclass(frozen=True)
class DraftOneHot:
    """Addresses with their columns, and the words of yes and no that stand in them."""

    columns: tuple[tuple[str, PlacedColumn], ...]
    yes: tuple[str, ...]
    no: tuple[str, ...]


def group_flags(columns: Sequence[tuple[str, PlacedColumn]]) -> list[DraftOneHot]:
    """Flags whose cells are all yes, no or known words of no answer, by the words they use.

    Columns that lack one of the two words go with those that have both.
    """
    groups: list[DraftOneHot] = []
    for address, one in columns:
        if not _is_one_hot(one):
            continue
        yes, no = _list_words(one, YES), _list_words(one, NO)
        for number, group in enumerate(groups):
            if _agree(group.yes, yes) and _agree(group.no, no):
                groups[number] = DraftOneHot(
                    (*group.columns, (address, one)), _join(group.yes, yes), _join(group.no, no)
                )
                break
        else:
            groups.append(DraftOneHot(((address, one),), yes, no))
    return [group for group in groups if len(group.columns) >= FEWEST and group.yes]


def _is_one_hot(one: PlacedColumn) -> bool:
    placement = one.placement
    if placement.place is not Place.FIELD or placement.words is None or not one.column.name:
        return False
    words = placement.words
    told = all(cell in words.placed or is_missing(cell) for cell in one.column.profile.counts)
    return case_fields()[placement.target].kind is Kind.FLAG and told and bool(words.placed)


def _list_words(one: PlacedColumn, code: str) -> tuple[str, ...]:
    placed = one.placement.words.placed if one.placement.words else {}
    return tuple(sorted({word for word, to in placed.items() if to == code}))


def _agree(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    return not left or not right or bool({w.casefold() for w in left} & {w.casefold() for w in right})


def _join(left: tuple[str, ...], right: tuple[str, ...]) -> tuple[str, ...]:
    """Each word once, whatever its case."""
    return tuple({word.casefold(): word for word in (*right, *left)}.values())
