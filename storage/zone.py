"""Where things are under one root, and which ids and names may become part of a path."""

import re
import shutil
from pathlib import Path

from schemas.period import PERIOD
from schemas.source import SOURCE_ID
from storage.error import InvalidName

HASH = re.compile(r"[0-9a-f]{64}")
VERSION = re.compile(r"\d{4}\.\d{2}\.\d+", re.ASCII)
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*")
SCHEME = re.compile(r"[A-Z]{3}-[A-Z0-9]{2,16}")
PAGE = re.compile(r"(restricted/desk|public)(/[A-Za-z0-9][A-Za-z0-9_-]*){1,2}\.(html|json|css)")
LONGEST_NAME = 160
MANIFEST = "manifest.json"


class Zones:
    """The folders of one home."""

    def __init__(self, home: Path) -> None:
        """Zones under this root."""
        self.home = home
        self.staging = home / "staging"
        self.inbox = home / "inbox"
        self.restricted = home / "restricted"
        self.raw = self.restricted / "raw"
        self.cases = self.restricted / "cases"
        self.candidates = self.restricted / "candidates"
        self.desk = self.restricted / "desk"
        self.keys = self.restricted / "keys"
        self.data_keys = self.keys / "data"
        self.public = home / "public"
        self.releases = self.public / "releases"

    @property
    def private(self) -> tuple[Path, ...]:
        """The folders that only the pipeline's own user may enter."""
        restricted = (
            self.restricted,
            self.raw,
            self.cases,
            self.candidates,
            self.desk,
            self.keys,
            self.data_keys,
        )
        return (self.staging, self.inbox, *restricted)

    def measure_space(self) -> tuple[int, int]:
        """Bytes that are free where the zones are, and bytes in all."""
        usage = shutil.disk_usage(self.home)
        return usage.free, usage.total

    def raw_file(self, sha256: str) -> Path:
        """Where a file is kept as it was handed in."""
        return self.raw / check_hash(sha256)[:2] / sha256

    def cases_file(self, sha256: str) -> Path:
        """Where a batch of cases is kept."""
        return self.cases / f"{check_hash(sha256)}.parquet"

    def document_file(self, sha256: str) -> Path:
        """Where a JSON document about cases is kept."""
        return self.cases / f"{check_hash(sha256)}.json"

    def draft_file(self, sha256: str) -> Path:
        """Where an extract waits to become part of a candidate."""
        return self.candidates / f"{check_hash(sha256)}.parquet"

    def inbox_folder(self, source_id: str, period: str) -> Path:
        """Where the files of a source and period arrive."""
        if not PERIOD.fullmatch(period):
            raise InvalidName("a period is a year, month, quarter or range of years")
        return self.inbox / check_source(source_id) / period

    def candidate_folder(self, candidate_id: str) -> Path:
        """Where a frozen candidate is kept."""
        return self.candidates / check_hash(candidate_id)

    def release_folder(self, version: str) -> Path:
        """Where a release is published."""
        if not VERSION.fullmatch(version):
            raise InvalidName("a version has the form YYYY.MM.N")
        return self.releases / version

    def key_file(self, source_id: str) -> Path:
        """Where the secret of a source is kept."""
        return self.keys / f"{check_source(source_id)}.json"

    def scheme_file(self, scheme: str) -> Path:
        """Where the secret of a scheme of shared codes is kept."""
        if not SCHEME.fullmatch(scheme):
            raise InvalidName("a scheme has the form SRB-NRM")
        return self.keys / f"{scheme}.json"

    def has_key(self, source_id: str) -> bool:
        """Whether the secret of a source was made already."""
        path = self.key_file(source_id)
        return path.is_file() or plain_secret(path).is_file()

    def page_file(self, name: str) -> Path:
        """Where a page is kept: under restricted/desk, or public outside the releases."""
        if not PAGE.fullmatch(name) or len(name) > LONGEST_NAME or name.startswith("public/releases"):
            raise InvalidName("a page lies in restricted/desk or public and ends in html, json or css")
        return self.home / name


def find_key_file(home: Path) -> Path:
    """Where the key file is where no setting names one: in a folder beside the home, never in it."""
    home = home.absolute()
    return home.with_name(f"{home.name}-keys") / "palermo.key"


def plain_secret(path: Path) -> Path:
    """Where a secret was kept before secrets were wrapped."""
    return path.with_suffix(".key")


def check_hash(sha256: str) -> str:
    """The id itself, when it is a SHA-256 in lower-case hexadecimal.

    Raises:
        InvalidName: it is not, and must not become part of a path.
    """
    if not HASH.fullmatch(sha256):
        raise InvalidName("the id of an artefact is 64 hexadecimal digits in lower case")
    return sha256


def check_source(source_id: str) -> str:
    """The id itself, when it has the form of one.

    Raises:
        InvalidName: it has not, and must not become part of a path.
    """
    if not SOURCE_ID.fullmatch(source_id) or len(source_id) > LONGEST_NAME:
        raise InvalidName("a source id has the form iso3_publisher_dataset")
    return source_id


def check_file_name(name: str) -> str:
    """The name itself, when it is one plain file name.

    Raises:
        InvalidName: it could lead into another folder.
    """
    if not FILE_NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        raise InvalidName("a file name has letters, digits, dash, underscore and single dots only")
    return name
