"""What is told of a step to whoever keeps lineage: what it read and made, by name, hash and count."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from pipeline.report import load_findings, load_quality
from pipeline.step import LOGGER
from pipeline.workspace import Workspace
from schemas.case import case_fields
from schemas.pool import pool_id
from schemas.verdict import Outcome
from telemetry.lineage import Check, Column, Dataset, Ended, StepTold, send_lineage

POOL = "pool"


@dataclass(frozen=True)
class StepRun:
    """One run of a step as the ledger knows it; `result` is null where it failed."""

    step: str
    subject: str
    run: str
    began: datetime
    result: str | None


@dataclass(frozen=True)
class Told:
    """The job a run belongs to, and what it read and made."""

    job: str
    read: tuple[Dataset, ...] = ()
    made: tuple[Dataset, ...] = ()


def try_to_tell(workspace: Workspace, run: StepRun, address: str) -> None:
    """Tell what a run did. Whatever goes wrong is logged by its class, and the work goes on."""
    try:
        describe = DESCRIBED.get(run.step)
        told = Told(run.step) if describe is None or run.result is None else describe(workspace, run)
        ended = Ended.FAILED if run.result is None else Ended.DONE
        finished = datetime.now(UTC)
        send_lineage(
            address, StepTold(told.job, UUID(run.run), run.began, finished, ended, told.read, told.made)
        )
    except Exception as error:
        LOGGER.warning("lineage not sent: %s", type(error).__name__)


def _describe_check(workspace: Workspace, run: StepRun) -> Told:
    """Ingestion as a whole: from the files to accepted cases, with all that was asked of them."""
    report = workspace.store.read_document(str(run.result))
    received = workspace.ledger.submission(report["submission"]).submission
    place, account = f"{received.source_id}/{received.period}", report["account"]
    quality = load_quality(report, received.source_id, received.period)
    checks = [
        *(Check(finding.code.name, False, finding.field) for finding in load_findings(report["findings"])),
        *(Check(asked.name.value, asked.met, asked.field) for asked in quality.expectations),
    ]
    columns = [Column(name, field.kind.value) for name, field in case_fields().items()]
    return Told(
        f"ingest.{received.source_id}",
        (Dataset(f"raw/{place}", received.id, account["read"], checks=checks),),
        (Dataset(f"cases/{place}", report["cases"], account["accepted"], columns),),
    )


def _describe_pool(workspace: Workspace, run: StepRun) -> Told:
    entries = workspace.ledger.pool_entries()
    read = tuple(
        Dataset(f"cases/{entry.source_id}/{entry.period}", entry.cases, entry.rows)
        for entry in entries
        if entry.submission == run.subject
    )
    rows = sum(entry.rows for entry in entries)
    return Told(run.step, read, (Dataset(POOL, pool_id(entries), rows),))


def _describe_publish(workspace: Workspace, run: StepRun) -> Told:
    record = workspace.ledger.candidate(run.subject)
    checks = [Check(asked.check, asked.outcome is Outcome.PASS) for asked in record.verdict.evidence]
    return Told(
        "release",
        (Dataset(POOL, record.pool, record.account.cases, checks=checks),),
        (
            Dataset(
                f"releases/{record.version}",
                record.id,
                record.account.published,
                list(_list_published(workspace)),
            ),
        ),
    )


def _list_published(workspace: Workspace) -> Iterator[Column]:
    fields = case_fields()
    for name in workspace.policy.published_columns:
        yield Column(name, fields[name].kind.value if name in fields else "text")


DESCRIBED: dict[str, Callable[[Workspace, StepRun], Told]] = {
    "check": _describe_check,
    "pool": _describe_pool,
    "publish": _describe_publish,
}
"""The steps that are told with their datasets; of all others only that they ran."""
