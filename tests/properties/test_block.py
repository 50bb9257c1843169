"""Blocks of any size give the records that the standard library reads from the text as a whole."""

import csv
import io

from hypothesis import example, given, settings
from hypothesis import strategies as st

from transforms.readers import block
from transforms.readers.content import Columns, FileUnreadable, clean_text

CELLS = st.text(alphabet='ab ž\u0301,;"\n\r', max_size=4)
RAGGED = st.text(alphabet='ab,"\n\rž ', max_size=80)


@st.composite
def tables(draw) -> str:
    """What a program writes: some cells quoted, one kind of line end, mostly as many cells in each row."""
    width = draw(st.integers(1, 4))
    rows = draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=12))
    text = io.StringIO(newline="")
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    csv.writer(text, quoting=quoting, lineterminator=draw(st.sampled_from(["\n", "\r\n"]))).writerows(rows)
    return text.getvalue() + draw(st.sampled_from(["", "\n", "\n\n", "a", '"', "a,b,c,d,e\n", ',"x"\n']))


def read_whole(text: str) -> list[tuple[int, list[str]]] | str:
    records, number = [], 0
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), 1):
            records.append((number, [clean_text(cell) for cell in cells]))
    except csv.Error:
        return f"After row {number}"
    return records


def read_in_blocks(text: str, size: int) -> list[tuple[int, list[str]]] | str:
    records = []
    try:
        for part in block.read_records([text], ",", size):
            if isinstance(part, Columns):
                rows = zip(*(column.to_pylist() for column in part.cells), strict=True)
                records += [(number, list(row)) for number, row in enumerate(rows, part.first)]
            else:
                records += part
    except FileUnreadable as error:
        return " ".join(error.why.split()[:3])
    return records


@settings(max_examples=400)
@given(st.one_of(tables(), RAGGED), st.integers(1, 60))
@example('a,b\n1,"x\ny"\n2,"z"\n', 5)
@example('a,b\n1,5" disk\n2,3" disk\n', 4)
@example("a,b\r1,2\r3,4\n", 3)
@example("a,b\n1,2\n\n\n3,4\n\n", 4)
@example('a,b\n"1""2",3\n"""",""\n', 7)
@example('a,b\n1,2\n"never closed\n3,4\n', 8)
def test_blocks_of_any_size_give_the_same_records(text, size):
    assert read_in_blocks(text, size) == read_whole(text)


def test_regular_rows_are_read_as_columns():
    text = "a,b\n" + '1,"x\n,y"\n' * 50
    parts = list(block.read_records([text], ",", 100))
    assert sum(len(part) for part in parts if isinstance(part, Columns)) >= 30
    assert sum(map(len, parts)) == 51
