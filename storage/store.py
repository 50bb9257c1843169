"""The store: content-addressed artefacts in their zones, candidates, and the one door to the public.

What has a SHA-256 for its id is verified whenever it is read. Nothing is ever changed in place. What the
restricted zones hold is sealed under a key of its source, or under the common one; pages of the desk,
which hold no case value, are not.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd

from schemas.release import Manifest
from storage import parquet
from storage.batch import ROWS, CaseBatch, CasesWriter, read_case_batches
from storage.content import StoredFile, check_digest, hash_file, read_bytes, remove_file
from storage.envelope import KeyFile, Wrapper
from storage.error import ArtefactCorrupt, ArtefactMissing, InvalidName, VersionTaken
from storage.handed import HandedFile
from storage.inbox import Inbox
from storage.keyring import COMMON, Keyring
from storage.listing import check_files, check_listed, parse_manifest
from storage.page import Pages
from storage.seal import DataKey, seal_pieces
from storage.secret import open_secret
from storage.staging import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    PUBLIC_FILE,
    PUBLIC_FOLDER,
    Staging,
    make_folder,
    translate_error,
)
from storage.zone import MANIFEST, VERSION, Zones, check_file_name, check_source, find_key_file


class Store:
    """All artefacts under one home."""

    def __init__(self, home: Path, wrapper: Wrapper | None = None) -> None:
        """Open a home; its zones are made where they are missing, private ones for this user only.

        Without a wrapper of keys the key file lies beside the home: see `find_key_file`.
        """
        self.zones = Zones(home.absolute())
        self._staging = Staging(self.zones.staging)
        self.pages = Pages(self.zones, self._staging)
        self._owner = COMMON
        self.keys = Keyring(self.zones.data_keys, wrapper or KeyFile(find_key_file(home)), self._staging)
        try:
            _make_zones(self.zones)
        except OSError as error:
            raise translate_error(error) from None

    def of(self, source_id: str) -> "Store":
        """The same store, where what is kept is sealed under the key of this source."""
        store = copy(self)
        store._owner = check_source(source_id)
        return store

    def like(self, stored: StoredFile) -> "Store":
        """The same store, where what is kept is sealed under the key of whose this file is."""
        store = copy(self)
        store._owner = stored.owner() or self._owner
        return store

    def document(self, sha: str) -> StoredFile:
        """The file of a JSON document, not verified."""
        return self._stored(self.zones.document_file(sha))

    @property
    def inbox(self) -> Path:
        """The folder where files arrive, as `<source>/<period>/<file>`."""
        return self.zones.inbox

    def inbox_files(self, source_id: str, period: str) -> tuple[Path, ...]:
        """The files of a source and period that are to be received, hidden ones left out: see `inbox`."""
        return Inbox(self.zones).files(source_id, period)

    def clear_inbox(self, source_id: str, period: str) -> None:
        """Remove from the inbox what the raw zone holds; what arrived meanwhile stays."""
        for path in self.inbox_files(source_id, period):
            if self.zones.raw_file(hash_file(path)).is_file():
                remove_file(path)

    def put_raw_file(self, file: HandedFile) -> str:
        """Keep a file as it was handed in, piece by piece; its SHA-256.

        Raises:
            FileChanged: its bytes are others than those that were read before; nothing is kept.
        """
        path = self.zones.raw_file(file.sha256)
        if not self._stored(path).is_kept(file.size):
            self._staging.write_pieces(path, seal_pieces(file.pieces(), self._key()))
        return file.sha256

    def raw_pieces(self, sha: str) -> Iterator[bytes]:
        """The bytes of a file as it was handed in, piece by piece; they are trusted only at the end.

        Raises:
            ArtefactMissing: there is none of this id.
            ArtefactCorrupt: its bytes have changed; raised after the last piece.
        """
        digest = sha256()
        for piece in self._stored(self.zones.raw_file(sha)).pieces():
            digest.update(piece)
            yield piece
        check_digest(sha, digest.hexdigest())

    def put_cases(self, cases: pd.DataFrame, reasons: pd.DataFrame) -> str:
        """Keep accepted cases and why values are missing; the SHA-256 of their Parquet file.

        Raises:
            CasesInvalid: the columns or types are not those of the case.
        """
        with self.open_cases() as writer:
            writer.append(cases, reasons)
        return writer.sha256

    @contextmanager
    def open_cases(self) -> Iterator[CasesWriter]:
        """Keep cases that come in batches; what is raised meanwhile leaves nothing.

        Afterwards `sha256` of the writer is the id of the one Parquet file.
        """
        with self._staging.entry() as path:
            writer = CasesWriter(path, self._key())
            try:
                yield writer
            finally:
                writer.close()
            self._staging.adopt(path, self.zones.cases_file(writer.sha256))

    def read_cases(self, sha: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Cases and reasons as they were kept.

        Raises:
            ArtefactMissing: there are none of this id.
            ArtefactCorrupt: their bytes have changed.
        """
        batches = list(self.read_case_batches(sha))
        return pd.concat([b.cases for b in batches]), pd.concat([b.reasons for b in batches])

    def read_case_batches(self, sha: str, rows: int = ROWS) -> Iterator[CaseBatch]:
        """The same, at most so many rows at a time; the bytes are verified before the first.

        Raises:
            ArtefactMissing: there are none of this id.
            ArtefactCorrupt: their bytes have changed.
        """
        return read_case_batches(self.cases_file(sha), rows)

    def cases_file(self, sha: str) -> StoredFile:
        """The Parquet file of these cases, its bytes verified.

        Raises:
            ArtefactMissing: there are none of this id.
            ArtefactCorrupt: their bytes have changed.
        """
        stored = self._stored(self.zones.cases_file(sha))
        check_digest(sha, stored.hash())
        return stored

    def put_case_file(self, content: bytes) -> str:
        """Keep a Parquet file that has keys of cases, so that it is where withdrawals look; its SHA-256."""
        return self._put(content, self.zones.cases_file)

    def put_table(self, perpetrators: pd.DataFrame) -> str:
        """Keep the perpetrators of a submission; the SHA-256 of their Parquet file.

        Raises:
            CasesInvalid: the columns or types are not those of the perpetrator.
        """
        return self._put(parquet.write_perpetrators(perpetrators), self.zones.cases_file)

    def read_table(self, sha: str) -> pd.DataFrame:
        """Perpetrators as they were kept.

        Raises:
            ArtefactMissing: there are none of this id.
            ArtefactCorrupt: their bytes have changed.
        """
        return parquet.read_perpetrators(self._read(sha, self.zones.cases_file))

    def put_draft(self, extract: bytes) -> str:
        """Keep an extract that nobody has judged yet; its SHA-256."""
        return self._put(extract, self.zones.draft_file)

    def read_draft(self, sha: str) -> bytes:
        """An extract that nobody had judged yet.

        Raises:
            ArtefactMissing: there is none of this id.
            ArtefactCorrupt: its bytes have changed.
        """
        return self._read(sha, self.zones.draft_file)

    def put_document(self, value: Any) -> str:
        """Keep a JSON document of the restricted zone; its SHA-256. Equal documents have one id."""
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        return self._put(text.encode(), self.zones.document_file)

    def read_document(self, sha: str) -> Any:
        """A JSON document.

        Raises:
            ArtefactMissing: there is none of this id.
            ArtefactCorrupt: its bytes have changed.
        """
        return json.loads(self._read(sha, self.zones.document_file))

    def source_key(self, source_id: str) -> bytes:
        """The secret under which this source's case keys are made; created once, the same ever after.

        Raises:
            ArtefactCorrupt: the kept secret has not 32 bytes.
        """
        return open_secret(self._staging, self.keys, self.zones.key_file(source_id), source_id)

    def scheme_key(self, scheme: str) -> bytes:
        """The secret under which the codes of a scheme that agencies share are hashed; as source_key.

        Raises:
            ArtefactCorrupt: the kept secret has not 32 bytes.
        """
        return open_secret(self._staging, self.keys, self.zones.scheme_file(scheme), scheme)

    def write_candidate(self, files: Mapping[str, bytes | Path]) -> str:
        """Freeze the files of a candidate, `manifest.json` among them; the SHA-256 of the manifest.

        Raises:
            ArtefactCorrupt: the manifest lists a file that is not there or has other bytes.
        """
        contents = {
            check_file_name(name): content if isinstance(content, bytes) else read_bytes(content)
            for name, content in files.items()
        }
        candidate_id = sha256(contents.get(MANIFEST, b"")).hexdigest()
        check_files(contents, candidate_id)
        target = self.zones.candidate_folder(candidate_id)
        if not target.exists():
            key = self._key()
            sealed = {name: b"".join(seal_pieces([content], key)) for name, content in contents.items()}
            self._staging.create_folder(target, sealed, PRIVATE_FOLDER, PRIVATE_FILE)
        return candidate_id

    def candidate_path(self, candidate_id: str) -> Path:
        """The folder of a candidate.

        Raises:
            ArtefactMissing: there is none of this id.
        """
        path = self.zones.candidate_folder(candidate_id)
        if not path.is_dir():
            raise ArtefactMissing("there is no candidate of this id")
        return path

    def read_manifest(self, candidate_id: str) -> Manifest:
        """The manifest of a candidate, verified against the candidate's id.

        Raises:
            ArtefactMissing: there is no such candidate.
            ArtefactCorrupt: the manifest has changed.
        """
        return parse_manifest(self._stored(self.candidate_path(candidate_id) / MANIFEST).read(), candidate_id)

    def read_candidate(self, candidate_id: str, name: str) -> bytes:
        """One file of a candidate, verified against its manifest.

        Raises:
            ArtefactMissing: there is no such candidate, or its manifest does not list the file.
            ArtefactCorrupt: the file or the manifest has changed.
        """
        folder, manifest = self.candidate_path(candidate_id), self.read_manifest(candidate_id)
        return _read_listed(folder, manifest, name, self.keys)

    def publish_release(self, candidate_id: str, version: str, names: Sequence[str]) -> Path:
        """Copy the named files of a candidate to the public zone, verified, in one step.

        Where the version stands there already with the same manifest, it is verified and left alone.

        Raises:
            ArtefactMissing: there is no such candidate, or it lacks a file.
            ArtefactCorrupt: a file is not the one its manifest lists.
            InvalidName: the names are not exactly the manifest and the files it lists.
            VersionTaken: the version is another release.
        """
        target = self.zones.release_folder(version)
        folder = self.candidate_path(candidate_id)
        contents = {check_file_name(name): self._stored(folder / name).read() for name in names}
        manifest = check_files(contents, candidate_id)
        if set(contents) != {MANIFEST, *(file.name for file in manifest.files)}:
            raise InvalidName("what is published must be the manifest and exactly the files it lists")
        if manifest.version != version:
            raise InvalidName("the version is not the one that the manifest was approved with")
        if not target.exists():
            self._staging.create_folder(target, contents, PUBLIC_FOLDER, PUBLIC_FILE)
        if self.release_id(version) != candidate_id:
            raise VersionTaken(f"version {version} is another release; take the next version")
        self.check_release(version)
        return target

    def release_versions(self) -> tuple[str, ...]:
        """The versions whose folders lie in the public zone, whatever the ledger knows of them."""
        return tuple(sorted(p.name for p in self.zones.releases.iterdir() if VERSION.fullmatch(p.name)))

    def check_release(self, version: str) -> Manifest:
        """The manifest of a published release, after every file it lists was verified against it.

        Raises:
            ArtefactMissing: there is no such release, or it lacks a file.
            ArtefactCorrupt: a file has changed, or one is there that nobody approved.
        """
        folder = self.zones.release_folder(version)
        content = read_bytes(folder / MANIFEST)
        manifest = parse_manifest(content, sha256(content).hexdigest())
        for file in manifest.files:
            _read_listed(folder, manifest, file.name)
        if {path.name for path in folder.iterdir()} != {MANIFEST, *(file.name for file in manifest.files)}:
            raise ArtefactCorrupt("a file lies in the release that its manifest does not list; take it down")
        return manifest

    def release_id(self, version: str) -> str:
        """SHA-256 of a release's manifest, to compare with the candidate that was approved.

        Raises:
            ArtefactMissing: there is no such release.
        """
        return sha256(read_bytes(self.zones.release_folder(version) / MANIFEST)).hexdigest()

    def read_release(self, version: str, name: str) -> bytes:
        """One file of a release, verified against its manifest.

        Raises:
            ArtefactMissing: there is no such release, or its manifest does not list the file.
            ArtefactCorrupt: the file has changed.
        """
        folder = self.zones.release_folder(version)
        content = read_bytes(folder / MANIFEST)
        return _read_listed(folder, parse_manifest(content, sha256(content).hexdigest()), name)

    def write_page(self, name: str, page: str) -> Path:
        """Put a page under restricted/desk or public, whole or not at all; where it is: see `page`."""
        return self.pages.write(name, page)

    def sweep(self) -> int:
        """Remove what killed processes of this host left unfinished; how many entries that were."""
        return self._staging.sweep()

    def _put(self, content: bytes, place: Callable[[str], Path]) -> str:
        sha = sha256(content).hexdigest()
        path = place(sha)
        if not self._stored(path).is_kept(len(content)):
            self._staging.write_pieces(path, seal_pieces([content], self._key()))
        return sha

    def _read(self, sha: str, place: Callable[[str], Path]) -> bytes:
        content = self._stored(place(sha)).read()
        check_digest(sha, sha256(content).hexdigest())
        return content

    def _stored(self, path: Path) -> StoredFile:
        return StoredFile(path, self.keys)

    def _key(self) -> DataKey:
        return self.keys.current(self._owner)


def _make_zones(zones: Zones) -> None:
    make_folder(zones.home, PUBLIC_FOLDER)
    for folder in zones.private:
        make_folder(folder, PRIVATE_FOLDER)
        folder.chmod(PRIVATE_FOLDER)
    make_folder(zones.releases, PUBLIC_FOLDER)


def _read_listed(folder: Path, manifest: Manifest, name: str, keys: Keyring | None = None) -> bytes:
    for listed in manifest.files:
        if listed.name == name:
            return check_listed(listed, StoredFile(folder / check_file_name(name), keys).read())
    raise ArtefactMissing("the manifest lists no such file")
