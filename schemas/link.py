"""How the tables of a source belong together: which rows of another table a case has."""

from pydantic import Field

from schemas.strict import Strict


class Link(Strict):
    """Another table whose rows belong to cases; its columns are written `table.column`."""

    table: str = Field(description="the other table, by its name under `tables`")
    on: str = Field(
        description="column of the case table that has the number, or `table.column` of a table linked before"
    )
    to: str | None = Field(
        None, description="column of the other table that has the same number, if it has another name"
    )
    many: bool = Field(
        False,
        description="true: a case may have several rows there; their flags and lists are added up, other"
        " fields must agree. false: a case has one row there, which several cases may share",
    )
    optional: bool = Field(False, description="true: a case without a row there need not wait")
