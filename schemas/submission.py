"""A submission: the files one agency handed in for one source and one period."""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256


class SubmissionState(StrEnum):
    """How far a submission has come. POOLED and KEPT cases are in the pool.

    KEPT: its cases are in the pool as an earlier run made them; the last run failed. A submission
    that is in the pool and runs again keeps its state until the new run has passed its checks.
    """

    RECEIVED = "received"
    MAPPED = "mapped"
    VALIDATED = "validated"
    CHECKED = "checked"
    POOLED = "pooled"
    KEPT = "kept"
    REPLACED = "replaced"
    FAILED = "failed"


@dataclass(frozen=True)
class SubmittedFile:
    """One file as it was handed in: its SHA-256, the table it holds, its size in bytes.

    The file's own name is not kept: people put names of victims into file names.
    """

    sha256: str
    table: str
    size: int


@dataclass(frozen=True)
class Submission:
    """Files, source and period; the id is the same whenever the same bytes come again."""

    source_id: str
    period: str
    files: tuple[SubmittedFile, ...]

    @property
    def id(self) -> str:
        """SHA-256 over source, period and the files' hashes, whatever their order and file names."""
        parts = [self.source_id, self.period, *sorted(file.sha256 for file in self.files)]
        return sha256("\n".join(parts).encode()).hexdigest()


@dataclass(frozen=True)
class Revision:
    """What a delivery changes against the one in the pool: numbers of cases, for the restricted desk only."""

    added: int
    changed: int
    removed: int
    same: int


@dataclass(frozen=True)
class RowAccount:
    """Where the rows of a submission went: read = accepted + held + ignored, always.

    Where a row may have several persons, persons are counted, and `rows` says how many rows they stood in.
    """

    read: int
    accepted: int
    held: int
    ignored: dict[str, int]
    rows: int | None = None

    def __post_init__(self) -> None:
        """Refuse an account that loses a row.

        Raises:
            ValueError: the rows do not add up.
        """
        if self.read != self.accepted + self.held + sum(self.ignored.values()):
            raise ValueError("rows read are not the sum of rows accepted, held and ignored")
