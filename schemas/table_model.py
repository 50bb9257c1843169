"""The privacy models that a table policy may ask for beside k, one class a model; see `anonymize/model`."""

from enum import StrEnum
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from schemas.strict import Strict

NOT_KNOWN = ("", "unknown", "-99")
"""Values that tell nothing, where a policy does not say which ones do."""


class Attacker(StrEnum):
    """Whom a risk is about: who knows that the person is in the table, or who only knows the population."""

    PROSECUTOR = "prosecutor"
    JOURNALIST = "journalist"


class Distance(StrEnum):
    """How far two sensitive values are apart: all alike, or by their lowest common label of a hierarchy."""

    EQUAL = "equal"
    HIERARCHICAL = "hierarchical"


class Likeness(StrEnum):
    """Which gain beta-likeness bounds: beta for every value, or less for values that are frequent anyway."""

    BASIC = "basic"
    ENHANCED = "enhanced"


class ClassModel(Strict):
    """Base of all models."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The sensitive columns that it looks at."""
        return ()

    @property
    def needs_population(self) -> bool:
        """Whether it asks for a table of the population."""
        return False


class SensitiveModel(ClassModel):
    """Base of the models of one sensitive column."""

    column: str = Field(description="the sensitive column; published as it is")

    @property
    def columns(self) -> tuple[str, ...]:
        """The one column."""
        return (self.column,)


class DistinctDiversity(SensitiveModel):
    """Every class has l different values or more."""

    model: Literal["distinct_l_diversity"]
    l: int = Field(ge=2, description="different values in every class")  # noqa: E741 - the field's own word


class EntropyDiversity(SensitiveModel):
    """The entropy of the values in every class is log(l) or more."""

    model: Literal["entropy_l_diversity"]
    l: float = Field(gt=1, description="effective number of values in every class")  # noqa: E741


class RecursiveDiversity(SensitiveModel):
    """The most frequent value is less than c times as frequent as all from the l-th on together."""

    model: Literal["recursive_l_diversity"]
    c: float = Field(gt=0, description="how much more frequent the first value may be")
    l: int = Field(ge=2, description="from which value on, by frequency, they are added up")  # noqa: E741


class Closeness(SensitiveModel):
    """The values of every class are distributed nearly as in the whole table."""

    model: Literal["t_closeness"]
    t: float = Field(ge=0, le=1, description="the largest distance, 0 to 1")
    distance: Distance = Field(
        Distance.EQUAL, description="equal, or hierarchical: needs a hierarchy of the column"
    )


class BetaLikeness(SensitiveModel):
    """No value is much more frequent in a class than in the whole table."""

    model: Literal["beta_likeness"]
    beta: float = Field(gt=0, description="the largest relative gain")
    kind: Likeness = Field(Likeness.ENHANCED, description="basic or enhanced")


class Homogeneity(ClassModel):
    """No class gives a named flag away: the same for all of it, or for more than `limit` of it."""

    model: Literal["homogeneity"]
    flags: tuple[str, ...] = Field(min_length=1, description="the sensitive columns; published as they are")
    limit: float = Field(1, gt=0, le=1, description="largest share of a class; all alike is never allowed")
    not_known: tuple[str, ...] = Field(NOT_KNOWN, description="values that give nothing away")

    @property
    def columns(self) -> tuple[str, ...]:
        """All flags."""
        return self.flags


class DeltaPresence(ClassModel):
    """Of the population that looks like a class, no less than min and no more than max is in the table."""

    model: Literal["delta_presence"]
    min: float = Field(0, ge=0, le=1, description="the smallest share of the population")
    max: float = Field(ge=0, le=1, description="the largest share of the population")

    @property
    def needs_population(self) -> bool:
        """Always."""
        return True


class PopulationMap(ClassModel):
    """Every class looks like k people of the population or more (k-map)."""

    model: Literal["k_map"]
    k: int = Field(ge=2, description="people of the population that look like a class")

    @property
    def needs_population(self) -> bool:
        """Always."""
        return True


class _Risk(ClassModel):
    limit: float = Field(gt=0, le=1, description="the largest risk, a probability")
    attacker: Attacker = Field(
        Attacker.PROSECUTOR, description="prosecutor, or journalist: asks for the population"
    )

    @property
    def needs_population(self) -> bool:
        """For the journalist."""
        return self.attacker is Attacker.JOURNALIST


class MaximumRisk(_Risk):
    """Nobody can be told with more than this probability: 1 / cases of the class."""

    model: Literal["maximum_risk"]


class AverageRisk(_Risk):
    """Over all published cases the probability is no more than this on average."""

    model: Literal["average_risk"]


PrivacyModel: TypeAlias = Annotated[
    DistinctDiversity
    | EntropyDiversity
    | RecursiveDiversity
    | Closeness
    | BetaLikeness
    | Homogeneity
    | DeltaPresence
    | PopulationMap
    | MaximumRisk
    | AverageRisk,
    Field(discriminator="model"),
]
