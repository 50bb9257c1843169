"""A check before sending: what ingestion would say of some files; nothing is sent and nothing stored."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from secrets import token_bytes

from pipeline.clue import Clues, find_clues
from pipeline.history import find_pooled_account, find_previous_profile
from pipeline.progress import Stage, tell
from pipeline.room import (
    SubmissionRefused,
    check_period,
    judge_delivery,
    map_tables,
    open_files,
    screen_batches,
)
from pipeline.sandbox import SandboxUnavailable, prepare_room, read_sandboxed
from pipeline.step import StepFailed, safe_errors
from pipeline.trouble import Trouble
from pipeline.workspace import DESCRIPTION, Described, Workspace, describe_folder
from schemas.finding import Finding, Level, sort_findings
from schemas.quality import Profile, QualityReport
from schemas.source import Source
from schemas.submission import RowAccount
from transforms.column import list_columns
from transforms.drift import list_headers
from transforms.mapped import RawTable
from transforms.mapping import hold_repeated
from transforms.quality import measure_figures
from transforms.readers.content import FileUnreadable
from transforms.reading import FileForNoTable
from transforms.validation import validate_cases

ANY_YEAR = "0001-9999"
"""Stands for a period that was not given: every year of registration lies in it."""

KEY_BYTES = 32


@dataclass(frozen=True)
class Checked:
    """What was found in some files. `trouble` is why one of them did not become a table.

    `account` is missing where a finding stopped the files at the door.
    """

    source: Source
    period: str | None
    findings: tuple[Finding, ...]
    account: RowAccount | None = None
    quality: QualityReport | None = None
    tables: Mapping[str, RawTable] = field(default_factory=dict, repr=False)
    clues: Clues = field(default_factory=Clues, repr=False)
    trouble: Trouble | None = None
    is_compared: bool = False

    @property
    def is_sound(self) -> bool:
        """Whether every row would be used."""
        return not any(finding.code.level in (Level.FAIL, Level.HOLD) for finding in self.findings) and (
            self.account is not None and self.account.held == 0
        )


@dataclass(frozen=True)
class _History:
    """What a workspace knows of a source; without one the keys are made up and thrown away."""

    key: bytes
    scheme_key: bytes
    previous: Profile | None = None
    pooled: RowAccount | None = None
    withdrawn: frozenset[str] = frozenset()
    is_known: bool = False


def check_files(workspace: Workspace, source: str, paths: Sequence[Path], period: str | None) -> Checked:
    """Run rooms 2 to 5 in memory on the files of one period, as ingestion does.

    `source` is the id of a source, or the path of a `source.yml` or of its folder. Whether a person counts
    in another delivery already is not asked: that needs the pool.

    Raises:
        FileNotThere: a file cannot be opened, or is no plain file.
        StepFailed: no confined process could be started; it is Palermo that broke, not the file.
        UnknownSource: there is no such source.
        WrongPeriod: the period is not written as one.
    """
    if period is not None:
        check_period(period)
    prepare_room()
    with safe_errors("check"):
        described = _describe(workspace, source)
        try:
            with ExitStack() as opened:
                files = open_files(described.source, paths, opened)
                contents = {table: file.pieces() for table, file in files.items()}
                tables = read_sandboxed(described.source, contents, workspace.settings.caps)
        except (FileUnreadable, FileForNoTable) as error:
            return Checked(described.source, period, (error.finding,), trouble=error)
        except SubmissionRefused as refusal:
            return Checked(described.source, period, refusal.findings)
        except SandboxUnavailable as error:
            raise StepFailed(str(error)) from None
        screened = screen_batches(described.source, tables.values)
        if found := screened.findings:
            return Checked(described.source, period, found, tables=tables, clues=screened.clues)
        return _check_tables(workspace, described, tables, period)


def _describe(workspace: Workspace, source: str) -> Described:
    if source in workspace.source_ids():
        return workspace.describe(source)
    path = Path(source).resolve()
    return describe_folder(path.parent if path.name == DESCRIPTION else path)


def _check_tables(
    workspace: Workspace, described: Described, tables: Mapping[str, RawTable], period: str | None
) -> Checked:
    source, history = described.source, _find_history(workspace, described.source, period)
    within = period or ANY_YEAR
    if not history.is_known:  # a seal can be opened with the secret of the source only
        described = replace(described, corrections=tuple(c for c in described.corrections if not c.cell))
    mapped = map_tables(
        described,
        tables,
        period=within,
        key=history.key,
        scheme_key=history.scheme_key if source.shared_key else None,
        previous=history.previous,
        withdrawn=history.withdrawn,
    )
    tell(Stage.MAP, mapped.read)
    validated = validate_cases(hold_repeated(source, mapped), current_year=workspace.today().year)
    tell(Stage.VALIDATE, mapped.read)
    findings, account, quality = sort_findings(validated.findings), validated.account, None
    if not any(finding.code.level is Level.FAIL for finding in findings):
        columns = {table: list(names) for table, names in list_headers(source, tables).items()}
        figures = measure_figures(validated.cases, history.previous.codes if history.previous else {})
        quality, more = judge_delivery(
            source, within, figures, account, history.previous, history.pooled, columns
        )
        findings += more
    clues = find_clues(source, tables, findings)
    return Checked(source, period, findings, account, quality, tables, clues, is_compared=history.is_known)


def _find_history(workspace: Workspace, source: Source, period: str | None) -> _History:
    """What is known here. A workspace that is not there is not made for the asking."""
    unknown = _History(token_bytes(KEY_BYTES), token_bytes(KEY_BYTES))
    if period is None or not workspace.is_there or not workspace.store.zones.has_key(source.id):
        return unknown
    return _History(
        workspace.store.source_key(source.id),
        workspace.store.scheme_key(source.shared_key.scheme) if source.shared_key else b"",
        find_previous_profile(workspace, source.id, period),
        find_pooled_account(workspace, source.id, period),
        workspace.ledger.list_marks(source.id),
        is_known=True,
    )


def list_shown_columns(checked: Checked, table: str) -> tuple[str, ...]:
    """Columns whose cells a report to the agency may repeat, as they stand in the file.

    They have a meaning in the source description and hold words of a list, figures or dates: not the key,
    nor a date of birth, nor what people type freely, nor what is ignored or refused.
    """
    source = checked.source
    meaning = [name for name, c in source.columns.items() if not (c.key or c.birth_date or c.unplaced)]
    named = list_columns(source, table, (*meaning, *source.concatenated))
    there = checked.tables[table].frame.columns
    return tuple(column for column in there if column in named)
