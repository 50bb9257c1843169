"""An invented file of 36 rows with twelve planted faults, as delimited text and as a workbook."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
import yaml
from openpyxl import Workbook

from pipeline.settings import Settings
from pipeline.workspace import Workspace

SERBIA = "srb_czztlj_identified_victims"
ROWS = 36
HEADER = (
    "broj_predmeta",
    "datum_identifikacije",
    "pol",
    "uzrast",
    "državljanstvo",
    "oblik_eksploatacije",
    "zemlja_eksploatacije",
    "odnos_sa_vrbovateljem",
    "opština",
    "vrsta_podrške",
)
# cell, what is typed there, the finding, and the word that was perhaps meant
FAULTS = (
    ("C3", "žnski", "WORD_UNKNOWN", "ženski"),
    ("C5", "muskii", "WORD_UNKNOWN", "muški"),
    ("B7", "31.02.2019.", "VALUE_UNREADABLE", None),
    ("D9", "dvanaest", "VALUE_UNREADABLE", None),
    ("E13", "Srbja", "WORD_UNKNOWN", "Srbija"),
    ("F15", "seksulna+radna", "WORD_UNKNOWN", "seksualna"),
    ("A17", "", "KEY_MISSING", None),
    ("B21", "15.03.2018.", "RULE_WARNED.T7", None),
    ("B23", "01.01.2030.", "RULE_HELD.T1", None),
    ("F25", "", "RULE_WARNED.P6", None),
    ("G27", "Atlantida", "WORD_UNKNOWN", None),
)
CANARIES = ("žnski", "muskii", "dvanaest", "Srbja", "seksulna", "Atlantida", "izmišljena opština", "TAJNA-")
HELD = 10


@dataclass(frozen=True)
class Planted:
    """A file, the folder of its description, and by cell, or by row where there is none, what is wrong."""

    path: Path
    source: Path
    expected: dict[str, tuple[str, str | None]]


def build_rows() -> list[list[str]]:
    """36 sound cases, then the eleven faults that delimited text and a workbook have in common."""
    rows = [
        [
            f"TAJNA-{number:03}",
            f"{number % 27 + 1:02}.06.2019.",
            "ženski" if number % 2 else "muški",
            str(18 + number % 20),
            "Srbija",
            "radna" if number % 3 else "seksualna",
            "Srbija",
            "poznanik",
            "izmišljena opština",
            "smeštaj",
        ]
        for number in range(1, ROWS + 1)
    ]
    for cell, typed, *_ in FAULTS:
        rows[int(cell[1:]) - 2]["ABCDEFGHIJ".index(cell[0])] = typed
    return rows


def expect(**more: tuple[str, str | None]) -> dict[str, tuple[str, str | None]]:
    return {cell: (code, nearest) for cell, _, code, nearest in FAULTS} | more


def describe(folder: Path, **reader: str) -> Path:
    """The description of Serbia with another layout, and without bounds that a tenth held row would break."""
    checkout = Path(__file__).parents[2]
    source = yaml.safe_load((checkout / "sources" / SERBIA / "source.yml").read_text("utf-8"))
    del source["bounds"]
    source["reader"] = reader or source["reader"]
    made = folder / SERBIA
    made.mkdir(parents=True)
    (made / "source.yml").write_text(yaml.safe_dump(source, allow_unicode=True), "utf-8")
    return made


@pytest.fixture(scope="session")
def delimited(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    folder = tmp_path_factory.mktemp("delimited")
    rows = build_rows()
    rows[17].append("jedna ćelija previše")
    lines = [";".join(row) for row in (list(HEADER), *rows)]
    path = folder / "zrtve.csv"
    path.write_bytes("\r\n".join(lines).encode("windows-1250"))
    return Planted(path, describe(folder), expect(row19=("ROW_SHIFTED", None)))


@pytest.fixture(scope="session")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    folder = tmp_path_factory.mktemp("workbook")
    rows = build_rows()
    book = Workbook()
    book.active.title = "Podaci"
    for row in (list(HEADER), *rows):
        book.active.append([cell or None for cell in row])
    book.active["D19"] = "=D18+1"
    content = BytesIO()
    book.save(content)
    path = folder / "zrtve.xlsx"
    path.write_bytes(content.getvalue())
    described = describe(folder, format="xlsx", sheet="Podaci")
    return Planted(path, described, expect(D19=("VALUE_UNREADABLE", None)))


@pytest.fixture(params=["delimited", "workbook"])
def planted(request: pytest.FixtureRequest) -> Planted:
    found: Planted = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def nowhere(tmp_path: Path) -> Workspace:
    """A workspace that is not there, and must not be made."""
    return Workspace(Settings(home=tmp_path / "none"))
