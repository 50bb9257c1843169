"""The reference pages, written from the schema itself so that they cannot say anything else."""

from collections.abc import Iterable
from typing import Any

import pandera.pandas as pa

from schemas.case import ARROW_TYPES, GROUPS, SCHEMA_VERSION, case_fields, quasi_identifiers
from schemas.codelist import Code, list_codelists, load_codelist
from schemas.finding import FindingCode
from schemas.perpetrator import Perpetrator
from schemas.rule import Rule
from schemas.rules import RULES, RULES_ELSEWHERE

GENERATED = "<!-- Written by `palermo docs` from the schema. Do not edit. -->"
MOST_FIELDS = 10

FIELD_HEADER = (
    "field",
    "kind",
    "Parquet",
    "code list",
    "source must give it",
    "class",
    "may be published",
    "CTDC",
    "CTDC 2024",
    "HTCDS 2.0",
    "IC-TIP",
    "meaning",
)


def render_field_reference() -> str:
    """Markdown of every field, rule, code list and quasi-identifier of the case."""
    return render_page(
        "# Fields, rules and code lists",
        f"Schema version {SCHEMA_VERSION}. A case is one victim in one registration of one source.",
        "A flag is 1 (yes), 0 (an explicit no) or null (not known). What was not asked is null, never 0.",
        "## Fields of the case",
        *[part for group in GROUPS for part in _render_model(group)],
        "## Perpetrators",
        *_render_model(Perpetrator),
        "## Quasi-identifiers",
        "What an attacker may know of a person and what may be published. Every one that is published"
        " counts into the classes of k-anonymity, with null as an ordinary value.",
        render_table(
            ("field", "meaning"), ((_code(name), _meaning_of(name)) for name in quasi_identifiers())
        ),
        *_render_rules(),
        "## Code lists",
        *[part for name in list_codelists() for part in _render_codelist(name)],
    )


def render_finding_catalogue() -> str:
    """Markdown of every finding there is."""
    rows = ((_code(code.name), code.level.value, code.title, code.advice) for code in FindingCode)
    return render_page(
        "# Findings",
        "What Palermo tells about a submission. `fail`: nothing of the file is used. `hold`: the row waits"
        " for a correction. `derive`: a value was filled in. `warn` and `info`: the row is used."
        " A finding never holds a value of a case.",
        render_table(("finding", "level", "what it means", "what to do"), rows),
    )


def _render_model(model: type[pa.DataFrameModel]) -> tuple[str, str, str]:
    rows = (_field_row(name, column.metadata) for name, column in model.to_schema().columns.items())
    return f"### {model.__name__}", (model.__doc__ or "").strip(), render_table(FIELD_HEADER, rows)


def _field_row(name: str, metadata: dict[str, Any]) -> tuple[str, ...]:
    codelist, note = metadata["codelist"], metadata["note"]
    return (
        _code(name),
        metadata["kind"].value,
        str(ARROW_TYPES[metadata["kind"]]).replace(
            "dictionary<values=string, indices=int32, ordered=0>", "dictionary"
        ),
        f"[{codelist}](#{codelist})" if codelist else "",
        metadata["requirement"].value,
        metadata["class"].value,
        metadata["publication"].value,
        *(_code(metadata[standard]) for standard in ("ctdc", "ctdc_2024", "htcds")),
        metadata["ictip"] or "",
        metadata["description"] + (f" ({note})" if note else ""),
    )


def _render_rules() -> tuple[str, ...]:
    judged = ((_code(r.id), r.severity.value, r.title, _fields_of(r)) for r in RULES)
    elsewhere = (
        (_code(r.id), r.severity.value if r.severity else "", r.title, r.kept_by) for r in RULES_ELSEWHERE
    )
    return (
        "## Rules",
        "A rule compares only values that are there: a null breaks none, save P2b, P6 and L2, which ask"
        " whether something was recorded. `fail`: nothing of the file is used. `quarantine`: the row waits."
        " `derive`: a null is filled in. `warn`: the row is used and counted.",
        render_table(("rule", "severity", "what must hold", "fields"), judged),
        "### Rules kept elsewhere",
        "They cannot be judged on finished cases.",
        render_table(("rule", "severity", "what must hold", "who keeps it"), elsewhere),
    )


def _fields_of(rule: Rule) -> str:
    known = [name for name in rule.fields if name in case_fields()]
    more = len(known) - MOST_FIELDS
    listed = ", ".join(_code(name) for name in known[:MOST_FIELDS])
    return f"{listed} and {more} more" if more > 0 else listed


def _render_codelist(name: str) -> tuple[str, str]:
    entries = load_codelist(name).entries
    return f"### {name}", render_table(
        ("code", "label", "meaning", "status", "parent"), (_code_row(entry) for entry in entries)
    )


def _code_row(entry: Code) -> tuple[str, ...]:
    return _code(entry.code), entry.label, entry.description, entry.status, _code(entry.parent)


def _meaning_of(name: str) -> str:
    return case_fields()[name].description


def _code(name: str | None) -> str:
    return f"`{name}`" if name else ""


def render_table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table of Markdown; a `|` in a cell is escaped."""
    lines = [header, ("---",) * len(header), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def render_page(title: str, *parts: str) -> str:
    """A generated page: its title, the note that it is generated, its parts."""
    return "\n\n".join((title, GENERATED, *parts)) + "\n"
