"""Rules H, case by case, worked out by hand."""

from collections.abc import Callable

import pytest

Ask = Callable[..., list[bool]]


@pytest.mark.parametrize("token", ["-99", "NULL", "0", "00"])
@pytest.mark.parametrize("field", ["gender", "citizenship", "trafficking_status", "transit_countries"])
def test_h3_no_token_is_left_in_a_coded_field(holds: Ask, field: str, token: str) -> None:
    assert holds("H3", {field: token}, {field: None}) == [False, True]


def test_h3_na_is_namibia_and_not_a_token(holds: Ask) -> None:
    assert holds("H3", {"citizenship": "NAM"}, {"citizenship": "NA"}) == [True, True]


def test_h3_a_flag_is_one_zero_or_null(holds: Ask) -> None:
    rows = [{"is_abduction": flag} for flag in (0, 1, None, 2, -99, -1)]
    assert holds("H3", *rows) == [True, True, True, False, False, False]


def test_h4_not_collected_is_never_a_value(holds: Ask) -> None:
    field, reason = "is_other_exploit", "is_other_exploit__missing"
    assert holds(
        "H4",
        {field: None, reason: "not_collected"},
        {field: 0, reason: "not_collected"},
        {field: 1, reason: "not_collected"},
        {field: 0, reason: None},
        {field: None, reason: "unknown"},
        {field: None, reason: None},
    ) == [True, False, False, True, True, True]


def test_h6_a_key_stands_once_in_a_source(holds: Ask) -> None:
    def key(source: str, key: str | None) -> dict[str, str | None]:
        return {"source_id": source, "source_record_key": key}

    rows = [key("a", "1"), key("a", "2"), key("a", "1"), key("b", "1"), key("a", None), key("a", None)]
    assert holds("H6", *rows) == [False, True, False, True, True, True]
