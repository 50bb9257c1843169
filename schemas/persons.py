"""Several persons in one row: groups of columns of which each filled one is a case of its own."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from schemas.strict import Strict, Word

NUMBER = "{n}"
MOST_GROUPS = 1000


def _list_groups(value: Any) -> Any:
    """A number of groups as the list from 1 up to it."""
    if type(value) is not int:
        return value
    if not 1 <= value <= MOST_GROUPS:
        raise ValueError(f"write how many groups of columns there are, 1 to {MOST_GROUPS}")
    return tuple(range(1, value + 1))


Groups = Annotated[tuple[Word, ...], BeforeValidator(_list_groups), Field(min_length=1)]
ColumnNames = str | tuple[str, ...]


class Persons(Strict):
    """Groups of columns that each describe one person, so that a row becomes a case for each filled group.

    An empty group is no case. Columns outside the groups hold for every person of the row. In the rest of
    the description a repeated column goes by its one name here.
    """

    groups: Groups = Field(
        description=f"how many groups there are, or what stands for `{NUMBER}` in each, such as [A, B, C]"
    )
    columns: dict[str, ColumnNames] = Field(
        min_length=1,
        description=f"name to the columns it stands for: `pol_{NUMBER}`, or a list with one column a group",
    )

    @model_validator(mode="after")
    def _names_fit_groups(self) -> "Persons":
        for name, written in self.columns.items():
            if isinstance(written, tuple) and len(written) != len(self.groups):
                raise ValueError(f"{name} lists {len(written)} columns for {len(self.groups)} groups")
            if isinstance(written, str) and NUMBER not in written:
                raise ValueError(f"{name}: write {NUMBER} where the number stands, or list the columns")
        return self

    def name_columns(self, name: str) -> tuple[str, ...]:
        """The columns of the file that a repeated column stands for, one a group."""
        written = self.columns[name]
        if isinstance(written, tuple):
            return written
        return tuple(written.replace(NUMBER, group) for group in self.groups)
