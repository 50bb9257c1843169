"""Decision: all columns of a file judged, and rivals for one field told apart."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from schemas.lexicon import COUNT, UNDECIDED
from transforms.suggestion.header import EXACT, FLAG_TOPICS, STANDARD, STRIPPED, match_header, match_headers
from transforms.suggestion.judgement import is_single, judge_column
from transforms.suggestion.placement import Place, PlacedColumn, Placement, SeenColumn, leave_open
from transforms.suggestion.role import set_roles_apart
from transforms.suggestion.tongue import rank_votes
from transforms.suggestion.vocabulary import list_flags

BESIDE = 3
"""So many flags of a topic in columns of their own make a column of its words a summary of them."""
CLEAR = 0.03
"""By so much confidence the first of two rivals must lead."""
MOSTLY = 0.5
"""Share of rows that count one person, above which a row is a case; the others are left to a person."""
ONLY = 0.7
"""How sure the only dates of a table are those of registration."""
EVENT, AGES = "year_of_registration", {"age_at_registration", "age_broad", "age_group"}


def decide_columns(
    columns: Sequence[SeenColumn], languages: Sequence[str], country: str
) -> list[PlacedColumn]:
    """Place every column; `languages` are asked first, then those in which most headers are words."""
    names = [name for column in columns for name in column.names]
    order = list(dict.fromkeys([*languages, *rank_languages(names)]))
    placed = [PlacedColumn(column, judge_column(column, order, country)) for column in columns]
    if _is_counts(placed):
        counts = leave_open("the file looks like a table of counts, not of cases")
        return [
            one if one.placement.place is Place.REFUSED else PlacedColumn(one.column, counts)
            for one in placed
        ]
    placed = set_roles_apart(_set_holders_apart(_settle_rivals(_set_labels_apart(placed))))
    return _settle_births(_settle_event(placed))


def _set_holders_apart(placed: Sequence[PlacedColumn]) -> list[PlacedColumn]:
    """A blank column that only holds others, as an element of XML without content does."""
    names = [one.column.name for one in placed]
    return [
        PlacedColumn(one.column, Placement(Place.IGNORED, "holds other columns", 0.9, "by its name"))
        if not one.column.profile.filled and any(name.startswith(f"{one.column.name}.") for name in names)
        else one
        for one in placed
    ]


def _settle_event(placed: Sequence[PlacedColumn]) -> list[PlacedColumn]:
    """Where one column of dates stands under a bare word for date or year, it tells when the case came in."""
    dated = [one for one in placed if one.placement.dating and one.placement.place is not Place.BIRTH]
    if len(dated) != 1 or dated[0].placement.place is not Place.UNDECIDED:
        return list(placed)
    [event] = dated
    if not any(
        match.target == UNDECIDED and match.score >= STRIPPED for match in match_headers(event.column.names)
    ):
        return list(placed)
    placement = Placement(
        Place.FIELD, EVENT, ONLY, "the only dates or years of the table", dating=event.placement.dating
    )
    return [PlacedColumn(one.column, placement) if one is event else one for one in placed]


def _settle_births(placed: Sequence[PlacedColumn]) -> list[PlacedColumn]:
    """A birth date is asked for only where nothing else tells the age, and a date tells when it counts."""
    fields = {one.placement.target for one in placed if one.placement.place is Place.FIELD}
    births = sum(one.placement.place is Place.BIRTH for one in placed)
    needed = births == 1 and EVENT in fields and not fields & AGES
    return [
        PlacedColumn(one.column, replace(one.placement, place=Place.REFUSED))
        if one.placement.place is Place.BIRTH and not needed
        else one
        for one in placed
    ]


def _set_labels_apart(placed: Sequence[PlacedColumn]) -> list[PlacedColumn]:
    """Words of a topic beside columns of its flags name what those say; they fill nothing of their own."""
    fields = {one.placement.target for one in placed if one.placement.place is Place.FIELD}
    beside = {topic for topic in FLAG_TOPICS if len(fields & set(list_flags(topic))) >= BESIDE}
    return [
        PlacedColumn(one.column, replace(one.placement, place=Place.CONCATENATED))
        if one.placement.place is Place.FLAGS and one.placement.target in beside
        else one
        for one in placed
    ]


def rank_languages(names: Sequence[str]) -> list[str]:
    """Languages by how many of the headers are words of theirs."""
    matches = (match for name in names for match in match_header(name) if match.score >= STRIPPED)
    return rank_votes(match.language for match in matches if match.language != STANDARD)


def _is_counts(placed: Sequence[PlacedColumn]) -> bool:
    """Whether a column counts, and no other tells cases apart; where it mostly says 1, rows are cases."""
    counting = [
        one
        for one in placed
        if any(match.target == COUNT and match.score == EXACT for match in match_headers(one.column.names))
    ]
    single = any(one.column.profile.within(1, 1) > MOSTLY for one in counting)
    return bool(counting) and not single and not any(one.placement.place is Place.KEY for one in placed)


def _settle_rivals(placed: Sequence[PlacedColumn]) -> list[PlacedColumn]:
    """Of several columns for one field the clearly surest keeps it; without one all are left open."""
    rivals: dict[tuple[Place, str], list[Placement]] = defaultdict(list)
    for one in placed:
        if _is_contested(one.placement):
            rivals[one.placement.place, one.placement.target].append(one.placement)
    return [_settle(one, rivals) for one in placed]


def _settle(one: PlacedColumn, rivals: dict[tuple[Place, str], list[Placement]]) -> PlacedColumn:
    placement = one.placement
    several = rivals.get((placement.place, placement.target), [])
    others = [rival.confidence for rival in several if rival is not placement]
    if not others or placement.confidence >= max(others) + CLEAR:
        return one
    what = placement.target or "the key"
    return PlacedColumn(one.column, leave_open(f"{len(several)} columns may be {what}: choose one"))


def _is_contested(placement: Placement) -> bool:
    if placement.place is Place.FIELD:
        return is_single(placement.target)
    return placement.place is Place.KEY
