"""A form is text only, takes only what its lists have, and runs in the direction of its language."""

import io
import zipfile

import openpyxl
import pytest

from portal.template_workbook import INSTRUCTIONS, LISTS, render_template
from schemas.template import CASES, COVER, FIRST_ROW, NAME_ROW, Variant
from schemas.text import Language

# The eight questions; the form of exploitation may be answered three times.
SHORT = [
    "case_number",
    "consent_publication",
    "year_of_registration",
    "trafficking_status",
    "gender",
    "age_broad",
    "citizenship",
    "country_of_exploitation",
    "form_of_exploitation",
    "form_of_exploitation_2",
    "form_of_exploitation_3",
]
COVERED = ["reporting_country", "data_source_type", "reporting_entity_type", "period"]


@pytest.fixture(scope="module", params=[(v, one) for v in Variant for one in Language], ids="-".join)
def form(request):
    variant, language = request.param
    return language, render_template(variant, language, 2026)


def load(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def names(sheet):
    return [cell.value for cell in sheet[NAME_ROW]]


def entries(workbook, validation):
    cells = workbook[LISTS][validation.formula1.removeprefix(f"{LISTS}!").replace("$", "")]
    return [cell.value for (cell,) in cells] if isinstance(cells, tuple) else [cells.value]


def test_the_short_form_asks_eight_questions():
    workbook = load(render_template(Variant.MINIMUM, Language.ENGLISH, 2026))
    assert names(workbook[CASES]) == SHORT
    assert names(workbook[COVER]) == COVERED


def test_what_a_person_sees_and_what_is_hidden(form):
    workbook = load(form[1])
    assert workbook.sheetnames == [INSTRUCTIONS, COVER, CASES, LISTS]
    assert [sheet.sheet_state for sheet in workbook] == ["visible"] * 4
    assert workbook.active.title == INSTRUCTIONS
    assert all(workbook[title].row_dimensions[NAME_ROW].hidden for title in (COVER, CASES))


def test_every_sheet_runs_as_its_language_does(form):
    language, content = form
    assert {bool(sheet.sheet_view.rightToLeft) for sheet in load(content)} == {language is Language.ARABIC}


def test_every_cell_is_text_and_every_column_takes_text(form):
    workbook = load(form[1])
    cells = [
        cell for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value is not None
    ]
    assert {type(cell.value) for cell in cells} == {str}
    assert {cell.data_type for cell in cells} == {"s"}
    for title in (COVER, CASES):
        columns = workbook[title].column_dimensions
        letters = [cell.column_letter for cell in workbook[title][NAME_ROW]]
        assert {columns[letter].number_format for letter in letters} == {"@"}
        assert not any(columns[letter].protection.locked for letter in letters)


def test_only_the_case_number_is_typed(form):
    workbook = load(form[1])
    for title in (COVER, CASES):
        sheet = workbook[title]
        kinds = {}
        for validation in sheet.data_validations.dataValidation:
            [cells] = validation.sqref.ranges
            assert cells.min_row == FIRST_ROW
            kinds[names(sheet)[cells.min_col - 1]] = validation.type
        assert list(kinds) == names(sheet)
        assert {name for name, kind in kinds.items() if kind != "list"} == {"case_number"} & {*kinds}


def test_the_entries_of_a_list_are_distinct_and_filled(form):
    workbook = load(form[1])
    for validation in workbook[CASES].data_validations.dataValidation:
        if validation.type == "list":
            found = entries(workbook, validation)
            assert all(found)
            assert len({entry.casefold() for entry in found}) == len(found)


def test_there_is_no_macro_comment_link_or_formula(form):
    with zipfile.ZipFile(io.BytesIO(form[1])) as archive:
        parts = archive.namelist()
        sheets = b"".join(archive.read(part) for part in parts if "/worksheets/" in part)
    assert not [part for part in parts if "vba" in part or "comment" in part or "externalLink" in part]
    assert b"<f>" not in sheets
    assert b"<hyperlink" not in sheets


def test_the_case_number_is_not_locked_but_the_names_are(form):
    sheet = load(form[1])[CASES]
    assert sheet.protection.sheet
    assert sheet.cell(NAME_ROW, 1).protection.locked
