"""The catalogue: what is in the public zone, as data. The page in `portal` shows it, scripts read it.

Every path is relative to the folder the catalogue stands in and names a version, so that it keeps
its meaning; `latest` says which version is the newest.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from publish.manifest import MANIFEST, identify_manifest
from publish.statement import cite_release
from schemas.release import Manifest, PublishedFile, Release

TITLE = "Palermo: published releases"


class CatalogueInconsistent(Exception):
    """A release and its manifest are not the same release."""


def build_catalogue(releases: Sequence[Release], manifests: Mapping[str, Manifest]) -> dict[str, Any]:
    """Everything that was released, newest first; `releases` are oldest first, `manifests` by version.

    Raises:
        CatalogueInconsistent: a manifest is missing, or is not the one that people approved.
    """
    entries = [_build_entry(release, manifests.get(release.version)) for release in reversed(releases)]
    return {
        "title": TITLE,
        "latest": entries[0]["version"] if entries else None,
        "releases": entries,
    }


def _build_entry(release: Release, manifest: Manifest | None) -> dict[str, Any]:
    if manifest is None:
        raise CatalogueInconsistent(f"release {release.version} has no manifest: verify the public zone")
    if manifest.version != release.version or identify_manifest(manifest) != release.candidate:
        raise CatalogueInconsistent(
            f"release {release.version} has another manifest than was approved: verify the public zone"
        )
    folder = f"releases/{release.version}"
    return {
        "version": release.version,
        "published_at": release.at,
        "title": manifest.title,
        "rows": manifest.rows,
        "k": manifest.k,
        "classes": manifest.classes,
        "smallest_class": manifest.smallest_class,
        "protection": manifest.protection,
        "limits": list(manifest.limits),
        "contributors": list(manifest.sources),
        "late": manifest.late,
        "citation": cite_release(manifest.title, release.version, release.candidate),
        "manifest": {"path": f"{folder}/{MANIFEST}", "sha256": release.candidate},
        "files": [_build_file(folder, file) for file in manifest.files],
    }


def _build_file(folder: str, file: PublishedFile) -> dict[str, Any]:
    return {"name": file.name, "path": f"{folder}/{file.name}", **file.model_dump(exclude={"name"})}
