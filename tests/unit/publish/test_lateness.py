"""What a release says of late files: contributor and year, and no year where none is public."""

from dataclasses import replace

import pytest

from publish.codebook import Coverage, build_codebook
from publish.lateness import list_late, write_late
from publish.manifest import Draft, build_manifest, identify_manifest, parse_manifest, write_manifest
from schemas.detail import DetailLevel, Placement
from schemas.release import PublishedFile
from schemas.source import Source
from schemas.verdict import Verdict

OFFICE = {"country": "MKD", "publisher": "Office", "title": "Victims"}


def test_months_and_quarters_of_a_contributor_become_its_years(sources: tuple[Source, ...]) -> None:
    """Two sources of one register are one contributor."""
    office, other = sources[0], sources[0].model_copy(update={"id": "mkd_office_more"})
    late = [
        (office, "2024-11"),
        (office, "2025-Q1"),
        (office, "2025-02"),
        (other, "2023"),
        (other, "2020-2021"),
    ]
    assert list_late(late) == [OFFICE | {"years": [2020, 2021, 2023, 2024, 2025]}]


def test_contributors_stand_in_the_order_of_the_register(sources: tuple[Source, ...]) -> None:
    late = [(source, "2024") for source in sources]
    assert [entry["country"] for entry in list_late(late)] == ["ALB", "MKD"]


@pytest.mark.parametrize(
    ("level", "years"),
    [
        (DetailLevel.RECORD, [2024]),
        (DetailLevel.YEAR, [2024]),
        (DetailLevel.WINDOW, []),
        (DetailLevel.REGION, []),
        (DetailLevel.LISTED, []),
    ],
)
def test_a_source_without_public_years_is_named_without_one(
    sources: tuple[Source, ...], level: DetailLevel, years: list[int]
) -> None:
    """By what was decided for this release, or by what the agency allows at most."""
    source = sources[0]
    placed = [Placement(source.id, "MKD", "2023--2025", level, (), 40)]
    allowed = source.model_copy(update={"ceiling": level})
    assert list_late([(source, "2024")], placed) == [OFFICE | {"years": years}]
    assert list_late([(allowed, "2024")]) == [OFFICE | {"years": years}]


def test_in_words() -> None:
    assert write_late(OFFICE | {"years": [2024, 2025]}) == "Office (MKD): Victims, 2024, 2025"
    assert write_late(OFFICE | {"years": []}) == "Office (MKD): Victims"


def test_codebook_and_manifest_say_it_without_id_and_month(
    draft: Draft, verdict: Verdict, files: list[PublishedFile], sources: tuple[Source, ...]
) -> None:
    late = replace(draft, late=((sources[0], "2025-11"),))
    manifest = build_manifest(late, verdict, files)
    assert manifest.late == [OFFICE | {"years": [2025]}]
    assert parse_manifest(write_manifest(manifest)) == manifest
    assert "- Office (MKD): Victims, 2025\n" in build_codebook(late, Coverage((), {}))
    for text in (write_manifest(manifest).decode(), build_codebook(late, Coverage((), {}))):
        assert "2025-11" not in text
        assert sources[0].id not in text
    assert "Late by" not in build_codebook(draft, Coverage((), {}))


def test_a_manifest_of_before_the_calendars_keeps_its_bytes(
    draft: Draft, verdict: Verdict, files: list[PublishedFile]
) -> None:
    before = write_manifest(build_manifest(draft, verdict, files))
    assert b'"late"' not in before
    assert write_manifest(parse_manifest(before)) == before
    nobody = build_manifest(replace(draft, late=()), verdict, files)
    assert nobody.late == []
    assert identify_manifest(nobody) != identify_manifest(parse_manifest(before))
