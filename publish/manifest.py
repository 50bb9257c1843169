"""The manifest: what a release consists of. Its SHA-256 is the candidate's id, which people approve.

It holds no exact count of what was left out or made coarser, no source id, and no time: the same
inputs give the same bytes. Who contributed is named as in a public register, without counts.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from pydantic import ValidationError

from publish.lateness import list_late
from publish.rounding import round_down, round_share_down
from publish.statement import describe_protection, list_limits
from schemas.case import SCHEMA_VERSION
from schemas.extract import Account
from schemas.policy import Policy
from schemas.release import Manifest, PublishedFile
from schemas.source import Source
from schemas.verdict import Evidence, Verdict

MANIFEST = "manifest.json"
CHECKSUMS = "SHA256SUMS"


class ManifestInconsistent(Exception):
    """The parts of a release contradict each other."""


class InvalidManifest(Exception):
    """The bytes of a manifest are not those Palermo writes."""


@dataclass(frozen=True)
class Draft:
    """What a release is made of before its files are bound together; codebook and manifest say it."""

    version: str
    title: str
    policy: Policy
    account: Account
    sources: tuple[Source, ...]
    pool: str
    code_version: str
    late: tuple[tuple[Source, str], ...] | None = None
    """Sources and periods whose files were late when it was prepared; None where nobody asked."""


def build_manifest(draft: Draft, verdict: Verdict, files: Sequence[PublishedFile]) -> Manifest:
    """Bind the files of a release to its protection, its verdict and what it cost.

    Raises:
        ManifestInconsistent: a table has not as many rows as were published, or a name stands twice.
    """
    _check_files(files, draft.account)
    return Manifest(
        version=draft.version,
        title=draft.title,
        protection=describe_protection(draft.policy),
        k=draft.policy.k,
        smallest_class=draft.account.smallest_class,
        classes=draft.account.classes,
        rows=draft.account.published,
        account=build_public_account(draft.account),
        policy=draft.policy.model_dump(mode="json"),
        verdict=[dump_evidence(evidence) for evidence in verdict.evidence],
        sources=list_contributors(draft.sources),
        pool=draft.pool,
        schema_version=SCHEMA_VERSION,
        code_version=draft.code_version,
        files=sorted(files, key=lambda file: file.name),
        limits=list_limits(draft.policy),
        late=None if draft.late is None else list_late(draft.late, draft.account.placements),
    )


def write_manifest(manifest: Manifest) -> bytes:
    """The manifest as canonical JSON: keys in the order of the model, two spaces, one line feed at the end.

    Keys are not sorted: the order of the policy's quasi-identifiers is the order of the columns. Manifests
    that were written before there were calendars have no `late`, and keep their bytes; few have `follows`.
    """
    without = {name for name in ("late", "follows") if getattr(manifest, name) is None}
    written = manifest.model_dump(mode="json", exclude=without)
    content = json.dumps(written, ensure_ascii=False, allow_nan=False, indent=2)
    return f"{content}\n".encode()


def parse_manifest(content: bytes) -> Manifest:
    """The inverse of write_manifest.

    Raises:
        InvalidManifest: the bytes are not a manifest, or not in its canonical form.
    """
    try:
        manifest = Manifest.model_validate_json(content)
    except ValidationError:
        raise InvalidManifest("the file is not a manifest: prepare the release anew") from None
    if write_manifest(manifest) != content:
        raise InvalidManifest("the manifest is not in its canonical form: prepare the release anew")
    return manifest


def follow_manifest(manifest: Manifest) -> Manifest:
    """The same content once more, as a candidate of its own: no decision on the one before counts for it."""
    return manifest.model_copy(update={"follows": identify_manifest(manifest)})


def identify_manifest(manifest: Manifest) -> str:
    """The candidate's id: SHA-256 of the manifest's bytes."""
    return sha256(write_manifest(manifest)).hexdigest()


def build_public_account(account: Account) -> dict[str, Any]:
    """What the release cost, in counts that name nobody.

    How many cases there were is left out: with the exact number of rows published it would narrow
    the rounded number suppressed. So is level 0 of each ladder, for the same reason.
    """
    return {
        "published": account.published,
        "suppressed_at_least": round_down(account.suppressed),
        "generalized_at_least": round_down(account.generalized),
        "generalized_by_level_at_least": {
            name: _round_counts({str(level): counts[level] for level in sorted(counts) if level})
            for name, counts in account.levels.items()
        },
        "blanked_at_least": _round_counts(account.blanked),
        "information_kept_at_least": {
            name: round_share_down(share, account.published)
            for name, share in account.information_kept.items()
        },
    }


def _round_counts(counts: Mapping[str, int]) -> dict[str, int]:
    """Rounded down; what rounds to nothing is left out, so that few look like none."""
    return {name: round_down(count) for name, count in counts.items() if round_down(count)}


def write_checksums(files: Mapping[str, bytes]) -> bytes:
    """The SHA-256 of files as `sha256sum -c` reads it (GNU coreutils), so that a stranger can verify them."""
    lines = [f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items())]
    return "".join(lines).encode()


def list_contributors(sources: Iterable[Source]) -> list[dict[str, Any]]:
    """Whose data went in, as a register has it: no source id, no count, no year."""
    entries = {(source.publisher.country, source.publisher.name, source.title) for source in sources}
    return [
        {"country": country, "publisher": publisher, "title": title}
        for country, publisher, title in sorted(entries)
    ]


def dump_evidence(evidence: Evidence) -> dict[str, Any]:
    """One answer of the disclosure check as it stands in the manifest."""
    return {
        "check": evidence.check,
        "outcome": evidence.outcome.name.lower(),
        "measured": evidence.measured,
        "required": evidence.required,
        "explanation": evidence.explanation,
    }


def _check_files(files: Sequence[PublishedFile], account: Account) -> None:
    names = [file.name for file in files]
    if len(set(names)) < len(names) or MANIFEST in names:
        raise ManifestInconsistent("a file name stands twice in the release: give every file its own")
    tables = [file for file in files if file.rows is not None]
    if not tables or any(file.rows != account.published for file in tables):
        raise ManifestInconsistent(
            "a table has not as many rows as were published: write the files of the release anew"
        )
