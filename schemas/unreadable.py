"""Unreadable: every reason why a file cannot be read, and what its sender does. Never quotes the file."""

from enum import Enum


class Remedy(Enum):
    """What the sender of a file that cannot be read does; in English, elsewhere in `schemas/texts`."""

    SEND_ROWS = "Hand in the file with its rows."
    SAVE_WORKBOOK = "Open it, save it as XLSX without a password, and hand it in again."
    COPY_ROWS = "Copy the rows into a new workbook and hand that in."
    SAVE_ANEW = "Open it in the program it was made with, save it anew and hand that in."
    PACK_AGAIN = "Pack the files again and hand that in."
    PACK_OPEN = "Pack the files again without a password."
    PACK_AS_ZIP = "Pack the files as ZIP, none of them a link."
    PACK_FEWER = "Pack only the files of the delivery."
    PACK_ONCE = "Pack each file of the delivery once, under its agreed name."
    SAVE_ENCODED = (
        "Save the file in the encoding that was agreed, or let the data officer name its true one in the"
        " source."
    )
    SAVE_UTF8 = "Save it as UTF-8, or let the data officer name its true encoding in the source."
    SAVE_AS_TEXT = "Save it as text again, in the encoding that was agreed."
    AGREED_FORMAT = "Hand in the table in the agreed format."
    EXPORT_AS_BEFORE = (
        "Export the file as before, or let the data officer change the delimiter in the source."
    )
    EXPORT_JSON = "Export it again as JSON."
    EXPORT_XML = "Export it again as XML."
    EXPORT_PLAIN_XML = "Export it again without one."
    EXPORT_AS_AGREED = "Export it in the agreed form, or let the data officer name the place under records."
    SAVE_STATISTICS = "Save it again in that format, or let the data officer name its encoding in the source."
    KEEP_HEADER = "Keep the header row of the form."
    NAME_SHEET = "Use the form that was agreed, or let the data officer name the sheet in the source."
    CLOSE_QUOTE = "Look for a quotation mark inside a cell there, and double it."
    END_ROWS = "Check that it is a table, and that its rows end where they should."
    EXPORT_FEW_NAMES = "Export them so that each value stands under one of a few names."
    ASK_TABLE = "Ask the agency for the table itself, as a workbook or as text."
    COPY_TABLE = "Copy its table into a spreadsheet, save it as XLSX and use that."
    SAVE_SHEET = "Open it in a spreadsheet program, save it as XLSX and use that."
    SAVE_KNOWN = (
        "Save it as a workbook (XLSX, XLS, ODS), as text, JSON or XML, or in the form of SPSS, Stata or SAS."
    )
    UNPACK = "Unpack it, and use the files in it or pack them as ZIP."
    SEND_TEXT = "Hand it in as delimited text, or let the operator raise PALERMO_READING_FILE_MIB."
    TRY_LATER = "Try again when less is running, or let the operator lower PALERMO_READING_MEMORY_MIB."


class Unreadable(Enum):
    """Reasons with their placeholders, and what to do. The member's name is stable."""

    # Any file.
    EMPTY = ("The file is empty.", Remedy.SEND_ROWS)
    NO_COLUMN_NAMES = ("Row {row} has no column names.", Remedy.KEEP_HEADER)
    TOO_LARGE = ("The file is larger than {mib} MiB, the most that is read of this format.", Remedy.SEND_TEXT)
    TOO_SLOW = ("Reading it takes more than {seconds} seconds.", Remedy.SAVE_ANEW)
    TOO_MUCH_WORK = ("Reading it takes more than {seconds} seconds of processor time.", Remedy.SAVE_ANEW)
    TOO_MUCH_MEMORY = ("Reading it takes more than {mib} MiB of memory.", Remedy.SAVE_ANEW)
    ENDED_EARLY = (
        "Reading it takes more than {mib} MiB of memory, or breaks the program that reads it.",
        Remedy.SAVE_ANEW,
    )
    ENDED_OUTSIDE = (
        "The process that read it was ended from outside; mostly the machine has no memory left.",
        Remedy.TRY_LATER,
    )
    BREAKS_READER = ("It breaks the program that reads it.", Remedy.SAVE_ANEW)
    NO_KNOWN_FORMAT = ("The file is of no format that is read.", Remedy.SAVE_KNOWN)
    IS_DOCUMENT = ("The file is a text document or slides, no table.", Remedy.COPY_TABLE)
    IS_PDF = ("The file is a PDF document, no table.", Remedy.ASK_TABLE)
    IS_PICTURE = ("The file is a picture, no table.", Remedy.ASK_TABLE)
    IS_WEB_PAGE = ("The file is a web page, whatever its name says.", Remedy.SAVE_SHEET)
    IS_PACKED = ("The file is packed as {format}.", Remedy.UNPACK)
    # Text.
    NOT_TEXT = ("The file is {format}, not text.", Remedy.AGREED_FORMAT)
    NUL_BYTES = ("The file has NUL bytes.", Remedy.SAVE_AS_TEXT)
    OTHER_ENCODING = ("The file is {found}, the source says {said}.", Remedy.SAVE_ENCODED)
    PERHAPS_ENCODING = (
        "The file has control characters under {said}; mostly such a file is {found}.",
        Remedy.SAVE_ENCODED,
    )
    NOT_ENCODING = ("The file is not {said}.", Remedy.SAVE_ENCODED)
    BYTE_NOT_ENCODING = ("Byte {byte} (line {line}) is not {said}.", Remedy.SAVE_ENCODED)
    NO_ENCODING = ("The file is in none of the encodings {said}.", Remedy.SAVE_UTF8)
    OTHER_DELIMITER = (
        "The cells are separated by “{found}”, the source says “{said}”.",
        Remedy.EXPORT_AS_BEFORE,
    )
    QUOTE_OPEN = (
        "After row {row} a quotation mark does not close, or a cell is far too long.",
        Remedy.CLOSE_QUOTE,
    )
    ROW_TOO_LONG = ("Row {row} is longer than {mib} MiB.", Remedy.END_ROWS)
    NOT_JSON = ("The file is not JSON, or has one name twice in an object.", Remedy.EXPORT_JSON)
    NO_RECORDS = ("There is no list of records at “{place}”.", Remedy.EXPORT_AS_AGREED)
    NO_RECORDS_ON_TOP = ("There is no list of records at the top.", Remedy.EXPORT_AS_AGREED)
    NO_NAMED_RECORDS = ("The file has no records with names.", Remedy.SEND_ROWS)
    TOO_MANY_NAMES = ("The records have more than {most} different names.", Remedy.EXPORT_FEW_NAMES)
    NOT_XML = ("The file is not whole XML.", Remedy.EXPORT_XML)
    DOCUMENT_TYPE = ("The file has a document type definition.", Remedy.EXPORT_PLAIN_XML)
    # Workbooks, files of statistics programs, archives.
    NOT_WORKBOOK = ("The file is not an Excel workbook, or it is cut short.", Remedy.SAVE_WORKBOOK)
    PASSWORD = ("The workbook has a password, or is an old one (XLS).", Remedy.SAVE_WORKBOOK)
    NOT_XLS = ("The file is not an XLS workbook.", Remedy.SAVE_WORKBOOK)
    WORKBOOK_DAMAGED = ("The workbook is damaged.", Remedy.SAVE_WORKBOOK)
    WORKBOOK_SWELLS = ("The workbook unpacks to far more than its size lets expect.", Remedy.COPY_ROWS)
    SHEET_TOO_LARGE = (
        "The sheet has cells beyond row {rows} or column {columns}, or more than {cells} cells.",
        Remedy.COPY_ROWS,
    )
    NO_SHEET = ("There is no sheet.", Remedy.NAME_SHEET)
    SHEET_MISSING = ("There is no sheet “{sheet}”.", Remedy.NAME_SHEET)
    NOT_STATISTICS = (
        "The file is not {format}, is damaged, or has another encoding.",
        Remedy.SAVE_STATISTICS,
    )
    NOT_ARCHIVE = ("The file is not a ZIP archive, or it is cut short.", Remedy.PACK_AGAIN)
    ARCHIVE_EMPTY = ("The archive is empty.", Remedy.PACK_AGAIN)
    ARCHIVE_SAME_NAME = ("Two files in the archive have one name.", Remedy.PACK_ONCE)
    ARCHIVE_IN_ARCHIVE = ("The archive holds another archive.", Remedy.PACK_FEWER)
    ARCHIVE_TOO_FULL = ("The archive has more than {most} files.", Remedy.PACK_FEWER)
    ARCHIVE_NO_MEMBER = ("Of the files in the archive, {fitting} fit “{pattern}”.", Remedy.PACK_ONCE)
    ARCHIVE_PASSWORD = ("The archive has a password.", Remedy.PACK_OPEN)
    ARCHIVE_RARE = ("The archive holds a link or is packed in a rare way.", Remedy.PACK_AS_ZIP)
    ARCHIVE_SWELLS = (
        "A file in the archive unpacks to far more than its size lets expect.",
        Remedy.PACK_AGAIN,
    )
    ARCHIVE_DAMAGED = ("The archive is damaged.", Remedy.PACK_AGAIN)

    @property
    def why(self) -> str:
        """Why it cannot be read, with placeholders."""
        return self.value[0]

    @property
    def remedy(self) -> Remedy:
        """What to do about it."""
        return self.value[1]
