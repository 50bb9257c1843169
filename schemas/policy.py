"""The release policy: thresholds as data, addressed to the data-protection officer.

Code has no default k. A policy is copied into every release made under it.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated, Any

from pydantic import Field, PrivateAttr, model_validator
from pydantic_core import to_json

from schemas.case import case_fields, publishable_fields
from schemas.detail import Detail
from schemas.strict import FieldName, Strict, written_like


class QuasiIdentifier(Strict):
    """One quasi-identifier as nested columns from fine to coarse; the step after the last is null.

    `weight` says how much a lost step costs against the other quasi-identifiers.
    """

    ladder: tuple[FieldName, ...] = Field(min_length=1)
    weight: float = Field(1.0, gt=0)
    min_level: int = Field(0, ge=0)
    max_level: int | None = Field(None, ge=0)

    @property
    def levels(self) -> range:
        """The levels that may be published: 0 = as it is, len(ladder) = null."""
        top = len(self.ladder) if self.max_level is None else min(self.max_level, len(self.ladder))
        return range(self.min_level, top + 1)


class Sensitive(Strict):
    """Columns published beside the quasi-identifiers, and how often a value must occur to stay.

    `weights` says what a blanked answer of a column costs against the others, 1 where it is not named.
    """

    columns: tuple[FieldName, ...] = ()
    minimum_count: int = Field(ge=2)
    weights: dict[FieldName, Annotated[float, Field(gt=0)]] = Field(default_factory=dict)


class Policy(Strict):
    """What may be published, and under which protection."""

    id: Annotated[str, written_like(r"[a-z][a-z0-9_-]*", "small letters, digits, - and _, such as public")]
    title: str
    k: int = Field(ge=2)
    m: int = Field(1, ge=1, le=3, description="values that may be known together; 1 where it is not said")
    suppression_limit: float = Field(ge=0, le=1)
    quasi_identifiers: dict[FieldName, QuasiIdentifier] = Field(min_length=1)
    sensitive: Sensitive
    detail: Detail | None = Field(None, description="how small countries are published; else all are records")
    approvals: int = Field(ge=2, description="people who must approve; the preparer is not one of them")
    _stated: Mapping[str, Any] | None = PrivateAttr(None)

    @classmethod
    def of_release(cls, stated: Mapping[str, Any]) -> "Policy":
        """The policy as a release states it: it keeps its hash where a policy has more fields by now.

        Raises:
            ValidationError: it is no policy.
        """
        policy = cls.model_validate(stated)
        policy._stated = stated
        return policy

    @property
    def quasi_identifier_columns(self) -> tuple[str, ...]:
        """Every published quasi-identifier column, ladder columns included."""
        return tuple(column for qi in self.quasi_identifiers.values() for column in qi.ladder)

    @property
    def published_columns(self) -> tuple[str, ...]:
        """Every column of the extract, in its order."""
        return self.quasi_identifier_columns + self.sensitive.columns

    @property
    def sha256(self) -> str:
        """Says which policy it is, value by value; stands in the footer of every extract made under it."""
        stated = self.model_dump(mode="json") if self._stated is None else self._stated
        return sha256(to_json(stated)).hexdigest()

    @model_validator(mode="after")
    def _publishes_only_what_may_be(self) -> "Policy":
        never = [name for name in self.published_columns if name not in publishable_fields()]
        if never:
            raise ValueError(f"may never be published: {', '.join(never)}")
        hidden = [n for n in self.sensitive.columns if case_fields()[n].field_class.is_quasi_identifier]
        if hidden:
            raise ValueError(f"quasi-identifiers cannot be listed as sensitive only: {', '.join(hidden)}")
        keys = self.detail.columns if self.detail else ()
        unfit = [name for name in keys if name not in self.quasi_identifier_columns]
        if unfit:
            raise ValueError(f"countries are counted by columns that are not published: {', '.join(unfit)}")
        strange = [name for name in self.sensitive.weights if name not in self.sensitive.columns]
        if strange:
            raise ValueError(f"weights of columns that are not published: {', '.join(strange)}")
        if len(set(self.published_columns)) < len(self.published_columns):
            raise ValueError("a column is published twice")
        return self
