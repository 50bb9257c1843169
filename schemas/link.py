"""How the tables of a source belong together: which rows of another table a case has."""

from pydantic import Field, model_validator

from schemas.strict import Strict


class Link(Strict):
    """Another table whose rows belong to cases; its columns are written `table.column`."""

    table: str = Field(description="the other table, by its name under `tables`")
    on: str | None = Field(
        None,
        description="column of the case table with the number, or `table.column` of a table linked before;"
        " without it the other table has one row that holds for every case, such as a cover sheet",
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

    @model_validator(mode="after")
    def _one_row_has_no_number(self) -> "Link":
        if self.on is None and (self.many or self.to):
            raise ValueError("say with on which column has the number; without it there is one row for all")
        return self
