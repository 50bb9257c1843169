"""Many past submissions cost those who come after little: the same number of queries, and no page anew.

Seconds and memory are told by `PYTHONPATH=.:tests/faults python tests/faults/test_past.py 10000`.
"""

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import fault_office as office
import sqlalchemy as sa

from pipeline.draft import anonymize_pool
from pipeline.status import describe_status
from pipeline.survey import survey
from pipeline.workspace import Workspace
from portal.delivery_page import _hash_inputs, _name_pages, read_made
from portal.desk import refresh_desk
from schemas.submission import Submission, SubmissionState, SubmittedFile
from storage.audit import append_entry
from storage.intake import _insert_submission
from storage.record import Action
from storage.tables import submission


def add_past(workspace: Workspace, count: int, first: int = 0) -> None:
    """So many replaced submissions, each with a report of its own, in one transaction."""
    pooled = next(r for r in workspace.ledger.submissions() if r.state is SubmissionState.POOLED)
    report = workspace.store.read_document(str(pooled.report))
    with workspace.ledger._write() as connection:
        for number in range(first, first + count):
            file = SubmittedFile(f"{number:064x}", "xyz_hotline_calls", 100)
            past = Submission(office.SOURCE, f"2018-{number % 12 + 1:02}", (file,))
            seq = append_entry(connection, "officer", Action.SUBMISSION_RECEIVED, past.id, {"files": 1})
            _insert_submission(connection, past, "officer", seq)
            known = {"report": workspace.store.put_document({**report, "submission": past.id})}
            known |= {"state": SubmissionState.REPLACED}
            connection.execute(sa.update(submission).where(submission.c.id == past.id).values(known))


def make_past(folder: Path, count: int) -> Workspace:
    office.make_office(folder)
    office.open_palermo(folder, None).store  # noqa: B018 - makes the zones
    office.hand_in(folder, {"2019-01": office.write_file("2019-01", 40)})
    office.ingest_turn(folder, None, ("2019-01",))
    workspace = office.open_palermo(folder, None)
    add_past(workspace, count)
    return workspace


def count_queries(workspace: Workspace, work: Callable[[Workspace], object]) -> int:
    told: list[str] = []
    sa.event.listen(workspace.ledger._engine, "after_cursor_execute", lambda *args: told.append(args[2]))
    work(workspace)
    return len(told)


def tell_status(workspace: Workspace) -> object:
    """What `palermo status` says."""
    return describe_status(survey(workspace), workspace.ledger.open_alerts(), workspace.settings)


def test_queries_and_pages_do_not_grow_with_the_past(tmp_path: Path):
    workspace = make_past(tmp_path, 20)
    refresh_desk(workspace)
    before = {
        path.name: path.stat().st_mtime_ns for path in workspace.store.zones.desk.glob("[0-9a-f]*.html")
    }
    assert len(before) == 21 * 7
    few = [count_queries(office.open_palermo(tmp_path, None), work) for work in (refresh_desk, tell_status)]
    add_past(workspace, 20, first=20)
    refresh_desk(workspace)
    many = [count_queries(office.open_palermo(tmp_path, None), work) for work in (refresh_desk, tell_status)]
    assert many == few
    after = {path.name: path.stat().st_mtime_ns for path in workspace.store.zones.desk.glob("[0-9a-f]*.html")}
    assert {name: after[name] for name in before} == before
    assert len(after) == 41 * 7


def lay_pages(workspace: Workspace) -> None:
    """Let every delivery but the last hundred have its pages, as an earlier refresh would have left them.

    To render them all would take an hour; what stands in them is that of one.
    """
    desk = workspace.store.zones.desk
    described = workspace.describe(office.SOURCE)
    like = next(desk.glob("[0-9a-f]*.html")).read_bytes()
    made = read_made(workspace.store.pages)
    for record in workspace.ledger.submissions()[:-100]:
        made.hashes[record.submission.id] = str(_hash_inputs(record, described, ()))
        for name in _name_pages(record, described).values():
            (desk / name).write_bytes(like)
    made.keep()


def measure(count: int) -> None:
    """Seconds of each, and the most memory so far in MiB."""
    with TemporaryDirectory() as home:
        folder = Path(home)
        lay_pages(make_past(folder, count))

        def deliver(_: Workspace) -> None:
            office.hand_in(folder, {"2019-02": office.write_file("2019-02", 40)})
            office.ingest_turn(folder, None, ("2019-02",))

        steps: dict[str, Callable[[Workspace], object]] = {
            "refresh, the pages of 100 deliveries anew": refresh_desk,
            "refresh, nothing changed": refresh_desk,
            "one delivery from the inbox to the desk": deliver,
            "palermo status": tell_status,
            "draft of a release": lambda workspace: anonymize_pool(workspace, "officer"),
        }
        for name, work in steps.items():
            fresh, started, used = office.open_palermo(folder, None), time.monotonic(), time.process_time()
            work(fresh)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            wall, cpu = time.monotonic() - started, time.process_time() - used
            print(f"{name}: {wall:.1f} s, of them {cpu:.1f} s of processor; peak {peak} MiB", flush=True)  # noqa: T201


if __name__ == "__main__":
    measure(int(sys.argv[1]))
