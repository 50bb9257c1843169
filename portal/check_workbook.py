"""The workbook of a check: a to-do sheet first, then the rows concerned with their faulty cells marked.

Made anew, never from the file that was handed in, and of text cells only. It repeats the cells of columns
that the source description gives a meaning, and no key, no ignored or refused column and no free text.
"""

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.check import Checked, list_shown_columns
from pipeline.check_report import CheckReport
from pipeline.told import Entry, Group, NamedColumn, Spot
from schemas.finding import Level
from schemas.text import Language, text

AUTHOR = "Palermo"
MARKED = PatternFill("solid", fgColor="F9D8D6")
HEADED = PatternFill("solid", fgColor="E9EEF2")
WRAPPED = Alignment(wrap_text=True, vertical="top")
BOLD = Font(bold=True)
MOST_ROWS = 1_000
MOST_COMMENT = 1_500
LONGEST_TITLE = 31
WIDTHS = (6, 14, 22, 16, 58, 52, 34, 22)

Marks = Mapping[tuple[int, str | None], Sequence[str]]
"""By row and column what is wrong there; without a column, what is wrong with the whole row."""


def render_check_workbook(report: CheckReport, checked: Checked) -> bytes:
    """The workbook as the bytes of an XLSX file."""
    book = Workbook()
    todo = book.active
    todo.title = text("workbook.todo", report.language)
    _write_todo(todo, report)
    if report.account is not None:
        for table in checked.tables:
            marks = _mark(report, table)
            if marks:
                title = text("workbook.rows", report.language)
                title = f"{title} {table}" if len(checked.tables) > 1 else title
                sheet = book.create_sheet(title[:LONGEST_TITLE])
                _write_rows(sheet, checked, table, marks, report.language)
    for sheet in book.worksheets:
        sheet.sheet_view.rightToLeft = report.language.direction == "rtl"
        sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _write_todo(sheet: Worksheet, report: CheckReport) -> None:
    """One line a cell, in the order of the report; a cut list says of how many it shows the first."""
    language = report.language
    _put(sheet, 1, 1, f"{report.outcome_title}. {report.outcome_text}").font = BOLD
    _put(sheet, 2, 1, text("workbook.note", language))
    names = ("workbook.number", "finding.cell", "workbook.column", "workbook.sheet", "workbook.what")
    names += ("finding.advice", "workbook.effect", "workbook.rule")
    _write_head(sheet, 4, [text(name, language) for name in names])
    for number, cells in enumerate(_list_todo(report), 1):
        for place, cell in enumerate((str(number), *cells), 1):
            _put(sheet, 4 + number, place, cell).alignment = WRAPPED
    for place, width in enumerate(WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A5"


def _list_todo(report: CheckReport) -> Iterator[tuple[str, ...]]:
    for group in report.faults:
        for entry in group.entries:
            spots: Sequence[Spot | None] = entry.spots[:MOST_ROWS] or (None,)
            for spot in spots:
                yield _describe(group, entry, spot, report.language)
            if entry.spots and len(spots) < entry.count:
                cut = text("finding.cut", report.language, shown=len(spots), total=entry.count)
                yield (cut, entry.where, "", group.title, "", "", group.id)


def _describe(group: Group, entry: Entry, spot: Spot | None, language: Language) -> tuple[str, ...]:
    columns = ", ".join(column.words for column in entry.columns)
    advice = [group.advice, entry.asked, entry.figures]
    if spot and spot.nearest:
        advice.append(text("finding.nearest", language, word=spot.nearest))
    return (
        spot.words if spot else "",
        columns or entry.where,
        entry.sheet or entry.table or "",
        group.title,
        " ".join(part for part in advice if part),
        f"{group.level_name}. {group.effect}",
        group.id,
    )


def _mark(report: CheckReport, table: str) -> Marks:
    marks: dict[tuple[int, str | None], list[str]] = {}
    for group in report.faults:
        for entry in group.entries:
            if entry.table != table or group.level is Level.FAIL:
                continue
            here: tuple[NamedColumn | None, ...] = tuple(c for c in entry.columns if c.letter) or (None,)
            for spot in entry.spots[:MOST_ROWS]:
                near = spot.nearest and text("finding.nearest", report.language, word=spot.nearest)
                said = " ".join(part for part in (group.title + ".", entry.asked, near) if part)
                for column in here:
                    marks.setdefault((spot.row, column and column.name), []).append(said)
    return marks


def _write_rows(sheet: Worksheet, checked: Checked, table: str, marks: Marks, language: Language) -> None:
    """The rows with a mark, each with its number in the file; columns keep the letters of the file."""
    frame = checked.tables[table].frame
    shown = list_shown_columns(checked, table)
    letters = [get_column_letter(frame.columns.get_loc(name) + 1) for name in shown]
    _write_head(sheet, 1, [text("workbook.row", language), *letters])
    _write_head(sheet, 2, ["", *(checked.source.labels.get(name, name) for name in shown)])
    rows = sorted({row for row, _ in marks if row in frame.index})[:MOST_ROWS]
    for line, row in enumerate(rows, 3):
        _comment(_put(sheet, line, 1, str(row)), _list_beside(marks, row, shown))
        for place, name in enumerate(shown, 2):
            _comment(_put(sheet, line, place, str(frame.at[row, name])), marks.get((row, name), ()))
    for place in range(1, len(shown) + 2):
        sheet.column_dimensions[get_column_letter(place)].width = 8 if place == 1 else 22
    sheet.freeze_panes = "B3"


def _list_beside(marks: Marks, row: int, shown: Sequence[str]) -> list[str]:
    """What is wrong with the whole row, or with a column of it that is not repeated."""
    return [said for (at, name), words in marks.items() if at == row and name not in shown for said in words]


def _comment(cell: Cell, words: Sequence[str]) -> None:
    if words:
        cell.fill = MARKED
        cell.comment = Comment("\n".join(words)[:MOST_COMMENT], AUTHOR, height=160, width=360)


def _write_head(sheet: Worksheet, line: int, names: Sequence[str]) -> None:
    for place, name in enumerate(names, 1):
        cell = _put(sheet, line, place, name)
        cell.font, cell.fill, cell.alignment = BOLD, HEADED, WRAPPED


def _put(sheet: Worksheet, line: int, place: int, words: str) -> Cell:
    """Text, whatever it looks like: a program that opens the workbook computes nothing."""
    cell = sheet.cell(line, place)
    cell.value, cell.data_type = ILLEGAL_CHARACTERS_RE.sub("", words), "s"
    cell.quotePrefix = True
    return cell
