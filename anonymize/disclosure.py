"""Disclosure: the verdict on a finished extract, from the extract alone; shares no code with recoding."""

from collections.abc import Callable, Sequence

import pandas as pd

from anonymize.combination_check import check_combinations
from anonymize.conformity import (
    check_columns,
    check_footer,
    check_ladders,
    check_order,
    check_rows,
    check_values,
)
from anonymize.detail_check import (
    check_country_blocks,
    check_country_cells,
    check_country_difference,
    check_country_variety,
    check_known_totals,
)
from anonymize.difference import (
    check_combination_difference,
    check_difference,
    check_sensitive_difference,
)
from anonymize.risk import (
    check_average_risk,
    check_class_size,
    check_homogeneity,
    check_maximum_risk,
    check_sensitive_blanks,
    check_sensitive_counts,
    check_wildcard_size,
)
from schemas.extract import Extract
from schemas.policy import Policy
from schemas.verdict import Evidence, Outcome, Verdict

Question = Callable[[Extract, Policy], Evidence]
Comparison = Callable[[Extract, Policy, Extract, int], Evidence]

QUESTIONS: dict[str, Question] = {
    "rows": check_rows,
    "columns": check_columns,
    "values": check_values,
    "class size": check_class_size,
    "class size, blank as wildcard": check_wildcard_size,
    "ladders": check_ladders,
    "sensitive values": check_sensitive_counts,
    "sensitive blanks": check_sensitive_blanks,
    "combinations": check_combinations,
    "homogeneity": check_homogeneity,
    "maximum risk": check_maximum_risk,
    "average risk": check_average_risk,
    "footer": check_footer,
    "order": check_order,
    "country cells": check_country_cells,
    "country blocks": check_country_blocks,
    "country variety": check_country_variety,
}
COMPARISONS: dict[str, Comparison] = {
    "difference": check_difference,
    "combination difference": check_combination_difference,
    "sensitive difference": check_sensitive_difference,
    "country difference": check_country_difference,
}


def assess_disclosure(
    extract: Extract, policy: Policy, released: Sequence[Extract], known: pd.DataFrame | None = None
) -> Verdict:
    """Judge a finished extract as a stranger would: pass, review or fail, with reasons.

    `known` are the totals that each country knows of itself (dataset, country, window, keys, cases); without
    them nobody asks what they give away.

    Never raises for what it is given to judge: a question that cannot be put is answered with FAIL.
    """
    evidence = [_ask(name, question, extract, policy) for name, question in QUESTIONS.items()]
    for number, earlier in enumerate(released, 1):
        for name, comparison in COMPARISONS.items():
            label = f"{name} to release {number}"
            evidence.append(_ask(label, comparison, extract, policy, earlier, number))
    if known is not None:
        evidence.append(_ask("known totals", check_known_totals, extract, policy, known, released))
    return Verdict(tuple(evidence))


def _ask(name: str, question: Callable[..., Evidence], *given: object) -> Evidence:
    try:
        return question(*given)
    except Exception:  # Whatever goes wrong, the extract is not shown to be safe; its cells stay unnamed.
        return Evidence(name, Outcome.FAIL, None, None, "the extract is not of a form that can be judged")
