"""A file exported again against the one before it."""

from transforms.revision import have_same_content


def test_the_same_cases_in_another_order_have_the_same_content(make_cases) -> None:
    cases = [{"gender": "Woman"}, {"gender": None, "age_at_registration": 17}, {"gender": "Woman"}]
    before = make_cases(cases)
    assert have_same_content(make_cases(cases[::-1]).assign(source_version="1" * 64), before)
    assert not have_same_content(make_cases([cases[0], cases[1], cases[1]]), before)
    assert not have_same_content(make_cases(cases[:2]), before)
    assert not have_same_content(make_cases([*cases[:2], {"gender": "Man"}]), before)
