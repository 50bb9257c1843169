"""Corrections are made once, where they fit, and fail where they do not fit any more."""

import hmac

import pandas as pd
import pytest
from small_source import parse_small_source

from schemas.correction import parse_corrections
from schemas.description import parse_source
from schemas.problem import InvalidDescription
from transforms.correction import NotCorrectable, correct_tables, seal_cell
from transforms.mapped import RawTable

KEY, OTHER = b"k" * 32, b"o" * 32
SOURCE = parse_small_source("missing: {nepoznato: unknown}\n", "age: {field: age_at_registration}")


def make_table(**columns):
    rows = {
        "number": ["A-1", "A-2", "A-3", "A-4"],
        "sex": ["ženski", "zenski", "ZENSKI ", "muški"],
        "age": ["17", "30", "30", "71"],
        "form": ["radna", "radna + seksualna", "sexualna+radna", ""],
        "year": ["2019"] * 4,
    } | columns
    frame = pd.DataFrame(rows, index=pd.Index([2, 3, 4, 5], name="row"), dtype="str")
    return {"cases": RawTable("cases", frame)}


def word(column, expect, becomes, period="2019", name="c1"):
    text = (
        f"corrections:\n  - {{id: {name}, period: {period}, column: {column}, by: ana, date: 2026-11-24, "
        f"reason: typing, word: {{expect: {expect}, becomes: {becomes}}}}}\n"
    )
    return parse_corrections(SOURCE, text)


def cell(row, column, becomes, tables=None, key=KEY, period="2019"):
    sealed = seal_cell((tables or make_table())["cases"], SOURCE, column, row, becomes, key)
    text = (
        f"corrections:\n  - {{id: c7, period: {period}, column: {column}, by: ana, date: 2026-11-24, "
        f"reason: telephone, cell: {{expect: '{sealed.expect}', becomes: '{sealed.becomes}'}}}}\n"
    )
    return parse_corrections(SOURCE, text)


def correct(tables, corrections, period="2019", key=KEY):
    [table] = correct_tables(tables, SOURCE, corrections, period=period, key=key).values()
    return table


def told(table):
    return [(f.code.name, f.column, f.rule, f.count, f.rows) for f in table.findings]


def test_a_misspelt_word_is_corrected_in_every_row_and_told():
    table = correct(make_table(), word("sex", "zenski", "ženski"))
    assert table.frame["sex"].tolist() == ["ženski", "ženski", "ženski", "muški"]
    assert told(table) == [("CORRECTION_APPLIED", "sex", "c1", 2, (3, 4))]


def test_a_word_among_several_is_corrected_and_the_others_stay():
    table = correct(make_table(), word("form", "sexualna", "seksualna"))
    assert table.frame["form"].tolist() == ["radna", "radna + seksualna", "seksualna+radna", ""]
    assert told(table) == [("CORRECTION_APPLIED", "form", "c1", 1, (4,))]


def test_a_word_that_the_source_has_repaired_fails_the_correction():
    tables = make_table(sex=["ženski"] * 4)
    table = correct(tables, word("sex", "zenski", "ženski"))
    assert told(table) == [("CORRECTION_STALE", "sex", "c1", 1, ())]
    pd.testing.assert_frame_equal(table.frame, tables["cases"].frame)


@pytest.mark.parametrize(("column", "becomes"), [("age", "17"), ("age", "nepoznato"), ("sex", "ženski")])
def test_one_cell_of_one_case_is_corrected(column, becomes):
    table = correct(make_table(), cell(5, column, becomes))
    assert table.frame.at[5, column] == becomes
    assert told(table) == [("CORRECTION_APPLIED", column, "c7", 1, (5,))]
    changed = table.frame.compare(make_table()["cases"].frame)
    assert list(changed.index) == [5]


def test_the_case_is_found_again_in_another_row():
    moved = {"cases": RawTable("cases", make_table()["cases"].frame.iloc[::-1].set_axis([2, 3, 4, 5]))}
    assert told(correct(moved, cell(5, "age", "17"))) == [("CORRECTION_APPLIED", "age", "c7", 1, (2,))]


@pytest.mark.parametrize(
    "changes",
    [
        {"age": ["17", "30", "30", "17"]},
        {"age": ["17", "30", "30", "72"]},
        {"number": ["A-1", "A-2", "A-3", "A-9"]},
    ],
)
def test_a_cell_that_has_changed_since_fails_the_correction(changes):
    table = correct(make_table(**changes), cell(5, "age", "17"))
    assert told(table) == [("CORRECTION_STALE", "age", "c7", 1, ())]
    assert table.frame["age"].tolist() == make_table(**changes)["cases"].frame["age"].tolist()


def test_another_secret_opens_no_seal():
    assert told(correct(make_table(), cell(5, "age", "17"), key=OTHER))[0][0] == "CORRECTION_STALE"


def test_a_correction_of_another_period_is_no_matter_of_this_file():
    for corrections in (word("sex", "zenski", "ženski", period="2018"), cell(5, "age", "17", period="2018")):
        assert told(correct(make_table(), corrections)) == []


def test_corrections_do_not_build_on_each_other():
    both = (*word("sex", "zenski", "ženski"), *word("sex", "muski", "muški", name="c2"))
    codes = [code for code, *_ in told(correct(make_table(), both))]
    assert codes == ["CORRECTION_APPLIED", "CORRECTION_STALE"]


def test_a_column_that_is_gone_fails_the_correction():
    tables = {"cases": RawTable("cases", make_table()["cases"].frame.drop(columns="sex"))}
    assert told(correct(tables, word("sex", "zenski", "ženski")))[0][0] == "CORRECTION_STALE"


def test_the_tables_that_came_in_are_not_changed():
    tables = make_table()
    correct(tables, word("sex", "zenski", "ženski"))
    pd.testing.assert_frame_equal(tables["cases"].frame, make_table()["cases"].frame)


def test_seals_hold_no_value_and_no_pseudonym_of_the_pool():
    """Two cells of one case have nothing in common, nor with the key that stands in the pool."""
    [age] = cell(5, "age", "17")
    [sex] = cell(5, "sex", "ženski")
    seals = [age.cell.expect, age.cell.becomes, sex.cell.expect, sex.cell.becomes]
    assert len({seal[:8] for seal in seals}) == 4
    pseudonym = hmac.digest(KEY, b"A-4", "sha256").hex()
    assert not any(seal in pseudonym or pseudonym[:8] in seal for seal in seals)


@pytest.mark.parametrize(
    ("row", "column", "becomes"),
    [
        (9, "age", "17"),
        (5, "age", "seventeen"),
        (5, "sex", "female"),
        (5, "number", "17"),
        (5, "remark", "17"),
    ],
)
def test_what_is_not_sealed(row, column, becomes):
    with pytest.raises(NotCorrectable) as refusal:
        cell(row, column, becomes)
    assert becomes not in str(refusal.value)


def test_a_case_without_key_is_not_sealed():
    with pytest.raises(NotCorrectable, match="no key"):
        cell(5, "age", "17", make_table(number=["A-1", "A-2", "A-3", ""]))


@pytest.mark.parametrize(
    ("column", "expect", "becomes", "said"),
    [
        ("sex", "Zdravka Kanarinčeva", "ženski", "not like the word"),
        ("sex", "zenski", "female", "no word of the column's lookup"),
        ("sex", "Muški", "ženski", "is in the column's lookup"),
        ("age", "71", "17", "has no lookup"),
        ("number", "A-4", "A-5", "not the key"),
        ("remark", "a", "b", "only a column that is mapped"),
    ],
)
def test_a_word_that_could_be_a_persons_is_not_written_down(column, expect, becomes, said):
    with pytest.raises(InvalidDescription, match=said) as refusal:
        word(column, expect, becomes)
    assert "Kanarin" not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no keys at all"),
        ("corrections: [{id: c1}]", "is missing"),
        ("correctons: []", "did you mean corrections"),
    ],
)
def test_a_file_of_another_form_is_told_with_its_remedy(text, said):
    with pytest.raises(InvalidDescription, match=said):
        parse_corrections(SOURCE, text)


def test_an_id_stands_once_and_a_correction_has_one_target():
    [one] = word("sex", "zenski", "ženski")
    entry = one.model_dump(exclude_none=True)
    twice = {"corrections": [entry, entry]}
    with pytest.raises(InvalidDescription, match="more than once"):
        parse_corrections(SOURCE, str(twice).replace("'", '"'))
    nothing = {"corrections": [{name: value for name, value in entry.items() if name != "word"}]}
    with pytest.raises(InvalidDescription, match="exactly one of word and cell"):
        parse_corrections(SOURCE, str(nothing).replace("'", '"'))


def test_a_column_of_one_of_several_persons_is_named_as_it_stands():
    text = """\
title: Office
publisher: {name: Office, country: SRB}
terms: {licence: none, agreement: none}
schedule: {every: year}
reader: {format: delimited}
persons: {groups: 2, columns: {sex: "sex_{n}"}}
columns: {number: {key: true}, sex: {field: gender, lookup: sex}, year: {field: year_of_registration}}
constants:
  data_source_type: Hotline
  consent_publication: true
  trafficking_status: ActualVictimOfTrafficking
lookups: {sex: {ženski: Woman, muški: Man}}
"""
    source = parse_source("xyz_office_cases", text)
    rows = {"number": ["A", "B"], "sex_1": ["zenski"] * 2, "sex_2": ["muški", "zenski"], "year": ["2019"] * 2}
    frame = pd.DataFrame(rows, index=pd.Index([2, 3], name="row"), dtype="str")
    written = (
        "corrections:\n  - {id: c1, period: 2019, column: sex_2, by: ana, date: 2026-11-24, reason: typing, "
    )
    word_of_two = parse_corrections(source, written + "word: {expect: zenski, becomes: ženski}}\n")
    table = {"cases": RawTable("cases", frame)}
    corrected = correct_tables(table, source, word_of_two, period="2019", key=KEY)["cases"]
    assert list(corrected.frame["sex_1"]) == ["zenski", "zenski"]
    assert list(corrected.frame["sex_2"]) == ["muški", "ženski"]
    sealed = seal_cell(table["cases"], source, "sex_2", 2, "ženski", KEY)
    cell_of_two = f"cell: {{expect: '{sealed.expect}', becomes: '{sealed.becomes}'}}}}\n"
    corrections = parse_corrections(source, written + cell_of_two)
    corrected = correct_tables(table, source, corrections, period="2019", key=KEY)["cases"]
    assert list(corrected.frame["sex_2"]) == ["ženski", "zenski"]
