"""The pages of deliveries on the desk: seven languages of each, made again only where something changed.

`pages.json` on the desk says of each delivery from what its pages were made. What a page shows follows
from its report, the submission's state, the description of its source, what was said to its warnings, and
the code.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

from pipeline.codeversion import hash_packages
from pipeline.delivery_report import build_delivery_report
from pipeline.workspace import Described, Workspace
from portal.quality_page import LanguageLink, name_report, render_quality_page
from schemas.override import Override
from schemas.text import Language, choose_language
from storage.page import Pages
from storage.record import SubmissionRecord

MADE = "restricted/desk/pages.json"
WRITERS = ("portal", "pipeline", "schemas")

Place = tuple[str, str]
"""A source id and a period."""


@dataclass
class Made:
    """From what the pages on the desk were made, by submission; kept beside them."""

    pages: Pages
    stand: frozenset[str]
    hashes: dict[str, str] = field(default_factory=dict)

    def is_current(self, submission: str, inputs: str, names: Sequence[str]) -> bool:
        """Whether all pages of a delivery stand there and were made from this."""
        return self.hashes.get(submission) == inputs and self.stand.issuperset(names)

    def keep(self) -> None:
        """Write it down; what is not written down is made again."""
        self.pages.write(MADE, json.dumps(self.hashes, indent=0, sort_keys=True))


def read_made(pages: Pages) -> Made:
    """What is written down; nothing where it is missing or damaged."""
    try:
        hashes = json.loads(pages.read(MADE) or "{}")
    except ValueError:
        hashes = {}
    return Made(pages, pages.list_desk(), hashes if isinstance(hashes, dict) else {})


def write_delivery_pages(
    workspace: Workspace, submissions: Sequence[SubmissionRecord], sources: Mapping[str, Described]
) -> None:
    """The pages of every delivery that has a report, where they are not as they must be."""
    made, told = read_made(workspace.store.pages), _overrides_by_place(workspace)
    try:
        for record in submissions:
            received = record.submission
            described = sources.get(received.source_id)
            overrides = told.get((received.source_id, received.period), ())
            inputs = _hash_inputs(record, described, overrides)
            names = _name_pages(record, described)
            if inputs is not None and not made.is_current(received.id, inputs, list(names.values())):
                _write_pages(workspace, record, described, overrides, names)
                made.hashes[received.id] = inputs
    finally:
        made.keep()


def _overrides_by_place(workspace: Workspace) -> dict[Place, tuple[Override, ...]]:
    told: dict[Place, tuple[Override, ...]] = {}
    for override in workspace.ledger.overrides():
        place = (override.source_id, override.period)
        told[place] = (*told.get(place, ()), override)
    return told


def _find_report(record: SubmissionRecord) -> str | None:
    return record.failed_report or record.report


def _hash_inputs(
    record: SubmissionRecord, described: Described | None, overrides: Sequence[Override]
) -> str | None:
    """SHA-256 of all that the pages of a delivery are made from; None where there is no report yet."""
    report = _find_report(record)
    if report is None:
        return None
    inputs: list[Any] = [report, record.state, described.version if described else None]
    inputs += [hash_packages(*WRITERS), *(asdict(override) for override in overrides)]
    return sha256(json.dumps(inputs, default=str).encode()).hexdigest()


def _name_pages(record: SubmissionRecord, described: Described | None) -> dict[Language, str]:
    """The page in the language of the agency, and beside it those in every other."""
    own = choose_language(described.source.language if described else ())
    received = record.submission.id
    return {
        language: name_report(received, language if language is not own else None) for language in Language
    }


def _write_pages(
    workspace: Workspace,
    record: SubmissionRecord,
    described: Described | None,
    overrides: Sequence[Override],
    names: Mapping[Language, str],
) -> None:
    document = workspace.store.read_document(str(_find_report(record)))
    for language, name in names.items():
        report = build_delivery_report(
            document,
            record.submission,
            described.source if described else None,
            overrides,
            state=record.state,
            language=language,
        )
        links = [LanguageLink(other, None if other is language else names[other]) for other in Language]
        workspace.store.write_page(f"restricted/desk/{name}", render_quality_page(report, links))
