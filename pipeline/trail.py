"""The audit trail as people keep it: exported to a file off the machine, and verified against one."""

from pathlib import Path

from pipeline.step import Refusal, safe_errors
from pipeline.workspace import Workspace
from storage.audit import Fault
from storage.export import parse_head, read_export, write_export
from storage.record import Action


class TrailFaulty(Refusal):
    """The audit trail is not as it must be; says from which entry on."""

    def __init__(self, fault: Fault) -> None:
        """Keep the fault."""
        self.fault = fault
        super().__init__(
            f"the audit trail is faulty from entry {fault.entry} on: {fault.kind}. Keep the ledger as it is, "
            "compare it with your last export, and tell the data-protection officer"
        )


def export_trail(workspace: Workspace, path: Path, actor: str) -> str:
    """Write the whole trail to a new file, and that it was; gives its head, `<number>:<hash>`.

    Raises:
        TrailFaulty: the trail is broken; nothing is exported, so that no export ever has a broken one.
        StorageFailed: there is something at the path, or the system refused.
    """
    with safe_errors("export"):
        verify_trail(workspace)
        number, last = write_export(path, workspace.ledger.audit_rows())
        workspace.ledger.audit(actor, Action.TRAIL_EXPORTED, "trail", entries=number, head=last or None)
    return f"{number}:{last}"


def verify_trail(workspace: Workspace, export: Path | None = None, head: str | None = None) -> int:
    """Verify the chain, and that it holds what an export or a head says it held; the number of entries.

    Raises:
        TrailFaulty: it does not.
        ExportUnreadable: the export or the head is not one.
    """
    kept = {} if export is None else read_export(export)
    kept |= {} if head is None else parse_head(head)
    fault = workspace.ledger.check_trail(kept)
    if fault is not None:
        raise TrailFaulty(fault)
    return workspace.ledger.count_entries()


def confirm_trail(
    workspace: Workspace, actor: str, export: Path | None = None, head: str | None = None
) -> int:
    """Verify the trail as `verify_trail` does, and add to it that it was; the number of entries verified.

    Raises:
        TrailFaulty: it is not as it must be; then nothing is added.
        ExportUnreadable: the export or the head is not one.
    """
    entries = verify_trail(workspace, export, head)
    workspace.ledger.audit(actor, Action.TRAIL_VERIFIED, "trail", entries=entries)
    return entries
