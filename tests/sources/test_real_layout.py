"""Real files described otherwise: they must give what a count by hand, or the first description, gives."""

import csv

import pandas as pd
import yaml

from pipeline.settings import CHECKOUT
from schemas.case import case_fields
from schemas.description import parse_source
from schemas.field import Kind
from schemas.plain_yaml import load_plain_yaml
from transforms.mapping import map_cases
from transforms.reading import read_tables

FULL, HOTLINE = "int_ctdc_global_dataset_2020_full", "arg_rescate_linea145"
EXCERPT = "global_dataset_2020_kanon_excerpt_64_columns.csv"


def _load(source_id):
    return load_plain_yaml((CHECKOUT / "sources" / source_id / "source.yml").read_text("utf-8"))


def _map(source_id, values, files):
    source = parse_source(source_id, yaml.safe_dump(values, allow_unicode=True, sort_keys=False))
    return map_cases(read_tables(source, files), source, period="2020", key=b"k", source_version="v")


def test_48_flags_in_one_statement_are_the_same_as_one_by_one(real_data):
    files = {"cases": (real_data / "ctdc" / EXCERPT).read_bytes()}
    values = _load(FULL)
    one_by_one = _map(FULL, values, files)
    flags = {
        name: column["field"]
        for name, column in values["columns"].items()
        if case_fields()[column.get("field", "gender")].kind is Kind.FLAG
    }
    assert len(flags) == 48
    values["columns"] = {name: keys for name, keys in values["columns"].items() if name not in flags}
    together = _map(FULL, {**values, "one_hot": {"columns": flags, "yes": [1], "no": [0]}}, files)
    pd.testing.assert_frame_equal(one_by_one.cases, together.cases)
    pd.testing.assert_frame_equal(one_by_one.reasons, together.reasons)
    assert one_by_one.findings == together.findings


def test_reports_of_the_hotline_with_their_persons_added_up(real_data):
    """The reverse of the description: a report is a case, and has what is said of any of its persons."""
    folder = real_data / "argentina_linea145"
    (reports,), (persons,) = list(folder.glob("rescate-denuncias*")), list(folder.glob("*referidos*"))
    values = _load(HOTLINE)
    for section in ("perpetrators", "ignored_rows", "ignored", "bounds", "not_collected"):
        values.pop(section)
    values |= {
        "cases": "reports",
        "link": {"table": "persons", "on": "nro_registro_interno", "many": True, "optional": True},
        "columns": {
            "fecha_ingreso": {"field": "year_of_registration", "date": "%Y-%m-%d"},
            "persons.subtema": values["columns"]["subtema"],
            "persons.nacionalidad": {**values["columns"]["nacionalidad"], "field": "citizenship_all"},
        },
        "lookups": {name: values["lookups"][name] for name in ("subject", "country")},
    }
    mapped = _map(HOTLINE, values, {"reports": reports.read_bytes(), "persons": persons.read_bytes()})
    with persons.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    sexual = ("explotación sexual", "pornografía infantil")
    said = {
        r["nro_registro_interno"] for r in rows if any(word in r["subtema"].casefold() for word in sexual)
    }
    assert (len(mapped.cases), len(mapped.held), len(said)) == (3_352, 0, 642)
    assert int(mapped.cases["is_sexual_exploit"].eq(1).sum()) == 642
    of_paraguay = {r["nro_registro_interno"] for r in rows if r["nacionalidad"] == "Paraguay"}
    found = mapped.cases["citizenship_all"].str.contains("PRY", na=False)
    assert int(found.sum()) == len(of_paraguay) > 30
