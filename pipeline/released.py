"""What has been released: the extracts an attacker would compare a new one with."""

from pipeline.workspace import Workspace
from publish.version import parse_version
from schemas.extract import Extract
from schemas.release import Manifest, Release
from storage.extract import read_extract


def find_last_release(workspace: Workspace) -> Release | None:
    """The release with the highest version, if there is one."""
    return max(workspace.ledger.releases(), key=lambda release: parse_version(release.version), default=None)


def read_released(workspace: Workspace, version: str) -> Extract:
    """The extract of a release, every byte verified against its manifest."""
    manifest = workspace.store.check_release(version)
    return read_extract(workspace.store.read_release(version, name_table(manifest)))


def read_releases(workspace: Workspace, *, other_than: str = "") -> list[Extract]:
    """The extracts of all releases but one version, oldest first."""
    versions = [release.version for release in workspace.ledger.releases() if release.version != other_than]
    return [read_released(workspace, version) for version in versions]


def name_table(manifest: Manifest) -> str:
    """The file name of the extract among the files of a manifest."""
    return next(file.name for file in manifest.files if file.name.endswith(".parquet"))
