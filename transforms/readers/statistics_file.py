"""Files of statistics programs: SPSS, Stata and SAS transport; bytes in, cells out.

A value with a label stands as its label, a value that the file declares as missing too, so that the
source description can tell refused from unknown. Columns have their visible labels.
"""

import io
from collections.abc import Callable
from typing import Any

import pyreadstat

from schemas.reader import Format, Reader
from schemas.unreadable import Unreadable
from transforms.readers.content import Content, FileUnreadable, clean_text
from transforms.readers.plain_value import write_plain

READ: dict[Format, Callable[..., Any]] = {
    Format.SAV: pyreadstat.read_sav,
    Format.DTA: pyreadstat.read_dta,
    Format.XPT: pyreadstat.read_xport,
}
NAMES = {
    Format.SAV: "SPSS (.sav)",
    Format.DTA: "Stata (.dta)",
    Format.XPT: "SAS (.xpt)",
}
DEFAULT_ENCODING = "utf-8-sig"


def read_statistics_file(content: bytes, reader: Reader) -> Content:
    """Read the rows, numbered from 1 as the program shows them.

    Raises:
        FileUnreadable: not a file of that program, damaged, or in another encoding than it says.
    """
    options: dict[str, Any] = {}
    if reader.format is not Format.XPT:
        options = {"apply_value_formats": True, "formats_as_category": False, "user_missing": True}
    if reader.encodings != (DEFAULT_ENCODING,):
        options["encoding"] = reader.encodings[0]
    try:
        frame, described = READ[reader.format](io.BytesIO(content), **options)
    except Exception:  # the messages of the library may quote the file
        raise FileUnreadable(Unreadable.NOT_STATISTICS, format=NAMES[reader.format]) from None
    cells = [[write_plain(value) for value in frame[name]] for name in frame.columns]
    rows = {number: list(row) for number, row in enumerate(zip(*cells, strict=True), 1)}
    labels = tuple(clean_text(label or "") for label in described.column_labels)
    return Content(tuple(map(str, frame.columns)), rows, labels)
