"""Delivery: whether enough of a delivery can be used for it to count, or to take another one's place."""

from schemas.finding import Finding, FindingCode
from schemas.quality import Measure
from schemas.source import Source
from schemas.submission import RowAccount

# Without a limit of the source's own: a corrected file of which every fifth row waits is more likely
# one that was saved wrongly than a better one.
HELD_LIMIT = 0.20


def check_delivery(account: RowAccount, source: Source, pooled: RowAccount | None) -> tuple[Finding, ...]:
    """Findings that stop a delivery of which too little is left; `pooled` is the one it would replace.

    A share of held rows above the limit stops it only where it is also larger than that of the
    pooled delivery: what is better than what counts now may always replace it.
    """
    if not account.accepted:
        return (Finding(FindingCode.NOTHING_ACCEPTED, account.held),)
    limit = HELD_LIMIT if source.bounds.max.held_share is None else source.bounds.max.held_share
    share = measure_held_share(account)
    if pooled is None or share <= max(limit, measure_held_share(pooled)):
        return ()
    return (
        Finding(
            FindingCode.HELD_TOO_MANY, account.held, rule=Measure.HELD.value, measured=share, expected=limit
        ),
    )


def measure_held_share(account: RowAccount) -> float:
    """Share of rows held among those that are cases."""
    decided = account.accepted + account.held
    return account.held / decided if decided else 0.0
