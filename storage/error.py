"""Everything that can go wrong with artefacts and the ledger. No message holds a case value."""

from collections.abc import Iterator
from contextlib import contextmanager


class StorageError(Exception):
    """Base of all errors of this package."""


class StorageFull(StorageError):
    """The disk or the quota is full; nothing was changed."""


class StorageFailed(StorageError):
    """The operating system refused to write or read; nothing was changed."""


class InvalidName(StorageError):
    """An id, version or file name could lead out of its zone."""


class ArtefactMissing(StorageError):
    """There is no artefact of this id."""


class ArtefactCorrupt(StorageError):
    """The bytes of an artefact are not those its id was made from."""


class KeyUnavailable(StorageError):
    """A key is not there, was destroyed, or is another; nothing can be read or written without it."""


class CasesInvalid(StorageError):
    """A frame has not the columns or types that its schema asks for."""


class VersionTaken(StorageError):
    """Another release has this version already; releases never change."""


class NoCases(StorageError):
    """The pool is empty, so there is nothing to ask."""


class QueryRefused(StorageError):
    """A query is not a single SELECT over the cases, or cannot be run."""


class RecodingIncomplete(StorageError):
    """A recoding does not name every class of the pool exactly once."""


class LedgerUnavailable(StorageError):
    """The database cannot be reached, read or written."""


class LedgerNotEmpty(StorageError):
    """The ledger holds something that a backup would be mixed with."""


class BackupUnusable(StorageError):
    """What was given is no finished backup, or a file of it is damaged."""


class LedgerTooNew(StorageError):
    """The ledger was written by a newer Palermo."""


class UnknownRecord(StorageError):
    """The ledger has no such submission, run or candidate."""


class CandidateChanged(StorageError):
    """A candidate is not in the state that the caller saw."""


class AlreadyDecided(StorageError):
    """This person has decided on this candidate before."""


class DetailRefused(StorageError):
    """Something that might be a case value was about to enter the audit trail or a run record."""


class ExportUnreadable(StorageError):
    """What was given is no export of the audit trail, or was changed after it was written."""


class TableUnreadable(StorageError):
    """A file is no table that can be read."""


class TableTooWide(StorageError):
    """The quasi-identifiers of a table have more combinations than can be numbered."""


@contextmanager
def beside(reason: Exception) -> Iterator[None]:
    """Put a failure on record; where that fails too, the reason keeps a note of it, and is raised on."""
    try:
        yield
    except Exception as second:
        why = str(second) if isinstance(second, StorageError) else type(second).__name__
        if why != str(reason):
            reason.add_note(f"that could not be put on record: {why}")
