"""Obstacle: which classes stand in the way of a policy, by size and level, and which policy would do."""

from collections.abc import Sequence
from math import ceil

import numpy as np

from anonymize.ladder import Codes, Ladder
from anonymize.model.classes import Classes, Which
from anonymize.requirement import Requirement
from schemas.table_policy import TablePolicy


def explain_obstacles(
    ladders: Sequence[Ladder],
    coarsest: Classes,
    required: Requirement,
    policy: TablePolicy,
    suppressed: int,
) -> str:
    """Why a policy is not met and what would do; `coarsest` are the classes at the coarsest levels allowed.

    Names columns, levels, sizes and limits, never a value.
    """
    classes = coarsest.select(coarsest.cases > 0)
    total = int(classes.cases.sum())
    levels = ", ".join(f"{ladder.name} {ladder.levels[-1]}" for ladder in ladders)
    reasons = "; ".join(_list_reasons(classes, required)) or "no choice of levels meets all at once"
    if required.refuse_all(coarsest):
        reasons = "delta_presence with min fails: there are people of the population who look like no case"
    remedies = [
        *_list_levels(ladders),
        *_list_limits(suppressed, total),
        *_list_sizes(classes, required, policy),
    ]
    return (
        f"{suppressed} of {total} cases ({suppressed / total:.1%}) cannot be published even at the coarsest "
        f"levels that the policy allows ({levels}). There {reasons}. What would do: "
        f"{', or '.join(remedies) or 'a weaker model, or other columns'}"
    )


def _list_reasons(classes: Classes, required: Requirement) -> list[str]:
    """What fails at the coarsest levels: how many classes of which sizes."""
    small = classes.cases < required.k
    reasons = []
    if small.any():
        reasons.append(f"{_describe_sizes(classes, small)} stay below {required.k} alike")
    for model in required.models:
        fails = ~small & ~model.judge(classes)
        if fails.any():
            worst = model.find_worst(classes.select(fails))
            reasons.append(
                f"{_describe_sizes(classes, fails)} do not meet {model.text} (the worst has {worst:.4g})"
            )
    kept = classes.select(~required.find_failing(classes))
    for average in required.averages:
        if not average.is_met(kept):
            reasons.append(f"the mean of {average.text} is {average.measure(kept):.4g}")
    return reasons


def _describe_sizes(classes: Classes, which: Which) -> str:
    sizes = classes.cases[which]
    number = f"{len(sizes)} class{'es' if len(sizes) > 1 else ''}"
    if sizes.min() == sizes.max():
        return f"{number} of {sizes.min()} cases"
    return f"{number} of {sizes.min()} to {sizes.max()} cases"


def _list_levels(ladders: Sequence[Ladder]) -> list[str]:
    tops = [
        f"{ladder.name} {ladder.levels[-1]}"
        for ladder in ladders
        if ladder.levels[-1] + 1 < len(ladder.shown)
    ]
    return [f"raise max_level (now {', '.join(tops)})"] if tops else []


def _list_limits(suppressed: int, total: int) -> list[str]:
    if suppressed == total:
        return []
    return [f"set suppression_limit to {ceil(suppressed / total * 1000) / 1000} or more"]


def _list_sizes(classes: Classes, required: Requirement, policy: TablePolicy) -> list[str]:
    """The largest k that leaves no more out than the limit, where the models alone do not."""
    others = Requirement(1, required.facts, required.models)
    fails = others.find_failing(classes)
    most = int(policy.suppression_limit * int(classes.cases.sum()) + 1e-9) - int(classes.cases[fails].sum())
    sizes: Codes = np.sort(classes.cases[~fails])
    if most < 0 or not len(sizes):
        return []
    # with k one more than a size, the classes of that size are left out too
    affordable = int(np.searchsorted(np.cumsum(sizes), most, side="right"))
    k = int(sizes[min(affordable, len(sizes) - 1)])
    return [f"set k to {k} or less"] if 2 <= k < required.k else []
