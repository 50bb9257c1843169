"""Keys: the pseudonym of a case, a keyed hash of the source's own case number or of its row number."""

import hmac
from collections.abc import Iterable

import pandas as pd

from schemas.finding import Finding, FindingCode
from schemas.source import Source
from transforms.answer import build_missing
from transforms.lookup import fold_word
from transforms.person import person_of, row_of
from transforms.readers.content import UNREADABLE


def map_keys(
    source: Source, frame: pd.DataFrame, period: str, key: bytes, held: frozenset[int]
) -> tuple[pd.Series, list[Finding]]:
    """HMAC-SHA-256 of each case's key: a plain hash of a case number could be found by trying all numbers."""
    address = next((name for name, column in source.columns.items() if column.key), None)
    if address is None:
        rows = [f"{period}|row:{row_of(case)}{_name_person(case)}" for case in frame.index]
        return _hash(rows, key, frame.index), []
    cells = frame[address]
    texts = _tell_persons_apart(source, address, cells)
    missing = build_missing(source, source.columns[address])
    blank = cells.isin([cell for cell in cells.unique() if fold_word(cell) in missing])
    garbled = cells.eq(UNREADABLE)
    repeated = texts.duplicated(keep=False) & ~blank & ~garbled
    troubles = {
        FindingCode.KEY_MISSING: blank & ~frame.index.isin(list(held)),
        FindingCode.KEY_REPEATED: repeated,
        FindingCode.VALUE_UNREADABLE: garbled,
    }
    findings = [
        Finding(code, int(where.sum()), source.cases, address, rows=tuple(where.index[where].tolist()))
        for code, where in troubles.items()
        if where.any()
    ]
    return _hash(texts, key, frame.index).mask(blank | garbled), findings


def _tell_persons_apart(source: Source, address: str, cells: pd.Series) -> pd.Series:
    """The keys; several persons of a row that share its key are told apart by their number."""
    if source.persons is None or address in source.persons.columns:
        return cells
    return cells + pd.Series([_name_person(case) for case in cells.index], index=cells.index, dtype="str")


def _name_person(case: int) -> str:
    return f"|person:{number}" if (number := person_of(case)) else ""


def _hash(texts: Iterable[str], key: bytes, index: pd.Index) -> pd.Series:
    digests = [hmac.digest(key, text.encode(), "sha256").hex() for text in texts]
    return pd.Series(digests, index=index, dtype="str")
