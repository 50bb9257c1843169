"""Keys: pseudonyms of case and person, keyed hashes of numbers that only the sources know."""

import hmac
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from schemas.case import KEY_FIELD, PERSON_FIELD
from schemas.finding import Finding, FindingCode
from schemas.missing import MissingReason
from schemas.source import Column, Source
from transforms.cell import build_missing
from transforms.lookup import fold_word
from transforms.part import Part
from transforms.person import STEP, person_of, row_of
from transforms.readers.content import UNREADABLE

REPEATED = {KEY_FIELD: FindingCode.KEY_REPEATED, PERSON_FIELD: FindingCode.SHARED_KEY_REPEATED}
"""Fields that hold keys, and the finding where cases of one submission share one."""
BETWEEN = re.compile(r"[\W_]+")


class KeyUnknown(Exception):
    """A case of this source cannot be told by a key."""


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
    troubles = {
        FindingCode.KEY_MISSING: blank & ~frame.index.isin(list(held)),
        FindingCode.VALUE_UNREADABLE: garbled,
    }
    return _hash(texts, key, frame.index).mask(blank | garbled), _report(source, address, troubles)


def list_pseudonyms(source: Source, text: str, key: bytes) -> tuple[str, ...]:
    """Every pseudonym that `map_keys` gives the case of a key: one, or one for each person a row may have.

    Raises:
        KeyUnknown: the source has no key, so that none of its cases can be told by one.
    """
    address = next((name for name, column in source.columns.items() if column.key), None)
    if address is None:
        raise KeyUnknown("the source has no column that is a key: ask it for a corrected file instead")
    texts = [text]
    if source.persons is not None and address not in source.persons.columns:
        texts = [f"{text}{_name_person(n * STEP)}" for n in range(1, len(source.persons.groups) + 1)]
    return tuple(hmac.digest(key, each.encode(), "sha256").hex() for each in texts)


def map_shared_keys(
    source: Source, frame: pd.DataFrame, key: bytes | None
) -> tuple[list[Part], list[Finding]]:
    """HMAC-SHA-256 of the code that other agencies use too, under the secret of its scheme.

    A code is the same however it is typed: in capitals or not, with a dash, slash or space between its
    parts, in the digits of any script.
    """
    shared = source.shared_key
    if shared is None or key is None:
        return [], []
    cells = frame[shared.column]
    missing = build_missing(source, source.columns.get(shared.column, Column(key=True)))
    garbled = cells.eq(UNREADABLE)
    codes = cells.map({cell: fold_code(cell) for cell in cells.unique()})
    blank = (cells.map(fold_word).isin(list(missing)) | codes.eq("")) & ~garbled
    troubles = {
        FindingCode.SHARED_KEY_MISSING: blank,
        FindingCode.VALUE_UNREADABLE: garbled,
    }
    unknown = blank | garbled
    reasons = [MissingReason.UNKNOWN if is_unknown else None for is_unknown in unknown]
    hashes = _hash(codes, key, frame.index).astype(object).mask(unknown, None)
    part = Part(PERSON_FIELD, shared.column, hashes, pd.Series(reasons, index=frame.index, dtype=object))
    return [part], _report(source, shared.column, troubles)


def find_repeated(cases: pd.DataFrame) -> dict[str, tuple[int, ...]]:
    """By field that holds a key the cases whose key another case has too."""
    where = {name: cases[name].duplicated(keep=False) & cases[name].notna() for name in REPEATED}
    return {name: tuple(cases.index[repeated].tolist()) for name, repeated in where.items()}


def report_repeated(source: Source, repeated: Mapping[str, Sequence[int]]) -> tuple[Finding, ...]:
    """Cases that share a key wait: nobody can say which of them is meant.

    `repeated` is what `find_repeated` gives, of all cases of a submission.
    """
    own = next((name for name, column in source.columns.items() if column.key), None)
    addresses = {KEY_FIELD: own, PERSON_FIELD: source.shared_key and source.shared_key.column}
    return tuple(
        Finding(REPEATED[name], len(cases), source.cases, addresses[name], rows=tuple(cases))
        for name, cases in repeated.items()
        if cases
    )


def fold_code(text: str) -> str:
    """A code as it is compared: plain digits, small letters, one dash between its parts."""
    plain = "".join(str(unicodedata.decimal(c, c)) for c in unicodedata.normalize("NFKC", text))
    return BETWEEN.sub("-", plain.casefold()).strip("-")


def _report(source: Source, address: str, troubles: dict[FindingCode, pd.Series]) -> list[Finding]:
    return [
        Finding(code, int(where.sum()), source.cases, address, rows=tuple(where.index[where].tolist()))
        for code, where in troubles.items()
        if where.any()
    ]


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
