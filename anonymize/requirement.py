"""Requirement: all that a table policy asks of published classes, k first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from anonymize.ladder import Codes
from anonymize.model.average import AverageRisk
from anonymize.model.classes import Classes, Which
from anonymize.model.closeness import Closeness, Likeness
from anonymize.model.diversity import DistinctDiversity, EntropyDiversity, Homogeneity, RecursiveDiversity
from anonymize.model.model import Model
from anonymize.model.population import DeltaPresence, PopulationMap
from schemas import table_model
from schemas.table_model import Attacker, Distance, PrivacyModel
from schemas.table_policy import TablePolicy


@dataclass(frozen=True)
class Sensitive:
    """The values of a sensitive column, and the labels of its hierarchy: a row a level, a column a value.

    The labels end below the root, which shows nothing.
    """

    values: Sequence[str]
    labels: Sequence[Codes]


@dataclass(frozen=True)
class Requirement:
    """What is required of classes, and what is known of those of the table; `models` judge one at a time."""

    k: int
    facts: Classes
    models: tuple[Model, ...] = ()
    averages: tuple[AverageRisk, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether the number of cases decides alone."""
        return not self.models and not self.averages

    def find_failing(self, classes: Classes) -> Which:
        """Classes that do not meet k or a model; averages do not count here."""
        failing = classes.cases < self.k
        for model in self.models:
            failing |= ~model.judge(classes)
        return failing

    def find_hopeless(self, classes: Classes) -> Which:
        """Classes of which no part can be published, however they are split."""
        hopeless = classes.cases < self.k
        for model in self.models:
            hopeless |= model.rule_out(classes)
        return hopeless

    def refuse_all(self, classes: Classes) -> bool:
        """Whether classes fail whatever is left out of them; those of the population only count here."""
        return any(model.refuse_all(classes) for model in self.models)

    def find_unpublished(self, classes: Classes) -> Which:
        """Classes that cannot be published if these are all there are: averages count too."""
        unpublished = self.find_failing(classes)
        left_out = -1
        # again until nothing changes, as what one leaves out can raise another
        while left_out != int(unpublished.sum()):
            left_out = int(unpublished.sum())
            for average in self.averages:
                kept = np.flatnonzero(~unpublished)
                excess = average.choose_excess(classes.select(~unpublished))
                unpublished[kept[excess]] = True
        return unpublished

    def count_least(self, classes: Classes) -> int:
        """Cases that are left out at least, however the classes are split.

        Hopeless classes whole; of others that fail a monotone model one case, as one part must fail it.
        """
        hopeless, failing = self.find_hopeless(classes), np.zeros(len(classes), dtype=bool)
        for model in self.models:
            if model.is_monotone:
                failing |= ~model.judge(classes)
        least = int(classes.cases[hopeless].sum()) + int((failing & ~hopeless & (classes.cases > 0)).sum())
        return max([least, *(average.count_excess(classes) for average in self.averages)])

    def raise_size(self, k: int) -> "Requirement":
        """The same with at least `k` cases in a class."""
        return replace(self, k=max(k, self.k))


def build_requirement(
    policy: TablePolicy, facts: Classes, sensitive: Mapping[str, Sensitive] | None = None
) -> Requirement:
    """What a policy asks, over what is known of the classes of the table."""
    models, averages = [], []
    k = policy.k
    for wanted in policy.models:
        if isinstance(wanted, table_model.AverageRisk):
            averages.append(AverageRisk(wanted.limit, wanted.attacker))
        elif isinstance(wanted, table_model.MaximumRisk) and wanted.attacker is Attacker.PROSECUTOR:
            k = max(k, _count_people(wanted.limit))
        else:
            models += _build_models(wanted, facts, sensitive or {})
    return Requirement(k, facts, tuple(models), tuple(averages))


def _build_models(wanted: PrivacyModel, facts: Classes, sensitive: Mapping[str, Sensitive]) -> list[Model]:
    match wanted:
        case table_model.DistinctDiversity():
            return [DistinctDiversity(wanted.column, wanted.l)]
        case table_model.EntropyDiversity():
            return [EntropyDiversity(wanted.column, wanted.l)]
        case table_model.RecursiveDiversity():
            return [RecursiveDiversity(wanted.column, wanted.c, wanted.l)]
        case table_model.Closeness():
            labels = sensitive[wanted.column].labels
            chosen = labels if wanted.distance is Distance.HIERARCHICAL else labels[:1]
            return [Closeness(wanted.column, wanted.t, _count_whole(facts, wanted.column), chosen)]
        case table_model.BetaLikeness():
            enhanced = wanted.kind is table_model.Likeness.ENHANCED
            whole = _count_whole(facts, wanted.column)
            return [Likeness(wanted.column, wanted.beta, whole, enhanced=enhanced)]
        case table_model.Homogeneity():
            unknown = set(wanted.not_known)
            return [
                Homogeneity(name, wanted.limit, np.array([v not in unknown for v in sensitive[name].values]))
                for name in wanted.flags
            ]
        case table_model.DeltaPresence():
            return [DeltaPresence(wanted.min, wanted.max)]
        case table_model.PopulationMap():
            return [PopulationMap(wanted.k)]
        case table_model.MaximumRisk():
            return [PopulationMap(_count_people(wanted.limit))]
    raise TypeError(f"no model for {type(wanted).__name__}")


def _count_people(risk: float) -> int:
    """How many must be alike for the chance to pick the right one to be no more than this."""
    return ceil(1 / risk - 1e-9)


def _count_whole(facts: Classes, column: str) -> np.ndarray:
    tally = facts.values[column]
    return np.bincount(tally.value, weights=tally.cases, minlength=tally.width)
