"""The quality page: what the data officer reads about one delivery. Counts and row numbers, no cell."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from portal.page import render_template, write_count, write_number, write_share
from schemas.case import case_fields
from schemas.finding import Finding, FindingCode, Level
from schemas.override import Override
from schemas.precision import Carried, sum_carried
from schemas.quality import Against, Expectation, Measure, Profile, QualityReport
from schemas.rules import RULES, RULES_ELSEWHERE
from schemas.submission import Revision, RowAccount

MOST_RUNS = 20
SHORT = 12
POINT = 0.01

LEVELS: dict[Level, tuple[str, str]] = {
    Level.FAIL: ("stops the delivery", "stop"),
    Level.HOLD: ("holds the row", "wait"),
    Level.WARN: ("please check", "wait"),
    Level.DERIVE: ("derived", "calm"),
    Level.INFO: ("for information", "calm"),
}
MEASURES: dict[Measure, str] = {
    Measure.ROWS: "Rows accepted",
    Measure.HELD: "Share of rows held",
    Measure.NULLS: "Missing values",
    Measure.MEAN: "Mean",
}


@dataclass(frozen=True)
class Outcome:
    """The first thing the officer reads."""

    title: str
    text: str
    tone: str


@dataclass(frozen=True)
class Part:
    """One part of the rows read."""

    name: str
    rows: int
    share: float
    tone: str


@dataclass(frozen=True)
class Entry:
    """One line under a finding."""

    where: str
    detail: str
    rows: str
    count: int


@dataclass(frozen=True)
class Group:
    """All findings of one code."""

    title: str
    advice: str
    level: str
    tone: str
    total: int
    entries: tuple[Entry, ...]

    @property
    def has_rows(self) -> bool:
        """Whether a table of rows says more than a list."""
        return any(entry.rows for entry in self.entries)


@dataclass(frozen=True)
class Judged:
    """One expectation, in words."""

    name: str
    field: str | None
    measured: str
    limits: str
    against: str
    result: str
    tone: str


@dataclass(frozen=True)
class Change:
    """One figure then and now."""

    name: str
    field: str | None
    then: str
    now: str
    change: str


def render_quality_page(
    report: QualityReport,
    findings: Sequence[Finding],
    account: RowAccount,
    *,
    submission: str,
    title: str,
    overrides: Sequence[Override] = (),
    revision: Revision | None = None,
    carried: Sequence[Carried] = (),
    kept: bool = False,
) -> str:
    """The page of one submission; `title` is the source's, `overrides` those of its source and period.

    `revision`: what it changes against the delivery in the pool. `carried`: the record of loss of the
    mapping. `kept`: this run failed while the pool keeps the cases of an earlier run.
    """
    always, others = _split(report.expectations)
    return render_template(
        "quality.html",
        title=title,
        source_id=report.source_id,
        period=report.period,
        submission=submission[:SHORT],
        outcome=_say_kept() if kept else _sum_up(_list_open(findings, overrides), account),
        account=account,
        revision=revision,
        carried=carried,
        all_carried=sum_carried(carried),
        parts=_part(account),
        groups=list(_group(findings, overrides)),
        expectations=report.expectations,
        shown=[_describe_expectation(item) for item in always],
        hidden=[_describe_expectation(item) for item in others],
        changes=list(_list_changes(report.profile, report.previous)),
    )


def _say_kept() -> Outcome:
    return Outcome(
        "This run is not used", "The pool keeps the cases of an earlier run. See why below.", "stop"
    )


def _sum_up(findings: Iterable[Finding], account: RowAccount) -> Outcome:
    levels = {finding.code.level for finding in findings}
    what = "row" if account.rows is None else "person"
    used = f"{write_count(account.accepted, what)} of {write_number(account.read)} can be used"
    if Level.FAIL in levels:
        return Outcome("This delivery is not used", "Nothing of it is in the pool. See why below.", "stop")
    if Level.HOLD in levels or account.held:
        text = f"{used}; {write_count(account.held, f'{what} waits', f'{what}s wait')} for an answer."
        return Outcome(f"Used, but some {what}s wait", text, "wait")
    if Level.WARN in levels:
        return Outcome("Used, with something to check", f"{used}.", "wait")
    return Outcome("Used", f"{used}. There is nothing to do.", "good")


def _part(account: RowAccount) -> list[Part]:
    ignored = sum(account.ignored.values())
    parts = (
        ("accepted", account.accepted, "good"),
        ("held", account.held, "wait"),
        ("ignored", ignored, "calm"),
    )
    return [
        Part(name, rows, rows / account.read if account.read else 0.0, tone) for name, rows, tone in parts
    ]


def _list_open(findings: Iterable[Finding], overrides: Sequence[Override]) -> list[Finding]:
    """What nobody has explained."""
    return [f for f in findings if not any(override.explains(f) for override in overrides)]


def _group(findings: Iterable[Finding], overrides: Sequence[Override]) -> Iterator[Group]:
    """Worst level first, then in the order of the catalogue."""
    levels, codes = list(LEVELS), list(FindingCode)
    ordered = sorted(findings, key=lambda f: (levels.index(f.code.level), codes.index(f.code)))
    for code, found in groupby(ordered, key=lambda finding: finding.code):
        items = list(found)
        level, tone = LEVELS[code.level]
        total = sum(finding.count for finding in items)
        entries = tuple(_describe_finding(finding, overrides) for finding in items)
        yield Group(code.title, code.advice, level, tone, total, entries)


def _describe_finding(finding: Finding, overrides: Iterable[Override]) -> Entry:
    explained = next((_explain(override) for override in overrides if override.explains(finding)), "")
    detail = " ".join(words for words in (_detail(finding), explained) if words)
    return Entry(_where(finding), detail, _list_rows(finding), finding.count)


def _explain(override: Override) -> str:
    return f"Explained by {override.requester}, agreed by {override.approver}: {override.reason}"


def _where(finding: Finding) -> str:
    """The column of the file, the field of the case, or the rule; whichever the finding names."""
    if finding.rule in list(Measure):
        measure = MEASURES[Measure(finding.rule)]
        return f"{measure}, field {finding.field}" if finding.field else measure
    places = [
        finding.table and f"table {finding.table}",
        finding.column
        and (finding.column if finding.column.startswith("column ") else f"column {finding.column}"),
        finding.named_rule,
        finding.field and f"field {finding.field}",
    ]
    return ", ".join(place for place in places if place) or "the whole delivery"


def _detail(finding: Finding) -> str:
    words = [_rule_title(finding.rule) or _field_title(finding.field), _measurement(finding)]
    return " ".join(word for word in words if word)


def _rule_title(rule: str | None) -> str:
    titles = {known.id: known.title for known in (*RULES, *RULES_ELSEWHERE)}
    return f"{titles[rule]}." if rule in titles else ""


def _field_title(field: str | None) -> str:
    return case_fields()[field].description if field in case_fields() else ""


def _measurement(finding: Finding) -> str:
    if finding.measured is None:
        return ""
    measure = Measure(finding.rule) if finding.rule in list(Measure) else None
    measured = f"Measured {_write(measure, finding.measured)}"
    return measured if finding.expected is None else f"{measured}, limit {_write(measure, finding.expected)}."


def _list_rows(finding: Finding) -> str:
    """The first rows, runs of them as 2–40; how many more there are is told from the true count."""
    runs = list(_find_runs(finding.rows))
    shown = [f"{first}" if first == last else f"{first}–{last}" for first, last in runs[:MOST_RUNS]]
    more = finding.count - sum(last - first + 1 for first, last in runs[:MOST_RUNS])
    if shown and more > 0:
        shown.append(f"and {write_number(more)} more")
    return ", ".join(shown).replace(", and", " and")


def _find_runs(rows: Iterable[int]) -> Iterator[tuple[int, int]]:
    numbered = enumerate(sorted(set(rows)))
    for _, run in groupby(numbered, key=lambda pair: pair[1] - pair[0]):
        members = [row for _, row in run]
        yield members[0], members[-1]


def _split(expectations: Iterable[Expectation]) -> tuple[list[Expectation], list[Expectation]]:
    """What is always shown, unmet first, and the many that compare with last time and are met."""
    known = sorted(expectations, key=lambda item: item.met)
    others = [item for item in known if item.met and item.against == Against.LAST]
    return [item for item in known if item not in others], others


def _describe_expectation(expectation: Expectation) -> Judged:
    measured, measure = expectation.measured, Measure(expectation.name)
    result, tone = ("met", "good") if expectation.met else ("not met", "stop")
    if measured is None:
        result, tone = "too few rows to say", "calm"
    return Judged(
        MEASURES[measure],
        expectation.field,
        "–" if measured is None else _write(measure, measured),
        _write_limits(measure, expectation.lowest, expectation.highest),
        expectation.against,
        result,
        tone,
    )


def _write_limits(measure: Measure, lowest: float | None, highest: float | None) -> str:
    if lowest is not None and highest is not None:
        return f"{_write(measure, lowest)} to {_write(measure, highest)}"
    if lowest is not None:
        return f"at least {_write(measure, lowest)}"
    return "–" if highest is None else f"at most {_write(measure, highest)}"


def _list_changes(now: Profile, then: Profile | None) -> Iterator[Change]:
    if then is None or not then.rows:
        return
    yield Change(MEASURES[Measure.ROWS], None, *_compare(Measure.ROWS, then.rows, now.rows))
    yield Change(MEASURES[Measure.HELD], None, *_compare(Measure.HELD, then.held_share, now.held_share))
    for measure, before, after in (
        (Measure.NULLS, then.null_share, now.null_share),
        (Measure.MEAN, then.mean, now.mean),
    ):
        for field in sorted(set(before) & set(after), key=lambda name: -abs(after[name] - before[name])):
            if measure is Measure.MEAN or abs(after[field] - before[field]) >= POINT:
                yield Change(MEASURES[measure], field, *_compare(measure, before[field], after[field]))


def _compare(measure: Measure, then: float, now: float) -> tuple[str, str, str]:
    difference = 100 * (now - then) if measure.is_share else now - then
    sign = "+" if round(difference, 1) > 0 else "−" if round(difference, 1) < 0 else "±"
    unit = " points" if measure.is_share else ""
    return (
        _write(measure, then),
        _write(measure, now),
        f"{sign}{write_number(abs(round(difference, 1)))}{unit}",
    )


def _write(measure: Measure | None, value: float) -> str:
    if measure is Measure.MEAN:
        return f"{value:.1f}"
    return write_share(value) if measure is not None and measure.is_share else write_number(round(value, 1))
