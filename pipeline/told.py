"""What a report tells: findings in the reader's language, by rule, with places as a spreadsheet shows them.

One value, from which every form of a report is made. A cell's address and the word that was perhaps
meant, which comes from the source description, are in it; what stands in the cell is not.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from openpyxl.utils import get_column_letter

from pipeline.clue import Clues
from pipeline.comparison import write_measured
from schemas.finding import Finding, FindingCode, Level
from schemas.quality import Measure
from schemas.rule import Severity
from schemas.rules import RULES, RULES_ELSEWHERE
from schemas.source import Source
from schemas.text import Language, name_field, text
from transforms.column import locate_column
from transforms.form import MISREAD, Form, describe_form
from transforms.origin import list_origins

MOST_CELLS = 20
MOST_COLUMNS = 6
MOST_WORDS = 12
POSITION, SHEET = "column ", "sheet "
LEVELS = (Level.FAIL, Level.HOLD, Level.WARN, Level.DERIVE, Level.INFO)
FAULTS = (Level.FAIL, Level.HOLD, Level.WARN)
RULED = {rule.id: rule.fields for rule in RULES}
ADVISED = {rule.id for rule in RULES if rule.severity is not Severity.DERIVE}
"""Rules of which a sentence of their own says what to type."""
IDS = {rule.id for rule in (*RULES, *RULES_ELSEWHERE)}


@dataclass(frozen=True)
class NamedColumn:
    """A column as its reader knows it: the letter of a spreadsheet where there is one, and what is above."""

    name: str
    label: str
    letter: str | None

    @property
    def words(self) -> str:
        """`C pol`."""
        return f"{self.letter} {self.label}" if self.letter else self.label


@dataclass(frozen=True)
class Spot:
    """One row of the file, the cells concerned unless the whole row is, and what was perhaps meant."""

    row: int
    cells: tuple[str, ...]
    nearest: str | None
    words: str


@dataclass(frozen=True)
class Entry:
    """One place of a finding: its columns, and the rows as far as they are known; `count` is the total."""

    where: str
    table: str | None
    sheet: str | None
    field: str | None
    columns: tuple[NamedColumn, ...]
    asked: str | None
    figures: str | None
    spots: tuple[Spot, ...]
    count: int
    explained: str | None

    @property
    def shown(self) -> tuple[Spot, ...]:
        """As many rows as a reader takes in."""
        return self.spots[:MOST_CELLS]


@dataclass(frozen=True)
class Group:
    """All findings of one rule, or of one kind where no rule is meant; `id` is the same in every language."""

    id: str
    code: FindingCode
    title: str
    effect: str
    level_name: str
    why: str
    advice: str
    count: int
    entries: tuple[Entry, ...]

    @property
    def level(self) -> Level:
        """What it does to the rows."""
        return self.code.level


@dataclass(frozen=True)
class Teller:
    """Tells findings about the files of one source in one language.

    Without a source, which may have been taken out of the registry, columns are named and nothing is
    said of their labels. `explain` says of a finding who explained it, and how.
    """

    language: Language
    source: Source | None
    clues: Clues = field(default_factory=Clues)
    explain: Callable[[Finding], str | None] = lambda finding: None

    def tell(self, findings: Sequence[Finding]) -> tuple[Group, ...]:
        """The groups: what stops the delivery first, then what holds rows; in each the biggest first."""
        groups = [
            self._tell_group(list(members))
            for _, members in groupby(sorted(findings, key=_identify), key=_identify)
        ]
        return tuple(sorted(groups, key=lambda g: (LEVELS.index(g.level), -g.count, g.id)))

    def _tell_group(self, members: list[Finding]) -> Group:
        first = members[0]
        rule, code = _rule_of(first), first.code
        title = self._text(f"finding.{code.name}.title")
        entries = (self._tell_entry(finding) for finding in members)
        return Group(
            _identify(first),
            code,
            f"{title}: {self._text(f'rule.{rule}')}" if rule else title,
            self._text(f"level.{code.level.value}.effect"),
            self._text(f"level.{code.level.value}.name"),
            self._text(f"finding.{code.name}.why"),
            self._text(f"rule.{rule}.advice" if rule in ADVISED else f"finding.{code.name}.advice"),
            sum(finding.count for finding in members),
            tuple(sorted(entries, key=lambda entry: -entry.count)),
        )

    def _tell_entry(self, finding: Finding) -> Entry:
        table, columns = self._find_columns(finding)
        is_misread = finding.code in MISREAD and finding.column
        meant = self.clues.meant.get(finding.column or "", {}) if is_misread else {}
        sheet = self._name_sheet(table)
        named = name_field(finding.field, self.language) if finding.field else None
        return Entry(
            self._say_where(finding, table, sheet, columns, named),
            table,
            sheet,
            named,
            columns,
            self._ask(finding),
            self._measure(finding),
            tuple(self._spot(row, columns, meant.get(row)) for row in finding.rows),
            finding.count,
            self.explain(finding),
        )

    def _find_columns(self, finding: Finding) -> tuple[str | None, tuple[NamedColumn, ...]]:
        """The table meant, and the columns: the one named, else those that fill the fields concerned.

        A row of the case table is no row of a linked one: a column there is named without a letter.
        """
        if self.source is None:
            name = finding.column
            return finding.table, (NamedColumn(name, name, None),) if name else ()
        cases = self.source.cases
        addresses = [finding.column] if finding.column else self._list_origins(finding)
        located = [locate_column(self.source, address) for address in addresses]
        if finding.column and finding.table in self.source.tables and finding.table != cases:
            located = [(finding.table, finding.column)]
        about = finding.table if finding.table in self.source.tables else cases if located else None
        named = (self._name_column(table, column, table == about) for table, column in located)
        return about if finding.rows or finding.table else None, tuple(named)

    def _list_origins(self, finding: Finding) -> tuple[str, ...]:
        fields = RULED.get(finding.rule or "", ()) or ((finding.field,) if finding.field else ())
        if self.source is None or finding.rule in set(Measure) or not finding.rows:
            return ()
        return list_origins(self.source, fields)

    def _name_column(self, table: str, column: str, is_here: bool) -> NamedColumn:
        source, position = self.source, self.clues.places.get(table, {}).get(column)
        if column.startswith(POSITION) and column.removeprefix(POSITION).isdigit() and position is None:
            position = int(column.removeprefix(POSITION))
        labels = source.labels if source else {}
        label = labels.get(column) or labels.get(f"{table}.{column}") or column
        lettered = source is not None and source.tables[table].reader.format.has_letters
        letter = get_column_letter(position) if position and lettered and is_here else None
        if not is_here:
            label = f"{label} ({self._text('place.table', name=table)})"
        return NamedColumn(column, label, letter)

    def _spot(self, row: int, columns: Sequence[NamedColumn], nearest: str | None) -> Spot:
        """The cells by their addresses; a rule over many columns names the row."""
        letters = [column.letter for column in columns if column.letter]
        cells = tuple(f"{letter}{row}" for letter in letters)
        named = 0 < len(cells) <= MOST_COLUMNS
        return Spot(row, cells, nearest, " + ".join(cells) if named else self._text("place.row", row=row))

    def _name_sheet(self, table: str | None) -> str | None:
        if self.source is None or table not in self.source.tables:
            return None
        reader = self.source.tables[table].reader
        if not reader.format.is_workbook:
            return None
        name = reader.sheet
        return self._text("place.sheet", name=name) if name else self._text("place.sheet.first")

    def _say_where(
        self,
        finding: Finding,
        table: str | None,
        sheet: str | None,
        columns: Sequence[NamedColumn],
        named: str | None,
    ) -> str:
        if finding.rule in set(Measure):
            return ", ".join(part for part in (self._text(f"measure.{finding.rule}"), named) if part)
        if finding.code is FindingCode.SHEET_HIDDEN:
            return self._text("place.sheet.number", number=(finding.column or "").removeprefix(SHEET))
        several = self.source is not None and len(self.source.tables) > 1
        parts = [self._text("place.table", name=table)] if table and (several or not self.source) else []
        parts += [sheet] if sheet else []
        parts += [self._text("place.column", name=c.words) for c in columns[:MOST_COLUMNS]]
        parts += ["…"] if len(columns) > MOST_COLUMNS else []
        if finding.rule and finding.rule not in IDS:
            parts.append(self._text("place.correction", name=finding.rule))
        elif named and not columns:
            parts.append(self._text("place.field", name=named))
        return ", ".join(parts) or self._text("place.whole")

    def _ask(self, finding: Finding) -> str | None:
        """What may be typed in the column of a cell that was not understood."""
        column = self.source.find_column(finding.column or "") if self.source else None
        is_cell = finding.code in (FindingCode.WORD_UNKNOWN, FindingCode.VALUE_UNREADABLE)
        if self.source is None or column is None or column.key or not is_cell:
            return None
        asked = describe_form(self.source, column)
        if asked is None:
            return None
        words = asked.values.get("words")
        if asked.form is Form.WORDS and isinstance(words, tuple):
            joined = ", ".join(words)
            return self._text("form.words", words=joined) if len(words) <= MOST_WORDS else None
        return self._text(f"form.{asked.form.value}", **asked.values)

    def _measure(self, finding: Finding) -> str | None:
        if finding.measured is None:
            return None
        measured = self._write(finding.rule, finding.measured)
        if finding.expected is None:
            return self._text("measure.measured", measured=measured)
        limit = self._write(finding.rule, finding.expected)
        return self._text("measure.limited", measured=measured, limit=limit)

    def _write(self, rule: str | None, value: float) -> str:
        return write_measured(Measure(rule) if rule in set(Measure) else None, value, self.language)

    def _text(self, id_: str, **values: object) -> str:
        return text(id_, self.language, **values)


def split_faults(groups: Iterable[Group]) -> tuple[tuple[Group, ...], tuple[Group, ...]]:
    """What somebody should look at, and what is told for information."""
    told = tuple(groups)
    faults = tuple(group for group in told if group.level in FAULTS)
    return faults, tuple(group for group in told if group.level not in FAULTS)


def _identify(finding: Finding) -> str:
    rule = _rule_of(finding)
    return f"{finding.code.name}.{rule}" if rule else finding.code.name


def _rule_of(finding: Finding) -> str | None:
    return finding.rule if finding.rule in IDS else None
