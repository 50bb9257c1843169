"""A name in a case is in no report, finding, log line, message or page that the quality room gives."""

import logging
from dataclasses import asdict

import pandas as pd
import pytest

from pipeline.delivery_report import build_delivery_report
from pipeline.report import dump_findings
from portal.quality_page import render_quality_page
from schemas.case import case_fields
from schemas.field import Kind
from schemas.quality import Against, Expectation, Measure
from schemas.source import Source
from schemas.submission import RowAccount, Submission
from transforms.expectation import DeliveryNotJudged, judge_expectations
from transforms.quality import build_profile, judge_figures, measure_figures

CANARY = "Zdravka Kanarinčeva"
AGE = 97
DTYPES = {Kind.FLAG: "Int8", Kind.INTEGER: "Int16", Kind.YEAR: "Int16", Kind.BOOLEAN: "boolean"}


def plant(rows: int) -> pd.DataFrame:
    """Cases with the canary in every text field of every row, and the same rare age."""
    columns = {}
    for name, field in case_fields().items():
        dtype = DTYPES.get(field.kind, "str")
        value = CANARY if dtype == "str" else AGE if name == "age_at_registration" else None
        columns[name] = pd.array([value] * rows, dtype=dtype)
    return pd.DataFrame(columns)


def make_source() -> Source:
    """Bounds that no delivery keeps, so that everything is told."""
    never = {"null_share": {"gender": 0.5, "citizenship": 0.5}, "mean": {"age_at_registration": 200}}
    return Source(
        id="xyz_office_cases",
        title="Invented",
        publisher={"name": "Office", "country": "XYZ"},
        terms={"licence": "none", "agreement": "none"},
        schedule={"every": "year"},
        reader={"format": "delimited"},
        columns={},
        bounds={"min": {"rows": 1000, **never}},
    )


@pytest.mark.parametrize("rows", [1, 9, 40])
def test_a_name_in_every_cell_is_told_nowhere(
    rows: int, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    cases, account = plant(rows), RowAccount(rows, rows, 0, {})
    previous = build_profile(measure_figures(plant(0)), RowAccount(0, 0, 0, {}))
    with caplog.at_level(logging.DEBUG):
        figures = measure_figures(cases, previous.codes)
        report, findings = judge_figures(figures, account, make_source(), "2020", previous)
    document = {"findings": dump_findings(findings), "account": asdict(account), "quality": asdict(report)}
    submission = Submission("xyz_office_cases", "2020", ())
    page = render_quality_page(build_delivery_report(document, submission, make_source()))
    printed = capfd.readouterr()
    assert findings
    for place in (repr(asdict(report)), repr(findings), page, caplog.text, printed.out, printed.err):
        assert CANARY not in place
        assert "Kanarin" not in place


@pytest.mark.parametrize("rows", [1, 9])
def test_a_mean_of_few_is_not_told_because_it_is_nearly_a_value(rows: int) -> None:
    account = RowAccount(rows, rows, 0, {})
    report, findings = judge_figures(measure_figures(plant(rows)), account, make_source(), "2020", None)
    assert str(AGE) not in repr(asdict(report))
    assert str(AGE) not in repr(findings)


def test_an_answer_that_breaks_tells_no_cell(caplog: pytest.LogCaptureFixture) -> None:
    question = Expectation(Measure.MEAN, "gender", None, 0, 1, met=False, against=Against.BOUNDS)
    with caplog.at_level(logging.DEBUG), pytest.raises(DeliveryNotJudged) as error:
        judge_expectations(build_profile(measure_figures(plant(20)), RowAccount(20, 20, 0, {})), [question])
    assert CANARY not in str(error.value)
    assert CANARY not in caplog.text
    assert error.value.__cause__ is None
    assert error.value.__context__ is None
