"""Rules P: purposes, sectors and their "not specified" flags agree."""

import pandas as pd

from schemas.case import case_fields
from schemas.rule import Rule, Severity, any_yes, is_no, is_yes

SEX_KINDS = ("sex_prostitution", "sex_pornography", "sex_remote_interactive", "sex_private_services")
# HTCDS treats begging and forced criminality as forms of their own, so they do not imply forced labour.
OWN_FORMS = ("labour_begging", "labour_illicit_activities")
OTHER_PURPOSES = ("is_forced_marriage", "is_forced_military", "is_organ_removal", "is_slavery_and_practices")
YOUNGEST_BAND = "0--8"
LOWEST_AGE_OF_MARRIAGE = 12


def _group(name: str) -> tuple[str, ...]:
    return tuple(field.name for field in case_fields().values() if field.group == name)


LABOUR_SECTORS = tuple(name for name in _group("Labour") if name not in (*OWN_FORMS, "labour_not_specified"))
PURPOSES = tuple(name for name in _group("Purpose") if name.startswith("is_"))


def _named(group: str, prefix: str, unnamed: str) -> tuple[str, ...]:
    """The flags that name something; "other" names nothing and may stand beside "not specified"."""
    return tuple(
        name for name in _group(group) if name.startswith(prefix) and name not in (f"{prefix}other", unnamed)
    )


def _no_child_of_a_no(id_: str, parent: str, children: tuple[str, ...], title: str) -> Rule:
    return Rule(
        id_,
        Severity.QUARANTINE,
        title,
        (parent, *children),
        lambda cases: ~(is_no(cases[parent]) & any_yes(cases, children)),
    )


def _unspecified_alone(id_: str, unnamed: str, named: tuple[str, ...], title: str) -> Rule:
    return Rule(
        id_,
        Severity.QUARANTINE,
        title,
        (unnamed, *named),
        lambda cases: ~(is_yes(cases[unnamed]) & any_yes(cases, named)),
    )


def _own_form_is_labour_too(cases: pd.DataFrame) -> pd.Series:
    return ~any_yes(cases, OWN_FORMS) | is_yes(cases["is_forced_labour"])


def _child_labourer_is_no_adult(cases: pd.DataFrame) -> pd.Series:
    return ~(is_yes(cases["is_child_labour"]) & cases["majority_status_at_exploit"].eq("Adult"))


def _no_infant_bride_or_soldier(cases: pd.DataFrame) -> pd.Series:
    forced = any_yes(cases, ("is_forced_marriage", "is_forced_military"))
    return ~(forced & cases["age_broad"].eq(YOUNGEST_BAND))


def _no_married_child(cases: pd.DataFrame) -> pd.Series:
    young = cases["age_at_registration"].lt(LOWEST_AGE_OF_MARRIAGE).fillna(False).astype(bool)
    return ~(cases["marital_status"].eq("Married") & (young | cases["age_broad"].eq(YOUNGEST_BAND)))


PURPOSE_RULES: tuple[Rule, ...] = (
    Rule(
        "P2b",
        Severity.WARN,
        "Begging and illicit activities given as labour come with forced labour, but do not imply it",
        ("is_forced_labour", *OWN_FORMS),
        _own_form_is_labour_too,
    ),
    _no_child_of_a_no(
        "P3a",
        "is_sexual_exploit",
        SEX_KINDS,
        "Who was not sexually exploited was not exploited in a kind of it",
    ),
    _no_child_of_a_no(
        "P3b",
        "is_forced_labour",
        LABOUR_SECTORS,
        "Who was not in forced labour was not in a sector of it",
    ),
    _unspecified_alone(
        "P5a",
        "labour_not_specified",
        _named("Labour", "labour_", "labour_not_specified"),
        "A sector that is not specified does not stand beside a named one",
    ),
    _unspecified_alone(
        "P5b",
        "means_not_specified",
        _named("Means", "means_", "means_not_specified"),
        "Means that are not specified do not stand beside named ones",
    ),
    _unspecified_alone(
        "P5c",
        "recruiter_unknown",
        _named("Recruiter", "recruiter_", "recruiter_unknown"),
        "A recruiter who is not known does not stand beside a named one",
    ),
    Rule("P6", Severity.WARN, "At least one purpose is given", PURPOSES, lambda c: any_yes(c, PURPOSES)),
    Rule(
        "P7a",
        Severity.QUARANTINE,
        "Child labour is of one who was not an adult at exploitation",
        ("is_child_labour", "majority_status_at_exploit"),
        _child_labourer_is_no_adult,
    ),
    Rule(
        "P7b",
        Severity.WARN,
        "No one below nine years is in forced marriage or forced military service",
        ("is_forced_marriage", "is_forced_military", "age_broad"),
        _no_infant_bride_or_soldier,
    ),
    Rule(
        "P7c",
        Severity.WARN,
        "No one below twelve years is married",
        ("marital_status", "age_at_registration", "age_broad"),
        _no_married_child,
    ),
    Rule(
        "P8",
        Severity.WARN,
        "Sexual abuse as a means and sexual exploitation as the purpose are two things: counted, not merged",
        ("is_sexual_exploit", "means_sexual_abuse"),
        lambda cases: ~(is_yes(cases["is_sexual_exploit"]) & is_yes(cases["means_sexual_abuse"])),
    ),
)
