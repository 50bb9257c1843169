"""Override: two people's word that a warning of one delivery is right as it is, up to a stated figure."""

from dataclasses import dataclass

from schemas.finding import Finding, Level
from schemas.release import Decision


@dataclass(frozen=True)
class Override:
    """An explanation of one warning of one source and period, and what a second person decided on it.

    `figure` is what the requester saw and expects: the measured figure of a finding that has one, else
    its count. The decision is null until somebody else than the requester has decided.
    """

    id: str
    source_id: str
    period: str
    finding: Finding
    figure: float
    requester: str
    reason: str
    requested_at: str = ""
    approver: str | None = None
    decision: Decision | None = None
    decided_at: str | None = None

    def explains(self, finding: Finding) -> bool:
        """Whether it is approved, and the finding is the same and no worse than what was explained.

        One row more, or a measured figure further from its limit, is not explained any more.
        """
        if self.decision is not Decision.APPROVE or place_of(self.finding) != place_of(finding):
            return False
        figure = figure_of(finding)
        is_low = finding.measured is not None and finding.expected is not None and figure < finding.expected
        return figure >= self.figure if is_low else figure <= self.figure


def can_explain(finding: Finding) -> bool:
    """Whether a finding may be explained: a warning only.

    A failed file and a held row are errors, which nobody overrides: a bound that is broken from below
    fails because half a file looks just like that; whoever means it changes the bound in `source.yml`.
    """
    return finding.code.level is Level.WARN


def figure_of(finding: Finding) -> float:
    """What an explanation is bound to: what was measured, else the count."""
    return finding.count if finding.measured is None else finding.measured


def place_of(finding: Finding) -> tuple[str | None, ...]:
    """What makes two findings of two deliveries the same one."""
    return (finding.code.name, finding.table, finding.column, finding.field, finding.rule)
