"""Rules T: times and ages of one case agree."""

import re
from itertools import combinations

import pandas as pd

from schemas.band import band_of, parent_of
from schemas.rule import Rule, Severity, at_most, same

YEARS = ("entry_year", "exploit_start_year", "exploit_end_year", "year_of_registration")
WHOLE_YEARS = re.compile(r"\d{4}-\d{4}")
AGES = ("age_at_registration", "age_broad", "age_group", "majority_status")
MONTHS_OF_YEAR = 12


def time_rules(current_year: int) -> tuple[Rule, ...]:
    """Rules T1 to T6; what they derive stands in `rules_derivation.py`."""
    return (
        Rule(
            "T1",
            Severity.QUARANTINE,
            "Entry, start, end and registration follow in this order, none after the current year",
            YEARS,
            lambda cases: _years_in_order(cases, current_year),
        ),
        Rule(
            "T2a",
            Severity.QUARANTINE,
            "Age, age band, age group and minor or adult at registration agree",
            AGES,
            _ages_agree,
        ),
        Rule(
            "T3",
            Severity.QUARANTINE,
            "Who is a minor at registration was one at exploitation and entry; who was one at"
            " exploitation was one on entry",
            ("majority_status", "majority_status_at_exploit", "majority_entry"),
            _majority_only_grows,
        ),
        Rule(
            "T4",
            Severity.QUARANTINE,
            "Months of trafficking are below 12 × (age at registration + 1), for age counts completed years,"
            " and fit into the years of exploitation",
            ("traffick_months_exact", "age_at_registration", "exploit_start_year", "exploit_end_year"),
            _months_fit,
        ),
        Rule(
            "T5b",
            Severity.WARN,
            "The source's own band of months is the band of the exact months",
            ("traffick_months_exact", "traffick_months"),
            lambda cases: same(cases["traffick_months"], band_of(cases["traffick_months_exact"], "duration")),
        ),
        Rule(
            "T6",
            Severity.QUARANTINE,
            "The age when first trafficked is not above the age at registration",
            ("age_when_trafficked", "age_at_registration"),
            lambda cases: at_most(cases["age_when_trafficked"], cases["age_at_registration"]),
        ),
        # A warning: registers deliver by the date of their decision, which may lie in the year after.
        Rule(
            "T7",
            Severity.WARN,
            "The year of registration lies in the period of the submission",
            ("year_of_registration", "period"),
            _registered_in_period,
        ),
    )


def majority_of(ages: pd.Series) -> pd.Series:
    """Minor or Adult, by the same nested bands in which ages are published."""
    return parent_of(parent_of(band_of(ages, "age_broad"), "age_broad"), "age_group")


def _years_in_order(cases: pd.DataFrame, current_year: int) -> pd.Series:
    holds = at_most(cases[list(YEARS)].max(axis=1), pd.Series(current_year, index=cases.index))
    # every pair, not only neighbours: a null between two years must not hide that they are reversed
    for earlier, later in combinations(YEARS, 2):
        holds &= at_most(cases[earlier], cases[later])
    return holds


def _registered_in_period(cases: pd.DataFrame) -> pd.Series:
    """A month or quarter is judged by its year: the case keeps no finer date.

    Each different period is read once: all cases of a submission have the same.
    """
    periods = cases["period"].dropna().drop_duplicates()
    whole_years = periods.str.fullmatch(WHOLE_YEARS).astype(bool)
    starts = _read_year(periods, r"^(\d{4})")
    ends = _read_year(periods, r"(\d{4})$").where(whole_years, starts)
    first, last = (
        cases["period"].map(dict(zip(periods, years, strict=True))).astype("Int16")
        for years in (starts, ends)
    )
    return at_most(first, cases["year_of_registration"]) & at_most(cases["year_of_registration"], last)


def _read_year(periods: pd.Series, where: str) -> pd.Series:
    """A year out of the name of a period; null where it has none, which keeps every rule."""
    return pd.to_numeric(periods.str.extract(where, expand=False)).astype("Int16")


def _ages_agree(cases: pd.DataFrame) -> pd.Series:
    age, band, group, majority = (cases[field] for field in AGES)
    age_band = band_of(age, "age_broad")
    age_group, band_group = parent_of(age_band, "age_broad"), parent_of(band, "age_broad")
    holds = same(age_band, band) & same(age_group, group) & same(band_group, group)
    for finer in (age_group, band_group, group):
        holds &= same(parent_of(finer, "age_group"), majority)
    return holds


def _majority_only_grows(cases: pd.DataFrame) -> pd.Series:
    registration, exploit = cases["majority_status"], cases["majority_status_at_exploit"]
    entry = cases["majority_entry"]
    broken = registration.eq("Minor") & (exploit.eq("Adult") | entry.eq("Adult"))
    broken |= exploit.eq("Minor") & entry.eq("Adult")
    return ~broken.fillna(False).astype(bool)


def _months_fit(cases: pd.DataFrame) -> pd.Series:
    months = cases["traffick_months_exact"]
    # Int64: twelve times a year that is out of range would overflow Int16 and pass
    age = cases["age_at_registration"].astype("Int64")
    years = cases["exploit_end_year"].astype("Int64") - cases["exploit_start_year"] + 1
    # age counts completed years: up to eleven months have passed since the last birthday
    life = MONTHS_OF_YEAR * age + MONTHS_OF_YEAR - 1
    return at_most(months, life) & at_most(months, MONTHS_OF_YEAR * years)
