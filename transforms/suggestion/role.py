"""Role: a column whose words say which rows are of victims and which of others, who are no cases."""

from transforms.suggestion.header import is_other_person, is_victim
from transforms.suggestion.placement import Place, PlacedColumn, Placement
from transforms.suggestion.vocabulary import is_missing

MOST_ROLES = 12


def set_roles_apart(placed: list[PlacedColumn]) -> list[PlacedColumn]:
    """Columns that are left open, but tell victims from others in words of the lexicon and nothing else."""
    return [
        PlacedColumn(
            one.column, Placement(Place.FILTER, "other persons", 0.8, "victims and others by its words")
        )
        if one.placement.place is Place.UNDECIDED and list_others(one)
        else one
        for one in placed
    ]


def list_others(one: PlacedColumn) -> tuple[str, ...]:
    """The words of rows that are no victims; none where not every word is known to be one or the other."""
    cells = [cell for cell in one.column.profile.counts if not is_missing(cell)]
    others = tuple(cell for cell in cells if is_other_person(cell))
    victims = [cell for cell in cells if is_victim(cell)]
    if len(cells) > MOST_ROLES or not others or not victims or len(others) + len(victims) < len(cells):
        return ()
    return others
