"""Distinct: the different values of a column of numbers, numbered as they come."""

from typing import Any

import numpy as np
import pyarrow as pa

from anonymize.ladder import Codes


def number_distinct(values: Codes) -> tuple[Codes, Codes]:
    """For each value the number of its first appearance among the different ones, and these.

    By hashing, which takes many rows less time than sorting. So would pandas, but it takes long to load, and
    `pa.array` loads it: hence the buffers.
    """
    if not len(values):
        return values, values
    given = [None, pa.py_buffer(np.ascontiguousarray(values, dtype=np.int64).data)]
    found: Any = pa.Array.from_buffers(pa.int64(), len(values), given).dictionary_encode()
    number = np.frombuffer(found.indices.buffers()[1], np.int32, len(values))
    return number.astype(np.int64), np.frombuffer(
        found.dictionary.buffers()[1], np.int64, len(found.dictionary)
    )
