"""Derivations: which field follows from which others, and the rule that says so.

A derivation fills a field that is null. Where it `overrides`, it also replaces what a source
gave: a coarse place or period must nest in the fine one, or recoding could not move between them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from schemas.band import band_of, parent_of
from schemas.case import case_fields
from schemas.rule import Rule, Severity, any_yes, is_no, three_valued_or
from schemas.rules_palermo import ACT_EVIDENCE, MEANS_EVIDENCE
from schemas.rules_purpose import LABOUR_SECTORS, OTHER_PURPOSES, PURPOSES, SEX_KINDS
from schemas.rules_time import majority_of

Derive = Callable[[pd.DataFrame], pd.Series]


@dataclass(frozen=True)
class Derivation:
    """How one field follows from its origins under one rule.

    Origins of a `one_way` derivation can only make a flag yes: that they are missing is not
    why the flag is missing.
    """

    rule: str
    title: str
    field: str
    origins: tuple[str, ...]
    derive: Derive
    overrides: bool = False
    one_way: bool = False

    def fill(self, cases: pd.DataFrame) -> pd.Series:
        """The field as it should be."""
        own, derived = cases[self.field], self.derive(cases)
        first, second = (derived, own) if self.overrides else (own, derived)
        return first.where(first.notna(), second).astype(own.dtype)

    def holds(self, cases: pd.DataFrame) -> pd.Series:
        """True where nothing is left to derive."""
        own, filled = cases[self.field], self.fill(cases)
        return own.eq(filled).fillna(False).astype(bool) | filled.isna()


def _banded(rule: str, title: str, field: str, number: str, *, overrides: bool = False) -> Derivation:
    codelist = case_fields()[field].codelist or ""
    return Derivation(
        rule, title, field, (number,), lambda cases: band_of(cases[number], codelist), overrides
    )


def _parent(rule: str, title: str, field: str, child: str, *, overrides: bool = False) -> Derivation:
    codelist = case_fields()[child].codelist or ""
    return Derivation(
        rule, title, field, (child,), lambda cases: parent_of(cases[child], codelist), overrides
    )


def _any_of(rule: str, title: str, field: str, parts: tuple[str, ...]) -> Derivation:
    return Derivation(rule, title, field, parts, lambda cases: three_valued_or(cases, parts))


def _yes_if(rule: str, title: str, field: str, children: tuple[str, ...]) -> Derivation:
    def derive(cases: pd.DataFrame) -> pd.Series:
        return pd.Series(1, index=cases.index, dtype="Int8").where(any_yes(cases, children))

    return Derivation(rule, title, field, children, derive, one_way=True)


def _majority_at_registration(cases: pd.DataFrame) -> pd.Series:
    by_age = majority_of(cases["age_at_registration"])
    return by_age.where(by_age.notna(), parent_of(cases["age_group"], "age_group"))


def _is_domestic(cases: pd.DataFrame) -> pd.Series:
    home, place = cases["citizenship"], cases["country_of_exploitation"]
    return home.eq(place).astype("Int8").where(home.notna() & place.notna())


def _is_other_exploit(cases: pd.DataFrame) -> pd.Series:
    """A yes repairs a source's no: its "other" need not include what CTDC counts as other."""
    found, own = three_valued_or(cases, OTHER_PURPOSES), cases["is_other_exploit"]
    return found.mask(is_no(found) & own.notna())


def _merged_means() -> tuple[Derivation, ...]:
    fields = case_fields().values()
    merged = {f.ctdc_2024: f.name for f in fields if f.group == "MergedMeans" and f.ctdc_2024}
    parts = {name: [f.name for f in fields if f.group == "Means" and f.ctdc_2024 == name] for name in merged}
    return tuple(
        _any_of("D5", "A merged means is yes if any of its parts is", field, tuple(parts[name]))
        for name, field in merged.items()
    )


_BAND = "The band follows from the exact value"
_PLACE = "Region and sub-region follow from the country"
_EVIDENCE = "Act, means and purpose are recorded if any of their flags is yes"

# In the order in which they must be made: a field may be the origin of a later one.
DERIVATIONS: tuple[Derivation, ...] = (
    _banded(
        "D1",
        "The year band follows from the year of registration",
        "year_band",
        "year_of_registration",
        overrides=True,
    ),
    _banded("T5a", _BAND, "traffick_months", "traffick_months_exact"),
    _banded("T5a", _BAND, "age_broad", "age_at_registration"),
    _parent("D2", "The age group follows from the age band", "age_group", "age_broad"),
    Derivation(
        "T2b",
        "Minor or adult at registration follows from the age, else from the age group",
        "majority_status",
        ("age_at_registration", "age_group"),
        _majority_at_registration,
    ),
    Derivation(
        "D6",
        "Minor or adult on entry follows from the age when first trafficked",
        "majority_entry",
        ("age_when_trafficked",),
        lambda cases: majority_of(cases["age_when_trafficked"]),
    ),
    _parent("D3", _PLACE, "citizenship_subregion", "citizenship", overrides=True),
    _parent("D3", _PLACE, "citizenship_region", "citizenship_subregion", overrides=True),
    _parent("D3", _PLACE, "coe_subregion", "country_of_exploitation", overrides=True),
    _parent("D3", _PLACE, "coe_region", "coe_subregion", overrides=True),
    Derivation(
        "D4",
        "Domestic means that citizenship and country of exploitation are the same",
        "is_domestic",
        ("citizenship", "country_of_exploitation"),
        _is_domestic,
        overrides=True,
    ),
    *_merged_means(),
    _yes_if("P1", "Any kind of sexual exploitation is sexual exploitation", "is_sexual_exploit", SEX_KINDS),
    _yes_if(
        "P2a",
        "Any sector of labour is forced labour, save begging and illicit activities",
        "is_forced_labour",
        LABOUR_SECTORS,
    ),
    Derivation(
        "P4",
        "Marriage, military, organ removal and slavery are other exploitation; a source's own yes stays",
        "is_other_exploit",
        OTHER_PURPOSES,
        _is_other_exploit,
        overrides=True,
    ),
    _any_of("L1", _EVIDENCE, "palermo_act", ACT_EVIDENCE),
    _any_of("L1", _EVIDENCE, "palermo_means", MEANS_EVIDENCE),
    _any_of("L1", _EVIDENCE, "palermo_purpose", PURPOSES),
)


def derivation_rules() -> tuple[Rule, ...]:
    """One rule for each rule id; it holds where nothing is left to derive."""
    ids = dict.fromkeys(derivation.rule for derivation in DERIVATIONS)
    return tuple(_rule([d for d in DERIVATIONS if d.rule == id_]) for id_ in ids)


def _rule(derivations: list[Derivation]) -> Rule:
    first = derivations[0]
    fields = dict.fromkeys(name for d in derivations for name in (*d.origins, d.field))

    def holds(cases: pd.DataFrame) -> pd.Series:
        return pd.concat([d.holds(cases) for d in derivations], axis=1).all(axis=1)

    return Rule(first.rule, Severity.DERIVE, first.title, tuple(fields), holds)
