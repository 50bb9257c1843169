import json
from pathlib import Path

import pandas as pd
import pytest

from anonymize.refusal import PolicyNotMet
from pipeline.table import TableJob, Values, WrongTable
from schemas.description import InvalidDescription
from storage.error import TableUnreadable
from tests.unit.pipeline.conftest import anonymize_file


@pytest.fixture
def job(tmp_path: Path) -> TableJob:
    """Seven rows of two columns, one of them with a hierarchy, and a policy of k = 2."""
    (tmp_path / "table.csv").write_text(
        "town;sex;note\n" + "a;f;x\na;f;x\nb;f;x\nc;m;x\nc;m;x\nd;m;x\n;m;x\n"
    )
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "our_hierarchy_town.csv").write_text(
        "a;north;*\nb;north;*\nc;south;*\nd;south;*\n;none;*\n"
    )
    (tmp_path / "policy.yml").write_text("k: 2\nquasi_identifiers: [town, sex]\nsuppression_limit: 0.5\n")
    return TableJob(
        tmp_path / "table.csv", tmp_path / "policy.yml", tmp_path / "out.parquet", tmp_path / "tree"
    )


def change(job: TableJob, **parts: object) -> TableJob:
    return TableJob(**{**job.__dict__, **parts})


def test_nested_columns_of_a_small_table_worked_out_by_hand(job: TableJob) -> None:
    account = anonymize_file(job, lambda _: None)
    frame = pd.read_parquet(job.out)
    assert list(frame.columns) == ["town", "town_level_1", "sex"]
    rows = {tuple(row): n for row, n in frame.fillna("-").value_counts().items()}
    # a with f and c with m are two each and stay. The men of d and of no town would be two where no town is
    # shown; b is left over, and joining them costs least: three cases of which nothing is shown.
    assert rows == {("a", "north", "f"): 2, ("c", "south", "m"): 2, ("-", "-", "-"): 3}
    assert (account.published, account.suppressed, account.smallest_class) == (7, 0, 2)
    # of town, three of seven cases lose all and the others nothing; of sex likewise
    assert account.loss_arithmetic == pytest.approx(3 / 7)


def test_generalized_values_stand_in_place_where_asked(job: TableJob) -> None:
    anonymize_file(change(job, values=Values.MIXED, out=job.out.with_suffix(".csv")), lambda _: None)
    frame = pd.read_csv(job.out.with_suffix(".csv"), dtype=str, keep_default_na=False)
    assert list(frame.columns) == ["town", "sex"]
    assert set(frame["town"]) <= {"a", "b", "c", "d", "", "north", "south", "none", "*"}
    assert frame.value_counts().min() >= 2


def test_same_table_as_parquet_gives_the_same_rows(job: TableJob) -> None:
    anonymize_file(job, lambda _: None)
    first = pd.read_parquet(job.out)
    parquet = job.table.with_suffix(".parquet")
    pd.read_csv(job.table, sep=";", dtype=str).sample(frac=1, random_state=1).to_parquet(parquet)
    anonymize_file(change(job, table=parquet), lambda _: None)
    assert pd.read_parquet(job.out).equals(first)


def test_policy_that_cannot_be_met_says_what_would_do_and_writes_nothing(job: TableJob) -> None:
    job.policy.write_text(
        "k: 2\nquasi_identifiers: {town: {max_level: 0}, sex: {}}\nsuppression_limit: 0.4\n"
    )
    with pytest.raises(PolicyNotMet, match=r"3 of 7 cases .* max_level \(now town 0\).* 0.429 or more"):
        anonymize_file(change(job, policy=job.policy), lambda _: None)
    assert not job.out.exists()


def test_column_of_the_policy_that_is_not_there_is_named(job: TableJob) -> None:
    job.policy.write_text("k: 2\nquasi_identifiers: [town, height]\nsuppression_limit: 0\n")
    with pytest.raises(WrongTable, match="no column height"):
        anonymize_file(job, lambda _: None)


def test_mistakes_in_a_policy_are_told_together(job: TableJob) -> None:
    job.policy.write_text("k: 1\nquasi_identifiers: [town]\n")
    with pytest.raises(InvalidDescription, match=r"suppression_limit: is missing.*k: must be at least 2"):
        anonymize_file(job, lambda _: None)


def test_file_that_is_no_table_is_refused(job: TableJob, tmp_path: Path) -> None:
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 but not really")
    with pytest.raises(TableUnreadable, match="give a Parquet file"):
        anonymize_file(change(job, table=tmp_path / "broken.parquet"), lambda _: None)


def test_account_says_how_many_cells_are_kept_and_how_many_record_suppression_keeps(job: TableJob) -> None:
    cells = anonymize_file(job, lambda _: None).cells
    # a with f and c with m are two each and keep both cells; of the other three nothing is shown
    assert (cells.total, cells.kept, cells.coarser) == (14, 8, 0)
    assert (cells.cases_by_record_suppression, cells.cells_by_record_suppression) == (4, 8)
    job.policy.write_text(
        "k: 3\nquasi_identifiers: [town, sex]\nsuppression_limit: 1\nrecoding: full_domain\n"
    )
    cells = anonymize_file(job, lambda _: None).cells
    # three women of the north, three men of the south; the man of no town is left out
    assert (cells.total, cells.kept, cells.coarser) == (14, 6, 6)
    assert (cells.cases_by_record_suppression, cells.cells_by_record_suppression) == (0, 0)


def test_adult_from_file_to_file_has_the_optimum_that_arx_finds(real_data: Path, tmp_path: Path) -> None:
    policy = {
        "k": 5,
        "quasi_identifiers": [
            *("sex", "age", "race", "marital-status", "education"),
            *("native-country", "workclass", "occupation", "salary-class"),
        ],
        "suppression_limit": 0.05,
        "recoding": "full_domain",
    }
    (tmp_path / "policy.yml").write_text(json.dumps(policy))
    adult = real_data / "benchmark" / "adult"
    job = TableJob(adult / "adult.csv", tmp_path / "policy.yml", tmp_path / "out.parquet", adult)
    account = anonymize_file(job, lambda _: None)
    assert account.loss_geometric == pytest.approx(0.2419323650662908, abs=1e-9)
    assert account.suppressed == 1346
    assert len(pd.read_parquet(job.out)) == 30_162 - 1346


def test_more_of_the_table_of_ctdc_is_kept_than_record_suppression_keeps(
    real_data: Path, tmp_path: Path
) -> None:
    ctdc = real_data / "ctdc" / "global_dataset_2020_kanon_10_columns.csv"
    columns = ["yearOfRegistration", "Datasource", "gender", "ageBroad", "citizenship"]
    policy = {"k": 25, "quasi_identifiers": columns, "suppression_limit": 0.05}
    (tmp_path / "policy.yml").write_text(json.dumps(policy))
    job = TableJob(ctdc, tmp_path / "policy.yml", tmp_path / "out.parquet")
    account = anonymize_file(job, lambda _: None)
    frame = pd.read_csv(ctdc, dtype=str, keep_default_na=False)[columns]
    alike = int((frame.groupby(columns).gender.transform("size") >= 25).sum())
    assert (len(frame), account.cells.cases_by_record_suppression) == (48_801, alike)
    assert account.published > alike
    assert account.cells.kept > account.cells.cells_by_record_suppression == alike * 5
    kept = pd.read_parquet(job.out)
    assert len(kept) == account.published
    assert kept.fillna("-").groupby(columns).size().min() >= 25
    assert int(kept.notna().sum().sum()) == account.cells.kept
