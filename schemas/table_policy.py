"""The policy under which any table is anonymized, its hierarchies beside it; see `palermo anonymize`."""

from enum import StrEnum
from typing import Any

from pydantic import Field, field_validator, model_validator

from schemas.policy_text import build_policy
from schemas.strict import Strict
from schemas.table_model import NOT_KNOWN, DeltaPresence, PrivacyModel


class RecodingModel(StrEnum):
    """Whether all cases of a column are generalized alike."""

    FULL_DOMAIN = "full_domain"
    LOCAL = "local"


class Measure(StrEnum):
    """What the search keeps least of: geometric Loss, or non-uniform entropy in bits."""

    LOSS = "loss"
    ENTROPY = "entropy"


class TableColumn(Strict):
    """How a quasi-identifier may be generalized; levels as in its hierarchy file, 0 is the value itself."""

    weight: float = Field(1.0, gt=0, description="how much a lost step costs against the other columns")
    min_level: int = Field(0, ge=0, description="the finest level that may be published")
    max_level: int | None = Field(None, ge=0, description="the coarsest level; the last one if left out")


class ItemColumn(Strict):
    """A flag-like column that is published beside the quasi-identifiers."""

    weight: float = Field(1.0, gt=0, description="how much a blanked cell costs against the other columns")


class Items(Strict):
    """Columns whose known values, the items, someone may know of a person as well."""

    columns: dict[str, ItemColumn] = Field(min_length=1, description="a list, or a mapping with weights")
    not_known: tuple[str, ...] = Field(
        NOT_KNOWN, description="values that tell nothing; published empty, as blanked items are"
    )

    @field_validator("columns", mode="before")
    @classmethod
    def _list_is_a_mapping(cls, given: Any) -> Any:
        return {str(name): {} for name in given} if isinstance(given, list) else given


class TablePolicy(Strict):
    """What an anonymized table must hold."""

    k: int = Field(ge=2, description="cases in every equivalence class")
    quasi_identifiers: dict[str, TableColumn] = Field(
        min_length=1, description="columns by which someone could be recognized; a list, or a mapping"
    )
    suppression_limit: float = Field(ge=0, le=1, description="share of the cases that may be left out")
    recoding: RecodingModel = Field(RecodingModel.LOCAL, description="full_domain or local")
    measure: Measure = Field(Measure.LOSS, description="loss or entropy; local recoding goes by loss")

    m: int = Field(
        0, ge=0, le=3, description="values that someone may know together: 2, or 3 to be strict; 0 is off"
    )
    items: Items | None = Field(None, description="flag-like columns to publish; needs m")
    models: tuple[PrivacyModel, ...] = Field(
        (), description="what every class must meet besides; a list, each with its model"
    )

    @property
    def sensitive_columns(self) -> tuple[str, ...]:
        """The columns that models look at, each once, in their order."""
        return tuple(dict.fromkeys(column for model in self.models for column in model.columns))

    @property
    def needs_population(self) -> bool:
        """Whether a model compares with the population."""
        return any(model.needs_population for model in self.models)

    @field_validator("quasi_identifiers", mode="before")
    @classmethod
    def _list_is_a_mapping(cls, given: Any) -> Any:
        return {str(name): {} for name in given} if isinstance(given, list) else given

    @model_validator(mode="after")
    def _local_goes_by_loss(self) -> "TablePolicy":
        if self.recoding is RecodingModel.LOCAL and self.measure is Measure.ENTROPY:
            raise ValueError("local recoding goes by loss; take measure: loss, or recoding: full_domain")
        return self

    @model_validator(mode="after")
    def _models_fit(self) -> "TablePolicy":
        if both := set(self.sensitive_columns) & set(self.quasi_identifiers):
            raise ValueError(
                f"{', '.join(sorted(both))}: a column is a quasi-identifier or sensitive, not both; "
                "take it from quasi_identifiers or from models"
            )
        presence = any(isinstance(model, DeltaPresence) for model in self.models)
        if presence and self.recoding is RecodingModel.LOCAL:
            raise ValueError(
                "delta_presence is defined for classes that do not overlap; take recoding: full_domain"
            )
        return self

    @model_validator(mode="after")
    def _items_go_with_m(self) -> "TablePolicy":
        if (self.m > 0) != (self.items is not None):
            raise ValueError("items and m go together: name the items, and set m to 2, or to 3 to be strict")
        if self.items and (both := set(self.items.columns) & set(self.quasi_identifiers)):
            raise ValueError(
                f"{', '.join(sorted(both))}: a column is a quasi-identifier or an item, not both"
            )
        return self


def parse_table_policy(text: str) -> TablePolicy:
    """Read the policy of any table.

    Raises:
        InvalidDescription: not YAML, or not such a policy.
    """
    return build_policy(text, TablePolicy)
