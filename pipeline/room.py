"""Rooms 2 to 5 as values: what ingestion stores between its steps, and a check before sending does not."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.clue import Clues, find_clues
from pipeline.progress import Stage, tell
from pipeline.step import Refusal
from pipeline.workspace import Described
from schemas.finding import Finding, FindingCode, Level, join_findings, sort_findings
from schemas.period import PERIOD
from schemas.quality import Profile, QualityReport
from schemas.source import Source
from schemas.submission import RowAccount
from storage.handed import HandedFile, NotPlain
from transforms.correction import correct_tables
from transforms.delivery import check_delivery
from transforms.drift import Fits, check_headers, check_renames, join_fits, measure_fits
from transforms.mapped import Mapped, RawTable
from transforms.mapping import map_batch
from transforms.quality import Figures, judge_figures
from transforms.reading import name_tables
from transforms.screening import Screening
from transforms.withdrawal import drop_withdrawn


class WrongPeriod(Refusal):
    """The period is not written as one."""


class FileNotThere(Refusal):
    """A file cannot be opened; told by its place among the files, for its name may be a person's."""


class SubmissionRefused(Refusal):
    """The submission is not used; `findings` say why, `stopping` are those that stopped it.

    Nothing of it changed the pool. `source` and `clues` are what a report tells the findings by.
    """

    def __init__(
        self, findings: Sequence[Finding], source: Source | None = None, clues: Clues | None = None
    ) -> None:
        """Keep all that was found, in which what stopped the submission is one thing among others."""
        self.findings, self.source, self.clues = tuple(findings), source, clues or Clues()
        self.stopping = tuple(finding for finding in findings if finding.code.level is Level.FAIL)
        codes = sorted({finding.code.name for finding in self.stopping})
        super().__init__(f"the delivery is not used: {', '.join(codes)}")


def check_period(period: str) -> None:
    """Let a period through that is written as one.

    Raises:
        WrongPeriod: it is not a year, month, quarter or range of years.
    """
    if not PERIOD.fullmatch(period):
        raise WrongPeriod(
            "a period is a year (2019), a month (2019-06), a quarter (2019-Q2) or years (2017-2019)"
        )


def open_files(source: Source, paths: Sequence[Path], opened: ExitStack) -> dict[str, HandedFile]:
    """The files of one submission by table; they are closed with `opened`.

    Raises:
        FileForNoTable: a file fits no table of the source.
        FileNotThere: a file cannot be opened, or is no plain file.
        SubmissionRefused: two files are for one table, or a table has none.
    """
    files: dict[str, HandedFile] = {}
    for number, path in enumerate(paths, 1):
        tables = name_tables(source, path.name)
        if files.keys() & tables:
            raise SubmissionRefused([Finding(FindingCode.FILE_FOR_NO_TABLE, 1, table=tables[0])], source)
        try:
            files |= dict.fromkeys(tables, opened.enter_context(HandedFile(path)))
        except OSError as error:
            raise FileNotThere(
                f"file {number} of {len(paths)} cannot be read ({type(error).__name__}): check its path"
            ) from None
        except NotPlain as error:
            raise FileNotThere(f"file {number} of {len(paths)} cannot be read: {error}") from None
    missing = sorted(set(source.tables) - set(files))
    if missing:
        findings = [Finding(FindingCode.TABLE_MISSING, 1, table=table) for table in missing]
        raise SubmissionRefused(findings, source)
    return files


@dataclass(frozen=True)
class Screened:
    """What must not be stored, and the clues that tell it; nothing found: the files may be stored."""

    findings: tuple[Finding, ...] = ()
    clues: Clues = field(default_factory=Clues)


def screen_batches(source: Source, read: Callable[[], Iterable[RawTable]]) -> Screened:
    """Look for what must not be stored; where there is something, also for columns with a new name only.

    `read` gives the tables in batches, from the beginning whenever it is called: what was found is told
    with its rows in a second reading.
    """
    screening = Screening(source)
    for table in _count(Stage.SCREEN, read()):
        screening.look_at(table)
    if screening.is_clean():
        return Screened()
    found: tuple[Finding, ...] = ()
    first: dict[str, RawTable] = {}
    fits: dict[str, Fits] = {}
    for table in read():
        headings = () if table.name in first else screening.report_headings(table)
        found = join_findings([*found, *screening.report(table), *headings])
        first.setdefault(table.name, replace(table, frame=table.frame.iloc[:0]))
        fits[table.name] = join_fits(fits.get(table.name, {}), measure_fits(source, table))
    findings = sort_findings([*found, *check_renames(source, first, fits)])
    return Screened(findings, find_clues(source, first, findings))


def _count(stage: Stage, tables: Iterable[RawTable]) -> Iterator[RawTable]:
    """The tables as they come, their rows told."""
    rows = 0
    for table in tables:
        yield table
        rows += len(table.frame)
        tell(stage, rows)


def map_tables(
    described: Described,
    raw: Mapping[str, RawTable],
    *,
    period: str,
    key: bytes,
    scheme_key: bytes | None,
    previous: Profile | None,
    withdrawn: Collection[str],
) -> Mapped:
    """Room 3: some rows of the tables, corrected, as cases without those withdrawn; and how columns changed.

    `withdrawn` has the marks of the source's withdrawn cases.
    """
    mapped = map_batch(
        correct_tables(raw, described.source, described.corrections, period=period, key=key),
        described.source,
        period=period,
        key=key,
        source_version=described.version,
        scheme_key=scheme_key,
    )
    mapped = drop_withdrawn(mapped, key, withdrawn)
    drift = check_headers(described.source, raw, (previous and previous.columns) or {})
    return replace(mapped, findings=(*mapped.findings, *drift))


def judge_delivery(
    source: Source,
    period: str,
    figures: Figures,
    account: RowAccount,
    previous: Profile | None,
    pooled: RowAccount | None,
    columns: dict[str, list[str]],
) -> tuple[QualityReport, tuple[Finding, ...]]:
    """Room 5: the delivery as a whole, against the one of the period before and the one it would replace."""
    report, findings = judge_figures(figures, account, source, period, previous, columns)
    return report, (*findings, *check_delivery(account, source, pooled))
