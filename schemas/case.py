"""The case: the one definition; Parquet schema, field reference and quasi-identifier list derive from it."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import pandera.pandas as pa
import pyarrow as arrow

from schemas.case_act import Act, Means, MergedMeans, Recruiter
from schemas.case_core import Place, Registration, Time, Victim
from schemas.case_purpose import Labour, Palermo, Purpose, Sex
from schemas.field import FieldClass, Kind, Publication, Requirement

SCHEMA_VERSION = "0.2.0"
REASON_SUFFIX = "__missing"

GROUPS: tuple[type[pa.DataFrameModel], ...] = (
    Registration,
    Time,
    Victim,
    Place,
    Act,
    Means,
    MergedMeans,
    Purpose,
    Labour,
    Sex,
    Recruiter,
    Palermo,
)

ARROW_TYPES: dict[Kind, arrow.DataType] = {
    Kind.TEXT: arrow.string(),
    Kind.CODE: arrow.string(),
    Kind.CODES: arrow.string(),
    Kind.FLAG: arrow.int8(),
    Kind.INTEGER: arrow.int16(),
    Kind.YEAR: arrow.int16(),
    Kind.BOOLEAN: arrow.bool_(),
}

SOURCE_FIELD, KEY_FIELD, PERSON_FIELD = "source_id", "source_record_key", "shared_person_key"
CASE_KEY = (SOURCE_FIELD, KEY_FIELD)
"""What tells a case from every other."""

MADE_BY_PALERMO = (KEY_FIELD, "schema_version", "source_version")
"""Fields that change without the source having changed anything."""


@dataclass(frozen=True)
class CaseField:
    """One field of the case, read back from the pandera model."""

    name: str
    group: str
    kind: Kind
    requirement: Requirement
    field_class: FieldClass
    publication: Publication
    description: str
    codelist: str | None
    ctdc: str | None
    ctdc_2024: str | None
    htcds: str | None
    ictip: str | None
    note: str | None

    @property
    def arrow_type(self) -> arrow.DataType:
        """How the field is stored in Parquet."""
        return ARROW_TYPES[self.kind]


@cache
def case_fields() -> dict[str, CaseField]:
    """All fields of the case by name, in the order of the model."""
    return {
        name: _describe(name, group.__name__, column.metadata)
        for group in GROUPS
        for name, column in group.to_schema().columns.items()
    }


@cache
def case_schema() -> pa.DataFrameSchema:
    """The pandera schema of one batch of cases: every field present, no other column."""
    columns = {name: column for group in GROUPS for name, column in group.to_schema().columns.items()}
    return pa.DataFrameSchema(columns, strict=True, ordered=True, name="Case")


def find_limits(name: str) -> tuple[int, int]:
    """The lowest and highest value of a field that is a number."""
    check = next(check for check in case_schema().columns[name].checks if check.name == "in_range")
    return check.statistics["min_value"], check.statistics["max_value"]


def arrow_schema(names: tuple[str, ...] | None = None) -> arrow.Schema:
    """The Parquet schema of the named fields, or of the whole case."""
    fields = case_fields()
    return arrow.schema([arrow.field(name, fields[name].arrow_type) for name in names or tuple(fields)])


def quasi_identifiers() -> tuple[str, ...]:
    """Every field an attacker may know and that could be published."""
    return tuple(
        field.name
        for field in case_fields().values()
        if field.field_class.is_quasi_identifier and field.publication is Publication.YES
    )


def publishable_fields() -> tuple[str, ...]:
    """Every field a policy may publish as it is."""
    return tuple(f.name for f in case_fields().values() if f.publication is Publication.YES)


def _describe(name: str, group: str, metadata: dict[str, Any]) -> CaseField:
    return CaseField(
        name,
        group,
        metadata["kind"],
        metadata["requirement"],
        metadata["class"],
        metadata["publication"],
        metadata["description"],
        metadata["codelist"],
        metadata["ctdc"],
        metadata["ctdc_2024"],
        metadata["htcds"],
        metadata["ictip"],
        metadata["note"],
    )
