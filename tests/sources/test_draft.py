"""A drafted description of every example, once a person has filled what says TODO, takes the file in."""

import json
from types import SimpleNamespace

import pandas as pd
import pytest
from suggestion_judge import find_in, judge_delivery, suggest_delivery

from schemas.description import parse_source
from schemas.plain_yaml import load_plain_yaml
from schemas.problem import InvalidDescription
from schemas.source_check import INVENTED
from schemas.unfilled import TODO
from transforms.mapping import map_cases
from transforms.reading import name_tables, read_tables
from transforms.screening import screen_identifiers
from transforms.suggestion.draft import write_draft
from transforms.validation import validate_cases

DRAFT = "xyz_office_cases"
WRONG = {
    "arg_rescate_linea145": 3,  # the date of the report, told by both tables, and the place of the facts
    "int_ctdc_global_dataset_2020": 1,  # labels of the kind of labour, without their flags beside them
}
"""Columns that the draft places otherwise than the description written by hand."""
COUNTED = ("right", "open", "wrong")


@pytest.fixture
def source(source_id, describe):
    return describe(source_id)


@pytest.fixture
def drafted(source, example):
    country = source.publisher.country if source.publisher.country != INVENTED else None
    tied = suggest_delivery(example, country or INVENTED)
    tables = [tied.cases, *(other.table for other in tied.others)]
    text = write_draft(tables, country=country, least=11, files=list(example)).text
    return SimpleNamespace(tied=tied, text=text, values=load_plain_yaml(text))


def list_todo(value, path=()):
    if value == TODO:
        yield path
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from list_todo(inner, (*path, key))


def read(source, example):
    files = {table: content for name, content in example.items() for table in name_tables(source, name)}
    tables = read_tables(source, files)
    assert screen_identifiers(source, tables) == ()
    return tables


def accept(source, tables):
    mapped = map_cases(tables, source, period="2019", key=b"k", source_version="0" * 64)
    return validate_cases(mapped, current_year=2026)


class Officer:
    """Fills a draft from the description written by hand, under the names that the draft uses."""

    def __init__(self, values, source):
        self.values, self.source = values, source
        others = [name for name in source.tables if name != source.cases]
        drafted = [name for name in values.get("tables", {}) if name != values.get("cases")]
        self.tables = dict(zip(drafted, others, strict=False))
        theirs = source.persons.columns.items() if source.persons else ()
        names = {written: name for name, written in theirs}
        ours = values.get("persons", {}).get("columns", {})
        self.persons = {name: names[written] for name, written in ours.items() if written in names}

    def find(self, address):
        """Their address of a column of the draft."""
        table, _, column = address.partition(".")
        if table in self.tables:
            return f"{self.tables[table]}.{column}"
        return self.persons.get(address, address)

    def fill(self):
        self.state_terms()
        for address, column in list(self.values["columns"].items()):
            self.decide(address, column)
        for words in self.values.get("lookups", {}).values():
            words.pop(TODO, None)  # the first word of a lookup that has none yet: placed, or under missing
        self.values["missing"] = {**self.values.get("missing", {}), **self.source.missing}
        self.skip_rows()
        mapped = {column.get("field") for column in self.values["columns"].values()}
        collected = mapped | set(self.source.constants) | self.list_flags()
        absent = [field for field in self.values["not_collected"] if field not in collected]
        self.values["not_collected"] = absent
        return self.values

    def state_terms(self):
        self.values["title"] = self.values["publisher"]["name"] = "tried"
        self.values["publisher"]["country"] = self.source.publisher.country
        self.values["terms"]["agreement"] = "tried"
        given = {column.get("field") for column in self.values["columns"].values() if column != TODO}
        for field, value in self.values["constants"].items():
            if value == TODO:
                self.values["constants"][field] = self.source.constants.get(field, value)
        chosen = {"data_source_type": "Other", "consent_publication": True, "year_of_registration": 2019}
        chosen["trafficking_status"] = "PossibleVictimOfTrafficking"
        for field in [name for name, value in self.values["constants"].items() if value == TODO]:
            theirs = {column.field for column in self.source.columns.values()}
            if field in theirs and field not in given:
                del self.values["constants"][field]  # a column that says TODO tells it
            else:
                self.values["constants"][field] = chosen[field]

    def decide(self, address, column):
        theirs = self.source.columns.get(self.find(address))
        if column == TODO and theirs is None:
            del self.values["columns"][address]
            self.values.setdefault("ignored", {})[address] = "not needed"
        elif column == TODO:
            written = theirs.model_dump(mode="json", exclude_defaults=True)
            self.values["columns"][address] = written
            self.copy_lookup(written)
            self.values["constants"].pop(theirs.field, None)
        elif theirs is not None:
            self.complete(column, theirs)

    def complete(self, column, theirs):
        """Words of theirs that the draft leaves open, and what a blank means."""
        for key in ("lookup", "flags"):
            name, other = column.get(key), getattr(theirs, key)
            if name and other:
                self.place(name, self.source.lookups[other])
        if theirs.flags and column.get("flags"):
            column |= {"others": theirs.others, "unplaced": theirs.unplaced}
        if theirs.separator:  # some cells of few rows hold several words
            column["separator"] = theirs.separator
        if theirs.missing:
            column["missing"] = dict(theirs.missing)

    def copy_lookup(self, written):
        for key in ("lookup", "flags"):
            if name := written.get(key):
                written[key] = f"{name}_by_hand"
                self.place(f"{name}_by_hand", self.source.lookups[name])

    def place(self, name, words):
        lookups = self.values.setdefault("lookups", {})
        kept = {word: target for word, target in (lookups.get(name) or {}).items() if target != TODO}
        theirs = {" ".join(word.casefold().split()) for word in words}
        ours = {w: t for w, t in kept.items() if " ".join(w.casefold().split()) not in theirs}
        plain = {
            w: t.model_dump(mode="json", by_alias=True) if hasattr(t, "to") else t for w, t in words.items()
        }
        lookups[name] = {**ours, **plain}

    def skip_rows(self):
        back = {theirs: ours for ours, theirs in self.persons.items()}
        rows = []
        for row in self.source.ignored_rows:
            column = back.get(row.column, row.column)
            self.values.get("ignored", {}).pop(column, None)
            rows.append({**row.model_dump(mode="json"), "column": column})
        self.values["ignored_rows"] = rows

    def list_flags(self):
        targets = [t for words in self.values.get("lookups", {}).values() for t in words.values()]
        return {flag for target in targets if isinstance(target, list | tuple) for flag in target}


def test_a_filled_draft_takes_the_file_in(source, drafted, example):
    text = json.dumps(Officer(drafted.values, source).fill(), ensure_ascii=False)  # which is YAML too
    draft = parse_source(DRAFT, text)
    wanted, got = accept(source, read(source, example)), accept(draft, read(draft, example))
    assert got.account.accepted >= 0.9 * wanted.account.accepted > 0  # a consent left blank is held


def test_a_draft_lays_the_file_out_as_a_person_did(source, drafted, example):
    """The same format and header, and the same cells in the same rows."""
    draft = parse_source(DRAFT, json.dumps(Officer(drafted.values, source).fill(), ensure_ascii=False))
    pairs = {draft.cases: source.cases, **Officer(drafted.values, source).tables}
    ours, theirs = read(draft, example), read(source, example)
    assert len(ours) == len(theirs)
    for name, other in pairs.items():
        readers = draft.tables[name].reader, source.tables[other].reader
        laid_out = [(r.format, r.header_rows, r.label_row, r.records, set(r.repeated)) for r in readers]
        assert laid_out[0] == laid_out[1]
        left, right = ours[name].frame, theirs[other].frame
        assert list(left.index) == list(right.index)
        pd.testing.assert_frame_equal(left.set_axis(right.columns, axis=1), right)


def test_few_columns_are_placed_wrongly(source_id, source, drafted):
    verdicts = judge_delivery(drafted.tied, find_in(source))
    counted = {word: sum(verdict == word for verdict, _ in verdicts.values()) for word in COUNTED}
    assert counted["wrong"] == WRONG.get(source_id, 0)
    assert counted["right"] >= counted["open"] / 2


def test_what_is_left_to_a_person_is_told_line_by_line(drafted):
    """A draft as it stands is refused, once for each place that says TODO, and for nothing else."""
    places = [*list_todo(drafted.values)]
    with pytest.raises(InvalidDescription) as refused:
        parse_source(DRAFT, drafted.text)
    said = [problem for problem in refused.value.problems if "still says TODO" in problem]
    assert len(said) == len(places) > 0
    assert refused.value.problems == tuple(said)
