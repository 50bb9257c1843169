"""What the tasks of our DAGs need of Airflow: who started a run, which errors end a task for good."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

NOBODY = "airflow"
IN_THIS_PROCESS = "dag_test"  # what Airflow calls whoever runs a DAG without a scheduler


def name_actor(dag_run: Any) -> str:
    """Who started the run by hand, by user name; `airflow` where an asset or the calendar did."""
    name = getattr(dag_run, "triggering_user_name", None)
    return NOBODY if name in (None, IN_THIS_PROCESS) else str(name)


@contextmanager
def final_refusals() -> Iterator[None]:
    """Fail a task for good where Palermo refused on purpose: the same would be refused again.

    What can pass by itself (the ledger away, the disk full, a defect met once) goes on as it is, and
    Airflow tries the task again.
    """
    from airflow.sdk.exceptions import AirflowFailException

    from cli.outcome import write_error
    from pipeline.step import StepFailed, is_own
    from storage.error import LedgerUnavailable, StorageFailed, StorageFull

    try:
        yield
    except Exception as error:
        passing = isinstance(error, StepFailed | LedgerUnavailable | StorageFailed | StorageFull)
        if passing or not is_own(error):
            raise
        raise AirflowFailException(f"{type(error).__name__}: {write_error(error)}") from None
