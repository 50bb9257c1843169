"""A drafted description of every example, once a person has filled its TODO marks, takes the file in."""

import json
import re

import pytest
from invented_country import COUNTRIES

from schemas.description import parse_source
from schemas.plain_yaml import load_plain_yaml
from transforms.mapping import map_cases
from transforms.reading import name_tables, read_tables
from transforms.screening import screen_identifiers
from transforms.suggestion.draft import write_draft
from transforms.suggestion.table import suggest_table
from transforms.validation import validate_cases

SEVERAL_TABLES = {"arg_rescate_linea145"}
CHOSEN = {
    "data_source_type": "Other",
    "trafficking_status": "PossibleVictimOfTrafficking",
    "consent_publication": True,
}
OPEN = re.compile(r'^  # TODO ("(?:[^"\\]|\\.)*"): \{field: \}')


@pytest.fixture
def drafted(source_id, example):
    if source_id in COUNTRIES:
        pytest.skip("drafts know neither these formats nor the keys for dates and countries by name yet")
    if len(example) > 1 or source_id in SEVERAL_TABLES:
        pytest.skip("several tables: which column ties them is tried in tests/unit")
    [(name, content)] = example.items()
    table = suggest_table(content, name[name.rindex(".") :], languages=(), country="SRB", encoding=None)
    return write_draft([table], country="SRB", least=11).text


def fill(text, source):
    """What an officer does: give agreement and constants, place the words that are left, ignore the rest."""
    undecided = [load_plain_yaml(match[1]) for line in text.split("\n") if (match := OPEN.match(line))]
    values = load_plain_yaml(text)
    values["terms"] = {"licence": "none", "agreement": "tried"}
    given = {column.get("field") for column in values["columns"].values()}
    own = {**CHOSEN, **source.constants}
    values["constants"] |= {name: own[name] for name in CHOSEN if name not in given}
    if "year_of_registration" not in given:
        values["constants"]["year_of_registration"] = 2019
    values.setdefault("ignored", {}).update(dict.fromkeys(undecided, "not needed"))
    values["ignored_rows"] = [row.model_dump() for row in source.ignored_rows if row.column not in undecided]
    values["missing"] = {**values.get("missing", {}), **source.missing}
    for name, column in values["columns"].items():
        theirs = source.columns.get(name)
        if theirs and theirs.separator and theirs.field:
            column["separator"] = theirs.separator
        if theirs and column.get("lookup") and theirs.lookup:
            place(values["lookups"], column["lookup"], source.lookups[theirs.lookup])
        if theirs and column.get("flags") and theirs.flags:
            place(values["lookups"], column["flags"], source.lookups[theirs.flags])
            column["separator"] = theirs.separator or column.get("separator")
    for name, text in values.get("concatenated", {}).items():
        values["lookups"][text["flags"]] = source.lookups[source.concatenated[name].flags]
    return values


def place(lookups, name, words):
    known = {word.casefold() for word in lookups[name] or {}}
    more = {word: target for word, target in words.items() if word.casefold() not in known}
    lookups[name] = {**(lookups[name] or {}), **more}


def test_a_filled_draft_takes_the_file_in(source_id, drafted, example, describe):
    source = describe(source_id)
    text = json.dumps(fill(drafted, source), ensure_ascii=False)  # which is YAML too
    draft = parse_source("xyz_office_cases", text)
    accepted = {}
    for described in (source, draft):
        files = {
            table: content for name, content in example.items() for table in name_tables(described, name)
        }
        tables = read_tables(described, files)
        assert screen_identifiers(described, tables) == ()
        mapped = map_cases(tables, described, period="2019", key=b"k", source_version="0" * 64)
        accepted[described.id] = validate_cases(mapped, current_year=2026).account.accepted
    assert accepted["xyz_office_cases"] >= 0.9 * accepted[source_id] > 0  # a consent left blank is held
