"""What `palermo risk` measures of a table: risks, uniques and utility; counts, shares and probabilities."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AttackerRisk:
    """The chance to tell who a record is, 0 to 1, for one kind of attacker.

    `at_risk` is the share of records with a chance above 1 / k of the policy. `basis` says what people who
    look alike are counted in: the table, a population table, or an estimate from the size of the population.
    """

    highest: float
    average: float
    lowest: float
    at_risk: float
    basis: str


@dataclass(frozen=True)
class UniqueRecords:
    """Records that are unique: in the table, and, by share, in the population by superpopulation models."""

    records: int
    share: float
    population: int | None = None
    population_share: float | None = None
    population_model: str | None = None
    pitman: float | None = None
    zayatz: float | None = None


@dataclass(frozen=True)
class SpecialUniqueRecords:
    """Minimal sample uniques of up to `largest` columns, and how records are spread over DIS-SUDA scores.

    `records_by_size` counts records by the size of their smallest one. `dis_bands` counts records by score:
    0, up to 0.01, 0.05, 0.1, 0.5 and 1.
    """

    largest: int
    fraction: float
    records_by_size: dict[int, int]
    highest_score: float
    highest_dis_score: float
    dis_bands: dict[str, int]


@dataclass(frozen=True)
class ModelFigure:
    """One model of the policy: the figure of the worst class, or of all together, and whether it is met."""

    model: str
    worst: float
    is_met: bool


@dataclass(frozen=True)
class Utility:
    """What is left of the information, by the hierarchies, over the records of the original table.

    Definitions as in `TableAccount`. `entropy` is none where a column is published at several levels.
    `count_errors` has for tables over 1, 2 and 3 columns the sum of absolute differences to the original
    counts over their sum, on average; a generalized value counts in equal parts for every value it may stand
    for. None where there is no original. `tables_left_out` had too many cells.
    """

    records_before: int
    records: int
    average_class: float
    discernibility: int
    loss_geometric: float
    loss_arithmetic: float
    entropy: float | None
    information_kept: dict[str, float]
    count_errors: dict[int, float] | None
    tables_left_out: int


@dataclass(frozen=True)
class RiskReport:
    """All of it. `sizes` counts records by the size of their class.

    `marketer` is the share of records that an attacker who assigns a person to each would get right on
    average: of the population where it is known, else of the table.
    """

    records: int
    classes: int
    smallest_class: int
    k: int
    meets_k: bool
    sizes: dict[str, int]
    prosecutor: AttackerRisk
    journalist: AttackerRisk | None
    marketer: float
    unique: UniqueRecords
    special_unique: SpecialUniqueRecords
    models: tuple[ModelFigure, ...]
    utility: Utility
