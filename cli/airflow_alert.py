"""The notifier that Airflow calls when a task of ours fails for good, or goes through after it did.

Airflow's own SMTP notifier mails the exception and the whole context of the task, keeps no record of what
it could not send, and sends again at every run: docs/decisions/0012-one-alert-a-cause.md.
"""

import logging
from typing import Any

from airflow.sdk import BaseNotifier

INGEST = "ingest_"
LOGGER = logging.getLogger("palermo")


class TaskAlert(BaseNotifier):
    """Tells people of a failed task once, until it goes through. Never fails what it is called for."""

    def __init__(self, *, failed: bool) -> None:
        """Say which end of a task it is called at."""
        super().__init__()
        self.failed = failed

    def notify(self, context: Any) -> None:
        """Note how the task ended."""
        try:
            self._note(context)
        except Exception as error:
            LOGGER.warning("alert not noted: %s", type(error).__name__)

    def _note(self, context: Any) -> None:
        from cli.airflow_task import NOBODY
        from pipeline.watch import note_task_done, note_task_failed
        from pipeline.workspace import open_workspace
        from schemas.alert import Alert, AlertKind

        instance, run = context["ti"], context["dag_run"]
        met = Alert(
            AlertKind.RUN_FAILED,
            *_name_place(context),
            _name_error(context.get("exception")) if self.failed else "",
            f"{instance.dag_id}.{instance.task_id}",
            str(run.run_id),
        )
        if self.failed:
            note_task_failed(open_workspace(), met, NOBODY)
        else:
            note_task_done(open_workspace(), met)


def _name_place(context: Any) -> tuple[str, str]:
    """Source and period of the run: its partition, or what the form of an ingest DAG said."""
    key = getattr(context["dag_run"], "partition_key", None) or ""
    source_id, _, period = key.partition("|")
    if period:
        return source_id, period
    _, is_ingest, source_id = str(context["ti"].dag_id).partition(INGEST)
    return (source_id, str(context["params"]["period"])) if is_ingest else ("", "")


def _name_error(error: object) -> str:
    """The class of what stopped the task: of Palermo's own refusal, where it was wrapped for Airflow."""
    own = getattr(error, "__context__", None) or error
    return type(own).__name__ if isinstance(own, BaseException) else ""


CALLBACKS = {
    "on_failure_callback": TaskAlert(failed=True),
    "on_success_callback": TaskAlert(failed=False),
}
"""For the default_args of every DAG."""
