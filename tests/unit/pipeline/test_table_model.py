import dataclasses
import json
from pathlib import Path

import pandas as pd
import pytest

from anonymize.hierarchy import ValueNotInHierarchy
from anonymize.refusal import PolicyNotMet
from cli.table_view import show_account, write_account
from pipeline.table import TableJob, WrongTable, anonymize_files, name_results
from schemas.problem import InvalidDescription
from schemas.table_policy import parse_table_policy
from tests.unit.pipeline.conftest import anonymize_file

CANARY = "zz-canary"
POLICY = """
k: 2
quasi_identifiers: [town, sex]
suppression_limit: 0.5
recoding: full_domain
"""
DIVERSE = "models: [{model: distinct_l_diversity, column: harm, l: 2}]\n"


@pytest.fixture
def job(tmp_path: Path) -> TableJob:
    """Four cases in two towns of the north, of which one town is all alike, and two in the south."""
    rows = ["a;f;beaten", "a;f;beaten", "b;f;sold", "b;f;beaten", f"c;f;{CANARY}", "c;f;sold"]
    (tmp_path / "table.csv").write_text("town;sex;harm\n" + "\n".join(rows) + "\n")
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "town.csv").write_text("a;north;*\nb;north;*\nc;south;*\nd;south;*\n")
    (tmp_path / "policy.yml").write_text(POLICY + DIVERSE)
    return TableJob(
        tmp_path / "table.csv", tmp_path / "policy.yml", tmp_path / "out.parquet", tmp_path / "tree"
    )


def read_rows(path: Path) -> dict[tuple[str, ...], int]:
    frame = pd.read_parquet(path).astype(object).fillna("-")
    return {tuple(row): n for row, n in frame.value_counts().items()}


def test_sensitive_column_is_published_in_classes_that_meet_the_model(job: TableJob) -> None:
    anonymize_file(job, lambda _: None)
    # by town, a would be all alike and left out: two of six rows; by region nobody is
    assert list(pd.read_parquet(job.out).columns) == ["town", "town_level_1", "sex", "harm"]
    assert read_rows(job.out) == {
        ("-", "north", "f", "beaten"): 3,
        ("-", "north", "f", "sold"): 1,
        ("-", "south", "f", "sold"): 1,
        ("-", "south", "f", CANARY): 1,
    }


def test_local_recoding_merges_only_the_class_that_does_not_meet_the_model(job: TableJob) -> None:
    job.policy.write_text(POLICY.replace("full_domain", "local") + DIVERSE)
    anonymize_file(job, lambda _: None)
    rows = read_rows(job.out)
    # c stays; a, which is all alike, is left over, and joins b where both are of the north
    assert {row[:2] for row in rows} == {("-", "north"), ("c", "south")}
    assert sum(rows.values()) == 6


def test_column_that_is_item_and_sensitive_is_blanked_as_an_item(job: TableJob) -> None:
    job.policy.write_text(POLICY + DIVERSE + "m: 1\nitems: [harm]\n".replace("[harm]", "{columns: [harm]}"))
    anonymize_file(job, lambda _: None)
    assert CANARY not in set(pd.read_parquet(job.out)["harm"].dropna())


def test_policies_share_a_count_and_give_what_each_alone_gives(job: TableJob, tmp_path: Path) -> None:
    others = {
        "one": POLICY + DIVERSE,
        "two": "k: 3\nquasi_identifiers: [sex]\nsuppression_limit: 0\n",
        "three": POLICY.replace("[town, sex]", "{sex: {}, town: {min_level: 1, max_level: 1}}"),
    }
    for name, text in others.items():
        (tmp_path / f"{name}.yml").write_text(text)
    policies = [tmp_path / f"{name}.yml" for name in others]
    outs = name_results(job.out, policies)
    assert [out.name for out in outs] == ["out.one.parquet", "out.two.parquet", "out.three.parquet"]
    jobs = [dataclasses.replace(job, policy=p, out=o) for p, o in zip(policies, outs, strict=True)]
    together = anonymize_files(jobs, lambda _: None)
    for each, account in zip(jobs, together, strict=True):
        alone = dataclasses.replace(each, out=tmp_path / "alone.parquet")
        assert anonymize_file(alone, lambda _: None) == account
        assert pd.read_parquet(alone.out).equals(pd.read_parquet(each.out))
    # town is published at its level 1 and no other
    assert set(together[2].columns["town"].cases_by_level) == {1}


def test_nothing_is_written_where_one_of_several_policies_cannot_be_met(
    job: TableJob, tmp_path: Path
) -> None:
    (tmp_path / "no.yml").write_text(POLICY.replace("k: 2", "k: 7"))
    policies = [job.policy, tmp_path / "no.yml"]
    jobs = [
        dataclasses.replace(job, policy=p, out=o)
        for p, o in zip(policies, name_results(job.out, policies), strict=True)
    ]
    with pytest.raises(PolicyNotMet):
        anonymize_files(jobs, lambda _: None)
    assert list(tmp_path.glob("out*")) == []


def test_results_of_policies_of_one_name_would_overwrite_each_other(tmp_path: Path) -> None:
    with pytest.raises(WrongTable, match="rename one"):
        name_results(tmp_path / "out.parquet", [tmp_path / "a" / "p.yml", tmp_path / "b" / "p.yml"])


def test_people_of_the_population_decide_where_a_model_asks_for_them(job: TableJob, tmp_path: Path) -> None:
    # three people in a, b and d each, four in c: with k_map 4 only c may stand alone
    people = "town;sex\n" + "a;f\n" * 3 + "b;f\n" * 3 + "c;f\n" * 4 + "d;f\n" * 3
    (tmp_path / "people.csv").write_text(people)
    job.policy.write_text(POLICY.replace("full_domain", "local") + "models: [{model: k_map, k: 4}]\n")
    given = dataclasses.replace(job, population=tmp_path / "people.csv")
    anonymize_file(given, lambda _: None)
    assert read_rows(job.out) == {("-", "north", "f"): 4, ("c", "south", "f"): 2}


def test_model_of_the_population_without_its_table_is_refused(job: TableJob) -> None:
    job.policy.write_text(POLICY + "models: [{model: k_map, k: 4}]\n")
    with pytest.raises(WrongTable, match="--population"):
        anonymize_file(job, lambda _: None)


def test_population_that_does_not_contain_the_table_is_refused(job: TableJob, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("town;sex\n" + "a;f\n" + "b;f\n" * 3 + "c;f\n" * 4)
    job.policy.write_text(POLICY + "models: [{model: k_map, k: 4}]\n")
    with pytest.raises(WrongTable, match="fewer people than the table has cases in 1 of 3 classes"):
        anonymize_file(dataclasses.replace(job, population=tmp_path / "people.csv"), lambda _: None)


def test_hierarchical_distance_needs_a_hierarchy_that_has_every_value(job: TableJob, tmp_path: Path) -> None:
    job.policy.write_text(
        POLICY + "models: [{model: t_closeness, column: harm, t: 0.5, distance: hierarchical}]\n"
    )
    with pytest.raises(WrongTable, match=r"needs a hierarchy of harm; put harm\.csv"):
        anonymize_file(job, lambda _: None)
    (tmp_path / "tree" / "harm.csv").write_text("beaten;force;*\nsold;trade;*\n")
    with pytest.raises(ValueNotInHierarchy) as raised:
        anonymize_file(job, lambda _: None)
    assert CANARY not in str(raised.value)


def test_unmet_model_is_told_with_sizes_figures_and_what_would_do(job: TableJob) -> None:
    job.policy.write_text(
        "k: 3\nquasi_identifiers: {town: {max_level: 1}, sex: {max_level: 0}}\nsuppression_limit: 0.1\n"
        "models: [{model: entropy_l_diversity, column: harm, l: 1.9}]\n"
    )
    with pytest.raises(PolicyNotMet) as raised:
        anonymize_file(job, lambda _: None)
    said = str(raised.value)
    # the north has three beaten of four: an entropy as of 2 ** 0.8113 = 1.7548 equally frequent values
    assert "(town 1, sex 0)" in said
    assert "1 class of 2 cases stay below 3 alike" in said
    assert (
        "1 class of 4 cases do not meet entropy_l_diversity of harm with l: 1.9 (the worst has 1.755)" in said
    )
    assert "raise max_level (now town 1, sex 0)" in said
    assert CANARY not in said


def test_smaller_k_is_named_where_it_would_do(job: TableJob) -> None:
    job.policy.write_text("k: 3\nquasi_identifiers: {town: {max_level: 1}}\nsuppression_limit: 0.1\n")
    with pytest.raises(PolicyNotMet, match=r"0\.334 or more, or set k to 2 or less"):
        anonymize_file(job, lambda _: None)
    job.policy.write_text("k: 2\nquasi_identifiers: {town: {max_level: 1}}\nsuppression_limit: 0.1\n")
    assert anonymize_file(job, lambda _: None).suppressed == 0


@pytest.mark.parametrize(
    ("models", "why"),
    [
        ("[{model: distinct_l_diversity, column: town, l: 2}]", "not both"),
        ("[{model: distinct_diversity, column: harm, l: 2}]", "distinct_l_diversity"),
        ("[{model: distinct_l_diversity, column: harm, l: 1}]", "at least 2"),
        ("[{model: distinct_l_diversity, column: harm}]", "is missing"),
        ("[{column: harm, l: 2}]", "model"),
        ("[{model: distinct_l_diversity, column: harm, l: 2, t: 3}]", "no such key"),
    ],
)
def test_model_that_makes_no_sense_is_refused(job: TableJob, models: str, why: str) -> None:
    job.policy.write_text(f"{POLICY}models: {models}\n")
    with pytest.raises(InvalidDescription, match=why):
        anonymize_file(job, lambda _: None)


def test_presence_is_not_defined_for_local_recoding() -> None:
    text = POLICY.replace("full_domain", "local") + "models: [{model: delta_presence, max: 0.5}]\n"
    with pytest.raises(InvalidDescription, match="take recoding: full_domain"):
        parse_table_policy(text)


def test_value_of_a_sensitive_column_is_on_no_terminal(
    job: TableJob, capsys: pytest.CaptureFixture[str]
) -> None:
    account = anonymize_file(job, print)
    show_account(account)
    assert CANARY not in write_account(account, job.out).read_text() + capsys.readouterr().out
    assert json.loads(write_account(account, job.out).read_text())["published"] == 6
