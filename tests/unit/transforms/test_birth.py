"""Births become ages at registration, worked out by hand; no date of birth is left anywhere."""

import pandas as pd

from schemas.finding import FindingCode
from schemas.precision import Carried

TERMS = "terms: {licence: none, agreement: none, birth_dates: article 4}\n"


def found(mapped):
    return [(f.code, f.column, f.field, f.rows) for f in mapped.findings]


def column(mapped, field):
    return [None if pd.isna(value) else value for value in mapped.cases[field]]


def test_the_age_on_the_day_of_the_event(describe, map_files):
    source = describe(
        TERMS
        + """
columns:
  rodj: {birth_date: true, date: "%d.%m.%Y", missing: {"-": refused}}
  dan: {field: year_of_registration, date: "%d.%m.%Y"}
"""
    )
    births = ["15.06.2001", "15.06.2001", "29.02.2004", "31.02.2004", "", "-", "16.06.2019", "01.01.1890"]
    events = ["14.06.2019", "15.06.2019", "28.02.2022", *["15.06.2019"] * 5]
    births, events = [*births, "15.06.2001"], [*events, ""]
    rows = "\n".join(f"{birth};{event}" for birth, event in zip(births, events, strict=True))
    mapped = map_files(
        source.model_copy(update={"tables": describe("reader: {format: delimited, delimiter: ';'}").tables}),
        f"rodj;dan\n{rows}\n",
    )
    assert column(mapped, "age_at_registration") == [17, 18, 17, *[None] * 6]
    reasons = mapped.reasons["age_at_registration"].tolist()
    assert reasons[3:] == ["unknown", "unknown", "refused", "unknown", "unknown", "unknown"]
    garbled = (FindingCode.VALUE_UNREADABLE, "rodj", "age_at_registration", (5, 8, 9))
    assert garbled in found(mapped)
    assert mapped.carried[0] == Carried("rodj", "age_at_registration", exact=3, unanswered=3, unplaced=3)
    everywhere = f"{mapped.cases.to_csv()}{mapped.reasons.to_csv()}{mapped.findings}{mapped.carried}"
    assert not any(birth in everywhere for birth in births if len(birth) > 1)
    assert not any(year in everywhere for year in ("2001", "2004", "1890"))


def test_a_year_of_birth_gives_the_finest_level_that_is_certain(describe, map_files):
    source = describe(
        TERMS
        + """
columns:
  g: {birth_date: true}
  y: {field: year_of_registration}
"""
    )
    births = ["2005", "2001", "1998", "1992", "1980", "2019", "2000.0"]
    mapped = map_files(source, "g,y\n" + "".join(f"{birth},2019\n" for birth in births))
    # 13 or 14; 17 or 18; 20 or 21; 26 or 27; 38 or 39; 0; 18 or 19
    assert column(mapped, "age_at_registration") == [None, None, None, None, None, 0, None]
    assert column(mapped, "age_broad") == ["9--17", None, None, None, None, None, "18--20"]
    assert column(mapped, "age_group") == [None, None, "18--26", None, None, None, None]
    assert column(mapped, "majority_status") == [None, None, None, "Adult", "Adult", None, None]
    assert found(mapped) == [
        (FindingCode.LEVEL_COARSER, "g", "age_at_registration", (2, 4, 5, 6, 8)),
        (FindingCode.RANGE_UNPLACED, "g", "age_at_registration", (3,)),
    ]
    assert mapped.held == frozenset()
    assert mapped.carried[0] == Carried("g", "age_at_registration", exact=1, broader=5, unplaced=1)


def test_an_empty_file_has_no_births(describe, map_files):
    source = describe(TERMS + "columns: {g: {birth_date: true}, y: {field: year_of_registration}}")
    assert len(map_files(source, "g,y\n").cases) == 0
