"""The store: zones and their modes, content addresses, keys, the inbox, candidates, the door, pages."""

import json
import stat
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from storage.content import StoredFile
from storage.error import ArtefactCorrupt, ArtefactMissing, InvalidName, StorageFailed, VersionTaken
from storage.store import Store
from tests.unit.storage.conftest import keep_raw, read_raw

SOURCE = "srb_office_victims"
Files = Callable[..., dict[str, bytes]]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_private_zones_are_private_and_public_is_public(store: Store) -> None:
    zones = store.zones
    assert {mode(folder) for folder in zones.private} == {0o700}
    assert {mode(folder) for folder in (zones.home, zones.public, zones.releases)} == {0o755}
    inside = {folder.name for folder in zones.restricted.iterdir()}
    assert inside == {"raw", "cases", "candidates", "desk", "keys"}


def test_a_zone_that_was_opened_up_is_closed_again(store: Store) -> None:
    store.zones.restricted.chmod(0o777)
    Store(store.zones.home)
    assert mode(store.zones.restricted) == 0o700


def test_a_home_that_cannot_be_made_is_a_named_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageFailed, match="Not a directory"):
        Store(tmp_path / "file" / "home")


def test_raw_bytes_come_back_under_their_sha256(store: Store) -> None:
    sha = keep_raw(store, b"abc")
    # SHA-256("abc"), FIPS 180-4 example.
    assert sha == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert read_raw(store, sha) == b"abc"
    path = store.zones.raw / "ba" / sha
    assert StoredFile(path, store.keys).read() == b"abc"
    assert b"abc" not in path.read_bytes()
    assert mode(path) == 0o600
    assert mode(path.parent) == 0o700


def test_the_same_content_is_kept_once_and_left_alone(store: Store) -> None:
    path = store.zones.raw_file(keep_raw(store, b"abc"))
    before = path.stat().st_ino
    keep_raw(store, b"abc")
    assert path.stat().st_ino == before


def test_content_that_lost_bytes_is_written_again(store: Store) -> None:
    sha = keep_raw(store, b"abc")
    store.zones.raw_file(sha).write_bytes(b"a")
    with pytest.raises(ArtefactCorrupt):
        read_raw(store, sha)
    keep_raw(store, b"abc")
    assert read_raw(store, sha) == b"abc"


def test_changed_bytes_are_noticed(store: Store) -> None:
    sha = store.put_document({"a": 1})
    store.zones.document_file(sha).write_bytes(b'{"a":2}')
    with pytest.raises(ArtefactCorrupt, match="have changed"):
        store.read_document(sha)


def test_what_is_not_there_is_a_named_error(store: Store) -> None:
    with pytest.raises(ArtefactMissing):
        read_raw(store, "0" * 64)
    with pytest.raises(ArtefactMissing):
        store.candidate_path("0" * 64)
    with pytest.raises(ArtefactMissing):
        store.check_release("2026.01.1")


def test_equal_documents_have_one_id(store: Store) -> None:
    sha = store.put_document({"b": 1, "a": ["č", None, 2.5]})
    assert store.put_document({"a": ["č", None, 2.5], "b": 1}) == sha
    assert store.read_document(sha) == {"a": ["č", None, 2.5], "b": 1}


ESCAPES = [
    "",
    ".",
    "..",
    "../keys",
    "a/b",
    "/etc/passwd",
    "A" * 64,
    "a" * 63,
    "a" * 64 + "\n",
    "a" * 64 + "/..",
]


@pytest.mark.parametrize("name", ESCAPES)
def test_no_id_leads_out_of_its_zone(store: Store, name: str) -> None:
    calls: list[Callable[[str], object]] = [
        lambda name: read_raw(store, name),
        store.read_cases,
        store.cases_file,
        store.read_document,
        store.read_table,
        store.read_draft,
        store.candidate_path,
        store.read_manifest,
        store.source_key,
        store.check_release,
        store.release_id,
        lambda name: store.write_page(name, ""),
        lambda name: store.inbox_files(SOURCE, name),
        lambda name: store.inbox_files(name, "2019"),
        lambda name: store.publish_release("0" * 64, name, []),
    ]
    for call in calls:
        with pytest.raises(InvalidName):
            call(name)


@pytest.mark.parametrize(
    "version", ["2026.1.1", "2026.01", "2026.01.1/..", "v2026.01.1", "٢٠٢٦.01.1", "2026.01.1\n"]
)
def test_a_version_has_one_form(store: Store, version: str) -> None:
    with pytest.raises(InvalidName):
        store.check_release(version)


@pytest.mark.parametrize(
    "name", ["restricted/keys/a.html", "public/releases/a.html", "public/a.js", "public/../a.html"]
)
def test_pages_lie_only_where_pages_lie(store: Store, name: str) -> None:
    with pytest.raises(InvalidName):
        store.write_page(name, "")


@pytest.mark.parametrize(
    ("name", "bits"), [("restricted/desk/2019/a.html", 0o600), ("public/index.html", 0o644)]
)
def test_pages_are_replaced_whole_with_the_mode_of_their_zone(store: Store, name: str, bits: int) -> None:
    store.write_page(name, "first")
    path = store.write_page(name, "second ž")
    assert path == store.zones.home / name
    assert path.read_text(encoding="utf-8") == "second ž"
    assert mode(path) == bits


def test_a_key_is_made_once_and_kept_private(store: Store) -> None:
    key = store.source_key(SOURCE)
    assert len(key) == 32
    assert store.source_key(SOURCE) == key == Store(store.zones.home).source_key(SOURCE)
    assert store.source_key("mkd_office_victims") != key
    assert mode(store.zones.key_file(SOURCE)) == 0o600


def test_a_damaged_key_is_never_replaced(store: Store) -> None:
    store.zones.key_file(SOURCE).write_bytes(b"short")
    with pytest.raises(ArtefactCorrupt, match="backup"):
        store.source_key(SOURCE)
    assert store.zones.key_file(SOURCE).read_bytes() == b"short"


def test_the_inbox_is_cleared_of_what_the_raw_zone_holds_only(store: Store) -> None:
    folder = store.inbox / SOURCE / "2019"
    assert store.inbox_files(SOURCE, "2019") == ()
    folder.mkdir(parents=True)
    for name in ("b.csv", "a.csv", ".hidden"):
        (folder / name).write_bytes(name.encode())
    assert [path.name for path in store.inbox_files(SOURCE, "2019")] == ["a.csv", "b.csv"]
    keep_raw(store, b"a.csv")
    store.clear_inbox(SOURCE, "2019")
    assert sorted(path.name for path in folder.iterdir()) == [".hidden", "b.csv"]


def test_a_candidate_is_named_by_its_manifest(store: Store, candidate_files: Files, tmp_path: Path) -> None:
    files = candidate_files(extract_csv=b"gender\n")
    (tmp_path / "outside").write_bytes(b"gender\n")
    candidate = store.write_candidate(files)
    assert candidate == sha256(files["manifest.json"]).hexdigest()
    assert store.write_candidate({**files, "extract.csv": tmp_path / "outside"}) == candidate
    folder = store.candidate_path(candidate)
    assert {path.name: StoredFile(path, store.keys).read() for path in folder.iterdir()} == files
    assert {mode(path) for path in folder.iterdir()} == {0o600}
    assert mode(folder) == 0o700
    assert store.read_manifest(candidate).version == "2026.01.1"
    assert store.read_candidate(candidate, "extract.csv") == b"gender\n"


def test_a_candidate_that_is_not_its_manifest_is_refused(store: Store, candidate_files: Files) -> None:
    files = candidate_files(extract_csv=b"gender\n")
    with pytest.raises(ArtefactMissing):
        store.write_candidate({"extract.csv": b"gender\n"})
    with pytest.raises(ArtefactMissing):
        store.write_candidate({"manifest.json": files["manifest.json"]})
    with pytest.raises(ArtefactCorrupt):
        store.write_candidate(files | {"extract.csv": b"Gender\n"})
    with pytest.raises(ArtefactCorrupt):
        store.write_candidate({"manifest.json": b"{}"})
    with pytest.raises(InvalidName):
        store.write_candidate(files | {"../escape": b""})
    assert list(store.zones.candidates.iterdir()) == []


def test_only_the_listed_files_are_published(store: Store, candidate_files: Files) -> None:
    files = candidate_files(extract_csv=b"gender\n", codebook_md=b"# Codebook\n")
    candidate = store.write_candidate(files | {"account.json": b"exact small counts"})
    folder = store.publish_release(candidate, "2026.01.1", list(files))
    assert folder == store.zones.releases / "2026.01.1"
    assert {path.name: StoredFile(path, store.keys).read() for path in folder.iterdir()} == files
    assert {mode(path) for path in folder.iterdir()} == {0o644}
    assert mode(folder) == 0o755
    assert store.release_id("2026.01.1") == candidate
    assert store.check_release("2026.01.1") == store.read_manifest(candidate)
    assert store.read_release("2026.01.1", "codebook.md") == b"# Codebook\n"
    with pytest.raises(ArtefactMissing):
        store.read_release("2026.01.1", "account.json")


def test_publishing_again_changes_nothing(store: Store, candidate_files: Files) -> None:
    files = candidate_files(extract_csv=b"gender\n")
    candidate = store.write_candidate(files)
    folder = store.publish_release(candidate, "2026.01.1", list(files))
    before = folder.stat().st_ino
    assert store.publish_release(candidate, "2026.01.1", list(files)) == folder
    assert folder.stat().st_ino == before
    assert list(store.zones.staging.iterdir()) == []


def test_a_version_is_never_another_release(store: Store, candidate_files: Files) -> None:
    first, second = candidate_files(a_csv=b"1"), candidate_files(a_csv=b"2")
    store.publish_release(store.write_candidate(first), "2026.01.1", list(first))
    candidate = store.write_candidate(second)
    with pytest.raises(VersionTaken):
        store.publish_release(candidate, "2026.01.1", list(second))
    assert store.read_release("2026.01.1", "a.csv") == b"1"


@pytest.mark.parametrize("names", [["a.csv"], ["manifest.json"], ["manifest.json", "a.csv", "account.json"]])
def test_more_or_fewer_files_than_listed_are_not_published(
    store: Store, candidate_files: Files, names: list[str]
) -> None:
    candidate = store.write_candidate(candidate_files(a_csv=b"1") | {"account.json": b"{}"})
    with pytest.raises((InvalidName, ArtefactMissing)):
        store.publish_release(candidate, "2026.01.1", names)
    assert list(store.zones.releases.iterdir()) == []


def test_another_version_than_the_approved_one_is_not_published(store: Store, candidate_files: Files) -> None:
    files = candidate_files(a_csv=b"1")
    candidate = store.write_candidate(files)
    with pytest.raises(InvalidName):
        store.publish_release(candidate, "2026.01.2", list(files))


@pytest.mark.parametrize("name", ["a.csv", "manifest.json"])
def test_a_candidate_with_one_changed_byte_is_not_published(
    store: Store, candidate_files: Files, name: str
) -> None:
    files = candidate_files(a_csv=b"1")
    candidate = store.write_candidate(files)
    path = store.candidate_path(candidate) / name
    content = path.read_bytes()
    path.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    with pytest.raises(ArtefactCorrupt):
        store.publish_release(candidate, "2026.01.1", list(files))
    assert list(store.zones.releases.iterdir()) == []


def test_a_published_file_that_changed_is_noticed(store: Store, candidate_files: Files) -> None:
    files = candidate_files(a_csv=b"1")
    candidate = store.write_candidate(files)
    folder = store.publish_release(candidate, "2026.01.1", list(files))
    (folder / "a.csv").write_bytes(b"2")
    with pytest.raises(ArtefactCorrupt, match=r"a\.csv"):
        store.check_release("2026.01.1")
    with pytest.raises(ArtefactCorrupt):
        store.publish_release(candidate, "2026.01.1", list(files))


def test_a_file_that_was_laid_beside_a_release_is_noticed(store: Store, candidate_files: Files) -> None:
    files = candidate_files(a_csv=b"1")
    folder = store.publish_release(store.write_candidate(files), "2026.01.1", list(files))
    (folder / "b.csv").write_bytes(b"never approved")
    assert store.release_versions() == ("2026.01.1",)
    with pytest.raises(ArtefactCorrupt, match="does not list"):
        store.check_release("2026.01.1")


def test_a_manifest_can_be_read_by_anyone(store: Store, candidate_files: Files) -> None:
    files = candidate_files(a_csv=b"1")
    folder = store.publish_release(store.write_candidate(files), "2026.01.1", list(files))
    assert json.loads((folder / "manifest.json").read_bytes())["files"][0]["name"] == "a.csv"


def test_a_scheme_has_a_secret_of_its_own(store: Store) -> None:
    secret = store.scheme_key("SRB-NRM")
    assert store.scheme_key("SRB-NRM") == secret
    assert len({secret, store.scheme_key("MKD-NRM"), store.source_key("srb_office_victims")}) == 3
    for name in ("../SRB-NRM", "SRB", "srb-nrm", "SRB-NRM/x"):
        with pytest.raises(InvalidName):
            store.scheme_key(name)
