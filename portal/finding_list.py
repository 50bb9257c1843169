"""What pages say of rows and findings alike: the parts of the rows read, and the tone of a level."""

from dataclasses import dataclass

from schemas.finding import Level
from schemas.submission import RowAccount
from schemas.text import Language, text

LEVEL_TONES: dict[Level, str] = {
    Level.FAIL: "stop",
    Level.HOLD: "wait",
    Level.WARN: "wait",
    Level.DERIVE: "calm",
    Level.INFO: "calm",
}


@dataclass(frozen=True)
class Part:
    """One part of the rows read."""

    name: str
    rows: int
    share: float
    tone: str


def part_rows(account: RowAccount, language: Language) -> list[Part]:
    """Accepted, held and ignored rows, and their shares of the rows read."""
    parts = (
        ("accepted", account.accepted, "good"),
        ("held", account.held, "wait"),
        ("ignored", sum(account.ignored.values()), "calm"),
    )
    return [
        Part(text(f"rows.{name}", language), rows, rows / account.read if account.read else 0.0, tone)
        for name, rows, tone in parts
    ]
