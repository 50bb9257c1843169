"""The codebook: what every published column means, as Markdown beside the extract.

Everything is derived from the case schema, the code lists and the policy, so that names and codes
are those of the file. Counts are given only where they are large, and rounded down.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from publish.lateness import list_late, write_late
from publish.manifest import Draft, list_contributors
from publish.rounding import STEP, round_down
from publish.statement import describe_protection, list_limits
from schemas.case import SCHEMA_VERSION, CaseField, case_fields
from schemas.codelist import load_codelist
from schemas.country_table import MEANINGS as COLUMN_MEANINGS
from schemas.country_table import list_columns
from schemas.field import Kind
from schemas.missing import MissingReason
from schemas.policy import Policy, QuasiIdentifier
from schemas.source import Source
from schemas.territory import COMMON, TerritoryPolicy

TYPES: dict[Kind, str] = {
    Kind.TEXT: "text",
    Kind.CODE: "text: a code",
    Kind.CODES: "text: codes joined by `;`",
    Kind.FLAG: "integer: 1 yes, 0 no",
    Kind.INTEGER: "integer",
    Kind.YEAR: "integer: a year",
    Kind.BOOLEAN: "true / false",
}


@dataclass(frozen=True)
class Coverage:
    """What is counted for the codebook: published years, and nulls of the pool by column and reason."""

    years: tuple[int, ...]
    missing: Mapping[str, Mapping[MissingReason, int]]


def build_codebook(draft: Draft, coverage: Coverage) -> str:
    """The codebook of one release, as Markdown."""
    parts = [
        _write_head(draft, coverage),
        _write_quasi_identifiers(draft.policy),
        _write_sensitive(draft.policy),
        _write_countries(draft.policy),
        _write_missing(draft.policy, coverage.missing),
        _write_codelists(draft.policy.published_columns),
    ]
    return "\n".join(line for part in parts for line in [*part, ""]).rstrip() + "\n"


def _write_head(draft: Draft, coverage: Coverage) -> Iterator[str]:
    yield f"# {draft.title}"
    yield ""
    rows = f"{draft.account.published} rows, case schema {SCHEMA_VERSION}"
    yield f"Codebook of version {draft.version}: {rows}."
    yield ""
    yield from ("## Protection", "", describe_protection(draft.policy), "")
    yield from ("## Limits", "", *(f"- {limit}" for limit in list_limits(draft.policy)), "")
    contributors = list_contributors(draft.sources)
    yield from ("## Coverage", "", f"Datasets that contributed: {len(contributors)}.")
    if coverage.years:
        yield f"Years in the rows: {min(coverage.years)} to {max(coverage.years)}."
    yield ""
    yield from (f"- {entry['country']}, {entry['publisher']}: {entry['title']}" for entry in contributors)
    if late := list_late(draft.late or (), draft.account.placements):
        yield from ("", "Late by their own calendar when this version was prepared, and not in it:", "")
        yield from (f"- {write_late(entry)}" for entry in late)
    yield from ("", "## Territories", "", *_state_territories(draft.sources))


def _state_territories(sources: Sequence[Source]) -> Iterator[str]:
    """Where contested territories and former countries are counted, dataset by dataset if they differ."""
    policies = [policy for policy in TerritoryPolicy if any(s.territories is policy for s in sources)]
    for policy in policies:
        titles = sorted({source.title for source in sources if source.territories is policy})
        of_whom = f" ({'; '.join(titles)})" if len(policies) > 1 else ""
        yield f"- Policy `{policy.value}`{of_whom}: {policy.statement}."
    yield f"- {COMMON}"


def _write_quasi_identifiers(policy: Policy) -> Iterator[str]:
    yield from ("## Columns that count towards k", "")
    yield (
        "Each block is one fact, in columns from fine to coarse. Where a row was made coarser its fine "
        "columns are null and the next column still has a value. Where a whole block is null, the value is "
        "missing or was protected; the row does not say which."
    )
    for name, quasi_identifier in policy.quasi_identifiers.items():
        yield from ("", f"### {name}", "")
        yield from _write_ladder(quasi_identifier)


def _write_ladder(quasi_identifier: QuasiIdentifier) -> Iterator[str]:
    ladder = quasi_identifier.ladder
    yield from _table_head("step", "column", "type", "description", "codes", "CTDC", "null")
    for step, column in enumerate(ladder):
        field = case_fields()[column]
        place = f"{step + 1} of {len(ladder)}"
        following = ladder[step + 1] if step + 1 < len(ladder) else None
        null = f"see `{following}`" if following else "missing or protected"
        yield _row(
            place, f"`{column}`", TYPES[field.kind], field.description, _codes(field), field.ctdc or "", null
        )


def _write_sensitive(policy: Policy) -> Iterator[str]:
    if not policy.sensitive.columns:
        return
    yield from ("## Other columns", "")
    yield (
        f"They do not count towards k, but towards m = {policy.m}. A null is a missing value, or one that "
        f"was blanked: it occurred fewer than {policy.sensitive.minimum_count} times in its column, or fewer "
        f"than {policy.k} times together with up to {policy.m - 1} other published values."
    )
    yield ""
    yield from _table_head("column", "type", "description", "codes", "CTDC")
    for column in policy.sensitive.columns:
        field = case_fields()[column]
        yield _row(f"`{column}`", TYPES[field.kind], field.description, _codes(field), field.ctdc or "")


def _write_countries(policy: Policy) -> Iterator[str]:
    if policy.detail is None:
        return
    windows = ", ".join(window.name for window in policy.detail.windows)
    yield from ("## Table of countries", "")
    yield (
        "Sources that are too small for records are counted in `palermo-countries-….csv`, each as finely as "
        f"its own counts allow, in fixed windows ({windows}). Nobody is left out of a country that is "
        "counted. Cases that stand here stand in no record. A count stays as it was published until at "
        f"least {policy.k} cases have joined or left."
    )
    yield ""
    yield from _table_head("column", "description")
    for column in list_columns(policy.detail):
        yield _row(f"`{column}`", COLUMN_MEANINGS.get(column) or case_fields()[column].description)


def _write_missing(policy: Policy, missing: Mapping[str, Mapping[MissingReason, int]]) -> Iterator[str]:
    """Reasons of nulls before protection; a reason that occurs rarely looks like one that does not."""
    labels = {entry.code: entry.label.lower() for entry in load_codelist("missing_reason").entries}
    yield from ("## Why values are missing", "")
    yield (
        "Counted before protection, over all cases the release was made from, and rounded down to a "
        f"multiple of {STEP}. Nulls that protection added come on top."
    )
    yield ""
    yield from _table_head("column", *(labels[reason] for reason in MissingReason))
    for column in policy.published_columns:
        if column in missing:
            counts = (_safe_count(missing[column].get(reason, 0), policy.k) for reason in MissingReason)
            yield _row(f"`{column}`", *counts)


def _safe_count(count: int, k: int) -> str:
    fewest = max(k, STEP)
    return f"{round_down(count)} or more" if count >= fewest else f"fewer than {fewest}"


def _write_codelists(columns: Iterable[str]) -> Iterator[str]:
    yield "## Codes"
    for name in sorted({list_name for column in columns if (list_name := case_fields()[column].codelist)}):
        yield from ("", f"### {name}", "")
        yield from _table_head("code", "label", "description")
        for entry in load_codelist(name).entries:
            if entry.code in load_codelist(name).codes:
                yield _row(f"`{entry.code}`", entry.label, entry.description)


def _codes(field: CaseField) -> str:
    return f"see {field.codelist}" if field.codelist else ""


def _table_head(*names: str) -> tuple[str, str]:
    return _row(*names), "|".join(["", *("---" for _ in names), ""])


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
