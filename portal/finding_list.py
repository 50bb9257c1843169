"""What pages say of rows and findings alike: the parts of the rows read, and the tone of a level."""

from dataclasses import dataclass

from pipeline.check_report import CheckReport
from schemas.finding import Level

LEVEL_TONES: dict[Level, str] = {
    Level.FAIL: "stop",
    Level.HOLD: "wait",
    Level.WARN: "wait",
    Level.DERIVE: "calm",
    Level.INFO: "calm",
}
PART_TONES = {"accepted": "good", "held": "wait", "ignored": "calm"}


@dataclass(frozen=True)
class Part:
    """One part of the rows read."""

    name: str
    rows: int
    share: float
    tone: str


def part_rows(report: CheckReport) -> list[Part]:
    """Accepted, held and ignored rows, and their shares of the rows read."""
    read = report.account.read if report.account else 0
    return [
        Part(name, rows, rows / read if read else 0.0, PART_TONES[part])
        for part, (name, rows) in report.parts.items()
    ]
