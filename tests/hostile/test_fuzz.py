"""Broken bytes through the sandbox, end to end: a table or a plain refusal, never anything else."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.sandbox import read_sandboxed
from tests.hostile.conftest import CAPS, describe
from tests.hostile.test_workbook import make_workbook
from transforms.readers.content import FileUnreadable

TEXT = 'key,note\n1,"a\nž"\n2,b\n'.encode() * 5
SEEDS = {
    "delimited": TEXT,
    "json_lines": b'{"key": "1", "note": null}\n{"key": 2.0}\n' * 5,
    "xlsx": make_workbook(),
}
ENCODINGS = ("utf-8-sig", "utf-16", "windows-1250", "ascii")


def read_or_refuse(content: bytes, **reader: object) -> None:
    tables, refusals = {}, []
    try:
        tables = read_sandboxed(describe(**reader), {"cases": content}, CAPS)
    except FileUnreadable as error:
        refusals.append(error.why)
    if refusals:
        assert "breaks its reader" not in refusals[0]
        return
    cells = tables["cases"].frame
    assert all(isinstance(cell, str) for cell in cells.to_numpy().ravel())
    assert cells.index.is_unique


def mutate(content: bytes, seed: int) -> bytes:
    """Some bytes changed, cut out or doubled."""
    chance = random.Random(seed)
    mutated = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(len(mutated))
        match chance.randrange(3):
            case 0:
                mutated[place] = chance.randrange(256)
            case 1:
                del mutated[place : place + chance.randint(1, 20)]
            case 2:
                mutated[place:place] = mutated[place : place + chance.randint(1, 20)]
        mutated = mutated or bytearray(b"\0")
    return bytes(mutated)


@settings(max_examples=60)
@given(st.sampled_from(sorted(SEEDS)), st.integers(0, 2**32), st.sampled_from(ENCODINGS))
def test_mutated_files(form, seed, encoding):
    read_or_refuse(mutate(SEEDS[form], seed), format=form, encoding=encoding)


@settings(max_examples=40)
@given(st.binary(max_size=300), st.sampled_from(sorted(SEEDS)), st.sampled_from(ENCODINGS))
def test_arbitrary_bytes(content, form, encoding):
    read_or_refuse(content, format=form, encoding=encoding)
