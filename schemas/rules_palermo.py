"""Rules L: act, means and purpose of Article 3 of the Palermo Protocol.

Article 3 (c): for anyone under 18 no means are needed, so their absence is never a defect of
a minor's case. Article 3 (b): consent is irrelevant, so no rule and no derivation reads it.
"""

import pandas as pd

from schemas.case import case_fields
from schemas.rule import Rule, RuleElsewhere, Severity, is_yes

# These say that nothing is recorded, so they are no evidence that something is.
SAYS_NOTHING = ("means_not_specified", "recruiter_unknown")
MAJORITIES = ("majority_status_at_exploit", "majority_entry", "majority_status")


def _flags(groups: tuple[str, ...], prefixes: tuple[str, ...]) -> tuple[str, ...]:
    names = (field.name for field in case_fields().values() if field.group in groups)
    return tuple(name for name in names if name.startswith(prefixes) and name not in SAYS_NOTHING)


ACT_EVIDENCE = (*_flags(("Act",), ("act_",)), "is_abduction", *_flags(("Recruiter",), ("recruiter_",)))
MEANS_EVIDENCE = (*_flags(("Means", "MergedMeans"), ("means_",)), "is_abduction")


def majority_at_exploit(cases: pd.DataFrame) -> pd.Series:
    """Minor or Adult when the exploitation began, as far as it is known (rule L3).

    Being an adult at registration proves nothing about the time of exploitation.
    """
    exploit, entry, registration = (cases[field] for field in MAJORITIES)
    known = exploit.where(exploit.notna(), entry)
    return known.where(known.notna(), registration.where(registration.eq("Minor")))


def _adult_case_is_complete(cases: pd.DataFrame) -> pd.Series:
    asked = cases["trafficking_status"].eq("ActualVictimOfTrafficking")
    asked &= majority_at_exploit(cases).eq("Adult")
    return ~asked | (is_yes(cases["palermo_means"]) & is_yes(cases["palermo_purpose"]))


PALERMO_RULES: tuple[Rule, ...] = (
    Rule(
        "L2",
        Severity.WARN,
        "The case of an established victim who was an adult at exploitation records means and purpose",
        ("trafficking_status", *MAJORITIES, "palermo_means", "palermo_purpose"),
        _adult_case_is_complete,
    ),
    Rule(
        "L5",
        Severity.FAIL,
        "No person who was found not to be a victim stands among the victims",
        ("trafficking_status",),
        lambda cases: ~cases["trafficking_status"].eq("NotAVictimOfTrafficking"),
    ),
)

PALERMO_ELSEWHERE: tuple[RuleElsewhere, ...] = (
    RuleElsewhere(
        "L3",
        None,
        "For minors no means are required, and their absence is never counted as a defect",
        "Rule L2 asks only about adults at exploitation: `majority_status_at_exploit`, else"
        " `majority_entry`, else minor if `majority_status` is Minor; Adult at registration proves nothing.",
    ),
    RuleElsewhere(
        "L4",
        None,
        "No consent lowers the status of a victim",
        "No rule and no derivation reads `consent_publication`; a test changes it and expects no difference.",
    ),
)
