"""Correction: cells that a data officer corrects before they are mapped, each as long as it stands there.

A correction whose cell or word is no longer in the file fails the submission: the source has been
repaired, and nobody shall find out years later that Palermo changes its data.
"""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from schemas.case import case_fields
from schemas.codelist import load_codelist
from schemas.correction import SEAL_DIGITS, CellCorrection, Correction, WordCorrection, list_words
from schemas.finding import Finding, FindingCode
from schemas.source import Column, Source
from transforms.column import locate_column, name_repeated
from transforms.lookup import fold_word
from transforms.mapped import RawTable

BORDER = "\x1f"
NUMBERS = range(2101)
"""Ages, counts and years, for columns without words."""


class NotCorrectable(Exception):
    """A cell cannot be corrected so; the message says why and quotes nothing."""


def correct_tables(
    tables: Mapping[str, RawTable],
    source: Source,
    corrections: Iterable[Correction],
    *,
    period: str,
    key: bytes,
) -> dict[str, RawTable]:
    """The tables with the corrections of this period made, each told in the findings of its table.

    Every correction is judged on the tables as they were handed in.
    """
    corrected = dict(tables)
    for correction in corrections:
        if correction.period == period:
            name, _ = locate_column(source, correction.column)
            changes = _list_changes(tables[name], source, correction, key)
            corrected[name] = _make_changes(corrected[name], correction, changes)
    return corrected


def _make_changes(table: RawTable, correction: Correction, changes: Mapping[str, pd.Series]) -> RawTable:
    frame, rows = table.frame.copy(), set[int]()
    for column, cells in changes.items():
        if len(cells):
            frame.loc[cells.index, column] = cells
            rows.update(cells.index.tolist())
    code = FindingCode.CORRECTION_APPLIED if rows else FindingCode.CORRECTION_STALE
    count = sum(map(len, changes.values())) or 1
    place = (table.name, correction.column, None, correction.id)
    told = Finding(code, count, *place, rows=tuple(sorted(rows)))
    return replace(table, frame=frame, findings=(*table.findings, told))


def _list_changes(raw: RawTable, source: Source, correction: Correction, key: bytes) -> dict[str, pd.Series]:
    """The new cells by column and row; none where the correction does not fit the file."""
    address = correction.column
    _, name = locate_column(source, address)
    columns = [c for c in name_repeated(source, raw.name, name) if c in raw.frame.columns]
    described = source.find_column(address)
    if described and correction.word:
        word = correction.word
        return {column: _replace_word(raw.frame[column], described, word) for column in columns}
    if described and correction.cell and name in columns:
        possible = list_possible_cells(source, described)
        return {name: _open_cell(raw, source, address, correction.cell, possible, key)}
    return {}


def _replace_word(cells: pd.Series, column: Column, word: WordCorrection) -> pd.Series:
    """Every cell that is the word, or has it among several."""
    meant, joint = fold_word(word.expect), column.separator or ""

    def correct(cell: str) -> str:
        parts = cell.split(joint) if joint.strip() else [cell]
        return joint.join(word.becomes if fold_word(part) == meant else part for part in parts)

    new = {cell: correct(cell) for cell in cells.unique()}
    return cells[cells.map(new) != cells].map(new)


def _open_cell(
    raw: RawTable, source: Source, address: str, cell: CellCorrection, possible: Iterable[str], key: bytes
) -> pd.Series:
    """The one cell that the seal is over, as what the other seal is over."""
    _, column = locate_column(source, address)
    keys = _find_keys(raw, source)
    if keys is None:
        return pd.Series(dtype="str")
    seals = [_seal(key, address, case, held) for case, held in zip(keys, raw.frame[column], strict=True)]
    fitting = raw.frame.index[[seal == cell.expect for seal in seals]]
    new = next((word for word in possible if _seal(key, cell.expect, word) == cell.becomes), None)
    return pd.Series(new, index=fitting, dtype="str") if new is not None else pd.Series(dtype="str")


def seal_cell(
    raw: RawTable, source: Source, address: str, row: int, becomes: str, key: bytes
) -> CellCorrection:
    """The two seals that correct one cell of the case table.

    Raises:
        NotCorrectable: there is no such row or column, the case has no key, or the column cannot
            hold what it shall become.
    """
    column = source.find_column(address)
    table, name = locate_column(source, address)
    keys = _find_keys(raw, source)
    if column is None or column.key or table != source.cases or name not in raw.frame.columns:
        raise NotCorrectable("name a column of the case table that source.yml maps, and not the key")
    if row not in raw.frame.index:
        raise NotCorrectable("the file has no case in that row; rows are numbered as a spreadsheet does")
    if keys is None or not keys[row]:
        raise NotCorrectable("the case has no key, so that it could not be told for certain later")
    if becomes not in list_possible_cells(source, column):
        raise NotCorrectable(
            "the column cannot hold that: give a word of its lookup, a code, a whole number, or a word "
            "that stands for no answer, exactly as source.yml writes it"
        )
    expect = _seal(key, address, keys[row], raw.frame.at[row, name])
    return CellCorrection(expect=expect, becomes=_seal(key, expect, becomes))


def list_possible_cells(source: Source, column: Column) -> tuple[str, ...]:
    """What a corrected cell may become; a seal is opened by trying them all."""
    field = case_fields().get(column.field or "")
    codes = load_codelist(field.codelist).codes if field and field.codelist else ()
    return tuple(dict.fromkeys((*list_words(source, column), "", *codes, *map(str, NUMBERS))))


def _find_keys(raw: RawTable, source: Source) -> pd.Series | None:
    address = next((name for name, column in source.columns.items() if column.key), None)
    table, column = locate_column(source, address or "")
    return raw.frame[column] if table == raw.name and column in raw.frame.columns else None


def _seal(key: bytes, *parts: str) -> str:
    """HMAC-SHA-256 under the secret of the source; never equal to the pseudonym of a case."""
    text = BORDER.join(("correction", *parts))
    return hmac.digest(key, text.encode(), "sha256").hex()[:SEAL_DIGITS]
