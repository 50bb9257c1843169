"""From one year to the next: each planted change raises its own alert, and a delivery like the last none."""

import pytest

from pipeline.room import SubmissionRefused
from portal.desk import refresh_desk
from schemas.finding import FindingCode, Level

ALERTS = {
    FindingCode.COLUMN_NEW,
    FindingCode.COLUMN_GONE,
    FindingCode.CODE_NEW,
    FindingCode.CHANGED_SINCE_LAST,
}


def alerts(office, submission):
    found = office.workspace.ledger.findings(submission)
    return [(f.code.name, f.column or f.field, f.rule) for f in found if f.code in ALERTS]


@pytest.fixture
def first(office, rows):
    """A hundred cases of 2019 in five columns."""
    office.deliver("2019", rows(1, 100))
    return office


def test_a_delivery_like_the_last_one_raises_no_alert(first, rows):
    submission = first.deliver("2020", rows(200, 100, 2020))
    assert not [f for f in first.workspace.ledger.findings(submission) if f.code.level is Level.WARN]


def test_a_new_column(first, rows):
    header = ("number", "sex", "age", "year", "from", "remark")
    submission = first.deliver("2020", [(*row, "") for row in rows(200, 100, 2020)], header)
    assert alerts(first, submission) == [("COLUMN_NEW", "remark", None)]
    again = first.deliver("2021", [(*row, "") for row in rows(400, 100, 2021)], header)
    assert alerts(first, again) == []
    gone = first.deliver("2022", rows(600, 100, 2022))
    assert alerts(first, gone) == [("COLUMN_GONE", "remark", None)]


def test_a_renamed_column_is_asked_about_and_nothing_is_kept(first, rows):
    header = ("number", "sexe", "age", "year", "from")
    with pytest.raises(SubmissionRefused) as refusal:
        first.deliver("2020", rows(200, 100, 2020), header)
    [renamed] = [f for f in refusal.value.findings if f.code is FindingCode.COLUMN_RENAMED]
    assert (renamed.column, renamed.rule) == ("sex", "column 2")
    assert "sexe" not in repr(refusal.value.findings)
    assert first.workspace.ledger.submissions("xyz_office_cases", "2020") == ()


def test_a_new_code_is_told_by_its_row_and_only_the_first_time(first, rows):
    foreign = [("N-900", "female", "30", "2020", "Romania"), *rows(200, 99, 2020)]
    submission = first.deliver("2020", foreign)
    assert alerts(first, submission) == [("CODE_NEW", "citizenship", None)]
    refresh_desk(first.workspace)
    page = (first.workspace.store.zones.desk / f"{submission[:12]}.html").read_text("utf-8")
    assert "never had before" in page
    assert "ROU" not in page
    first.deliver("2021", rows(400, 100, 2021))
    later = first.deliver("2022", [("N-901", "female", "30", "2022", "Romania"), *rows(600, 99, 2022)])
    assert alerts(first, later) == []


@pytest.mark.parametrize(("unknown", "told"), [(10, False), (11, True)])
def test_ten_points_of_missing_values(first, rows, unknown, told):
    """None of 100 before; three standard errors of the difference are 9.2 points at 10 of 100."""
    cases = rows(200, 100, 2020)
    blank = [(number, sex, "", *rest) for number, sex, _, *rest in cases[:unknown]]
    submission = first.deliver("2020", blank + cases[unknown:])
    measured = {field for code, field, rule in alerts(first, submission) if rule == "null-share"}
    assert ("age_at_registration" in measured) is told


@pytest.mark.parametrize(("count", "told"), [(49, True), (50, False), (150, False), (151, True)])
def test_half_the_volume(first, rows, count, told):
    submission = first.deliver("2020", rows(200, count, 2020))
    assert (("CHANGED_SINCE_LAST", None, "rows") in alerts(first, submission)) is told
