"""Findings: what Palermo tells about a submission. A catalogue, never free text, never a case value."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum, StrEnum


class Level(StrEnum):
    """What a finding does to the row or the file."""

    FAIL = "fail"
    HOLD = "hold"
    DERIVE = "derive"
    WARN = "warn"
    INFO = "info"


class FindingCode(Enum):
    """Every finding there is: (level, title, advice). The member's name is its stable code."""

    # The file as a whole: nothing of it is used.
    FILE_UNREADABLE = (
        Level.FAIL,
        "The file cannot be read",
        "Check that it is the file you meant and in the format the source description names.",
    )
    FILE_FOR_NO_TABLE = (
        Level.FAIL,
        "A file belongs to no table of the source",
        "Hand in the files that the source description lists, each once.",
    )
    TABLE_MISSING = (
        Level.FAIL,
        "A table of the source is missing from the submission",
        "Hand in all files that the source description lists together.",
    )
    STATEMENT_DIFFERS = (
        Level.FAIL,
        "The file states another period or country than it was handed in for",
        "Hand it in for the period and source that it states, or correct its cover.",
    )
    IDENTIFIER_PRESENT = (
        Level.FAIL,
        "A column that identifies people is not empty",
        "Delete the contents of the named columns and hand the file in again. Nothing of it was kept.",
    )
    IDENTIFIER_PATTERN = (
        Level.FAIL,
        "Cells look like e-mail addresses, telephone numbers, coordinates, personal or account numbers",
        "Remove them and hand the file in again. Nothing of it was kept.",
    )
    COLUMN_UNDESCRIBED = (
        Level.FAIL,
        "A column that nobody described is not empty",
        "Delete the column, or let the data officer add it to the source description: under columns, under "
        "ignored with a reason, or under refused. Nothing of the file was kept.",
    )
    COLUMN_MISSING = (
        Level.FAIL,
        "A column that the source description maps is not in the file",
        "Use the form of the file that was agreed, or let the data officer change the source description.",
    )
    ROW_SHIFTED = (
        Level.HOLD,
        "The row has more or fewer cells than the header",
        "Look for a delimiter inside an unquoted cell.",
    )
    ROW_UNREADABLE = (
        Level.HOLD,
        "The record cannot be laid out as one row",
        "Give each name one plain value, or export each record as one flat object.",
    )
    # The columns.
    COLUMN_RENAMED = (
        Level.FAIL,
        "A column is missing, and one that nobody described could be it",
        "Where its name has changed: name it as before, or let the data officer list the new one in aliases.",
    )
    COLUMN_NEW = (
        Level.WARN,
        "A column was not in the last delivery",
        "Check whether the form has changed, and whether what the column says is described as it is meant.",
    )
    COLUMN_GONE = (
        Level.WARN,
        "A column of the last delivery is missing",
        "Nothing of it was mapped. Check whether the form has changed.",
    )
    COLUMN_UNKNOWN = (
        Level.WARN,
        "An empty column is neither mapped nor ignored",
        "The data officer adds it to the source description, under columns or under ignored with a reason.",
    )
    COLUMN_UNNAMED = (
        Level.WARN,
        "A column has a visible label but no machine name",
        "Nothing is lost; the label is used. Tell who made the template.",
    )
    COLUMN_MISSPELT = (
        Level.WARN,
        "A machine name is misspelt",
        "Nothing is lost; the right name is used. Tell who made the template.",
    )
    LABEL_DISAGREES = (
        Level.WARN,
        "Machine name and visible label of a column disagree",
        "Nothing of the column is used until the data officer has settled which of the two is meant.",
    )
    SHEET_HIDDEN = (
        Level.WARN,
        "The workbook has a hidden sheet",
        "It is read only where the source names it, but the stored file keeps it. Delete it if not needed.",
    )
    CELLS_HIDDEN = (
        Level.WARN,
        "Cells of hidden rows or columns are filled",
        "They are read like all others. Check that they belong to the delivery; delete them if not.",
    )
    COMMENTS_IGNORED = (
        Level.WARN,
        "Cells of the workbook have comments",
        "They are never read, but the stored file keeps them. Delete them: a comment may name a person.",
    )
    MACROS_IGNORED = (
        Level.WARN,
        "The workbook contains macros",
        "They are never run. Save the workbook without macros.",
    )
    CORRECTION_APPLIED = (
        Level.INFO,
        "The data officer corrected cells before they were mapped",
        "Correct them in the register too: once they are, the correction is taken out.",
    )
    CORRECTION_STALE = (
        Level.FAIL,
        "A correction does not fit the file any more",
        "Where the source has repaired the cells, remove the correction from corrections.yml.",
    )
    # The cells.
    WORD_UNKNOWN = (
        Level.HOLD,
        "A word is in no lookup of its column",
        "Correct the cell, or let the data officer add the word to the lookup.",
    )
    WORD_UNPLACED = (
        Level.WARN,
        "A word is in no lookup of its column and counts as not known",
        "Nothing to do; the source says so of this column because people type freely there.",
    )
    VALUE_UNREADABLE = (
        Level.HOLD,
        "A cell is not a number, date or country as its column asks",
        "Correct the cell.",
    )
    KEY_MISSING = (Level.HOLD, "The case key is blank", "Give every case its key.")
    KEY_REPEATED = (
        Level.HOLD,
        "The same case key stands in several rows",
        "Give every case its own key, or hand in each case once.",
    )
    SHARED_KEY_REPEATED = (
        Level.HOLD,
        "The same code of a person stands in several rows",
        "Say which of the rows is the person, or correct the code; a person counts once.",
    )
    SHARED_KEY_MISSING = (
        Level.INFO,
        "A case has no code that other agencies share",
        "Nothing to do. Whether other agencies count the same person cannot be seen.",
    )
    LINK_MISSING = (
        Level.HOLD,
        "The linked table has no row for this case",
        "Hand in both tables of the same export.",
    )
    LINK_REPEATED = (
        Level.HOLD,
        "The linked table has several rows for this case",
        "Give every row of the linked table its own number. Where a case may have several rows there, the"
        " data officer says so in the source description (many: true).",
    )
    LINK_UNUSED = (
        Level.WARN,
        "Rows of a linked table belong to no case",
        "Check the number that ties the tables; nothing of these rows is used.",
    )
    PERPETRATOR_UNPLACED = (
        Level.INFO,
        "A perpetrator belongs to no single case",
        "Nothing to do; where a report has several victims it does not say who was exploited by whom.",
    )
    COUNTRY_AMBIGUOUS = (
        Level.HOLD,
        "A name stands for several countries",
        "Write the code of the country, or let the data officer add the word to a lookup.",
    )
    LEVEL_COARSER = (
        Level.INFO,
        "A value fits no code of its field and is kept at a coarser level",
        "Nothing to do; the mapping report counts such values. Ask for ages in years if they are known.",
    )
    RANGE_UNPLACED = (
        Level.WARN,
        "A range of ages or months lies in no band, not even minor or adult",
        "The row is used without it. Ask the source for other bands or for single years.",
    )
    COUNTRY_HISTORIC = (
        Level.WARN,
        "A country that no longer exists or is contested was placed by policy",
        "Check that the stated policy is the one you want.",
    )
    # The case: one code for all rules; `Finding.rule` says which.
    RULE_FAILED = (
        Level.FAIL,
        "The submission breaks a rule that no case may break",
        "Correct the cells named so that the rule holds.",
    )
    RULE_HELD = (
        Level.HOLD,
        "The case contradicts itself",
        "One of the cells named is wrong: correct it so that the rule holds.",
    )
    RULE_DERIVED = (Level.DERIVE, "A value was derived from others", "Nothing to do.")
    RULE_WARNED = (Level.WARN, "The case is unusual", "Check that it is meant; the row is used.")
    FIELD_INVALID = (
        Level.HOLD,
        "A field holds a value that its definition does not allow",
        "Correct the cell.",
    )
    # The delivery.
    COUNTED_BEFORE = (
        Level.INFO,
        "The person counts already, in another period or by another agency",
        "Nothing to do: a person counts once, in the delivery that came into the pool first.",
    )
    DELIVERY_JOINED = (
        Level.INFO,
        "The rows join the delivery in which they waited",
        "Nothing to do: they count beside its cases. If they are all rows of the period, tell the officer.",
    )
    NOTHING_ACCEPTED = (
        Level.FAIL,
        "Not one row of the delivery can be used",
        "See why the rows wait; where the period had no case at all, hand in nothing for it.",
    )
    HELD_TOO_MANY = (
        Level.FAIL,
        "Too many rows wait for this delivery to take the place of the one in the pool",
        "Correct the rows, or let the data officer raise max.held_share. The pool is as it was.",
    )
    BOUND_BROKEN_LOW = (
        Level.FAIL,
        "The delivery is below what is plausible for this source",
        "Explain the delivery before the bound is changed.",
    )
    BOUND_BROKEN_HIGH = (
        Level.WARN,
        "The delivery is above what is plausible for this source",
        "Explain the delivery before the bound is changed.",
    )
    CODE_NEW = (
        Level.WARN,
        "The field has a value that this source never had before",
        "Check that it is meant: a lookup may have a new word, or the form a new answer.",
    )
    CHANGED_SINCE_LAST = (
        Level.WARN,
        "The delivery differs much from the last one",
        "Check whether the register or only its form has changed.",
    )

    @property
    def level(self) -> Level:
        """What the finding does."""
        return self.value[0]

    @property
    def title(self) -> str:
        """What is the matter, in one plain line."""
        return self.value[1]

    @property
    def advice(self) -> str:
        """What to do about it."""
        return self.value[2]


NAMED: dict[FindingCode, str] = {
    FindingCode.CORRECTION_APPLIED: "correction",
    FindingCode.CORRECTION_STALE: "correction",
    FindingCode.COLUMN_RENAMED: "now perhaps",
}
"""What `Finding.rule` is, where it is no rule."""


@dataclass(frozen=True)
class Finding:
    """One finding of a submission.

    `column` is a column name that the source description knows, or a position such as
    `column 5`; `rows` are row numbers as a spreadsheet shows them; `rule` is the id of a
    cross-field rule or of a correction, a measure of the delivery, or where a column is now; `count`
    is the true total even where `rows` is shorter.
    """

    code: FindingCode
    count: int
    table: str | None = None
    column: str | None = None
    field: str | None = None
    rule: str | None = None
    rows: tuple[int, ...] = ()
    measured: float | None = None
    expected: float | None = None

    @property
    def named_rule(self) -> str | None:
        """What `rule` is, in words."""
        what = NAMED.get(self.code, "rule")
        return self.rule and f"{what} {self.rule}"


MOST_ROWS = 100_000
"""Row numbers that a finding joined from several lists at most; its count stays true."""

ABOUT_TABLE = frozenset(
    {
        FindingCode.COLUMN_MISSING,
        FindingCode.COLUMN_NEW,
        FindingCode.COLUMN_GONE,
        FindingCode.COLUMN_RENAMED,
        FindingCode.COLUMN_UNKNOWN,
        FindingCode.COLUMN_UNNAMED,
        FindingCode.COLUMN_MISSPELT,
        FindingCode.LABEL_DISAGREES,
        FindingCode.CORRECTION_STALE,
    }
)
"""Said of a table as a whole: each part of it says the same, and it counts once."""


def join_findings(findings: Iterable[Finding], most: int | None = MOST_ROWS) -> tuple[Finding, ...]:
    """Findings of several parts of one table, those that say the same of other rows put together.

    They keep at most `most` row numbers, the first. A correction that one part had use for is not stale.
    """
    joined: dict[Finding, list[Finding]] = {}
    for finding in findings:
        joined.setdefault(replace(finding, count=0, rows=()), []).append(finding)
    used = {(f.table, f.column, f.rule) for f in joined if f.code is FindingCode.CORRECTION_APPLIED}
    return tuple(
        _join(several, most)
        for kind, several in joined.items()
        if kind.code is not FindingCode.CORRECTION_STALE or (kind.table, kind.column, kind.rule) not in used
    )


def _join(several: list[Finding], most: int | None) -> Finding:
    counts = [finding.count for finding in several]
    count = max(counts) if several[0].code in ABOUT_TABLE else sum(counts)
    rows = tuple(sorted({row for finding in several for row in finding.rows}))[:most]
    return replace(several[0], count=count, rows=rows)


def sort_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """In an order that does not depend on what was found first: by code, place and rule."""
    codes = {code: place for place, code in enumerate(FindingCode)}
    return tuple(
        sorted(
            findings,
            key=lambda f: (codes[f.code], f.table or "", f.column or "", f.field or "", f.rule or ""),
        )
    )
