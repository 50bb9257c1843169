"""Trouble: why a file did not become a table, in its reader's language."""

from schemas.text import Language, text, write_figure
from transforms.readers.content import FileUnreadable
from transforms.reading import FileForNoTable

Trouble = FileUnreadable | FileForNoTable


def tell_trouble(trouble: Trouble, language: Language) -> str:
    """Why, and what to do."""
    if isinstance(trouble, FileForNoTable):
        return text("file.names", language, names=trouble.names)
    reason = trouble.reason
    values = {
        name: write_figure(value, language) if isinstance(value, int) else value
        for name, value in trouble.values.items()
    }
    where = f"{text('place.table', language, name=trouble.table)}: " if trouble.table else ""
    why = text(f"unreadable.{reason.name}", language).format(**values)
    return f"{where}{why} {text(f'remedy.{reason.remedy.name}', language)}"


def name_trouble(trouble: Trouble) -> str:
    """What it is called, the same in every language."""
    return trouble.finding.code.name if isinstance(trouble, FileForNoTable) else trouble.reason.name
