"""Codes that agencies share are hashed under the secret of their scheme, however they are typed."""

import hmac

import pandas as pd
import pytest
from small_source import parse_small_source

from schemas.case import KEY_FIELD, PERSON_FIELD
from schemas.finding import FindingCode
from schemas.missing import MissingReason
from schemas.problem import InvalidDescription
from transforms.key import (
    find_repeated,
    fold_code,
    map_shared_keys,
    report_repeated,
)
from transforms.readers.content import UNREADABLE

SHARED = "shared_key: {column: nrm, scheme: SRB-NRM}\n"
SOURCE = parse_small_source(SHARED + "missing: {nema: unknown}\n")
KEY = b"s" * 32


def map_codes(*cells):
    frame = pd.DataFrame({"nrm": cells}, index=range(2, 2 + len(cells)), dtype="str")
    return map_shared_keys(SOURCE, frame, KEY)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("NRM-2019/12", "nrm-2019-12"),
        (" nrm 2019.12 ", "nrm-2019-12"),
        ("NRM_2019–12", "nrm-2019-12"),
        ("NRM-٢٠١٩/١٢", "nrm-2019-12"),
        ("\uff2e\uff32\uff2d-2019/12", "nrm-2019-12"),
        ("NRM-20191/2", "nrm-20191-2"),
        ("NRM-2019/012", "nrm-2019-012"),
        ("/", ""),
    ],
)
def test_a_code_is_the_same_however_it_is_typed(typed, folded):
    assert fold_code(typed) == folded


def test_the_hash_is_hmac_sha_256_of_the_folded_code():
    [part], findings = map_codes("NRM-2019/12", "NRM-2019/13")
    assert part.values.tolist() == [
        hmac.digest(KEY, text, "sha256").hex() for text in (b"nrm-2019-12", b"nrm-2019-13")
    ]
    assert findings == []


def test_a_case_without_code_is_counted_and_has_a_reason():
    [part], [finding] = map_codes("NRM-1", "", "Nema", " - ")
    assert (finding.code, finding.count, finding.rows) == (FindingCode.SHARED_KEY_MISSING, 3, (3, 4, 5))
    assert part.values.isna().tolist() == [False, True, True, True]
    assert part.reasons.tolist() == [None] + [MissingReason.UNKNOWN] * 3


def test_rows_that_share_a_code_wait():
    [part], _ = map_codes("NRM-1", "nrm 1", "NRM-2", "", "")
    cases = pd.DataFrame({KEY_FIELD: range(5), PERSON_FIELD: part.values}, index=part.values.index)
    [finding] = report_repeated(SOURCE, find_repeated(cases))
    assert (finding.code, finding.column, finding.rows) == (FindingCode.SHARED_KEY_REPEATED, "nrm", (2, 3))


def test_a_formula_is_no_code():
    [part], [finding] = map_codes("NRM-1", UNREADABLE)
    assert (finding.code, finding.rows) == (FindingCode.VALUE_UNREADABLE, (3,))
    assert part.values.isna().tolist() == [False, True]


def test_a_source_without_shared_code_has_none():
    assert map_shared_keys(parse_small_source(), pd.DataFrame({"number": ["1"]}), None) == ([], [])


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (SHARED.replace("SRB-NRM", "nrm"), "such as SRB-NRM"),
        (SHARED + "ignored: {nrm: internal}\n", "stands under ignored too"),
        (SHARED + "refused: {nrm: identifies}\n", "stands under refused too"),
    ],
)
def test_a_shared_key_that_cannot_be_is_told(more, said):
    with pytest.raises(InvalidDescription, match=said):
        parse_small_source(more)
