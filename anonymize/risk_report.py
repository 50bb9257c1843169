"""Risk report: what attackers could do with the classes of a table, put together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anonymize.individual_risk import Floats, estimate_journalist, rate_journalist, rate_prosecutor
from anonymize.ladder import Codes
from anonymize.model.classes import Classes
from anonymize.requirement import Requirement, Sensitive
from anonymize.special_unique import DEFAULT_FRACTION, SpecialUniques, find_special_uniques
from anonymize.superpopulation import estimate_uniqueness
from schemas.table_model import Attacker, MaximumRisk
from schemas.table_policy import TablePolicy
from schemas.table_risk import (
    AttackerRisk,
    ModelFigure,
    RiskReport,
    SpecialUniqueRecords,
    UniqueRecords,
    Utility,
)

SIZE_BANDS = (1, 2, 4, 10, 20, 50)
DIS_BANDS = (0.0, 0.01, 0.05, 0.1, 0.5, 1.0)


@dataclass(frozen=True)
class Evidence:
    """The classes of a table: what is known of each, the class of each row, what each shows by column.

    `population` is how many people the table is about, if that is known.
    """

    classes: Classes
    group: Codes
    shown: Sequence[Codes]
    population: int | None
    sensitive: Mapping[str, Sensitive]

    @property
    def fraction(self) -> float | None:
        """The share of the population that is in the table."""
        return None if self.population is None else int(self.classes.cases.sum()) / self.population

    @property
    def journalist(self) -> Floats | None:
        """The journalist's chance by class, counted or estimated."""
        if self.classes.population is not None:
            return rate_journalist(self.classes.population)
        if self.fraction is not None:
            return estimate_journalist(self.classes.cases, self.fraction)
        return None

    def find_special(self, largest: int) -> SpecialUniques:
        """Minimal sample uniques by class."""
        fraction = self.fraction or DEFAULT_FRACTION
        return find_special_uniques(self.shown, self.classes.cases, largest, fraction)


def measure_models(requirement: Requirement, policy: TablePolicy) -> tuple[ModelFigure, ...]:
    """The worst figure of each model of a policy over the classes that its requirement knows."""
    classes = requirement.facts
    figures = [
        ModelFigure(model.text, model.find_worst(classes), bool(model.judge(classes).all()))
        for model in requirement.models
    ]
    figures += [
        ModelFigure(average.text, average.measure(classes), average.is_met(classes))
        for average in requirement.averages
    ]
    highest = float(rate_prosecutor(classes.cases).max())
    # the prosecutor's highest risk is a matter of k, and no model of the requirement
    for wanted in policy.models:
        if isinstance(wanted, MaximumRisk) and wanted.attacker is Attacker.PROSECUTOR:
            text = f"maximum_risk (prosecutor) with limit: {wanted.limit:g}"
            figures.append(ModelFigure(text, highest, highest <= wanted.limit))
    return tuple(figures)


def measure_risk(
    evidence: Evidence, k: int, largest: int, models: tuple[ModelFigure, ...], utility: Utility
) -> RiskReport:
    """Put together the chances of attackers, the unique records, and what was measured besides."""
    sizes = evidence.classes.cases
    prosecutor, journalist = rate_prosecutor(sizes), evidence.journalist
    basis = "estimate" if evidence.classes.population is None else "population"
    best = prosecutor if journalist is None else journalist
    return RiskReport(
        records=int(sizes.sum()),
        classes=len(sizes),
        smallest_class=int(sizes.min()),
        k=k,
        meets_k=bool(sizes.min() >= k),
        sizes=_count_sizes(sizes),
        prosecutor=_describe_attacker(prosecutor, sizes, k, "table"),
        journalist=None if journalist is None else _describe_attacker(journalist, sizes, k, basis),
        marketer=float(best @ sizes) / int(sizes.sum()),
        unique=_describe_uniques(evidence),
        special_unique=_describe_special(evidence, largest),
        models=models,
        utility=utility,
    )


def rate_records(evidence: Evidence, group: Codes, largest: int) -> dict[str, NDArray[Any]]:
    """Risks record by record, `group` being the class of each: numbers only, no value of the table."""
    special = evidence.find_special(largest)
    columns: dict[str, NDArray[Any]] = {
        "record": np.arange(1, len(group) + 1),
        "prosecutor": rate_prosecutor(evidence.classes.cases)[group],
        "smallest_msu": _find_smallest(special)[group],
        "suda_score": special.score[group],
        "dis_suda_score": special.dis_score[group],
    }
    if evidence.journalist is not None:
        columns["journalist"] = evidence.journalist[group]
    return columns


def _describe_attacker(risk: Floats, sizes: Codes, k: int, basis: str) -> AttackerRisk:
    records = int(sizes.sum())
    return AttackerRisk(
        highest=float(risk.max()),
        average=float(risk @ sizes) / records,
        lowest=float(risk.min()),
        at_risk=int(sizes[risk > 1 / k + 1e-12].sum()) / records,
        basis=basis,
    )


def _describe_uniques(evidence: Evidence) -> UniqueRecords:
    sizes = evidence.classes.cases
    alone = int((sizes == 1).sum())
    found = UniqueRecords(alone, alone / int(sizes.sum()))
    if evidence.population is None:
        return found
    people, model = evidence.classes.population, estimate_uniqueness(sizes, evidence.population)
    return UniqueRecords(
        found.records,
        found.share,
        None if people is None else int(((sizes == 1) & (people == 1)).sum()),
        model.decided,
        model.chosen,
        model.pitman,
        model.zayatz,
    )


def _describe_special(evidence: Evidence, largest: int) -> SpecialUniqueRecords:
    special, cases = evidence.find_special(largest), evidence.classes.cases
    smallest = _find_smallest(special)
    bands = {"0": int(cases[special.dis_score == 0].sum())}
    for low, high in pairwise(DIS_BANDS):
        bands[f"{high:g}"] = int(cases[(special.dis_score > low) & (special.dis_score <= high)].sum())
    return SpecialUniqueRecords(
        largest=len(special.found),
        fraction=evidence.fraction or DEFAULT_FRACTION,
        records_by_size={
            size: int(cases[smallest == size].sum()) for size in range(1, len(special.found) + 1)
        },
        highest_score=float(special.score.max()),
        highest_dis_score=float(special.dis_score.max()),
        dis_bands=bands,
    )


def _find_smallest(special: SpecialUniques) -> Codes:
    """The number of columns of the smallest minimal sample unique of each class; 0 where there is none."""
    some = special.found > 0
    return np.where(some.any(axis=0), some.argmax(axis=0) + 1, 0)


def _count_sizes(sizes: Codes) -> dict[str, int]:
    """Records by the size of their class."""
    counts, low = {}, 1
    for high in SIZE_BANDS:
        name = f"{low}" if low == high else f"{low}-{high}"
        counts[name] = int(sizes[(sizes >= low) & (sizes <= high)].sum())
        low = high + 1
    counts[f"{low}+"] = int(sizes[sizes >= low].sum())
    return counts
