"""The benchmark of the field: Adult, nine quasi-identifiers, ARX's hierarchies, and what ARX makes of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from anonymize.table import anonymize_table
from anonymize.table_measure import measure_table
from pipeline.table_count import Counter
from schemas.table_account import TableAccount
from schemas.table_policy import Measure, RecodingModel, TablePolicy
from storage.table import Table

ADULT = "sex age race marital-status education native-country workclass occupation salary-class"

# k, limit, levels in the order above, geometric Loss, rows left out: ARX 3.9.2
OPTIMA = [
    (2, 0, "0-4-1-1-3-2-0-2-0", 0.5296955144342308, 0),
    (2, 0.05, "0-3-0-0-1-1-1-1-0", 0.16900586270227813, 1350),
    (2, 1.0, "0-3-0-0-1-1-0-1-0", 0.1617597757412803, 2093),
    (5, 0, "0-4-1-1-3-2-2-1-0", 0.5731509655590044, 0),
    (5, 0.05, "0-3-0-0-2-1-1-2-0", 0.2419323650662908, 1346),
    (5, 1.0, "0-3-0-0-2-1-1-1-0", 0.22041192847984292, 2553),
    (11, 0, "0-4-1-1-3-2-2-1-0", 0.5731509655590044, 0),
    (11, 0.05, "0-4-0-1-2-1-1-1-0", 0.30327639837087306, 1507),
    (11, 1.0, "0-3-0-0-2-1-1-1-0", 0.26825074948268, 4223),
    (20, 0, "0-4-1-1-3-2-2-1-0", 0.5731509655590044, 0),
    (20, 0.05, "0-3-0-1-3-1-1-2-0", 0.34358407263409485, 1432),
    (20, 1.0, "0-3-0-0-2-1-1-2-0", 0.2993806621760702, 3430),
]
# k, limit, non-uniform entropy; the search up to a limit of 1.0 takes seconds each and is left to one k
ENTROPIES = [
    (2, 0, 379417.3460570988),
    (5, 0, 407289.5388925293),
    (11, 0, 427068.6405775489),
    (20, 0, 428435.3236151157),
    (2, 0.05, 211908.0576227617),
    (5, 0.05, 264341.93830412335),
    (20, 1.0, 301827.5618564632),
]
# k, the geometric Loss of ARX's best local recoding, rounded up as its notes have it
LOCAL = [(2, 0.0216), (5, 0.0516), (11, 0.0787), (20, 0.1015)]

Anonymize = Callable[[TablePolicy], tuple[TableAccount, list[int]]]


@pytest.fixture(scope="module")
def anonymize(real_data: Path) -> Anonymize:
    folder = real_data / "benchmark" / "adult"
    every = make_policy(2, 0)
    with Table(folder / "adult.csv") as table:
        counted = Counter(table, None, folder, [every]).count(every)

    def run(policy: TablePolicy) -> tuple[TableAccount, list[int]]:
        ladders, cases = counted.ladders, counted.facts.cases
        recoded = anonymize_table(ladders, cases, policy)
        account = measure_table(ladders, cases, recoded, policy)
        return account, recoded.levels[~recoded.suppressed][0].tolist()

    return run


def make_policy(k: int, limit: float, **more: object) -> TablePolicy:
    given = {"k": k, "quasi_identifiers": ADULT.split(), "suppression_limit": limit, **more}
    return TablePolicy.model_validate({"recoding": "full_domain", **given})


@pytest.mark.parametrize(("k", "limit", "levels", "loss", "left_out"), OPTIMA)
def test_optimum_of_loss_is_that_of_arx(
    anonymize: Anonymize, k: int, limit: float, levels: str, loss: float, left_out: int
) -> None:
    account, found = anonymize(make_policy(k, limit))
    assert account.loss_geometric == pytest.approx(loss, abs=1e-9)
    assert "-".join(map(str, found)) == levels
    assert (account.suppressed, account.published) == (left_out, 30_162 - left_out)
    assert account.smallest_class >= k


@pytest.mark.parametrize(("k", "limit", "bits"), ENTROPIES)
def test_optimum_of_entropy_is_that_of_arx(anonymize: Anonymize, k: int, limit: float, bits: float) -> None:
    account, _ = anonymize(make_policy(k, limit, measure=Measure.ENTROPY))
    assert account.entropy == pytest.approx(bits, rel=1e-12)


@pytest.mark.parametrize(("k", "loss"), LOCAL)
def test_local_recoding_loses_less_than_the_best_of_arx_and_leaves_nobody_out(
    anonymize: Anonymize, k: int, loss: float
) -> None:
    account, _ = anonymize(make_policy(k, 1.0, recoding=RecodingModel.LOCAL))
    assert account.loss_geometric < loss
    assert (account.suppressed, account.published) == (0, 30_162)
    assert account.smallest_class >= k
