"""Queries of the data officer on the pooled cases: restricted, and on the audit trail by hash."""

from hashlib import sha256

import pandas as pd

from pipeline.workspace import Workspace
from storage.record import Action
from storage.relation import query_cases


def query_pool(workspace: Workspace, sql: str, actor: str) -> pd.DataFrame:
    """Answer one SELECT on the table `cases`.

    Raises:
        NoCases: the pool is empty.
        QueryRefused: the query is not one SELECT on the pooled cases.
    """
    paths = [workspace.store.cases_file(entry.cases) for entry in workspace.ledger.pool_entries()]
    # The query itself may hold a case value, so the audit trail keeps its hash.
    workspace.ledger.audit(actor, Action.CASES_QUERIED, sha256(sql.encode()).hexdigest())
    return query_cases(paths, sql)
