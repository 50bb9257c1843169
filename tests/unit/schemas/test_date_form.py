"""Forms of dates that could not be read back are refused with what to write instead."""

import pytest

from schemas.date_form import find_fault


@pytest.mark.parametrize(
    ("form", "pivot"),
    [("%d.%m.%Y.", None), ("%d %B %Y", None), ("%d/%m/%y", 2029), ("%Y", None), ("excel_1904", None)],
)
def test_forms_that_can_be_read(form, pivot):
    assert find_fault(form, pivot) is None


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("%d.%m.%y", "century"),
        ("%d.%m", "year"),
        ("%d.%Y", "no month"),
        ("%d.%d.%Y", "twice"),
        ("%m %B %Y", "twice"),
        ("%A %d.%m.%Y", "%A is no part"),
        ("", "give a form"),
        ("excel", "year"),
        ("%d.%m.%Y%", "give a form"),
    ],
)
def test_forms_that_cannot(form, said):
    assert said in find_fault(form, None)
