"""Release: anonymize the pool, judge the result, wait for two people, publish.

Started when the pool has changed, by the calendar (`call_release`), or by hand. The two approval tasks
are the page on which people decide; the decision of record is written to Palermo's ledger, bound to the
SHA-256 of the candidate, and `publish` reads it from there. Marking an approval task as successful, or
forging what it passes on, publishes nothing.

Triage notes
- `anonymize` skipped: the pool has not changed since the last release under this policy.
- `anonymize` failed with PolicyNotMet: the message says which number stands in the way.
- `assess` failed: the disclosure check did not say pass; the desk page lists the evidence.
- An approval was retried: the preparer, or the same person twice, or no reason; the task asks again.
- `publish` failed: approvals are missing in the ledger, or a byte of the candidate has changed.
"""

from datetime import timedelta

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import AssetAny, FixedKeyMapper, Param, PartitionedAssetTimetable, task

from cli.airflow_asset import POOL, RELEASE_DUE, RELEASES
from cli.airflow_declare import HEAVY, WHOLE, Owner, declare
from cli.airflow_task import final_refusals, name_actor


class ReleaseApproval(ApprovalOperator):
    """Airflow's approval page, with a reason; writes the decision to Palermo's ledger."""

    def __init__(self, *, number: int, **kwargs):
        """Ask for the decision of person `number`, and a reason beside it."""
        super().__init__(params={"reason": Param(None, type=["null", "string"], title="Reason")}, **kwargs)
        self.number = number

    def execute(self, context):
        """Wait for a person, unless the ledger has the decision: from the command line, or a lost run."""
        from pipeline.decision import count_approvals
        from pipeline.workspace import open_workspace

        candidate = context["ti"].xcom_pull(task_ids="prepare")
        if count_approvals(open_workspace(), candidate) < self.number:
            super().execute(context)

    def execute_complete(self, context, event):
        """Record who decided what and why, then go on or skip what follows."""
        from pipeline.decision import approve_candidate
        from pipeline.workspace import open_workspace
        from portal.desk import refresh_desk
        from schemas.release import Decision

        if "error" not in event:
            workspace = open_workspace()
            approved = event["chosen_options"] == [self.APPROVE]
            approve_candidate(
                workspace,
                context["ti"].xcom_pull(task_ids="prepare"),
                person=event["responded_by_user"]["name"],
                decision=Decision.APPROVE if approved else Decision.REJECT,
                reason=(event["params_input"] or {}).get("reason") or "",
            )
            refresh_desk(workspace)
        super().execute_complete(context, event)
        # The payload of Airflow's own operator repeats the reason; only the choice goes further.
        return event["chosen_options"]


def approval(task_id: str, number: int, title: str) -> ReleaseApproval:
    """One of the two approval tasks."""
    return ReleaseApproval(
        task_id=task_id,
        number=number,
        subject=f"{title} of candidate {{{{ ti.xcom_pull(task_ids='prepare')[:12] }}}}",
        body="Read the candidate's page on the desk before you decide. "
        "Candidate: `{{ ti.xcom_pull(task_ids='prepare') }}`",
        response_timeout=timedelta(days=14),
        # A decision that does not count, or an answer that Airflow lost, is asked for again.
        retries=3,
        retry_delay=timedelta(seconds=5),
        retry_exponential_backoff=0,
        execution_timeout=None,
    )


@declare(
    "release_extract",
    "Release an extract",
    __doc__,
    schedule=PartitionedAssetTimetable(
        assets=AssetAny(POOL, RELEASE_DUE), default_partition_mapper=FixedKeyMapper("release")
    ),
    tag="release",
    owner=Owner.OFFICER,
    limit=timedelta(hours=12),
)
def release_extract():
    """Declare the DAG."""

    @task.short_circuit(pool=HEAVY, pool_slots=WHOLE)
    def anonymize(dag_run) -> str | None:
        from pipeline.draft import NothingChanged, anonymize_pool
        from pipeline.workspace import open_workspace

        with final_refusals():
            try:
                return anonymize_pool(open_workspace(), name_actor(dag_run))
            except NothingChanged:
                return None

    @task(pool=HEAVY, pool_slots=WHOLE)
    def assess(draft: str, dag_run) -> str:
        from pipeline.draft import assess_draft
        from pipeline.workspace import open_workspace

        with final_refusals():
            return assess_draft(open_workspace(), draft, name_actor(dag_run))

    @task
    def prepare(assessed: str, dag_run) -> str:
        from pipeline.candidate import prepare_candidate
        from pipeline.workspace import open_workspace
        from portal.desk import refresh_desk

        workspace = open_workspace()
        with final_refusals():
            try:
                return prepare_candidate(workspace, assessed, name_actor(dag_run))
            finally:
                refresh_desk(workspace)

    @task(outlets=[RELEASES], pool=HEAVY, pool_slots=WHOLE)
    def publish(candidate: str, dag_run) -> str:
        from pipeline.decision import publish_candidate
        from pipeline.workspace import open_workspace
        from portal.desk import refresh_desk
        from portal.site import refresh_site

        workspace = open_workspace()
        with final_refusals():
            version = publish_candidate(workspace, candidate, name_actor(dag_run))
        refresh_site(workspace)
        refresh_desk(workspace)
        return version

    candidate = prepare(assess(anonymize()))
    (
        candidate
        >> approval("approve_first", 1, "First approval")
        >> approval("approve_second", 2, "Second approval")
        >> publish(candidate)
    )


release_extract()
