"""What the hostile tests share: small caps, short source descriptions, and reading in the sandbox."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from pipeline.confinement import Caps
from pipeline.sandbox import Content, read_sandboxed
from pipeline.settings import Settings
from schemas.source import Source
from transforms.mapped import RawTable
from transforms.readers.content import FileUnreadable

CAPS = replace(Settings().caps, memory_mib=512, cpu_seconds=60, silence_seconds=60)
CANARY = "Zvezdana Canarić"

Read = Callable[..., RawTable]


def describe(**reader: object) -> Source:
    """A source of one table with a key and a note, read as the test says."""
    return Source.model_validate(
        {
            "id": "xyz_office_cases",
            "title": "Test",
            "publisher": {"name": "Office", "country": "SRB"},
            "terms": {"licence": "none", "agreement": "none"},
            "schedule": {"every": "once"},
            "reader": {"format": "delimited", **reader},
            "columns": {"key": {"key": True}},
            "ignored": {"note": "free text"},
        }
    )


@pytest.fixture(scope="session")
def read() -> Read:
    """Reads one file through the sandbox under small caps."""

    def run(content: Content, *, caps: Caps = CAPS, **reader: object) -> RawTable:
        source = describe(**reader)
        return read_sandboxed(source, {source.cases: content}, caps)[source.cases]

    return run


@pytest.fixture(scope="session")
def refuse(read) -> Callable[..., FileUnreadable]:
    """Reads one file that must be refused; gives the refusal, which quotes nothing of the file."""

    def run(content: Content, **how: object) -> FileUnreadable:
        with pytest.raises(FileUnreadable) as refused:
            read(content, **how)
        message = str(refused.value)
        assert refused.value.why
        assert refused.value.remedy
        assert CANARY not in message
        assert refused.value.__cause__ is None
        return refused.value

    return run
