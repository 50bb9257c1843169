"""The files of a candidate: extract, CSV, codebook, policy, and the manifest that binds them."""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from pipeline.released import name_counts
from pipeline.workspace import Workspace
from publish.codebook import Coverage, build_codebook
from publish.manifest import CHECKSUMS, MANIFEST, Draft, build_manifest, write_checksums, write_manifest
from schemas.detail import YEAR
from schemas.extract import Account, Awaited, Extract
from schemas.pool import PoolEntry
from schemas.release import PublishedFile
from schemas.source import Source
from schemas.verdict import Verdict
from storage.extract import read_extract, write_csv
from storage.relation import count_reasons

TITLE = "Palermo extract of human-trafficking cases"


def build_files(workspace: Workspace, document: Mapping[str, Any], verdict: Verdict) -> dict[str, bytes]:
    """Every file of the candidate by name; the same draft gives the same bytes."""
    parquet = workspace.store.read_draft(document["extract"])
    extract = read_extract(parquet)
    draft = _describe_draft(workspace, document)
    name = f"palermo-cases-{draft.version}"
    tables = {
        f"{name}.parquet": parquet,
        f"{name}.csv": write_csv(extract.frame, draft.policy.published_columns),
    }
    if draft.policy.detail is not None:
        tables[name_counts(draft.version)] = document["countries"].encode()
    texts = {
        "codebook.md": build_codebook(draft, _find_coverage(workspace, document, extract)).encode(),
        "policy.yml": workspace.policy_text.encode(),
    }
    texts[CHECKSUMS] = write_checksums(tables | texts)
    rows = {file: len(extract.frame) for file in tables if file.startswith(name)}
    files = [_describe_file(file, content, rows.get(file)) for file, content in tables.items()]
    files += [_describe_file(file, content, None) for file, content in texts.items()]
    return {**tables, **texts, MANIFEST: write_manifest(build_manifest(draft, verdict, files))}


def _describe_draft(workspace: Workspace, document: Mapping[str, Any]) -> Draft:
    ids = sorted({entry["source_id"] for entry in document["entries"]})
    account = Account.load(document["account"])
    return Draft(
        version=document["version"],
        title=TITLE,
        policy=workspace.policy,
        account=account,
        sources=tuple(workspace.describe(source_id).source for source_id in ids),
        pool=document["pool"],
        code_version=document["code_version"],
        late=None if account.awaited is None else tuple(_describe_late(workspace, account.awaited)),
    )


def _describe_late(workspace: Workspace, awaited: Iterable[Awaited]) -> Iterator[tuple[Source, str]]:
    for each in awaited:
        yield workspace.describe(each.source_id).source, each.period


def _find_coverage(workspace: Workspace, document: Mapping[str, Any], extract: Extract) -> Coverage:
    paths = [workspace.store.cases_file(entry["cases"]) for entry in document["entries"]]
    years = extract.frame[YEAR].dropna().unique() if YEAR in extract.frame else ()
    return Coverage(
        years=tuple(sorted(int(year) for year in years)),
        missing=count_reasons(paths, workspace.policy.published_columns),
    )


def _describe_file(name: str, content: bytes, rows: int | None) -> PublishedFile:
    return PublishedFile(name=name, sha256=sha256(content).hexdigest(), bytes=len(content), rows=rows)


def load_entries(stored: list[Mapping[str, Any]]) -> tuple[PoolEntry, ...]:
    """Pool entries as a JSON document keeps them."""
    return tuple(PoolEntry(**entry) for entry in stored)
