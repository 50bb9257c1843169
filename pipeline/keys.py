"""Keys: rotated, and destroyed so that what a source ever handed in cannot be read by anybody any more."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from pipeline.candidate import move_candidate
from pipeline.step import Refusal, safe_errors
from pipeline.withdrawal import ARTEFACTS
from pipeline.workspace import Workspace
from publish.transition import can_change
from schemas.release import CandidateState
from storage.case_file import erase_file, list_documents
from storage.envelope import KeyFile
from storage.keyring import COMMON, WrappedKey
from storage.record import Action
from storage.sealing import Artefact, list_artefacts, reseal
from storage.secret import wrap_secrets
from storage.staging import Staging
from storage.zone import check_source


class NothingToShred(Refusal):
    """The source has no key."""


@dataclass(frozen=True)
class Rotated:
    """What a rotation came to: keys and secrets wrapped anew, files sealed anew, old keys removed."""

    wrapped: int
    sealed: int
    removed: int


@dataclass(frozen=True)
class Sealing:
    """How many files lie sealed under the keys of an owner, and how many keys those are."""

    owner: str
    keys: int
    files: int


@dataclass(frozen=True)
class Shredding:
    """What destroying the keys of a source makes unreadable, and what it does not reach."""

    source_id: str
    keys: tuple[str, ...]
    raw: tuple[str, ...]
    files: int
    periods: tuple[str, ...]
    rows: int
    shared: int
    releases: tuple[str, ...]


def show_keys(workspace: Workspace) -> tuple[list[Sealing], int]:
    """Files and keys by owner, and how many files lie open, from before files were sealed."""
    with safe_errors("keys"):
        keys = workspace.store.keys.list_keys()
        owners = {key.id: key.owner for key in keys}
        artefacts = list(list_artefacts(workspace.store))
        files = Counter(owners.get(a.key_id, "a key that is not there") for a in artefacts if a.key_id)
        made = Counter(key.owner for key in keys)
        shown = [Sealing(owner, made[owner], files[owner]) for owner in sorted({*files, *made})]
        return shown, sum(artefact.key_id is None for artefact in artefacts)


def rotate_keys(
    workspace: Workspace, actor: str, *, keep_file: bool = False, reseal_files: bool = False
) -> Rotated:
    """A new key-encryption key wraps every data key and secret; new data keys seal what comes from now on.

    With `reseal_files` everything is sealed anew under the new keys. Keys that were old before are removed
    where nothing is sealed under them; those that are replaced now may still be in the hands of a run, and
    are removed by the next rotation. Cut off, it can be run again. `keep_file` leaves the key file as it is:
    somebody has put a new first line there.

    Raises:
        KeyUnavailable: the key file cannot be written.
    """
    with safe_errors("rotate"):
        store, wrapper = workspace.store, workspace.settings.wrapper
        key_file = wrapper if isinstance(wrapper, KeyFile) and not keep_file else None
        newest = {key.owner: key for key in store.keys.list_keys()}
        old = [key for key in store.keys.list_keys() if key != newest[key.owner]]
        if key_file:
            key_file.add_first()
        for owner in newest:
            store.keys.rotate(owner)
        secrets = wrap_secrets(Staging(store.zones.staging), store.keys, store.zones.keys)
        wrapped = store.keys.rewrap() + secrets
        if key_file:
            key_file.keep_first()
        sealed = _reseal(workspace, everything=True) if reseal_files else 0
        done = Rotated(wrapped, sealed, _remove_unused(workspace, old))
        workspace.ledger.audit(actor, Action.KEYS_ROTATED, "keys", **asdict(done))
        return done


def seal_open_files(workspace: Workspace, actor: str) -> int:
    """Seal what lies open from before files were sealed, and wrap secrets; the number of files."""
    with safe_errors("seal"):
        store = workspace.store
        wrap_secrets(Staging(store.zones.staging), store.keys, store.zones.keys)
        sealed = _reseal(workspace, everything=False)
        workspace.ledger.audit(actor, Action.FILES_SEALED, "store", files=sealed)
        return sealed


def preview_shredding(workspace: Workspace, source_id: str) -> Shredding:
    """What `shred_source` would make unreadable; nothing is changed.

    Raises:
        NothingToShred: the source has no key, so nothing is sealed under one.
    """
    with safe_errors("shred"):
        keys, artefacts = _find_sealed(workspace, source_id)
        shared = _find_shared(workspace, source_id)
        mine = [artefact for artefact in artefacts if artefact.sha256 not in shared]
        entries = [entry for entry in workspace.ledger.pool_entries() if entry.source_id == source_id]
        candidates = {release.candidate: release.version for release in workspace.ledger.releases()}
        held = (workspace.ledger.candidate(candidate) for candidate in candidates)
        return Shredding(
            source_id,
            tuple(keys),
            tuple(a.sha256 for a in mine if a.path.is_relative_to(workspace.store.zones.raw) and a.sha256),
            len(mine),
            tuple(entry.period for entry in entries),
            sum(entry.rows for entry in entries),
            len(artefacts) - len(mine),
            tuple(sorted(candidates[c.id] for c in held if any(e.source_id == source_id for e in c.entries))),
        )


def shred_source(workspace: Workspace, source_id: str, actor: str) -> Shredding:
    """Destroy the data keys of a source, with evidence; its deliveries do not count any more.

    A file that another source handed in too is sealed under that one's key first. The evidence is written
    first and the keys go last, so that a run that is cut off is finished by another.

    Raises:
        NothingToShred: the source has no key.
    """
    shredding = preview_shredding(workspace, source_id)
    with safe_errors("shred"):
        store = workspace.store
        _, artefacts = _find_sealed(workspace, source_id)
        shared = _find_shared(workspace, source_id)
        for artefact in artefacts:
            if artefact.sha256 in shared:
                reseal(store, artefact, shared[artefact.sha256])
        _supersede(workspace, source_id, actor)
        workspace.ledger.record_shredding(source_id, shredding.keys, shredding.raw, shredding.files, actor)
        for artefact in artefacts:
            if artefact.sha256 not in shared:
                erase_file(artefact.path)
        for key in store.keys.list_keys():
            if key.owner == source_id:
                store.keys.destroy(key)
    return shredding


def _find_sealed(workspace: Workspace, source_id: str) -> tuple[list[str], list[Artefact]]:
    keys = [key for key in workspace.store.keys.list_keys() if key.owner == check_source(source_id)]
    if not keys and all(entry.source_id != source_id for entry in workspace.ledger.pool_entries()):
        raise NothingToShred("the source has no key: nothing of it is sealed; see palermo keys show")
    ids = {key.id for key in keys}
    artefacts = [artefact for artefact in list_artefacts(workspace.store) if artefact.key_id in ids]
    return [key.id.hex() for key in keys], artefacts


def _reseal(workspace: Workspace, *, everything: bool) -> int:
    store, sealed = workspace.store, 0
    owners, kept = _find_owners(workspace), {key.id: key.owner for key in store.keys.list_keys()}
    for artefact in list_artefacts(store):
        if artefact.key_id is None:
            owner = owners.get(artefact.sha256 or "", COMMON)
        elif everything and artefact.key_id in kept:
            owner = kept[artefact.key_id]
        else:
            continue
        if artefact.key_id != store.keys.current(owner).id:
            reseal(store, artefact, owner)
            sealed += 1
    return sealed


def _remove_unused(workspace: Workspace, keys: Sequence[WrappedKey]) -> int:
    """Remove those of these keys under which nothing is sealed."""
    used = {artefact.key_id for artefact in list_artefacts(workspace.store)}
    unused = [key for key in keys if key.id not in used]
    for key in unused:
        workspace.store.keys.destroy(key)
    return len(unused)


def _find_owners(workspace: Workspace, apart_from: str = "") -> dict[str, str]:
    """The source of every file, artefact of cases and report of a submission, by its id."""
    owners: dict[str, str] = {}
    sources: Mapping[str, str] = {
        record.submission.id: record.submission.source_id
        for record in workspace.ledger.submissions()
        if record.submission.source_id != apart_from
    }
    for record in workspace.ledger.submissions():
        if record.submission.id in sources:
            named = (record.cases, *(file.sha256 for file in record.submission.files))
            owners |= {sha: record.submission.source_id for sha in named if sha}
    for sha, document in list_documents(workspace.store):
        if source_id := sources.get(str(document.get("submission"))):
            owners |= {name: source_id for name in (sha, *map(document.get, ARTEFACTS)) if name}
    return owners


def _find_shared(workspace: Workspace, source_id: str) -> dict[str, str]:
    """What other sources handed in too, or has the same bytes, such as a table of no rows."""
    return _find_owners(workspace, apart_from=source_id)


def _supersede(workspace: Workspace, source_id: str, actor: str) -> None:
    """A candidate with cases of the source that nobody has released is not released any more."""
    for candidate in workspace.ledger.candidates():
        holds = any(entry.source_id == source_id for entry in candidate.entries)
        if holds and can_change(candidate.state, CandidateState.SUPERSEDED):
            move_candidate(workspace, candidate.id, CandidateState.SUPERSEDED, actor)
