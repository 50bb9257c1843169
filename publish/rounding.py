"""Rounding: how exact counts become counts that may be published."""

# Counts of what was suppressed or generalized name small groups when they are exact, and their
# difference between two releases names smaller ones.
STEP = 10


def round_down(count: int) -> int:
    """The count, rounded down to a multiple of ten."""
    return count - count % STEP


def round_share_down(share: float, rows: int) -> float:
    """The share of the rows in whole percent, no finer than ten rows."""
    return int(100 * round_down(int(share * rows)) / rows) / 100 if rows else 0.0
