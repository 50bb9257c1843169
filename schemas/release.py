"""A candidate and a release: states, the people's decisions, and the manifest that binds the files."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from schemas.strict import Strict


class CandidateState(StrEnum):
    """How far a candidate has come. Allowed changes stand in `publish/transition.py`."""

    PREPARED = "prepared"
    REFUSED = "refused"
    AWAITING_APPROVAL = "awaiting approval"
    REJECTED = "rejected"
    APPROVED = "approved"
    RELEASED = "released"
    SUPERSEDED = "superseded"


class Decision(StrEnum):
    """What a person decides on a candidate."""

    APPROVE = "approve"
    REJECT = "reject"


@dataclass(frozen=True)
class Approval:
    """One person's decision on one candidate, bound to the SHA-256 of its manifest."""

    candidate: str
    person: str
    decision: Decision
    reason: str
    at: str


class PublishedFile(Strict):
    """One file of a release: name, SHA-256, bytes, and rows where it is a table."""

    name: str
    sha256: str
    bytes: int
    rows: int | None = None


class Manifest(Strict):
    """What a release consists of. Its SHA-256 is what people approve. Holds no exact small count."""

    version: str
    title: str
    protection: str
    k: int
    smallest_class: int
    classes: int
    rows: int
    account: dict[str, Any]
    policy: dict[str, Any]
    verdict: list[dict[str, Any]]
    sources: list[dict[str, Any]]
    pool: str
    schema_version: str
    code_version: str
    files: list[PublishedFile]
    limits: list[str]
    late: list[dict[str, Any]] | None = None
    follows: str | None = None
    """The candidate of the same content that was superseded, where the pool went back to what it was."""


@dataclass(frozen=True)
class Release:
    """A published release: version `YYYY.MM.N`, its candidate, and when it was published (UTC)."""

    version: str
    candidate: str
    pool: str
    policy: str
    rows: int
    at: str
