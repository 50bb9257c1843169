"""What holds for every table and policy: worked out by trying everything, and counted by pycanon."""

from collections import Counter
from dataclasses import dataclass
from itertools import product
from math import expm1, inf, log1p, log2

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from pycanon import anonymity

from anonymize.hierarchy import Hierarchy, build_hierarchy, climb_hierarchy
from anonymize.ladder import Ladder
from anonymize.refusal import PolicyNotMet
from anonymize.table import anonymize_table, list_published
from anonymize.table_measure import measure_table
from schemas.table_policy import Measure, RecodingModel, TableColumn, TablePolicy

COLOURS = (("red", "warm", "*"), ("pink", "warm", "*"), ("blue", "cold", "*"), ("green", "cold", "*"))
SIZES = (("1", "1-2", "1-4", "*"), ("2", "1-2", "1-4", "*"), ("3", "3", "1-4", "*"), ("9", "9", "9", "*"))
SEXES = (("f", "*"), ("m", "*"))
ROWS = {"colour": COLOURS, "size": SIZES, "sex": SEXES}
CASES = st.tuples(*(st.integers(0, len(rows) - 1) for rows in ROWS.values()))
TABLES = st.dictionaries(CASES, st.integers(1, 5), min_size=1, max_size=25)
LIMITS = st.sampled_from([0.0, 0.05, 0.3, 1.0])


@dataclass(frozen=True)
class Made:
    """A class table: codes by column, cases by class."""

    codes: np.ndarray
    counts: np.ndarray

    def climb(self, policy: TablePolicy) -> list[Ladder]:
        hierarchies = [build_hierarchy(name, rows) for name, rows in ROWS.items()]
        return [
            climb_hierarchy(hierarchy, policy.quasi_identifiers[hierarchy.column], code)
            for hierarchy, code in zip(hierarchies, self.codes, strict=True)
        ]


def make_table(table: dict[tuple[int, ...], int]) -> Made:
    return Made(np.array(list(table)).T, np.array(list(table.values())))


def make_policy(
    k: int, limit: float, recoding: RecodingModel, measure: Measure = Measure.LOSS
) -> TablePolicy:
    columns = {name: TableColumn() for name in ROWS}
    return TablePolicy(
        k=k, suppression_limit=limit, quasi_identifiers=columns, recoding=recoding, measure=measure
    )


def show(case: tuple[int, ...], levels: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(rows[value][level] for rows, value, level in zip(ROWS.values(), case, levels, strict=True))


def try_everything(table: dict[tuple[int, ...], int], k: int, limit: float, measure: Measure) -> float:
    """The best score over all levels, from the definitions, one case at a time."""
    best = inf
    for levels in product(*(range(len(rows[0])) for rows in ROWS.values())):
        groups: Counter[tuple[str, ...]] = Counter()
        for case, number in table.items():
            groups[show(case, levels)] += number
        hidden = {case: n for case, n in table.items() if groups[show(case, levels)] < k}
        total = sum(table.values())
        if sum(hidden.values()) <= limit * total + 1e-9:
            score = measure_loss if measure is Measure.LOSS else measure_entropy
            best = min(best, score(table, hidden, levels))
    return best


def measure_loss(table: dict, hidden: dict, levels: tuple[int, ...]) -> float:
    losses = []
    for column, (rows, level) in enumerate(zip(ROWS.values(), levels, strict=True)):
        leaves = Counter(row[level] for row in rows)
        lost = sum(
            n * (1 if case in hidden else (leaves[rows[case[column]][level]] - 1) / (len(rows) - 1))
            for case, n in table.items()
        )
        losses.append(lost / sum(table.values()))
    return expm1(sum(log1p(loss) for loss in losses) / len(losses))


def measure_entropy(table: dict, hidden: dict, levels: tuple[int, ...]) -> float:
    bits = 0.0
    for column, (rows, level) in enumerate(zip(ROWS.values(), levels, strict=True)):
        values: Counter[int] = Counter()
        labels: Counter[str] = Counter()
        lost: Counter[str] = Counter()
        for case, n in table.items():
            values[case[column]] += n
            labels[rows[case[column]][level]] += n
            lost[rows[case[column]][level]] += n if case in hidden else 0
        bits -= sum(n * log2(n / labels[rows[value][level]]) for value, n in values.items())
        bits -= sum(n * log2(n / sum(lost.values())) for n in lost.values() if n)
    return bits


@given(table=TABLES, k=st.integers(2, 8), limit=LIMITS, measure=st.sampled_from(Measure))
def test_full_domain_recoding_costs_as_little_as_the_best_of_all(
    table: dict[tuple[int, ...], int], k: int, limit: float, measure: Measure
) -> None:
    made, policy = make_table(table), make_policy(k, limit, RecodingModel.FULL_DOMAIN, measure)
    ladders = made.climb(policy)
    try:
        recoded = anonymize_table(ladders, made.counts, policy)
    except PolicyNotMet:
        # also where all would be left out, which is within a limit of 1
        assert try_everything(table, k, limit, measure) == inf or sum(table.values()) < k or limit == 1
        return
    account = measure_table(ladders, made.counts, recoded, policy)
    found = account.loss_geometric if measure is Measure.LOSS else account.entropy
    assert found is not None
    assert abs(found - try_everything(table, k, limit, measure)) < 1e-9


@given(table=TABLES, k=st.integers(2, 8), limit=LIMITS, recoding=st.sampled_from(RecodingModel))
def test_pycanon_finds_k_in_what_is_published_and_no_case_is_lost(
    table: dict[tuple[int, ...], int], k: int, limit: float, recoding: RecodingModel
) -> None:
    made, policy = make_table(table), make_policy(k, limit, recoding)
    ladders = made.climb(policy)
    try:
        recoded = anonymize_table(ladders, made.counts, policy)
    except PolicyNotMet:
        return
    published = list_published(ladders, made.counts, recoded)
    rows = [
        [rows[v][level] for rows, v, level in zip(ROWS.values(), value, at, strict=True)]
        for value, at in zip(published.value.T, published.level.T, strict=True)
    ]
    frame = pd.DataFrame(np.repeat(rows, published.cases, axis=0), columns=list(ROWS))
    assert anonymity.k_anonymity(frame, list(ROWS)) >= k
    left_out = int(made.counts[recoded.suppressed].sum())
    assert len(frame) + left_out == sum(table.values())
    assert left_out <= limit * sum(table.values()) + 1e-9


@given(table=TABLES, k=st.integers(2, 8), recoding=st.sampled_from(RecodingModel), data=st.data())
def test_order_of_classes_and_of_columns_changes_nothing(
    table: dict[tuple[int, ...], int], k: int, recoding: RecodingModel, data: st.DataObject
) -> None:
    policy = make_policy(k, 1.0, recoding)
    mixed = dict(data.draw(st.permutations(list(table.items()))))
    columns = data.draw(st.permutations(range(len(ROWS))))
    results = []
    for given_table, order in ((table, range(len(ROWS))), (mixed, columns)):
        made = make_table(given_table)
        ladders = made.climb(policy)
        try:
            levels = anonymize_table([ladders[n] for n in order], made.counts, policy).levels
        except PolicyNotMet:
            results.append(None)
            continue
        back = levels[:, np.argsort(order)]
        results.append({case: tuple(row) for case, row in zip(given_table, back.tolist(), strict=True)})
    assert results[0] == results[1]


def test_local_recoding_keeps_more_than_one_level_for_all() -> None:
    table = {(0, 0, 0): 9, (1, 1, 0): 1, (0, 3, 1): 1}
    made = make_table(table)
    losses = {}
    for recoding in RecodingModel:
        policy = make_policy(2, 0.0, recoding)
        ladders = made.climb(policy)
        recoded = anonymize_table(ladders, made.counts, policy)
        losses[recoding] = measure_table(ladders, made.counts, recoded, policy).loss_geometric
    assert losses[RecodingModel.LOCAL] < losses[RecodingModel.FULL_DOMAIN]


def test_hierarchy_without_levels_between_is_a_value_or_nothing() -> None:
    assert Hierarchy("x", (("a", "*"),)).height == 2
