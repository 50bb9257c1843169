"""Batches of one submission on their way through rooms 3 to 5: each is worked on and stored before the next.

Whatever the size of the batches, the stored cases, the findings and the counts are the same.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from pipeline.clue import KeptClues
from pipeline.progress import Stage, tell
from pipeline.report import dump_findings, load_findings
from pipeline.room import map_tables
from pipeline.workspace import Described
from schemas.case import SCHEMA_VERSION
from schemas.finding import join_findings, sort_findings
from schemas.quality import Profile
from schemas.source import Source
from schemas.submission import RowAccount
from storage.batch import CaseBatch
from storage.match import find_repeated_rows
from storage.store import Store
from transforms.batch import ROWS, MappedTotal, ValidatedTotal, list_batches
from transforms.drift import list_headers
from transforms.key import REPEATED, report_repeated
from transforms.mapped import Mapped, RawTable
from transforms.person import restore_places
from transforms.quality import Figures, measure_figures
from transforms.validation import validate_cases

Document = dict[str, Any]


def map_batches(
    store: Store,
    described: Described,
    read: Iterable[RawTable],
    *,
    period: str,
    key: bytes,
    scheme_key: bytes | None,
    previous: Profile | None,
    withdrawn: Collection[str],
    rows: int = ROWS,
) -> Document:
    """Room 3, batch by batch: what was mapped, as a document; held cases are marked in the stored file."""
    total, clues = MappedTotal(), KeptClues(described.source)
    with store.open_cases() as writer:
        for tables in list_batches(described.source, read, rows):
            mapped = map_tables(
                described,
                tables,
                period=period,
                key=key,
                scheme_key=scheme_key,
                previous=previous,
                withdrawn=withdrawn,
            )
            held = pd.Series(mapped.cases.index.isin(list(mapped.held)), index=mapped.cases.index)
            writer.append(mapped.cases, mapped.reasons, held)
            total = total.add(mapped)
            clues.add(tables, mapped.findings)
            tell(Stage.MAP, total.read)
    return {
        "source_version": described.version,
        "schema_version": SCHEMA_VERSION,
        "cases": writer.sha256,
        # only a submission that is mapped in one batch has any
        "perpetrators": store.put_table(mapped.perpetrators),
        "findings": dump_findings(sort_findings(total.findings)),
        "columns": list_headers(described.source, tables),
        "read": total.read,
        "ignored": dict(total.ignored),
        "rows": total.rows,
        "carried": [asdict(carried) for carried in total.carried],
        "clues": clues.dump(),
    }


def validate_batches(
    store: Store, source: Source, mapped: Mapping[str, Any], current_year: int, rows: int = ROWS
) -> Document:
    """Room 4, batch by batch; cases that share a key wait, in whatever batches they are."""
    path = store.cases_file(mapped["cases"])
    repeated = {field: find_repeated_rows(path, field) for field in REPEATED}
    waiting = np.unique(np.concatenate([np.array(rows, dtype="int64") for rows in repeated.values()]))
    people, total = store.read_table(mapped["perpetrators"]), ValidatedTotal()
    with store.open_cases() as writer:
        for batch in store.read_case_batches(mapped["cases"], rows):
            theirs, people = _part_people(people, batch.cases["source_record_key"])
            validated = validate_cases(_make_mapped(batch, waiting, theirs), current_year=current_year)
            writer.append(validated.cases, validated.reasons)
            total = total.add(validated)
            tell(Stage.VALIDATE, total.accepted + total.held)
    found = [
        *load_findings(mapped["findings"]),
        *restore_places(source, report_repeated(source, repeated)),
        *total.findings,
    ]
    account = RowAccount(mapped["read"], total.accepted, total.held, mapped["ignored"], mapped["rows"])
    return {
        "source_version": mapped["source_version"],
        "schema_version": mapped.get("schema_version"),
        "cases": writer.sha256,
        "perpetrators": store.put_table(pd.concat(total.perpetrators)),
        "findings": dump_findings(sort_findings(join_findings(found))),
        "account": asdict(account),
        "columns": mapped["columns"],
        "carried": mapped["carried"],
        "clues": mapped.get("clues"),
    }


def _part_people(people: pd.DataFrame, keys: pd.Series) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The perpetrators of some cases, and the others; to look for the keys of cases takes its time."""
    if people.empty:
        return people, people
    theirs = people["source_record_key"].isin(keys)
    return people[theirs], people[~theirs]


def _make_mapped(batch: CaseBatch, waiting: np.ndarray, people: pd.DataFrame) -> Mapped:
    """The batch as if it were a submission of its own."""
    index = batch.cases.index
    held = frozenset(index[batch.held.to_numpy() | index.isin(waiting)].tolist())
    return Mapped(batch.cases, batch.reasons, people, (), held, len(index), {})


def count_figures(store: Store, cases: str, seen: Mapping[str, Sequence[str]]) -> Figures:
    """Room 5: the figures of accepted cases; `seen` are the codes of earlier deliveries."""
    figures = Figures()
    for batch in store.read_case_batches(cases):
        figures = figures.add(measure_figures(batch.cases, seen))
        tell(Stage.CHECK, figures.rows)
    return figures
