"""Invented files: the same bytes each time, usable rows, and the margins that were published."""

from collections import Counter
from hashlib import sha256

import pytest

from samples import invented
from samples.chance import Chance
from samples.submission import write_samples
from schemas.finding import Level
from transforms.quality import judge_figures, measure_figures
from transforms.validation import validate_cases

CURRENT_YEAR = 2026
LARGE = "zzz_palermo_invented_cases"

FORMS = {
    "sexual": "is_sexual_exploit",
    "labour": "is_forced_labour",
    "begging": "is_forced_begging",
    "criminality": "is_forced_criminality",
    "marriage": "is_forced_marriage",
}


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    return write_samples(tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="module")
def accepted(samples, map_files):
    """Validated cases by source and period; of the large source one year, which is like the others."""
    return {
        (sample.source_id, sample.period): validate_cases(
            map_files(sample.source_id, {path.name: path.read_bytes() for path in sample.paths}),
            current_year=CURRENT_YEAR,
        )
        for submissions in samples.values()
        for sample in submissions
        if sample.source_id != LARGE or sample.period == "2019"
    }


def test_the_same_seed_gives_the_same_bytes(samples, tmp_path):
    again = write_samples(tmp_path)
    assert _hashes(samples) == _hashes(again)


def test_another_seed_gives_other_files():
    first = invented.make_year(Chance(1, "x"), 2019, 20)
    assert first != invented.make_year(Chance(2, "x"), 2019, 20)


def test_no_row_is_lost(accepted):
    for result in accepted.values():
        account = result.account
        assert len(result.cases) == account.accepted
        assert account.read == account.accepted + account.held + sum(account.ignored.values())


def test_the_large_source_has_twenty_thousand_rows(samples):
    (paths,) = zip(*(sample.paths for sample in samples[LARGE]), strict=True)
    assert sum(path.read_bytes().count(b"\n") for path in paths) == 20_000


def test_only_the_rows_that_the_large_source_spoils_are_held(accepted):
    held = {name: result.account.held for (name, _), result in accepted.items() if result.account.held}
    assert held == {LARGE: 5}


def test_the_large_source_is_rich_and_needs_some_generalizing(accepted):
    identifiers = ["data_source_type", "gender", "age_broad", "citizenship", "country_of_exploitation"]
    sizes = accepted[LARGE, "2019"].cases.groupby(identifiers, dropna=False).size()
    assert 50 < sizes[sizes < 11].sum() < 250
    assert (sizes >= 11).sum() > 30


def test_no_submission_breaks_its_bounds(accepted, describe):
    for (name, period), result in accepted.items():
        figures = measure_figures(result.cases)
        _, findings = judge_figures(figures, result.account, describe(name), period, None)
        assert [finding for finding in findings if finding.code.level in (Level.FAIL, Level.WARN)] == []


def test_serbia_has_its_published_margins_of_2019(accepted):
    cases = accepted["srb_czztlj_identified_victims", "2019"].cases
    assert len(cases) == 36
    assert _forms(cases) == {"sexual": 23, "labour": 3, "begging": 4, "criminality": 1, "mixed": 5}
    assert cases["gender"].value_counts().to_dict() == {"Woman": 29, "Man": 7}
    assert cases["majority_status"].value_counts().to_dict() == {"Minor": 24, "Adult": 12}
    assert int(cases["citizenship"].ne("SRB").sum()) == 2


def test_north_macedonia_has_its_published_margins_of_2019(accepted):
    cases = accepted["mkd_nrm_identified_victims", "2019"].cases
    assert _forms(cases) == {"sexual": 4, "labour": 1, "begging": 1}
    assert cases["gender"].eq("Woman").all()
    assert cases["majority_status"].value_counts().to_dict() == {"Minor": 4, "Adult": 2}
    # two from Kosovo, which the stated policy of the code list counts with Serbia as CTDC does
    assert cases["citizenship"].value_counts().to_dict() == {"MKD": 3, "SRB": 2, "BIH": 1}


@pytest.mark.parametrize("source_id_", ["srb_czztlj_identified_victims", "mkd_nrm_identified_victims"])
def test_pooling_means_something(source_id_, accepted):
    years = {
        result.cases["year_of_registration"].iloc[0] for (s, _), result in accepted.items() if s == source_id_
    }
    assert years == {2017, 2018, 2019}


def _forms(cases) -> dict[str, int]:
    """How many victims of each form; more than one form is "mixed", as the Serbian tables count."""
    flags = cases[list(FORMS.values())].eq(1)
    named = ["mixed" if row.sum() > 1 else _only(row) for _, row in flags.iterrows()]
    return dict(Counter(named))


def _only(row) -> str:
    return next(form for form, field in FORMS.items() if row[field])


def _hashes(samples) -> dict[tuple[str, str, str], str]:
    return {
        (sample.source_id, sample.period, path.name): sha256(path.read_bytes()).hexdigest()
        for submissions in samples.values()
        for sample in submissions
        for path in sample.paths
    }
