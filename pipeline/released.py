"""What has been released: the extracts an attacker would compare a new one with."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from pipeline.step import Refusal
from pipeline.workspace import Workspace
from schemas.extract import Extract
from schemas.pool import PoolEntry
from schemas.release import Manifest, Release
from storage.error import ArtefactMissing
from storage.extract import read_counts, read_extract
from storage.match import have_same_cases


class ReleaseUnrecorded(Refusal):
    """Something is public that the ledger does not know, so that nothing new would be compared with it."""


def check_all_recorded(workspace: Workspace, *, finishing: str) -> None:
    """Let a candidate go on only where the ledger knows everything else that is public.

    The candidate itself may be public already: a run was killed before the ledger had it.

    Raises:
        ReleaseUnrecorded: a run was killed between the files and the ledger, or somebody put a folder there.
    """
    known = {release.version for release in workspace.ledger.releases()}
    unknown = [
        version
        for version in workspace.store.release_versions()
        if version not in known and workspace.store.release_id(version) != finishing
    ]
    if unknown:
        raise ReleaseUnrecorded(
            f"release {', '.join(unknown)} is public but not in the ledger: finish it with palermo publish, "
            "or take its folder down if nobody approved it"
        )


def find_last_release(workspace: Workspace) -> Release | None:
    """The release that came out last, if there is one."""
    releases = workspace.ledger.releases()
    return releases[-1] if releases else None


def name_as_released(workspace: Workspace, entries: tuple[PoolEntry, ...]) -> tuple[PoolEntry, ...]:
    """The pool, with the entry that was released last in place of one that has the same cases.

    A file exported again has other bytes, such as another order of columns, but nobody in it changed.
    """
    last = find_last_release(workspace)
    if last is None:
        return entries
    released = workspace.ledger.candidate(last.candidate).entries
    return tuple(_find_same(workspace, entry, released) or entry for entry in entries)


def _find_same(workspace: Workspace, entry: PoolEntry, released: Iterable[PoolEntry]) -> PoolEntry | None:
    """The entry of the same source and period, of several the one, that has the same cases."""
    place = (old for old in released if (old.source_id, old.period) == (entry.source_id, entry.period))
    return next((old for old in place if _has_same_cases(workspace, entry, old)), None)


def _has_same_cases(workspace: Workspace, entry: PoolEntry, other: PoolEntry) -> bool:
    if entry.rows != other.rows or entry.cases == other.cases:
        return entry.cases == other.cases
    try:
        files = [workspace.store.cases_file(each.cases) for each in (entry, other)]
    except ArtefactMissing:  # erased meanwhile
        return False
    return have_same_cases(*files)


def read_released(workspace: Workspace, version: str) -> Extract:
    """The extract of a release, every byte verified against its manifest."""
    manifest = workspace.store.check_release(version)
    return read_listed(manifest, partial(workspace.store.read_release, version))


def read_listed(manifest: Manifest, read: Callable[[str], bytes]) -> Extract:
    """The extract that a manifest lists, with its table of countries if there is one; `read` opens a file."""
    extract, counts = read_extract(read(name_table(manifest))), name_counts(manifest.version)
    if all(file.name != counts for file in manifest.files):
        return extract
    return replace(extract, countries=read_counts(read(counts)))


def read_releases(workspace: Workspace, *, other_than: str = "") -> list[Extract]:
    """The extracts of all releases but one version, oldest first."""
    versions = [release.version for release in workspace.ledger.releases() if release.version != other_than]
    return [read_released(workspace, version) for version in versions]


def name_counts(version: str) -> str:
    """The file name of the table of countries of a release."""
    return f"palermo-countries-{version}.csv"


def name_table(manifest: Manifest) -> str:
    """The file name of the extract among the files of a manifest."""
    return next(file.name for file in manifest.files if file.name.endswith(".parquet"))
