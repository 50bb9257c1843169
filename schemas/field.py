"""How a field of the case is described: its class, requirement, publication, and kind.

The constructors return pandera fields that carry the description as metadata, so that
one line in the case model is the only place where a field is defined.
"""

from enum import StrEnum
from typing import Any

import pandera.pandas as pa

from schemas.codelist import load_codelist


class FieldClass(StrEnum):
    """What a field can do to a person, in the terms of ISO/IEC 20889."""

    QUASI_IDENTIFIER = "quasi-identifier"
    SENSITIVE = "sensitive"
    QUASI_IDENTIFIER_AND_SENSITIVE = "quasi-identifier and sensitive"
    INSENSITIVE = "insensitive"
    OPERATIONAL = "operational"

    @property
    def is_quasi_identifier(self) -> bool:
        """Whether an attacker may know the field, so that it counts into equivalence classes."""
        return self in (FieldClass.QUASI_IDENTIFIER, FieldClass.QUASI_IDENTIFIER_AND_SENSITIVE)


class Requirement(StrEnum):
    """Whether a source must give the field."""

    MANDATORY = "mandatory"
    EXPECTED = "expected"
    OPTIONAL = "optional"
    DERIVED = "derived"


class Publication(StrEnum):
    """The most that may ever be published of a field, whatever a policy says."""

    YES = "yes"
    GENERALIZED = "generalized only"
    NEVER = "never"


class Kind(StrEnum):
    """What a value is; decides how it is read from a source and stored in Parquet."""

    TEXT = "text"
    CODE = "code"
    CODES = "list of codes"
    FLAG = "flag"
    INTEGER = "integer"
    YEAR = "year"
    BOOLEAN = "boolean"


def describe(
    kind: Kind,
    requirement: Requirement,
    field_class: FieldClass,
    publication: Publication,
    description: str,
    *,
    codelist: str | None = None,
    ctdc: str | None = None,
    htcds: str | None = None,
    ictip: str | None = None,
    ctdc_2024: str | None = None,
    note: str | None = None,
) -> dict[str, Any]:
    """The metadata of one field, as the case model keeps it."""
    return {
        "kind": kind,
        "requirement": requirement,
        "class": field_class,
        "publication": publication,
        "codelist": codelist,
        "ctdc": ctdc,
        "ctdc_2024": ctdc_2024,
        "htcds": htcds,
        "ictip": ictip,
        "description": description,
        "note": note,
    }


def code(codelist: str, *args: Any, **names: Any) -> Any:
    """A field whose value is one code of a list."""
    metadata = describe(Kind.CODE, *args, codelist=codelist, **names)
    nullable = metadata["requirement"] is not Requirement.MANDATORY
    return _field(metadata, nullable, isin=list(load_codelist(codelist).codes))


def codes(codelist: str, *args: Any, **names: Any) -> Any:
    """A field that holds several codes of a list, joined by `;` in the order of the source."""
    metadata = describe(Kind.CODES, *args, codelist=codelist, **names)
    one = "|".join(load_codelist(codelist).codes)
    return _field(metadata, True, str_matches=rf"^({one})(;({one}))*\Z")


def flag(*args: Any, **names: Any) -> Any:
    """A yes / no / not known field: 1, explicit 0, or null."""
    return _field(describe(Kind.FLAG, *args, **names), True, isin=[0, 1])


def number(lowest: int, highest: int, *args: Any, kind: Kind = Kind.INTEGER, **names: Any) -> Any:
    """A whole number between two bounds, both included."""
    metadata = describe(kind, *args, **names)
    nullable = metadata["requirement"] is not Requirement.MANDATORY
    return _field(metadata, nullable, in_range={"min_value": lowest, "max_value": highest})


def text(*args: Any, **names: Any) -> Any:
    """A field whose words Palermo itself writes: ids and versions, never a source's text."""
    metadata = describe(Kind.TEXT, *args, **names)
    return _field(metadata, metadata["requirement"] is not Requirement.MANDATORY)


def boolean(*args: Any, **names: Any) -> Any:
    """A true / false field."""
    metadata = describe(Kind.BOOLEAN, *args, **names)
    return _field(metadata, metadata["requirement"] is not Requirement.MANDATORY)


def _field(metadata: dict[str, Any], nullable: bool, **checks: Any) -> Any:
    return pa.Field(nullable=nullable, metadata=metadata, description=metadata["description"], **checks)
