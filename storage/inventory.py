"""The inventory: what lies in the restricted and the public zone, and whether each byte is as it was kept."""

from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from storage.error import ArtefactCorrupt, ArtefactMissing
from storage.store import Store
from storage.zone import HASH

Check = Callable[[], object]


def find_damaged(store: Store) -> tuple[set[str], set[str]]:
    """Read every artefact and release; the ids that are as they were kept, and those that are not.

    The id of a release is its version.
    """
    sound: set[str] = set()
    damaged: set[str] = set()
    for name, check in _list_checks(store):
        try:
            check()
            sound.add(name)
        except (ArtefactCorrupt, ArtefactMissing):
            damaged.add(name)
    return sound - damaged, damaged


def _list_checks(store: Store) -> Iterator[tuple[str, Check]]:
    zones = store.zones
    folders = (path for path in zones.candidates.glob("*") if path.is_dir())
    kinds: tuple[tuple[Callable[[str], object], list[str]], ...] = (
        (lambda sha: deque(store.raw_pieces(sha), maxlen=0), _ids(zones.raw.glob("*/*"))),
        (store.cases_file, _ids(zones.cases.glob("*.parquet"))),
        (store.read_document, _ids(zones.cases.glob("*.json"))),
        (store.read_draft, _ids(zones.candidates.glob("*.parquet"))),
        (partial(_check_candidate, store), _ids(folders)),
        (store.check_release, list(store.release_versions())),
    )
    for check, names in kinds:
        yield from ((name, partial(check, name)) for name in names)


def _check_candidate(store: Store, candidate: str) -> None:
    for file in store.read_manifest(candidate).files:
        store.read_candidate(candidate, file.name)


def _ids(paths: Iterator[Path]) -> list[str]:
    """Names that are ids, each once; what else lies there is no artefact."""
    return sorted({path.name.partition(".")[0] for path in paths if HASH.match(path.name)})
