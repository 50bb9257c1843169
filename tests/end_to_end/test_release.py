"""A release as a researcher and a stranger read it, and what a second one may add."""

import itertools
import json
import shutil
import subprocess
from collections import Counter
from datetime import date, timedelta
from hashlib import sha256

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest
from pycanon import anonymity

from pipeline.candidate import prepare_candidate
from pipeline.decision import approve_candidate, publish_candidate
from pipeline.draft import NothingChanged, anonymize_pool, assess_draft
from pipeline.ingest import ingest_files
from pipeline.settings import Settings
from pipeline.workspace import Workspace
from portal.site import refresh_site
from publish.release import ReleaseRefused
from samples.submission import write_samples
from schemas.detail import DetailLevel
from schemas.release import Decision
from schemas.submission import SubmissionState

LARGE = "zzz_palermo_invented_cases"


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    return write_samples(tmp_path_factory.mktemp("samples"))


def ingest(workspace, sample, paths=None):
    return ingest_files(workspace, sample.source_id, sample.period, paths or sample.paths, "officer")


def prepare(workspace):
    assessed = assess_draft(workspace, anonymize_pool(workspace, "officer"), "officer")
    return prepare_candidate(workspace, assessed, "officer")


def release(workspace) -> str:
    candidate = prepare(workspace)
    for person in ("one", "two"):
        approve_candidate(workspace, candidate, person=person, decision=Decision.APPROVE, reason="read")
    return publish_candidate(workspace, candidate, "officer")


def read(workspace, version) -> pd.DataFrame:
    [path] = workspace.store.zones.release_folder(version).glob("*.parquet")
    return pd.read_parquet(path, dtype_backend="numpy_nullable")


def count_classes(frame: pd.DataFrame, columns: list[str]) -> Counter:
    words = frame[columns].astype(object).where(frame[columns].notna(), "<null>")
    return Counter(words.itertuples(index=False, name=None))


@pytest.fixture(scope="module")
def released(tmp_path_factory, samples, module_ledger_url):
    """Two sources, released, on each engine of the ledger."""
    workspace = Workspace(Settings(home=tmp_path_factory.mktemp("home"), database_url=module_ledger_url))
    ingest(workspace, samples[LARGE][0])
    ingest(workspace, samples["srb_czztlj_identified_victims"][-1])
    yield workspace, release(workspace)
    workspace.ledger.close()


def test_serbia_is_counted_as_a_country_and_none_of_its_cases_is_a_record(released):
    """36 cases of 2019: 29 female and 7 male, so never by sex; 24 children and 12 adults, so by age."""
    workspace, version = released
    [csv] = workspace.store.zones.release_folder(version).glob("palermo-countries-*.csv")
    table = pd.read_csv(csv, keep_default_na=False)
    assert table[["country", "window", "gender", "majority_status", "cases"]].values.tolist() == [
        ["SRB", "2017--2019", "", "Adult", 12],
        ["SRB", "2017--2019", "", "Minor", 24],
    ]
    assert not read(workspace, version)["country_of_exploitation"].eq("SRB").any()
    [candidate] = workspace.ledger.candidates()
    levels = {placement.source_id: placement.level for placement in candidate.account.placements}
    assert levels == {LARGE: DetailLevel.RECORD, "srb_czztlj_identified_victims": DetailLevel.YEAR}


def test_what_was_late_is_in_the_manifest_the_catalogue_and_the_ledger(released):
    """One source delivered 2015 last and may be 365 days late, the other 2019 and 60 days."""
    workspace, _ = released
    today = workspace.today()
    missing = {
        source: [y for y in range(last + 1, today.year) if date(y, 12, 31) + timedelta(days=grace) < today]
        for source, last, grace in ((LARGE, 2015, 365), ("srb_czztlj_identified_victims", 2019, 60))
    }
    [candidate] = workspace.ledger.candidates()
    awaited = {(each.source_id, each.period) for each in candidate.account.awaited}
    assert awaited == {(source, str(y)) for source, years in missing.items() for y in years}
    manifest = workspace.store.read_manifest(candidate.id)
    assert [entry["years"] for entry in manifest.late] == [
        missing["srb_czztlj_identified_victims"],
        missing[LARGE],
    ]
    refresh_site(workspace)
    public = workspace.settings.home / "public"
    assert json.loads((public / "index.json").read_text())["releases"][0]["late"] == manifest.late
    years = ", ".join(str(year) for year in missing[LARGE])
    assert f"{manifest.late[1]['title']}, {years}" in (public / "index.html").read_text()


def test_the_smallest_class_as_pycanon_counts_it(released):
    workspace, version = released
    columns = list(workspace.policy.quasi_identifier_columns)
    # pycanon leaves rows with nulls out, so a null becomes a word of its own.
    words = read(workspace, version)[columns].astype(object).fillna("<null>").astype(str)
    assert anonymity.k_anonymity(words, columns) >= 11
    assert anonymity.k_anonymity(words, columns) == min(Counter(words.itertuples(index=False)).values())


def test_no_two_published_values_are_shared_by_fewer_than_k_rows(released):
    """Counted cell by cell, null no answer of a sensitive column but a value of the others."""
    workspace, version = released
    frame = read(workspace, version).astype(object)
    words = frame.where(frame.notna(), "<null>")
    answers = list(workspace.policy.sensitive.columns)
    for one, other in itertools.combinations(words.columns, 2):
        pairs = Counter(zip(words[one], words[other], strict=True))
        known = [
            number
            for (left, right), number in pairs.items()
            if not (left == "<null>" and one in answers) and not (right == "<null>" and other in answers)
        ]
        assert min(known, default=11) >= 11


def test_pandas_duckdb_and_csv_read_the_same_table(released):
    workspace, version = released
    folder = workspace.store.zones.release_folder(version)
    [parquet], [csv] = folder.glob("*.parquet"), folder.glob("palermo-cases-*.csv")
    frame = pd.read_parquet(parquet, dtype_backend="numpy_nullable")
    assert duckdb.sql(f"SELECT count(*) FROM '{parquet}'").fetchall() == [(len(frame),)]
    text = pd.read_csv(csv, dtype=str, keep_default_na=False)
    expected = frame.astype(object).where(frame.notna(), "").map(str)
    assert text.columns.tolist() == frame.columns.tolist()
    assert (text.to_numpy() == expected.to_numpy()).all()
    assert not csv.read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_file_says_its_protection_and_nothing_of_pandas_or_paths(released):
    workspace, version = released
    [path] = workspace.store.zones.release_folder(version).glob("*.parquet")
    footer = {key.decode(): value.decode() for key, value in pq.read_metadata(path).metadata.items()}
    assert {"palermo.protection", "palermo.k", "palermo.version"} <= set(footer)
    assert (footer["palermo.k"], footer["palermo.version"]) == ("11", version)
    assert not any("pandas" in key or "/" in footer[key] for key in footer if key != "ARROW:schema")


def test_the_manifest_binds_every_file_and_names_no_source_id(released):
    workspace, version = released
    folder = workspace.store.zones.release_folder(version)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    hashes = {file["name"]: file["sha256"] for file in manifest["files"]}
    assert hashes == {
        path.name: sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.name != "manifest.json"
    }
    assert LARGE not in (folder / "manifest.json").read_text("utf-8")


def test_a_stranger_verifies_the_files_with_sha256sum(released, tmp_path):
    workspace, version = released
    folder = shutil.copytree(workspace.store.zones.release_folder(version), tmp_path / version)
    said = subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=folder, capture_output=True)
    assert said.returncode == 0
    assert said.stdout.count(b": OK\n") == len(list(folder.iterdir())) - 2  # itself and the manifest
    [extract] = folder.glob("palermo-cases-*.csv")
    extract.chmod(0o600)
    extract.write_bytes(extract.read_bytes()[:-2] + b"9\n")
    assert subprocess.run(["sha256sum", "--check", "SHA256SUMS"], cwd=folder, capture_output=True).returncode


def test_rows_are_sorted_so_that_their_order_tells_nothing(released):
    frame = read(*released)
    assert frame.equals(frame.sort_values(list(frame.columns), ignore_index=True, na_position="last"))


def test_an_unchanged_pool_is_not_released_again(released):
    with pytest.raises(NothingChanged):
        anonymize_pool(released[0], "officer")


def test_a_second_release_adds_whole_classes_only(tmp_path, samples):
    workspace = Workspace(Settings(home=tmp_path))
    ingest(workspace, samples[LARGE][0])
    before = read(workspace, release(workspace))
    ingest(workspace, samples[LARGE][1])
    after = read(workspace, release(workspace))
    assert len(after) > len(before)
    columns = list(workspace.policy.quasi_identifier_columns)
    for size in (1, 2, len(columns)):
        for some in itertools.combinations(columns, size):
            grown = count_classes(after, list(some))
            grown.subtract(count_classes(before, list(some)))
            assert not [n for n in grown.values() if n < 0 or 0 < n < 11]


def test_a_correction_of_few_cases_waits_and_does_not_block_the_next_release(tmp_path, samples):
    workspace = Workspace(Settings(home=tmp_path / "home"))
    sample = samples[LARGE][0]
    ingest(workspace, sample)
    first = read(workspace, release(workspace))
    corrected = tmp_path / sample.paths[0].name
    corrected.write_text("".join(sample.paths[0].read_text("utf-8").splitlines(keepends=True)[:-3]), "utf-8")
    ingest(workspace, sample, [corrected])
    with pytest.raises(NothingChanged, match="too few cases, and waits"):
        prepare(workspace)
    ingest(workspace, samples[LARGE][1])
    second = read(workspace, release(workspace))
    [_, candidate] = workspace.ledger.candidates()
    assert (candidate.account.waiting.dropped, candidate.account.waiting.held_back) == (3, 0)
    columns = list(first.columns)
    assert not count_classes(first, columns) - count_classes(second, columns)
    for one, other in itertools.combinations(columns, 2):
        grown = count_classes(second.dropna(subset=[one, other]), [one, other])
        grown.subtract(count_classes(first.dropna(subset=[one, other]), [one, other]))
        assert not [n for n in grown.values() if n and abs(n) < 11]


def test_the_same_cases_exported_again_are_nothing_new(tmp_path, samples):
    workspace = Workspace(Settings(home=tmp_path / "home"))
    sample = samples["srb_czztlj_identified_victims"][-1]
    ingest(workspace, samples[LARGE][0])
    old = ingest(workspace, sample).submission
    release(workspace)
    again = tmp_path / sample.paths[0].name
    header, *rows = [line.split(b";") for line in sample.paths[0].read_bytes().splitlines()]
    lines = [header, *reversed(rows)]
    again.write_bytes(b"\r\n".join(b";".join(reversed(cells)) for cells in lines))
    new = ingest(workspace, sample, [again]).submission
    assert new != old
    assert new in {entry.submission for entry in workspace.ledger.pool_entries()}
    with pytest.raises(NothingChanged):
        prepare(workspace)
    ingest(workspace, samples[LARGE][1])  # the next delivery is an increment to what was released
    release(workspace)


def test_a_corrected_file_replaces_and_the_old_one_does_not_come_back(tmp_path, samples):
    workspace = Workspace(Settings(home=tmp_path / "home"))
    sample = samples["srb_czztlj_identified_victims"][-1]
    old = ingest(workspace, sample).submission
    corrected = tmp_path / sample.paths[0].name
    corrected.write_bytes(b"\n".join(sample.paths[0].read_bytes().splitlines()[:-1]))
    new = ingest(workspace, sample, [corrected]).submission
    assert [(e.submission, e.rows) for e in workspace.ledger.pool_entries()] == [(new, 35)]
    assert ingest(workspace, sample).settled
    assert workspace.ledger.submission(old).state is SubmissionState.REPLACED
    assert [e.submission for e in workspace.ledger.pool_entries()] == [new]


def test_one_changed_byte_of_the_candidate_publishes_nothing(tmp_path, samples):
    workspace = Workspace(Settings(home=tmp_path))
    ingest(workspace, samples[LARGE][0])
    candidate = prepare(workspace)
    for person in ("one", "two"):
        approve_candidate(workspace, candidate, person=person, decision=Decision.APPROVE, reason="read")
    [path] = workspace.store.candidate_path(candidate).glob("palermo-cases-*.csv")
    path.chmod(0o600)
    content = bytearray(path.read_bytes())
    content[-2] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(Exception, match=r"changed|bytes"):
        publish_candidate(workspace, candidate, "officer")
    assert list(workspace.store.zones.releases.iterdir()) == []


def test_publishing_without_approvals_is_refused_and_on_the_audit_trail(tmp_path, samples):
    workspace = Workspace(Settings(home=tmp_path))
    ingest(workspace, samples[LARGE][0])
    candidate = prepare(workspace)
    with pytest.raises((ReleaseRefused, Exception), match=r"approved|cannot become"):
        publish_candidate(workspace, candidate, "officer")
    assert list(workspace.store.zones.releases.iterdir()) == []
    assert workspace.ledger.audit_entries()[-2].action == "release.refused"
