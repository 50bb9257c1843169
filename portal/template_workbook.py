"""The forms for agencies without a system: workbooks that are filled in by choosing from lists.

Sheets: instructions, cover, cases, and hidden lists. Every cell is text, so that nothing a spreadsheet
takes for a date changes; there are no macros, formulas or comments.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from schemas.template import (
    CASES,
    COVER,
    FIRST_ROW,
    LABEL_ROW,
    LONGEST_KEY,
    NAME_ROW,
    Question,
    Variant,
    label_question,
    list_answers,
    list_cover_questions,
    list_questions,
)
from schemas.text import Language, text

INSTRUCTIONS, LISTS = "instructions", "lists"
PARAGRAPHS = 9
LAST_ROW = 5000
TEXT = "@"

INK, PAPER, ACCENT = "1F2A37", "E8EDF3", "24507A"
HEADING = Font(name="Arial", size=10, bold=True, color="FFFFFF")
BODY = Font(name="Arial", size=10, color=INK)
TITLE = Font(name="Arial", size=16, bold=True, color=ACCENT)
FILL, STRIPE = PatternFill("solid", fgColor=ACCENT), PatternFill("solid", fgColor=PAPER)
LINE = Border(*[Side(style="thin", color="B8C4D0")] * 4)
NARROWEST, WIDEST = 13, 22
RIGHT_TO_LEFT = 2


@dataclass(frozen=True)
class _Form:
    """What one form is written for."""

    workbook: Workbook
    language: Language
    latest_year: int

    def add_sheet(self, title: str) -> Worksheet:
        """A new sheet, right to left where the language is."""
        sheet: Worksheet = self.workbook.create_sheet(title)
        sheet.sheet_view.rightToLeft = self.language.direction == "rtl"
        return sheet


def render_template(variant: Variant, language: Language, latest_year: int) -> bytes:
    """A blank form as an XLSX file; `latest_year` is the last year that its lists offer."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    workbook.properties.creator = "Palermo"
    workbook.properties.title = text(f"template.{variant.value}", language)
    form = _Form(workbook, language, latest_year)
    _write_instructions(form, variant)
    lists = _Lists(form)
    _write_table(form, lists, COVER, list_cover_questions(), FIRST_ROW)
    _write_table(form, lists, CASES, list_questions(variant), LAST_ROW)
    lists.close()
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


class _Lists:
    """The hidden sheet of the lists, one column each; a list that stands there already is used again."""

    def __init__(self, form: _Form) -> None:
        """Begin with no list."""
        self._form = form
        self._ranges: dict[tuple[str, ...], str] = {}

    def place(self, question: Question) -> tuple[str, int] | None:
        """The cells of the answers to a question, and the length of the longest; nothing if it is typed."""
        answers = tuple(list_answers(question.subject, self._form.language, self._form.latest_year))
        if not answers:
            return None
        letter = get_column_letter(len(self._ranges) + 1)
        place = self._ranges.setdefault(answers, f"{LISTS}!${letter}$1:${letter}${len(answers)}")
        return place, max(map(len, answers))

    def close(self) -> None:
        """Write the lists behind the other sheets."""
        sheet = self._form.add_sheet(LISTS)  # for all to see: a hidden sheet is told when the form comes back
        sheet.protection.sheet = True
        for position, answers in enumerate(self._ranges, 1):
            for row, answer in enumerate(answers, 1):
                sheet.cell(row, position, answer).number_format = TEXT


def _write_instructions(form: _Form, variant: Variant) -> None:
    sheet, language = form.add_sheet(INSTRUCTIONS), form.language
    words = {"cover": COVER, "cases": CASES, "unknown": text("word.unknown", language)}
    words["refused"] = text("template.refused", language)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 4, 92
    _write(sheet, 1, 1, text(f"template.{variant.value}", language), TITLE)
    sheet.row_dimensions[1].height = 28
    for number in range(1, PARAGRAPHS + 1):
        words_of = text(f"template.instruction.{number}", language, **words)
        _write(sheet, number + 2, 1, str(number), BODY)
        _write(sheet, number + 2, 2, words_of, BODY, wrap=True)
        sheet.row_dimensions[number + 2].height = 15 * (1 + len(words_of) // 88) + 4
    sheet.sheet_view.showGridLines = False
    sheet.protection.sheet = True
    _set_up_print(sheet, landscape=False, fits=True)


def _write_table(
    form: _Form, lists: _Lists, title: str, questions: Sequence[Question], last_row: int
) -> None:
    """A hidden row of names, a row of labels, and columns of text below that take what their list has."""
    sheet = form.add_sheet(title)
    for position, question in enumerate(questions, 1):
        label = label_question(question, form.language)
        _write(sheet, NAME_ROW, position, question.name, BODY)
        heading = _write(sheet, LABEL_ROW, position, label, HEADING, wrap=True)
        heading.fill, heading.border = FILL, LINE
        found = lists.place(question)
        _format_column(sheet, position, max(len(label) // 2, found[1] if found else 0), last_row)
        validation = _require_key(form.language) if found is None else _require_list(found[0], form.language)
        letter = get_column_letter(position)
        validation.add(f"{letter}{FIRST_ROW}:{letter}{last_row}")
        sheet.add_data_validation(validation)
    sheet.row_dimensions[NAME_ROW].hidden = True
    sheet.row_dimensions[LABEL_ROW].height = 48
    sheet.freeze_panes = sheet.cell(FIRST_ROW, 1 if title == COVER else 2)
    _protect(sheet)
    _set_up_print(sheet, landscape=True, fits=len(questions) < 15)


def _format_column(sheet: Worksheet, position: int, longest: int, last_row: int) -> None:
    """The whole column is text and open to be filled in; on a cover of one line that line is marked."""
    column = sheet.column_dimensions[get_column_letter(position)]
    column.width = min(max(longest + 3, NARROWEST), WIDEST)
    column.number_format, column.protection = TEXT, Protection(locked=False)
    column.font = BODY
    if last_row == FIRST_ROW:
        cell = _write(sheet, FIRST_ROW, position, None, BODY)
        cell.fill, cell.border, cell.protection = STRIPE, LINE, Protection(locked=False)


def _require_list(cells: str, language: Language) -> DataValidation:
    return DataValidation(
        type="list",
        formula1=cells,
        allow_blank=True,
        showErrorMessage=True,
        errorTitle=text("template.choose", language),
        error=text("template.choose.why", language),
    )


def _require_key(language: Language) -> DataValidation:
    why = text("template.type.why", language, most=LONGEST_KEY)
    title = text("template.type", language)
    return DataValidation(
        type="textLength",
        operator="lessThanOrEqual",
        formula1=str(LONGEST_KEY),
        allow_blank=True,
        showErrorMessage=True,
        showInputMessage=True,
        errorTitle=title,
        error=why,
        promptTitle=title,
        prompt=why,
    )


def _protect(sheet: Worksheet) -> None:
    """Against slips, without a password: names and labels stay as they are, the look may be changed."""
    sheet.protection.sheet = True
    sheet.protection.formatCells = False
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False
    sheet.protection.sort = False


def _set_up_print(sheet: Worksheet, *, landscape: bool, fits: bool) -> None:
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    if fits:
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_setup.fitToHeight = 0
    if landscape:
        sheet.print_title_rows = f"{LABEL_ROW}:{LABEL_ROW}"
        sheet.print_title_cols = "A:A"
    sheet.print_options.gridLines = landscape
    sheet.oddFooter.center.text = "&A  &P / &N"


def _write(
    sheet: Worksheet, row: int, position: int, value: str | None, font: Font, *, wrap: bool = False
) -> Cell:
    """One cell as text, read in the direction of its sheet."""
    cell = sheet.cell(row, position)
    cell.value, cell.font, cell.number_format = value, font, TEXT
    order = RIGHT_TO_LEFT if sheet.sheet_view.rightToLeft else 0
    cell.alignment = Alignment(wrap_text=wrap, vertical="top", readingOrder=order)
    return cell
