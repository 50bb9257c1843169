"""Lateness: a period is late on the day after its last day of grace, not before; it is told once."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.lateness import Late, find_late, find_missing, note_late
from pipeline.room import SubmissionRefused
from pipeline.workspace import Workspace
from schemas.period import find_end, list_months
from schemas.source import Schedule
from storage.record import Action

GRACE = {"every": "year", "due_days": 60, "grace_days": 30, "first": "2023"}


def missing(today, delivered=(), **keys):
    return [period for period, _ in find_missing(Schedule(**keys), delivered, date.fromisoformat(today))]


@pytest.mark.parametrize(
    ("today", "late"),
    [
        # 2023 is due on 29 February 2024; its thirtieth day of grace is 30 March.
        ("2024-03-30", []),
        ("2024-03-31", ["2023"]),
        # 2024 is due on 1 March 2025; its thirtieth day of grace is 31 March.
        ("2025-03-31", ["2023"]),
        ("2025-04-01", ["2023", "2024"]),
    ],
)
def test_the_day_on_which_a_year_becomes_late(today, late):
    assert missing(today, **GRACE) == late


def test_the_day_it_was_due_is_told():
    [(period, due)] = find_missing(Schedule(**GRACE), (), date(2024, 4, 15))
    assert (period, due) == ("2023", date(2024, 2, 29))


@pytest.mark.parametrize(
    ("keys", "today", "late"),
    [
        ({"every": "month", "grace_days": 0, "first": "2023-12"}, "2024-02-01", ["2023-12", "2024-01"]),
        ({"every": "month", "grace_days": 0, "first": "2023-12"}, "2024-01-31", ["2023-12"]),
        ({"every": "quarter", "grace_days": 5, "first": "2023-Q4"}, "2024-01-05", []),
        ({"every": "quarter", "grace_days": 5, "first": "2023-Q4"}, "2024-01-06", ["2023-Q4"]),
        ({"every": "year", "grace_days": 0, "first": "2020", "last": "2021"}, "2026-01-01", ["2020", "2021"]),
        ({"every": "once"}, "2026-01-01", []),
    ],
)
def test_calendars(keys, today, late):
    assert missing(today, **keys) == late


@pytest.mark.parametrize(
    ("delivered", "late"),
    [
        ([], ["2020", "2021", "2022", "2023"]),
        (["2021"], ["2020", "2022", "2023"]),
        (["2020-2022"], ["2023"]),
        (["2020-Q1", "2020-Q2", "2020-Q3", "2020-Q4"], ["2021", "2022", "2023"]),
        (["2020-Q1", "2020-Q2", "2020-Q3"], ["2020", "2021", "2022", "2023"]),
    ],
)
def test_files_of_other_lengths_count_for_the_months_they_cover(delivered, late):
    assert missing("2024-06-01", delivered, every="year", first="2020") == late


def test_without_a_first_period_the_calendar_begins_with_what_was_delivered():
    assert missing("2024-06-01", every="year") == []
    assert missing("2024-06-01", ["2021"], every="year") == ["2022", "2023"]
    assert missing("2024-06-01", ["2023-05"], every="quarter", grace_days=30) == ["2023-Q2", *QUARTERS]


QUARTERS = ["2023-Q3", "2023-Q4", "2024-Q1"]


@given(
    st.sampled_from(["month", "quarter", "year"]),
    st.dates(date(2000, 1, 1), date(2040, 1, 1)),
    st.integers(0, 400),
    st.integers(0, 400),
    st.integers(0, 99),
)
def test_what_is_late_ended_long_ago_and_is_not_late_once_it_is_there(every, today, due, grace, pick):
    first = {"month": "2019-01", "quarter": "2019-Q1", "year": "2019"}[every]
    schedule = Schedule(every=every, due_days=due, grace_days=grace, first=first)
    late = [period for period, _ in find_missing(schedule, (), today)]
    assert all(find_end(period) + timedelta(days=due + grace) < today for period in late)
    months = [month for period in late for month in list_months(period)]
    assert months == [*range(list_months(first).start, list_months(first).start + len(months))]
    there = {late[pick % len(late)]} if late else set()
    assert [p for p, _ in find_missing(schedule, there, today)] == [p for p in late if p not in there]


class OnDay(Workspace):
    """A workspace in March 2024."""

    def today(self) -> date:
        return date(2024, 3, 1)


@pytest.fixture
def text(office):
    return (office.source / "source.yml").read_text("utf-8")


def test_what_is_late_is_told_once_and_names_source_and_period_only(office, rows, text):
    office.describe(text.replace("every: year", "every: year, first: 2021"))
    office.deliver("2022", rows(1, 12, 2022))
    workspace = OnDay(office.workspace.settings)
    late = (Late(office.id, "2021", date(2021, 12, 31)), Late(office.id, "2023", date(2023, 12, 31)))
    assert find_late(workspace) == late
    assert note_late(workspace, "airflow") == late
    assert note_late(workspace, "airflow") == ()
    assert [(e.subject, e.detail) for e in workspace.ledger.entries_of(Action.LATE)] == [
        (office.id, {"period": "2021", "due": "2021-12-31"}),
        (office.id, {"period": "2023", "due": "2023-12-31"}),
    ]
    office.deliver("2023", rows(20, 12, 2023))
    assert find_late(workspace) == late[:1]


def test_a_file_that_is_refused_is_still_awaited(office, rows, text):
    office.deliver("2022", rows(1, 12, 2022))
    office.describe(text + "bounds: {min: {rows: 5}}\n")
    with pytest.raises(SubmissionRefused):
        office.deliver("2023", rows(20, 1, 2023))
    assert [late.period for late in find_late(OnDay(office.workspace.settings))] == ["2023"]
