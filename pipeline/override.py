"""Overrides: a warning of a delivery is explained by one person and agreed to by another."""

import math
from collections.abc import Iterable
from uuid import uuid4

from pipeline.history import find_pooled_entry
from pipeline.report import load_findings
from pipeline.restoration import check_reason
from pipeline.step import Refusal
from pipeline.workspace import Workspace
from publish.permission import is_same_person
from schemas.finding import Finding
from schemas.override import Override, can_explain, figure_of
from schemas.release import Decision

FEWEST_LETTERS = 6
# A share is shown with as many digits as a person can copy; the figure of the finding is what is kept.
CLOSE = 1e-4


class NothingDelivered(Refusal):
    """There is no checked delivery of this source and period."""


class NoSuchWarning(Refusal):
    """The number is none of the warnings that can be explained."""


class WrongFigure(Refusal):
    """The expected figure is not the one of the finding."""


class OwnRequest(Refusal):
    """Whoever asks for an override cannot agree to it."""


class OverrideUnclear(Refusal):
    """No request, or more than one, begins with these letters; or they are too few to mean one."""


def list_warnings(workspace: Workspace, source_id: str, period: str) -> tuple[Finding, ...]:
    """The warnings of the delivery that counts, or of the last one received; errors are not among them.

    Raises:
        NothingDelivered: no delivery of that source and period has come as far as a report.
    """
    entry = find_pooled_entry(workspace, source_id, period)
    records = workspace.ledger.submissions(source_id, period)
    counting = [record for record in records if entry and record.submission.id == entry.submission]
    record = next(iter(counting), records[-1] if records else None)
    if record is None or record.report is None:
        raise NothingDelivered("no delivery of this source and period has been checked; ingest it first")
    findings = load_findings(workspace.store.read_document(record.report)["findings"])
    return tuple(finding for finding in findings if can_explain(finding))


def request_override(
    workspace: Workspace, place: tuple[str, str], number: int, expected: float, reason: str, person: str
) -> str:
    """Explain the warning with this number, counted from 1; gives the id of the request.

    `place` is source and period. `expected` must be the figure that the finding has now: a higher one
    would be a blank cheque.

    Raises:
        NothingDelivered: no delivery of that source and period has come as far as a report.
        NoSuchWarning: there is no warning of this number.
        WrongFigure: the finding has another figure.
        ReasonMissing: there is no reason.
    """
    warnings = list_warnings(workspace, *place)
    if not 1 <= number <= len(warnings):
        raise NoSuchWarning(
            f"there are {len(warnings)} warnings that can be explained; palermo override list numbers them. "
            "What fails a file or holds a row cannot be overridden: correct it"
        )
    finding = warnings[number - 1]
    figure = figure_of(finding)
    if not math.isclose(expected, figure, rel_tol=CLOSE):
        raise WrongFigure(f"the finding says {figure:g}: look at it again, then give that figure")
    asked = Override(uuid4().hex, *place, finding, figure, person, check_reason(reason))
    workspace.ledger.request_override(asked)
    return asked.id


def decide_override(workspace: Workspace, letters: str, person: str, decision: Decision) -> str:
    """Agree to an explanation or reject it; gives the id of the request.

    Raises:
        OverrideUnclear: no request, or several, begin with these letters.
        OwnRequest: the person asked for it.
        AlreadyDecided: it was decided on before.
    """
    found = [asked for asked in workspace.ledger.overrides() if asked.id.startswith(letters.lower())]
    if len(letters) < FEWEST_LETTERS or len(found) != 1:
        raise OverrideUnclear(
            f"give at least {FEWEST_LETTERS} letters that only one request begins with; "
            "palermo override list shows them"
        )
    [asked] = found
    if is_same_person(person, asked.requester):
        raise OwnRequest("whoever explains a warning cannot agree to it: ask another person")
    workspace.ledger.decide_override(asked.id, person, decision)
    return asked.id


def find_explanation(overrides: Iterable[Override], finding: Finding) -> Override | None:
    """The approved override that explains a finding as it stands now."""
    return next((override for override in overrides if override.explains(finding)), None)
