"""Verification of a release: every byte, every class and the audit trail, looked at again."""

from dataclasses import dataclass

from anonymize.disclosure import assess_disclosure
from pipeline.released import read_released
from pipeline.step import Refusal
from pipeline.workspace import Workspace
from schemas.policy import Policy
from schemas.verdict import Outcome


class ReleaseNotVerified(Refusal):
    """A release is not what was approved, or does not protect what it says."""


@dataclass(frozen=True)
class Verification:
    """What was verified, a line each."""

    lines: tuple[str, ...]


def verify_release(workspace: Workspace, version: str) -> Verification:
    """Hash the files against the manifest, the manifest against the ledger, and judge the extract again.

    Raises:
        ArtefactCorrupt: a byte has changed.
        ArtefactMissing: there is no such release.
        ReleaseNotVerified: the ledger knows another release, a check fails, or the audit trail is broken.
    """
    manifest = workspace.store.check_release(version)
    _check_ledger(workspace, version)
    extract = read_released(workspace, version)
    verdict = assess_disclosure(extract, Policy.of_release(manifest.policy), ())
    failed = [evidence.check for evidence in verdict.evidence if evidence.outcome is not Outcome.PASS]
    if failed:
        raise ReleaseNotVerified(
            f"release {version} fails {', '.join(failed)}: take it down and look into it"
        )
    return Verification(
        (
            f"{version}: {len(manifest.files)} files have the SHA-256 of the manifest",
            f"{version}: the manifest is the one that was approved",
            f"{version}: {len(extract.frame):,} rows, {len(verdict.evidence)} checks pass, k = {manifest.k}",
            "audit trail: whole",
        )
    )


def _check_ledger(workspace: Workspace, version: str) -> None:
    broken = workspace.ledger.verify_audit()
    if broken is not None:
        raise ReleaseNotVerified(
            f"the audit trail is broken at entry {broken}: compare it with your last export"
        )
    known = {release.version: release.candidate for release in workspace.ledger.releases()}
    if known.get(version) != workspace.store.release_id(version):
        raise ReleaseNotVerified(f"release {version} is not the one that was approved: take it down")
