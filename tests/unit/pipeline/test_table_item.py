import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import pipeline.table
from anonymize.refusal import UnsafeRecoding
from cli.table_view import show_account, write_account
from pipeline.table import TableJob, Values, WrongTable
from schemas.description import InvalidDescription
from tests.unit.pipeline.conftest import anonymize_file

CANARY = "zz-canary"
POLICY = """
k: 3
quasi_identifiers: [town]
suppression_limit: 0.5
m: 2
items: {columns: [sold, beaten], not_known: ["", unknown]}
"""


@pytest.fixture
def job(tmp_path: Path) -> TableJob:
    """Three cases in town a, four in b, one in a town that must not be seen; two columns of items."""
    rows = ["a;yes;yes;x", "a;yes;yes;x", "a;yes;unknown;x"]
    rows += ["b;yes;yes;x", "b;yes;yes;x", "b;no;yes;x", "b;;;x", f"{CANARY};yes;{CANARY};x"]
    (tmp_path / "table.csv").write_text("town;sold;beaten;note\n" + "\n".join(rows) + "\n")
    (tmp_path / "policy.yml").write_text(POLICY)
    return TableJob(tmp_path / "table.csv", tmp_path / "policy.yml", tmp_path / "out.parquet")


def read_rows(path: Path) -> dict[tuple[str, ...], int]:
    frame = pd.read_parquet(path)
    assert list(frame.columns) == ["town", "sold", "beaten"]
    return {tuple(row): n for row, n in frame.astype(object).fillna("-").value_counts().items()}


def write_policy(job: TableJob, old: str, new: str) -> None:
    job.policy.write_text(POLICY.replace(old, new))


def test_account_adds_up_to_the_items_that_the_file_shows(job: TableJob) -> None:
    account = anonymize_file(job, lambda _: None)
    frame = pd.read_parquet(job.out).astype(object).fillna("-")
    for item in ("sold", "beaten"):
        pairs = frame[frame[item] != "-"].groupby(["town", item]).size()
        assert pairs.min() >= 3
    assert account.combinations is not None
    blanked = {name: column.blanked for name, column in account.combinations.columns.items()}
    assert sum(blanked.values()) == account.combinations.blanked > 0
    shown = int((frame[["sold", "beaten"]] != "-").to_numpy().sum())
    assert account.combinations.known - account.combinations.blanked == shown


def test_what_is_not_known_is_published_as_empty_as_what_is_blanked(job: TableJob) -> None:
    anonymize_file(job, lambda _: None)
    assert "unknown" not in set(pd.read_parquet(job.out)["beaten"].dropna())


def test_exact_rows_of_a_table_that_needs_no_recoding(job: TableJob) -> None:
    job.table.write_text("town,sold,beaten\n" + "a,yes,yes\n" * 2 + "a,yes,\n" * 3 + "b,yes,yes\n" * 3)
    account = anonymize_file(job, lambda _: None)
    # two of a were beaten: that is blanked, as sold is rare with nothing else
    assert read_rows(job.out) == {("a", "yes", "-"): 5, ("b", "yes", "yes"): 3}
    found = account.combinations
    assert found is not None
    assert (found.known, found.blanked, found.share_blanked) == (13, 2, 2 / 13)
    assert found.share_of_values_blanked == 2 / 21
    assert found.columns["beaten"].blanked == 2
    assert found.few_empty == ()


def test_column_of_which_an_empty_cell_could_be_guessed_is_named(job: TableJob) -> None:
    job.table.write_text("town,sold,beaten\n" + "a,yes,yes\n" * 2 + "a,yes,no\n" * 3 + "b,yes,yes\n" * 3)
    account = anonymize_file(job, lambda _: None)
    assert account.combinations is not None
    assert account.combinations.few_empty == ("beaten",)


@pytest.mark.parametrize("values", Values)
def test_order_of_rows_and_columns_does_not_change_the_file(job: TableJob, values: Values) -> None:
    job = dataclasses.replace(job, values=values)
    anonymize_file(job, lambda _: None)
    first = pd.read_parquet(job.out)
    frame = pd.read_csv(job.table, sep=";", dtype=str, keep_default_na=False)
    frame.sample(frac=1, random_state=3)[["beaten", "note", "town", "sold"]].to_csv(
        job.table, sep=";", index=False
    )
    write_policy(job, "[sold, beaten]", "{beaten: {}, sold: {weight: 1}}")
    anonymize_file(job, lambda _: None)
    again = pd.read_parquet(job.out)
    assert list(again.columns)[-2:] == ["beaten", "sold"]
    order = list(first.columns)
    assert (
        again[order]
        .sort_values(order)
        .reset_index(drop=True)
        .equals(first.sort_values(order).reset_index(drop=True))
    )


def test_nothing_is_written_where_the_check_finds_a_rare_combination(
    job: TableJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    def blank_nothing(ladders: object, recoded: object, rows: object, policy: object) -> tuple[object, None]:
        return rows, None

    job.table.write_text("town,sold,beaten\n" + "a,yes,yes\n" * 2 + "a,yes,\n" * 3)
    monkeypatch.setattr(pipeline.table, "protect_items", blank_nothing)
    with pytest.raises(UnsafeRecoding):
        anonymize_file(job, lambda _: None)
    assert list(job.out.parent.glob("out*")) == []


def test_rare_values_are_in_neither_result_nor_account_nor_terminal(
    job: TableJob, capsys: pytest.CaptureFixture[str]
) -> None:
    account = anonymize_file(job, print)
    show_account(account)
    written = write_account(account, job.out)
    assert CANARY not in written.read_text() + capsys.readouterr().out
    assert not (pd.read_parquet(job.out) == CANARY).to_numpy().any()
    assert json.loads(written.read_text())["combinations"]["m"] == 2


def test_item_column_that_is_not_there_is_named(job: TableJob) -> None:
    write_policy(job, "beaten", "hurt")
    with pytest.raises(WrongTable, match="no column hurt"):
        anonymize_file(job, lambda _: None)


def test_two_columns_of_one_name_are_refused(job: TableJob) -> None:
    (job.table.parent / "town.csv").write_text(f"a;n;*\nb;n;*\n{CANARY};s;*\n")
    job.table.write_text(job.table.read_text().replace("sold", "town_level_1"))
    write_policy(job, "sold", "town_level_1")
    with pytest.raises(WrongTable, match="two columns named town_level_1"):
        anonymize_file(dataclasses.replace(job, hierarchies=job.table.parent), lambda _: None)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [("m: 2", "", "go together"), ("beaten", "town", "not both"), ("m: 2", "m: 4", "m: must be at most 3")],
)
def test_policy_of_items_that_makes_no_sense_is_refused(job: TableJob, old: str, new: str, why: str) -> None:
    write_policy(job, old, new)
    with pytest.raises(InvalidDescription, match=why):
        anonymize_file(job, lambda _: None)


def test_half_of_a_large_table_is_never_shown_rarer_than_k(job: TableJob) -> None:
    random = np.random.default_rng(4)
    frame = pd.DataFrame({"town": random.choice(list("abcd"), 400)})
    for name in ("sold", "beaten"):
        frame[name] = random.choice(["yes", "no", "unknown"], 400, p=[0.02, 0.3, 0.68])
    frame.to_csv(job.table, index=False)
    write_policy(job, "k: 3", "k: 11")
    anonymize_file(job, lambda _: None)
    out = pd.read_parquet(job.out)
    for chosen in (["sold"], ["beaten"], ["town", "sold"], ["town", "beaten"], ["sold", "beaten"]):
        sizes = (
            out.dropna(subset=[name for name in chosen if name != "town"])
            .groupby(chosen, dropna=False)
            .size()
        )
        assert (sizes >= 11).all()
