"""Why a value is missing. Published data have one null; the reason stays inside."""

from enum import StrEnum


class MissingReason(StrEnum):
    """Code list `missing_reason`; a source that does not ask a question never yields 0."""

    NOT_COLLECTED = "not_collected"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    NOT_APPLICABLE = "not_applicable"
    SUPPRESSED = "suppressed"
