"""A corrected file against the one before it, counted by hand."""

import pandas as pd
import pytest

from schemas.submission import Revision
from storage import match
from storage.match import find_repeated_rows


@pytest.fixture
def compare(store):
    def paths(cases):
        reasons = pd.DataFrame(index=cases.index)
        return store.cases_file(store.put_cases(cases, reasons))

    return lambda now, before: match.compare_cases(paths(now), paths(before))


@pytest.fixture
def agree(store):
    def paths(cases):
        return store.cases_file(store.put_cases(cases, pd.DataFrame(index=cases.index)))

    return lambda one, other: match.have_same_cases(paths(one), paths(other))


def test_the_same_cases_in_another_order_have_the_same_content(make_cases, agree) -> None:
    cases = [{"gender": "Woman"}, {"gender": None, "age_at_registration": 17}, {"gender": "Woman"}]
    before = make_cases(cases)
    assert agree(make_cases(cases[::-1]).assign(source_version="1" * 64), before)
    assert not agree(make_cases([cases[0], cases[1], cases[1]]), before)
    assert not agree(make_cases(cases[:2]), before)
    assert not agree(before, make_cases(cases[:2]))
    assert not agree(make_cases([*cases[:2], {"gender": "Man"}]), before)


def test_new_changed_gone_and_as_they_were(make_cases, compare) -> None:
    before = make_cases(
        [
            {"source_record_key": "a", "gender": "Woman"},
            {"source_record_key": "b", "gender": "Woman"},
            {"source_record_key": "c", "gender": None},
            {"source_record_key": "d", "gender": "Man"},
            {"source_record_key": "e", "gender": None},
        ]
    )
    now = make_cases(
        [
            {"source_record_key": "e", "gender": None, "source_version": "1" * 64},
            {"source_record_key": "b", "gender": "Man"},
            {"source_record_key": "c", "gender": "Woman"},
            {"source_record_key": "d", "gender": None},
            {"source_record_key": "x", "gender": "Woman"},
            {"source_record_key": "y", "gender": "Woman"},
        ]
    )
    assert compare(now, before) == Revision(added=2, changed=3, removed=1, same=1)
    assert compare(before, now) == Revision(added=1, changed=3, removed=2, same=1)


def test_the_same_cases_in_another_order(make_cases, compare) -> None:
    cases = make_cases([{"gender": "Woman"}, {"age_at_registration": 17}, {}])
    turned = cases.iloc[::-1].set_axis([2, 3, 4])
    assert compare(turned, cases) == Revision(0, 0, 0, 3)


def test_nothing_on_one_side(make_cases, compare) -> None:
    cases = make_cases([{}, {}])
    assert compare(cases, cases.iloc[:0]) == Revision(2, 0, 0, 0)
    assert compare(cases.iloc[:0], cases) == Revision(0, 0, 2, 0)


def test_keys_that_several_cases_share(make_cases, store, monkeypatch) -> None:
    keys = ["a", "b", "a", "c", "b", "d", "a"]
    cases = make_cases([{"source_record_key": key} for key in keys])
    cases.index = pd.Index([2, 3, 5, 7, 11, 13, 10**9 + 4])
    path = store.cases_file(store.put_cases(cases, pd.DataFrame(index=cases.index)))
    for at_once in (1, 3, 100):
        monkeypatch.setattr(match, "KEYS_AT_ONCE", at_once)
        assert find_repeated_rows(path, "source_record_key") == (2, 3, 5, 11, 10**9 + 4)


def test_a_missing_key_is_shared_by_nobody(make_cases, store) -> None:
    cases = make_cases([{"shared_person_key": None}, {"shared_person_key": None}, {"shared_person_key": "k"}])
    path = store.cases_file(store.put_cases(cases, pd.DataFrame(index=cases.index)))
    assert find_repeated_rows(path, "shared_person_key") == ()


def test_a_word_that_moves_to_another_field_is_a_change(make_cases, compare) -> None:
    before = make_cases([{"source_record_key": "a", "citizenship": "SRB", "country_of_exploitation": None}])
    now = make_cases([{"source_record_key": "a", "citizenship": None, "country_of_exploitation": "SRB"}])
    assert compare(now, before) == Revision(0, 1, 0, 0)
