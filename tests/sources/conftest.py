"""Every source folder is tried in every test that takes a `source_id`; a new folder needs no new test.

The folders are those of the product and those of `tests/countries`, which try forms and scripts of files.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from schemas.description import parse_source
from schemas.source import Source
from transforms.mapped import Mapped
from transforms.mapping import map_cases
from transforms.reading import name_tables, read_tables

SOURCES = Path(__file__).parents[2] / "sources"
COUNTRIES = Path(__file__).parents[1] / "countries"
FOLDERS = {
    path.parent.name: path.parent for root in (SOURCES, COUNTRIES) for path in root.glob("*/source.yml")
}

Describe = Callable[[str], Source]
MapFiles = Callable[[str, Mapping[str, bytes]], Mapped]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "source_id" in metafunc.fixturenames:
        metafunc.parametrize("source_id", sorted(FOLDERS))


@pytest.fixture(scope="session")
def describe() -> Describe:
    """The description of a source by its id."""
    return lambda source_id: parse_source(source_id, (FOLDERS[source_id] / "source.yml").read_text("utf-8"))


@pytest.fixture(scope="session")
def map_files(describe: Describe) -> MapFiles:
    """Files of one submission, by file name, as the cases they become."""

    def map_them(source_id: str, files: Mapping[str, bytes]) -> Mapped:
        source = describe(source_id)
        by_table = {table: content for name, content in files.items() for table in name_tables(source, name)}
        tables = read_tables(source, by_table)
        return map_cases(tables, source, period="2019", key=b"a key for tests", source_version="0" * 64)

    return map_them


@pytest.fixture
def example(source_id: str) -> dict[str, bytes]:
    """The example files of a source by name, without what they must become."""
    folder = FOLDERS[source_id] / "examples"
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith("expected")}


@pytest.fixture
def expected(source_id: str) -> str:
    """The cases that the example must become, as CSV."""
    return (FOLDERS[source_id] / "examples" / "expected.csv").read_text("utf-8")


@pytest.fixture
def expected_findings(source_id: str) -> dict[str, int]:
    """How often each finding is made about the example; nothing where the folder does not say."""
    path = FOLDERS[source_id] / "examples" / "expected_findings.csv"
    lines = path.read_text("utf-8").splitlines()[1:] if path.exists() else []
    return {code: int(count) for code, count in (line.split(",") for line in lines)}
