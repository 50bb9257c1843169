"""The catalogue lists releases newest first, by pinned names, and only what people approved."""

from dataclasses import replace

import pytest

from publish.catalogue import CatalogueInconsistent, build_catalogue
from publish.manifest import Draft, build_manifest, identify_manifest
from schemas.release import Manifest, PublishedFile, Release
from schemas.verdict import Verdict


@pytest.fixture
def manifests(draft: Draft, verdict: Verdict, files: list[PublishedFile]) -> dict[str, Manifest]:
    versions = ("2026.09.2", "2026.11.9", "2026.11.10")
    return {v: build_manifest(replace(draft, version=v), verdict, files) for v in versions}


def release(manifest: Manifest) -> Release:
    return Release(
        manifest.version, identify_manifest(manifest), "b" * 64, "p", 98, "2026-11-24T10:00:00+00:00"
    )


def test_newest_first_and_latest(manifests: dict[str, Manifest]) -> None:
    catalogue = build_catalogue([release(manifest) for manifest in manifests.values()], manifests)
    assert catalogue["latest"] == "2026.11.10"
    assert [entry["version"] for entry in catalogue["releases"]] == ["2026.11.10", "2026.11.9", "2026.09.2"]


def test_files_are_pinned_hashed_and_relative(manifests: dict[str, Manifest]) -> None:
    (entry,) = build_catalogue([release(manifests["2026.11.9"])], manifests)["releases"]
    assert entry["files"][1] == {
        "name": "extract.csv",
        "path": "releases/2026.11.9/extract.csv",
        "sha256": "e" * 64,
        "bytes": 9000,
        "rows": 98,
    }
    assert entry["manifest"] == {
        "path": "releases/2026.11.9/manifest.json",
        "sha256": identify_manifest(manifests["2026.11.9"]),
    }


def test_citation_says_title_version_and_hash(manifests: dict[str, Manifest]) -> None:
    (entry,) = build_catalogue([release(manifests["2026.11.9"])], manifests)["releases"]
    assert entry["citation"] == (
        "Registered victims. Palermo, version 2026.11.9, 2026. "
        f"SHA-256 of its manifest: {identify_manifest(manifests['2026.11.9'])}."
    )


def test_nothing_released_is_an_empty_catalogue() -> None:
    assert build_catalogue([], {}) == {"title": "Palermo: published releases", "latest": None, "releases": []}


def test_a_manifest_nobody_approved_is_refused(manifests: dict[str, Manifest]) -> None:
    published = release(manifests["2026.11.9"])
    changed = manifests["2026.11.9"].model_copy(update={"k": 5})
    with pytest.raises(CatalogueInconsistent, match="approved"):
        build_catalogue([published], {"2026.11.9": changed})
    with pytest.raises(CatalogueInconsistent, match="approved"):
        build_catalogue([published], {"2026.11.9": manifests["2026.11.10"]})


def test_a_release_without_manifest_is_refused(manifests: dict[str, Manifest]) -> None:
    with pytest.raises(CatalogueInconsistent, match="no manifest"):
        build_catalogue([release(manifests["2026.11.9"])], {})
