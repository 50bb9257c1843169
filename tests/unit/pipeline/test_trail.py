"""The audit trail kept off the machine, and the store read again: what was done to either is located."""

import json
import stat

import pytest
import sqlalchemy as sa

from pipeline.integrity import IntegrityBroken, check_integrity
from pipeline.trail import TrailFaulty, export_trail, verify_trail
from storage.error import ExportUnreadable, StorageFailed


def break_in(office, statement):
    """What somebody does who owns the database."""
    engine = sa.create_engine(office.workspace.settings.ledger_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_entry_no_update")
        connection.exec_driver_sql("DROP TRIGGER audit_entry_no_delete")
        connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture
def kept(office, rows, tmp_path):
    """An export after one delivery; the office had another one since."""
    office.deliver("2019", rows(1, 12))
    path = tmp_path / "trail.jsonl"
    head = export_trail(office.workspace, path, "officer")
    office.deliver("2020", rows(101, 12, 2020))
    return path, head


def test_an_export_is_the_trail_and_private(office, kept):
    path, head = kept
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))
    assert head == f"{len(lines)}:{lines[-1]['hash']}"
    entries = office.workspace.ledger.audit_entries()
    assert entries[len(lines)].action == "trail.exported"
    assert entries[len(lines)].detail == {"entries": len(lines), "head": lines[-1]["hash"]}
    assert verify_trail(office.workspace, path, head) == len(entries)


def test_a_cut_tail_is_located_by_export_or_head(office, kept):
    path, head = kept
    length = int(head.partition(":")[0])
    break_in(office, f"DELETE FROM audit_entry WHERE seq >= {length - 1}")
    verify_trail(office.workspace)  # nothing shows without what was kept
    for proof in ({"export": path}, {"head": head}):
        with pytest.raises(TrailFaulty, match=f"from entry {length - 1} on: it was kept and is gone"):
            verify_trail(office.workspace, **proof)


def test_an_edit_stops_an_export(office, kept, tmp_path):
    break_in(office, "UPDATE audit_entry SET actor = 'eve' WHERE seq = 2")
    with pytest.raises(TrailFaulty, match="from entry 2 on"):
        export_trail(office.workspace, tmp_path / "later.jsonl", "officer")
    assert not (tmp_path / "later.jsonl").exists()


def test_an_export_is_never_overwritten(office, kept):
    path, _ = kept
    before = path.read_bytes()
    with pytest.raises(StorageFailed, match="never overwritten"):
        export_trail(office.workspace, path, "officer")
    assert path.read_bytes() == before


@pytest.mark.parametrize("change", [("officer", "eve"), ("}\n{", "}{"), ('"seq":2,', '"seq":22,')])
def test_a_changed_export_is_no_proof(office, kept, change):
    path, _ = kept
    text = path.read_text()
    assert change[0] in text
    path.write_text(text.replace(*change, 1))
    with pytest.raises(ExportUnreadable, match=r"line \d+ of the export"):
        verify_trail(office.workspace, path)


@pytest.mark.parametrize("head", ["", "5", f"0:{'a' * 64}", f"5:{'A' * 64}", f"5:{'a' * 63}"])
def test_what_is_no_head_is_told(office, kept, head):
    with pytest.raises(ExportUnreadable, match="colon"):
        verify_trail(office.workspace, head=head)


def test_a_description_that_changed_is_on_the_trail(office, rows):
    office.deliver("2019", rows(1, 12))
    office.describe((office.source / "source.yml").read_text() + "# said more clearly\n")
    office.deliver("2020", rows(101, 12, 2020))
    found = [e for e in office.workspace.ledger.audit_entries() if e.action == "description.changed"]
    assert [(e.subject, e.actor) for e in found] == [(office.id, "officer")] * 2
    assert found[1].detail["before"] == found[0].detail["version"] != found[1].detail["version"]


def test_a_sound_store_is_counted(office, rows):
    office.deliver("2019", rows(1, 12))
    sound = check_integrity(office.workspace, "maintenance")
    assert sound >= 4  # the file, the cases, and two documents at least
    [entry] = [e for e in office.workspace.ledger.audit_entries() if e.action == "integrity.checked"]
    assert (entry.detail, entry.actor) == ({"sound": sound, "damaged": 0, "missing": 0}, "maintenance")


def test_what_was_damaged_or_taken_is_named(office, rows):
    submission = office.deliver("2019", rows(1, 12))
    store, record = office.workspace.store, office.workspace.ledger.submission(submission)
    raw, cases = record.submission.files[0].sha256, record.cases
    path = store.zones.raw_file(raw)
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    store.zones.cases_file(cases).unlink()
    with pytest.raises(IntegrityBroken) as caught:
        check_integrity(office.workspace, "maintenance")
    assert (caught.value.damaged, caught.value.missing) == ({raw}, {cases})
    assert raw in str(caught.value)
    assert cases in str(caught.value)
