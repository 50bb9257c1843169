"""Validation: which mapped cases may be used, and what is wrong with the others.

The one module that sees what pandera reports. pandera copies offending cells into its messages
and reports; here they are cut down to field, check and row number before anything else happens.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
import pandera.pandas as pa
from pandera.engines.pandas_engine import Engine

from schemas.case import REASON_SUFFIX, case_fields, case_schema
from schemas.finding import Finding, FindingCode
from schemas.perpetrator import Perpetrator
from schemas.rule import Rule, Severity
from schemas.rules import build_rules
from schemas.rules_hygiene import REASONED
from schemas.submission import RowAccount
from transforms.derivation import derive_fields
from transforms.mapped import Mapped, Validated
from transforms.person import restore_rows

MOST_ROWS = 1_000
PERPETRATORS = "perpetrators"

CODES: dict[Severity, FindingCode] = {
    Severity.FAIL: FindingCode.RULE_FAILED,
    # what is still to be derived after derivation is a fault of Palermo: nothing of it may be used
    Severity.DERIVE: FindingCode.RULE_FAILED,
    Severity.QUARANTINE: FindingCode.RULE_HELD,
    Severity.WARN: FindingCode.RULE_WARNED,
}


class CasesMistyped(Exception):
    """The frame has not the columns and types of the case: the mapping is wrong, not the data."""


@dataclass(frozen=True)
class Fault:
    """What a finding says apart from the rows it concerns."""

    code: FindingCode
    field: str | None = None
    rule: str | None = None
    table: str | None = None


Faults = dict[Fault, set[int]]


def validate_cases(mapped: Mapped, *, current_year: int) -> Validated:
    """Derive what follows, hold every case that breaks its definition or a rule, and count the unusual ones.

    A case that breaks a rule no case may break is held as well; its finding tells the caller to stop.

    Raises:
        CasesMistyped: the frame has not the columns and types of the case.
        ValueError: the mapping lost a row.
    """
    _check_types(case_schema(), mapped.cases)
    derived = derive_fields(mapped)
    rules = build_rules(current_year)
    faults = _find_holding(derived, [rule for rule in rules if rule.severity is not Severity.WARN])
    held = mapped.held.union(*faults.values())
    cases, reasons = _without(derived.cases, held), _without(derived.reasons, held)
    warnings = _break_rules(_beside(cases, reasons), [r for r in rules if r.severity is Severity.WARN])
    perpetrators, lost = _validate_perpetrators(derived.perpetrators, cases)
    return Validated(
        cases=cases,
        reasons=reasons,
        perpetrators=perpetrators,
        findings=(*derived.findings, *_report(faults | warnings | lost)),
        account=RowAccount(mapped.read, len(cases), len(held), mapped.ignored, mapped.rows),
    )


def _find_holding(mapped: Mapped, rules: Sequence[Rule]) -> Faults:
    """Judge until nothing new is found: a lazy report of pandera may leave out violations."""
    faults: Faults = {}
    held = set(mapped.held)
    while True:
        cases = _without(mapped.cases, held)
        found = _break_fields(case_schema(), cases)
        _merge(found, _break_rules(_beside(cases, _without(mapped.reasons, held)), rules))
        if not found:
            return faults
        _merge(faults, found)
        held.update(*found.values())


def _break_fields(schema: pa.DataFrameSchema, frame: pd.DataFrame, table: str | None = None) -> Faults:
    """Rows that break the definition of a field."""
    faults: Faults = {}
    for field, row in _report_cells(schema, frame):
        faults.setdefault(Fault(FindingCode.FIELD_INVALID, field, table=table), set()).add(row)
    return faults


def _report_cells(schema: pa.DataFrameSchema, frame: pd.DataFrame) -> Iterable[tuple[str, int]]:
    """Field and row of each violation, without its value."""
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        return zip(error.failure_cases["column"], error.failure_cases["index"].astype(int), strict=True)
    return []


def _check_types(schema: pa.DataFrameSchema, frame: pd.DataFrame) -> None:
    """Judge the columns by their types alone: neither pandas nor pandera may trip over a value later.

    Raises:
        CasesMistyped: a column is missing, too many, out of order or of another type.
    """
    wrong = [name for name, column in schema.columns.items() if not _has_type(frame, name, column)]
    if wrong or (schema.ordered and list(frame.columns) != list(schema.columns)):
        raise CasesMistyped(
            f"columns of {schema.name}: {', '.join(wrong) or 'some'} missing, too many, out of order or of"
            " another type; correct the mapping"
        )


def _has_type(frame: pd.DataFrame, name: str, column: pa.Column) -> bool:
    """An object column could hold anything, and pandera lets it pass for text."""
    if name not in frame or frame[name].dtype == object:
        return False
    return bool(column.dtype.check(Engine.dtype(frame[name].dtype)))


def _break_rules(frame: pd.DataFrame, rules: Sequence[Rule]) -> Faults:
    faults: Faults = {}
    for rule in rules:
        holds = rule.check(frame[list(rule.fields)]).check_output
        if not holds.all():
            faults[Fault(CODES[rule.severity], rule=rule.id)] = set(frame.index[~holds])
    return faults


def _validate_perpetrators(perpetrators: pd.DataFrame, cases: pd.DataFrame) -> tuple[pd.DataFrame, Faults]:
    """The sound perpetrators of accepted cases. A case does not wait for its perpetrators."""
    if perpetrators.empty:
        return perpetrators, {}
    schema = Perpetrator.to_schema()
    _check_types(schema, perpetrators)
    faults = _break_fields(schema, perpetrators, PERPETRATORS)
    sound = _without(perpetrators, set().union(*faults.values()))
    return sound[sound["source_record_key"].isin(cases["source_record_key"])], faults


def _beside(cases: pd.DataFrame, reasons: pd.DataFrame) -> pd.DataFrame:
    """Every field beside the reason why it is missing, as rule H4 needs it."""
    return pd.concat([cases, reasons.reindex(columns=list(REASONED)).add_suffix(REASON_SUFFIX)], axis=1)


def _without(frame: pd.DataFrame, rows: Iterable[int]) -> pd.DataFrame:
    gone = list(rows)
    return frame[~frame.index.isin(gone)] if gone else frame


def _merge(faults: Faults, found: Faults) -> None:
    for fault, rows in found.items():
        faults.setdefault(fault, set()).update(rows)


def _report(faults: Faults) -> list[Finding]:
    return [_finding(fault, faults[fault]) for fault in sorted(faults, key=_order)]


def _finding(fault: Fault, rows: set[int]) -> Finding:
    return Finding(
        fault.code,
        len(rows),
        table=fault.table,
        field=fault.field,
        rule=fault.rule,
        rows=tuple(sorted(restore_rows(rows)))[:MOST_ROWS],
    )


def _order(fault: Fault) -> tuple[int, str, int, str]:
    fields = [*case_fields(), *Perpetrator.to_schema().columns, None]
    codes = list(FindingCode)
    return codes.index(fault.code), fault.table or "", fields.index(fault.field), fault.rule or ""
