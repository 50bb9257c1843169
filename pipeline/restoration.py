"""Restoration: an officer puts an older delivery back in the place of the one that counts."""

from pipeline.history import is_pooled
from pipeline.ingest import check_submission, map_submission, pool_submission, validate_submission
from pipeline.step import Refusal
from pipeline.workspace import Workspace

FEWEST_LETTERS = 6


class SubmissionUnclear(Refusal):
    """No submission, or more than one, begins with these letters; or they are too few to mean one."""


class NothingToRestore(Refusal):
    """The submission counts already."""


class ReasonMissing(Refusal):
    """A decision needs a reason in words."""


def check_reason(reason: str) -> str:
    """The reason itself, when there is one.

    Raises:
        ReasonMissing: it is blank.
    """
    if not reason.strip():
        raise ReasonMissing("give a reason in words; name no case in it")
    return reason.strip()


def find_submission(workspace: Workspace, letters: str) -> str:
    """The id of the one submission that begins with these letters.

    Raises:
        SubmissionUnclear: there is none, there are several, or the letters are too few.
    """
    if len(letters) < FEWEST_LETTERS:
        raise SubmissionUnclear(
            f"give at least {FEWEST_LETTERS} letters of the submission; its page on the desk names it"
        )
    ids = [record.submission.id for record in workspace.ledger.submissions()]
    found = [known for known in ids if known.startswith(letters.lower())]
    if len(found) != 1:
        raise SubmissionUnclear(f"{len(found)} submissions begin with these letters; the desk lists them")
    return found[0]


def restore_submission(workspace: Workspace, submission: str, reason: str, actor: str) -> str:
    """Map and check an older submission under the description in force, and let it count again.

    Raises:
        NothingToRestore: it counts already.
        ReasonMissing: there is no reason.
        SubmissionRefused: it does not pass its checks; what counted before still counts.
    """
    check_reason(reason)
    if is_pooled(workspace, submission):
        raise NothingToRestore("the cases of this submission count already")
    mapped = map_submission(workspace, submission, actor)
    check_submission(workspace, validate_submission(workspace, mapped, actor), actor)
    workspace.ledger.restore_submission(submission, actor, reason.strip())
    return pool_submission(workspace, submission, actor)
