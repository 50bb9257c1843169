"""A corrected file against the one before it, counted by hand."""

from schemas.submission import Revision
from transforms.revision import compare_cases, have_same_content


def test_new_changed_gone_and_as_they_were(make_cases) -> None:
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
    assert compare_cases(now, before) == Revision(added=2, changed=3, removed=1, same=1)
    assert compare_cases(before, now) == Revision(added=1, changed=3, removed=2, same=1)


def test_the_same_cases_in_another_order(make_cases) -> None:
    cases = make_cases([{"gender": "Woman"}, {"age_at_registration": 17}, {}])
    turned = cases.iloc[::-1].set_axis([2, 3, 4])
    assert compare_cases(turned, cases) == Revision(0, 0, 0, 3)


def test_nothing_on_one_side(make_cases) -> None:
    cases = make_cases([{}, {}])
    assert compare_cases(cases, cases.iloc[:0]) == Revision(2, 0, 0, 0)
    assert compare_cases(cases.iloc[:0], cases) == Revision(0, 0, 2, 0)


def test_the_same_cases_in_another_order_have_the_same_content(make_cases) -> None:
    cases = [{"gender": "Woman"}, {"gender": None, "age_at_registration": 17}, {"gender": "Woman"}]
    before = make_cases(cases)
    assert have_same_content(make_cases(cases[::-1]).assign(source_version="1" * 64), before)
    assert not have_same_content(make_cases([cases[0], cases[1], cases[1]]), before)
    assert not have_same_content(make_cases(cases[:2]), before)
    assert not have_same_content(make_cases([*cases[:2], {"gender": "Man"}]), before)
