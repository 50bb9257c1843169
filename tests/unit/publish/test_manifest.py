"""The manifest binds the files, is the same for the same inputs, and holds no exact small count."""

import random
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.manifest import (
    Draft,
    InvalidManifest,
    ManifestInconsistent,
    build_manifest,
    build_public_account,
    follow_manifest,
    identify_manifest,
    parse_manifest,
    write_manifest,
)
from publish.rounding import round_down, round_share_down
from schemas.extract import Account
from schemas.policy import Policy
from schemas.release import PublishedFile
from schemas.source import Source
from schemas.verdict import Verdict


def test_account_is_rounded_down_to_tens(account: Account) -> None:
    assert build_public_account(account) == {
        "published": 98,
        "suppressed_at_least": 10,
        "generalized_at_least": 30,
        "generalized_by_level_at_least": {"gender": {}, "citizenship": {"1": 20}},
        "blanked_at_least": {"means_threats": 20},
        # 0.678 of 98 rows are 66.4 rows, so 60 at least: 61 %
        "information_kept_at_least": {"gender": 0.91, "citizenship": 0.61},
    }


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_counts_within_one_ten_cannot_be_told_apart(suppressed: int, generalized: int, blanked: int) -> None:
    def publish(s: int, g: int, b: int) -> object:
        account = Account(50 + s, 50, 20 + g, s, 4, 11, {"gender": {0: 30 - g, 1: 20 + g}}, {}, {"x": 40 + b})
        return build_public_account(account)

    assert publish(suppressed, generalized, blanked) == publish(0, 0, 0)


def test_a_column_with_few_blanks_looks_like_one_without(account: Account) -> None:
    few = replace(
        account, blanked={"is_forced_labour": 1, "means_threats": 9}, levels={"gender": {0: 97, 1: 1}}
    )
    none = replace(account, blanked={}, levels={"gender": {0: 98}})
    assert build_public_account(few) == build_public_account(none)


@pytest.mark.parametrize(("count", "rounded"), [(0, 0), (9, 0), (10, 10), (19, 10), (20, 20)])
def test_round_down(count: int, rounded: int) -> None:
    assert round_down(count) == rounded


@pytest.mark.parametrize(
    ("share", "rows", "rounded"),
    [(1.0, 0, 0.0), (1.0, 10, 1.0), (0.99, 10, 0.0), (0.5, 1000, 0.5), (0.5099, 1000, 0.5)],
)
def test_round_share_down(share: float, rows: int, rounded: float) -> None:
    assert round_share_down(share, rows) == rounded


def test_contributors_are_a_register_without_ids_counts_or_years(
    draft: Draft, verdict: Verdict, files: list[PublishedFile]
) -> None:
    manifest = build_manifest(draft, verdict, files)
    assert manifest.sources == [
        {"country": "ALB", "publisher": "Ministry", "title": "Assisted | victims"},
        {"country": "MKD", "publisher": "Office", "title": "Victims"},
    ]
    content = write_manifest(manifest).decode()
    assert not [source.id for source in draft.sources if source.id in content]


def test_the_same_inputs_in_any_order_give_the_same_bytes(
    draft: Draft, verdict: Verdict, files: list[PublishedFile], sources: tuple[Source, ...]
) -> None:
    first = write_manifest(build_manifest(draft, verdict, files))
    again = replace(draft, sources=(sources[1], sources[0], sources[1]))
    shuffled = random.Random(1).sample(files, len(files))
    assert write_manifest(build_manifest(again, verdict, shuffled)) == first
    assert first.endswith(b"}\n")


def test_id_is_the_hash_of_the_bytes(draft: Draft, verdict: Verdict, files: list[PublishedFile]) -> None:
    manifest = build_manifest(draft, verdict, files)
    assert identify_manifest(manifest) == sha256(write_manifest(manifest)).hexdigest()


def test_manifest_reads_back_and_so_does_its_policy(
    draft: Draft, verdict: Verdict, files: list[PublishedFile]
) -> None:
    manifest = build_manifest(draft, verdict, files)
    assert parse_manifest(write_manifest(manifest)) == manifest
    read = Policy.model_validate(parse_manifest(write_manifest(manifest)).policy)
    assert read.sha256 == draft.policy.sha256
    assert read.published_columns == draft.policy.published_columns


def test_every_field_that_changes_changes_the_id(
    draft: Draft, verdict: Verdict, files: list[PublishedFile]
) -> None:
    changed = [
        build_manifest(replace(draft, version="2026.11.2"), verdict, files),
        build_manifest(replace(draft, pool="a" * 64), verdict, files),
        build_manifest(draft, Verdict(()), files),
        build_manifest(draft, verdict, [files[0].model_copy(update={"sha256": "f" * 64}), *files[1:]]),
    ]
    ids = {identify_manifest(manifest) for manifest in [build_manifest(draft, verdict, files), *changed]}
    assert len(ids) == 5


@pytest.mark.parametrize("content", [b"", b"{}", b"CANARY", b'{"version": "CANARY"}', b"\xff"])
def test_what_is_no_manifest_is_refused_without_quoting_it(content: bytes) -> None:
    with pytest.raises(InvalidManifest) as error:
        parse_manifest(content)
    assert "CANARY" not in str(error.value)
    assert error.value.__cause__ is None


def test_a_manifest_in_another_form_is_refused(
    draft: Draft, verdict: Verdict, files: list[PublishedFile]
) -> None:
    content = write_manifest(build_manifest(draft, verdict, files))
    with pytest.raises(InvalidManifest, match="canonical"):
        parse_manifest(content + b"\n")


def test_a_table_with_other_rows_than_published_is_refused(
    draft: Draft, verdict: Verdict, files: list[PublishedFile]
) -> None:
    shorter = [files[0], files[1], files[2].model_copy(update={"rows": 97})]
    with pytest.raises(ManifestInconsistent, match="rows"):
        build_manifest(draft, verdict, shorter)
    with pytest.raises(ManifestInconsistent, match="rows"):
        build_manifest(draft, verdict, [files[1]])


@pytest.mark.parametrize("name", ["extract.parquet", "manifest.json"])
def test_a_name_stands_once(draft: Draft, verdict: Verdict, files: list[PublishedFile], name: str) -> None:
    twice = [*files, PublishedFile(name=name, sha256="0" * 64, bytes=1)]
    with pytest.raises(ManifestInconsistent, match="name"):
        build_manifest(draft, verdict, twice)


def test_protection_and_limits_name_k_and_its_columns(
    draft: Draft, verdict: Verdict, files: list[PublishedFile]
) -> None:
    manifest = build_manifest(draft, verdict, files)
    assert "k = 11" in manifest.protection
    assert "at least 10 other rows" in manifest.protection
    assert "gender, citizenship" in manifest.protection
    assert any("citizenship_subregion" in limit for limit in manifest.limits)
    assert "any 2 published values that occur together" in manifest.protection
    assert any("knows up to m = 2 published values" in limit for limit in manifest.limits)


def test_the_same_content_again_has_an_id_of_its_own_and_names_the_one_before(
    draft: Draft, verdict: Verdict, files: list[PublishedFile]
) -> None:
    first = build_manifest(draft, verdict, files)
    assert b'"follows"' not in write_manifest(first)
    again = follow_manifest(first)
    assert again.follows == identify_manifest(first)
    assert parse_manifest(write_manifest(again)) == again
    assert len({identify_manifest(each) for each in (first, again, follow_manifest(again))}) == 3
