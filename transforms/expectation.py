"""Expectations on a whole delivery, judged by Great Expectations; no other module knows that library.

What comes in are limits, what goes out are the measured figures. Nothing the library says in
words is passed on: its messages and tracebacks quote cells.
"""

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from schemas.quality import Expectation, Measure, Profile

DIGITS = 9

# SUMMARY with no examples is the fullest result that holds no case value.
RESULT_FORMAT = {"result_format": "SUMMARY", "partial_unexpected_count": 0}


class DeliveryNotJudged(Exception):
    """Great Expectations could not answer; says what was asked, never what it found."""


def judge_expectations(profile: Profile, expectations: Sequence[Expectation]) -> tuple[Expectation, ...]:
    """Say of each expectation whether the figures of a delivery meet it.

    Raises:
        DeliveryNotJudged: the library gave no answer to one of them.
    """
    if not expectations:
        return ()
    results = _run_checkpoint(_tabulate(profile), expectations)
    return tuple(_judge(item, results.get(number)) for number, item in enumerate(expectations))


def _tabulate(profile: Profile) -> pd.DataFrame:
    """The figures as a table of one row: what the library sees are numbers of a delivery, never a case."""
    figures: dict[str, float] = {
        _name(Measure.ROWS, None): profile.rows,
        _name(Measure.HELD, None): profile.held_share,
    }
    figures |= {_name(Measure.NULLS, name): share for name, share in profile.null_share.items()}
    figures |= {_name(Measure.MEAN, name): mean for name, mean in profile.mean.items()}
    return pd.DataFrame([figures])


def _name(measure: Measure, field: str | None) -> str:
    return f"{measure.value}:{field or 'delivery'}"


def _judge(expectation: Expectation, result: Any) -> Expectation:
    measured = result.result.get("observed_value") if result is not None else None
    if measured is None:
        raise DeliveryNotJudged(
            f"no answer on {expectation.name.value} of {expectation.field or 'the delivery'}: "
            "see whether the delivery has that figure"
        )
    return replace(expectation, measured=round(float(measured), DIGITS), met=bool(result.success))


def _run_checkpoint(figures: pd.DataFrame, expectations: Sequence[Expectation]) -> dict[int, Any]:
    """One checkpoint over all expectations; each is found again by the number it was given."""
    gx = _load_library()
    context = _open_context(gx)
    batch = (
        context.data_sources.add_pandas("pandas")
        .add_dataframe_asset("figures")
        .add_batch_definition_whole_dataframe("whole")
    )
    asked = [_translate(gx.expectations, item, number) for number, item in enumerate(expectations)]
    suite = context.suites.add(gx.ExpectationSuite(name="delivery", expectations=asked))
    definition = context.validation_definitions.add(
        gx.ValidationDefinition(name="delivery", data=batch, suite=suite)
    )
    checkpoint = context.checkpoints.add(
        gx.Checkpoint(name="delivery", validation_definitions=[definition], result_format=RESULT_FORMAT)
    )
    (outcome,) = checkpoint.run(batch_parameters={"dataframe": figures}).run_results.values()
    return {result.expectation_config.meta["number"]: result for result in outcome.results}


def _load_library() -> Any:
    """Import it only when a delivery is judged: that takes six seconds and 300 MB."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations

    return great_expectations


def _open_context(gx: Any) -> Any:
    """A context in memory: writes no file, draws no progress bar, sends nothing."""
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    return context


def _translate(gxe: Any, expectation: Expectation, number: int) -> Any:
    """The largest figure in a column of one row is that figure."""
    return gxe.ExpectColumnMaxToBeBetween(
        column=_name(expectation.name, expectation.field),
        min_value=expectation.lowest,
        max_value=expectation.highest,
        meta={"number": number},
    )
