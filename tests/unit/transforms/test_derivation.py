"""What follows from what, worked out by hand, and what becomes of the reasons for missing values."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from schemas.finding import FindingCode
from schemas.rules_hygiene import REASONED
from schemas.rules_palermo import MEANS_EVIDENCE
from transforms.derivation import derive_fields
from transforms.mapped import Mapped

Derive = Callable[..., list[dict[str, Any]]]
UNKNOWN, NOT_COLLECTED, REFUSED = "unknown", "not_collected", "refused"


def map_as(cases: pd.DataFrame, **reasons: str) -> Mapped:
    """As mapping hands cases on: every null has a reason, by default that it was not collected."""
    missing = cases[list(REASONED)].isna()
    columns = {
        name: pd.Series(reasons.get(name, NOT_COLLECTED), index=cases.index, dtype="str").where(missing[name])
        for name in REASONED
    }
    frame = pd.DataFrame(columns, index=cases.index)
    return Mapped(cases, frame, pd.DataFrame(), (), frozenset(), len(cases), {})


@pytest.fixture
def derive(make_cases: Callable[..., pd.DataFrame]) -> Derive:
    """Derives cases; nulls come back as None."""

    def ask(*rows: dict[str, Any]) -> list[dict[str, Any]]:
        cases = derive_fields(map_as(make_cases(rows))).cases
        return cases.astype(object).where(cases.notna(), None).to_dict("records")

    return ask


def pick(cases: list[dict[str, Any]], *fields: str) -> list[tuple[Any, ...]]:
    return [tuple(case[field] for field in fields) for case in cases]


def flags(names: str, values: tuple[int | None, ...]) -> dict[str, int | None]:
    return dict(zip(names.split(), values, strict=True))


def test_age_gives_band_group_and_majority(derive: Derive) -> None:
    cases = derive(*({"age_at_registration": age} for age in (0, 17, 18, 27, 48, None)))
    assert pick(cases, "age_broad", "age_group", "majority_status") == [
        ("0--8", "0--17", "Minor"),
        ("9--17", "0--17", "Minor"),
        ("18--20", "18--26", "Adult"),
        ("27--29", "27--38", "Adult"),
        ("48+", "39+", "Adult"),
        (None, None, None),
    ]


def test_each_step_of_the_age_ladder_gives_the_coarser_ones(derive: Derive) -> None:
    cases = derive({"age_broad": "24--26"}, {"age_group": "0--17"}, {"majority_status": "Adult"})
    assert pick(cases, "age_broad", "age_group", "majority_status") == [
        ("24--26", "18--26", "Adult"),
        (None, "0--17", "Minor"),
        (None, None, "Adult"),
    ]


def test_a_sources_own_band_and_majority_stay(derive: Derive) -> None:
    cases = derive(
        {"age_at_registration": 40, "age_broad": "9--17", "majority_status": "Minor"},
        {"traffick_months_exact": 30, "traffick_months": "0--12"},
    )
    assert pick(cases, "age_broad", "majority_status", "traffick_months") == [
        ("9--17", "Minor", None),
        (None, None, "0--12"),
    ]


def test_band_of_months(derive: Derive) -> None:
    cases = derive(*({"traffick_months_exact": months} for months in (0, 12, 13, 25, None)))
    assert pick(cases, "traffick_months") == [("0--12",), ("0--12",), ("13--24",), ("25+",), (None,)]


def test_age_when_trafficked_gives_majority_on_entry(derive: Derive) -> None:
    cases = derive(
        {"age_when_trafficked": 17},
        {"age_when_trafficked": 18},
        {"age_when_trafficked": 18, "majority_entry": "Minor"},
        {"age_when_trafficked": None},
    )
    assert pick(cases, "majority_entry") == [("Minor",), ("Adult",), ("Minor",), (None,)]


def test_year_band_nests_in_the_year_whatever_the_source_says(derive: Derive) -> None:
    cases = derive(
        {"year_of_registration": 2019},
        {"year_of_registration": 2020, "year_band": "2017--2019"},
        {"year_of_registration": None, "year_band": "2017--2019"},
    )
    assert pick(cases, "year_band") == [("2017--2019",), ("2020--2022",), ("2017--2019",)]


@pytest.mark.parametrize(
    ("country", "prefix"), [("citizenship", "citizenship"), ("country_of_exploitation", "coe")]
)
def test_regions_follow_the_country(derive: Derive, country: str, prefix: str) -> None:
    cases = derive(
        {country: "CYP"},
        {country: "NAM"},
        {country: "SRB", f"{prefix}_region": "Asia"},
        {f"{prefix}_region": "Asia"},
        {f"{prefix}_subregion": "Polynesia"},
        {},
    )
    assert pick(cases, f"{prefix}_subregion", f"{prefix}_region") == [
        ("Western Asia", "Asia"),
        ("Southern Africa", "Africa"),
        ("Southern Europe", "Europe"),
        (None, "Asia"),
        ("Polynesia", "Oceania"),
        (None, None),
    ]


def test_domestic(derive: Derive) -> None:
    pairs = [("SRB", "SRB"), ("SRB", "BIH"), ("SRB", None), (None, "SRB"), (None, None)]
    cases = derive(*({"citizenship": home, "country_of_exploitation": place} for home, place in pairs))
    assert pick(cases, "is_domestic") == [(1,), (0,), (None,), (None,), (None,)]


def test_merged_means_is_an_or_of_three_values(derive: Derive) -> None:
    names = "means_threats means_uses_children means_threat_law_enforcement"
    values = [(1, None, None), (1, 0, 0), (0, 0, 0), (0, 0, None), (None, None, None)]
    cases = derive(*(flags(names, flag) for flag in values))
    assert pick(cases, "means_grp_threats") == [(1,), (1,), (0,), (None,), (None,)]
    cases = derive(*({**flags(names, flag), "means_grp_threats": 0} for flag in values))
    assert pick(cases, "means_grp_threats") == [(0,)] * 5


def test_merged_means_never_guess_a_part(derive: Derive) -> None:
    cases = derive({"means_grp_abuse_psy_phy_sex": 1})
    assert pick(cases, "means_sexual_abuse", "means_physical_abuse", "palermo_means") == [(None, None, 1)]


def test_each_merged_means_has_its_parts(derive: Derive) -> None:
    merged = {
        "means_debt_bondage": "debt_bondage_earnings",
        "means_takes_earnings": "debt_bondage_earnings",
        "means_threats": "threats",
        "means_uses_children": "threats",
        "means_threat_law_enforcement": "threats",
        "means_psychological_abuse": "abuse_psy_phy_sex",
        "means_physical_abuse": "abuse_psy_phy_sex",
        "means_sexual_abuse": "abuse_psy_phy_sex",
        "means_false_promises": "false_promises",
        "means_psychoactive_substances": "drugs_alcohol",
        "means_restricts_financial_access": "deny_basic_needs",
        "means_restricts_movement": "deny_basic_needs",
        "means_restricts_medical_care": "deny_basic_needs",
        "means_withholds_necessities": "deny_basic_needs",
        "means_excessive_working_hours": "excessive_work_hours",
        "means_withholds_documents": "withhold_docs",
    }
    cases = derive(*({part: 1} for part in merged), {"means_other": 1, "means_not_specified": 1})
    yes = [
        [name.removeprefix("means_grp_") for name in c if name.startswith("means_grp_") and c[name] == 1]
        for c in cases
    ]
    assert yes == [[group] for group in merged.values()] + [[]]


@pytest.mark.parametrize(
    ("parent", "child"),
    [
        ("is_sexual_exploit", "sex_pornography"),
        ("is_forced_labour", "labour_peddling"),
        ("is_forced_labour", "labour_other"),
    ],
)
def test_a_kind_or_sector_implies_its_purpose(derive: Derive, parent: str, child: str) -> None:
    # the third is a contradiction, which rule P3 holds
    cases = derive({child: 1}, {child: 0}, {child: 1, parent: 0}, {parent: 1})
    assert pick(cases, parent, child) == [(1, 1), (None, 0), (0, 1), (1, None)]


def test_what_implies_no_purpose(derive: Derive) -> None:
    names = ("labour_begging", "labour_illicit_activities", "labour_not_specified", "means_sexual_abuse")
    cases = derive(*({name: 1} for name in names))
    purposes = ("is_forced_labour", "is_sexual_exploit", "palermo_purpose")
    assert pick(cases, *purposes) == [(None, None, None)] * 4


def test_other_exploitation(derive: Derive) -> None:
    names = "is_other_exploit is_forced_marriage is_forced_military is_organ_removal is_slavery_and_practices"
    values = {
        (None, 1, None, None, None): 1,
        (None, 0, 0, 0, 0): 0,
        (None, 0, 0, 0, None): None,
        (1, 0, 0, 0, 0): 1,
        (1, None, None, None, None): 1,
        (0, None, None, None, None): 0,
        (0, 0, 0, 0, 0): 0,
        (0, 0, 0, 1, 0): 1,
    }
    cases = derive(*(flags(names, flag) for flag in values))
    assert pick(cases, "is_other_exploit") == [(other,) for other in values.values()]


def test_palermo_elements(derive: Derive) -> None:
    cases = derive(
        {"is_abduction": 1},
        {"recruiter_friend": 1},
        {"act_receipt": 1, "means_other": 1, "is_servitude": 1},
        {"sex_prostitution": 1},
        {"recruiter_unknown": 1, "means_not_specified": 1},
        dict.fromkeys(MEANS_EVIDENCE, 0),
    )
    assert pick(cases, "palermo_act", "palermo_means", "palermo_purpose") == [
        (1, 1, None),
        (1, None, None),
        (1, 1, 1),
        (None, None, 1),
        (None, None, None),
        (None, 0, None),
    ]


def test_consent_changes_nothing(derive: Derive) -> None:
    """Rule L4: no consent lowers the status of a victim, or has a say in anything else."""
    case = {"trafficking_status": "ActualVictimOfTrafficking", "age_at_registration": 20, "is_abduction": 1}
    given, refused = derive(*({**case, "consent_publication": c} for c in (True, False)))
    differing = [name for name in given if given[name] != refused[name]]
    assert differing == ["source_record_key", "consent_publication"]


def test_findings_count_what_was_derived(make_cases: Callable[..., pd.DataFrame]) -> None:
    cases = make_cases([{"age_at_registration": 10}, {"age_broad": "48+"}, {}])
    findings = derive_fields(map_as(cases)).findings
    assert {finding.code for finding in findings} == {FindingCode.RULE_DERIVED}
    assert [(f.rule, f.field, f.count) for f in findings] == [
        ("D1", "year_band", 3),
        ("T5a", "age_broad", 1),
        ("D2", "age_group", 2),
        ("T2b", "majority_status", 2),
    ]


def test_reasons_follow_their_origin(make_cases: Callable[..., pd.DataFrame]) -> None:
    mapped = map_as(make_cases([{}, {"age_broad": "48+"}]), age_broad=UNKNOWN, citizenship=REFUSED)
    reasons = derive_fields(mapped).reasons
    assert list(reasons.loc[2, ["age_broad", "age_group", "majority_status"]]) == [UNKNOWN] * 3
    assert reasons.loc[3, ["age_broad", "age_group", "majority_status"]].isna().all()
    assert (
        list(reasons.loc[2, ["citizenship_subregion", "citizenship_region", "is_domestic"]]) == [REFUSED] * 3
    )
    assert reasons.loc[2, "coe_region"] == NOT_COLLECTED


def test_a_sources_own_reason_stays(make_cases: Callable[..., pd.DataFrame]) -> None:
    mapped = map_as(make_cases([{}]), age_at_registration=REFUSED, age_broad=UNKNOWN)
    reasons = derive_fields(mapped).reasons
    assert reasons.loc[2, "age_broad"] == UNKNOWN
    assert reasons.loc[2, "age_group"] == UNKNOWN


def test_a_purpose_not_asked_stays_not_collected(make_cases: Callable[..., pd.DataFrame]) -> None:
    mapped = map_as(make_cases([{}]), sex_prostitution=UNKNOWN)
    assert derive_fields(mapped).reasons.loc[2, "is_sexual_exploit"] == NOT_COLLECTED


def test_what_came_in_is_left_alone(make_cases: Callable[..., pd.DataFrame]) -> None:
    mapped = map_as(make_cases([{"age_at_registration": 10}]))
    cases, reasons = mapped.cases.copy(), mapped.reasons.copy()
    derive_fields(mapped)
    pd.testing.assert_frame_equal(mapped.cases, cases)
    pd.testing.assert_frame_equal(mapped.reasons, reasons)
