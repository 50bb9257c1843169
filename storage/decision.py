"""The release side of the ledger: candidates, what people decided on them, and releases."""

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from schemas.extract import Account
from schemas.pool import PoolEntry
from schemas.release import Approval, CandidateState, Release
from schemas.verdict import Evidence, Outcome, Verdict
from storage.audit import append_entry
from storage.database import Database, current_time
from storage.detail import Detail
from storage.error import AlreadyDecided, CandidateChanged, UnknownRecord, VersionTaken
from storage.record import Action, Candidate
from storage.tables import approval, candidate, release


class Decisions(Database):
    """What was prepared for release, who decided what, and what was published."""

    def record_candidate(self, prepared: Candidate, follows: str | None = None) -> bool:
        """Note a candidate, by its preparer, now; False where it is known already, which changes nothing.

        `follows` is the superseded candidate of the same content, if there is one: the audit trail tells.
        """
        with self._write() as connection:
            if _find_candidate(connection, prepared.id) is not None:
                return False
            detail: dict[str, Detail] = {
                "version": prepared.version,
                "pool": prepared.pool,
                "policy": prepared.policy,
            }
            if follows is not None:
                detail["follows"] = follows
            seq = append_entry(connection, prepared.preparer, Action.CANDIDATE_PREPARED, prepared.id, detail)
            connection.execute(sa.insert(candidate).values(_candidate_row(prepared) | {"seq": seq}))
            return True

    def candidate(self, candidate_id: str) -> Candidate:
        """One candidate.

        Raises:
            UnknownRecord: it was never recorded.
        """
        with self._read() as connection:
            return _read_candidate(_require_candidate(connection, candidate_id))

    def candidates(self, state: CandidateState | None = None) -> tuple[Candidate, ...]:
        """All candidates, or those in one state, in the order they were prepared."""
        query = sa.select(candidate).order_by(candidate.c.seq, candidate.c.id)
        if state is not None:
            query = query.where(candidate.c.state == state)
        with self._read() as connection:
            return tuple(_read_candidate(row) for row in connection.execute(query).all())

    def set_candidate_state(
        self, candidate_id: str, state: CandidateState, actor: str, *, before: CandidateState
    ) -> bool:
        """Move a candidate on from the state the caller saw; False where it is there already.

        Whether the change is allowed, the caller has checked against `before`.

        Raises:
            UnknownRecord: it was never recorded.
            CandidateChanged: somebody else moved it meanwhile.
        """
        with self._write() as connection:
            now = _require_candidate(connection, candidate_id).state
            if now is state:
                return False
            if now is not before:
                raise CandidateChanged("the candidate changed meanwhile; look at it again before you decide")
            _set_state(connection, candidate_id, state)
            append_entry(connection, actor, Action.CANDIDATE_CHANGED, candidate_id, {"state": state})
            return True

    def record_approval(self, decided: Approval) -> None:
        """Keep one person's decision on one candidate; its reason stays out of the audit trail.

        Raises:
            UnknownRecord: there is no such candidate.
            AlreadyDecided: this person has decided on it before.
        """
        with self._write() as connection:
            _require_candidate(connection, decided.candidate)
            known = connection.execute(_approvals_of(decided.candidate)).all()
            if any(row.person == decided.person for row in known):
                raise AlreadyDecided("this person has already decided on this candidate")
            connection.execute(sa.insert(approval).values(_approval_row(decided)))
            detail: dict[str, Detail] = {"decision": decided.decision}
            append_entry(connection, decided.person, Action.CANDIDATE_DECIDED, decided.candidate, detail)

    def approvals(self, candidate_id: str) -> tuple[Approval, ...]:
        """All decisions on a candidate, oldest first."""
        with self._read() as connection:
            rows = connection.execute(_approvals_of(candidate_id)).all()
        return tuple(_read_approval(row) for row in rows)

    def approvals_by_candidate(self) -> dict[str, tuple[Approval, ...]]:
        """All decisions there are, oldest first, by candidate."""
        with self._read() as connection:
            rows = connection.execute(sa.select(approval).order_by(approval.c.at, approval.c.person)).all()
        decided: dict[str, tuple[Approval, ...]] = {}
        for row in rows:
            decided[row.candidate_id] = (*decided.get(row.candidate_id, ()), _read_approval(row))
        return decided

    def record_release(self, published: Release, actor: str) -> bool:
        """Note a release and mark its candidate RELEASED, at once; False where it is noted already.

        Raises:
            UnknownRecord: there is no such candidate.
            VersionTaken: the version belongs to another candidate, or the candidate has another version.
        """
        with self._write() as connection:
            _require_candidate(connection, published.candidate)
            known = _find_releases(connection, published)
            if known == [(published.version, published.candidate)]:
                return False
            if known:
                raise VersionTaken(f"version {published.version} is another release; take the next version")
            detail: dict[str, Detail] = {"candidate": published.candidate, "rows": published.rows}
            seq = append_entry(connection, actor, Action.RELEASE_PUBLISHED, published.version, detail)
            connection.execute(sa.insert(release).values(_release_row(published) | {"seq": seq}))
            _set_state(connection, published.candidate, CandidateState.RELEASED)
            return True

    def releases(self) -> tuple[Release, ...]:
        """All releases, oldest first."""
        with self._read() as connection:
            rows = connection.execute(sa.select(release).order_by(release.c.seq, release.c.version)).all()
        return tuple(Release(r.version, r.candidate_id, r.pool, r.policy, r.rows, r.at) for r in rows)

    def is_overtaken(self, candidate_id: str) -> bool:
        """Whether another candidate was released after this one was prepared.

        Raises:
            UnknownRecord: it was never recorded.
        """
        with self._read() as connection:
            prepared = _require_candidate(connection, candidate_id).seq
            later = sa.select(release).where(release.c.seq > prepared, release.c.candidate_id != candidate_id)
            return connection.execute(later.limit(1)).first() is not None


def _find_candidate(connection: sa.Connection, candidate_id: str) -> Any:
    return connection.execute(sa.select(candidate).where(candidate.c.id == candidate_id)).one_or_none()


def _require_candidate(connection: sa.Connection, candidate_id: str) -> Any:
    row = _find_candidate(connection, candidate_id)
    if row is None:
        raise UnknownRecord("the ledger has no such candidate; prepare it first")
    return row


def _set_state(connection: sa.Connection, candidate_id: str, state: CandidateState) -> None:
    connection.execute(sa.update(candidate).where(candidate.c.id == candidate_id).values(state=state))


def _find_releases(connection: sa.Connection, published: Release) -> list[tuple[str, str]]:
    """Version and candidate of each release that has one of the two."""
    same = sa.or_(release.c.version == published.version, release.c.candidate_id == published.candidate)
    rows = connection.execute(sa.select(release.c.version, release.c.candidate_id).where(same))
    return [(row.version, row.candidate_id) for row in rows]


def _candidate_row(prepared: Candidate) -> dict[str, Any]:
    row = vars(prepared) | {"prepared_at": prepared.prepared_at or current_time()}
    return row | {
        "entries": [asdict(entry) for entry in prepared.entries],
        "account": asdict(prepared.account),
        "verdict": [asdict(evidence) for evidence in prepared.verdict.evidence],
    }


def _read_candidate(row: Any) -> Candidate:
    read = {
        "entries": tuple(PoolEntry(**entry) for entry in row.entries),
        "account": Account.load(row.account),
        "verdict": Verdict(tuple(_read_evidence(evidence) for evidence in row.verdict)),
    }
    known = {name: fact for name, fact in row._mapping.items() if name != "seq"}
    return Candidate(**(known | read))


def _read_evidence(stored: dict[str, Any]) -> Evidence:
    return Evidence(**(stored | {"outcome": Outcome(stored["outcome"])}))


def _approvals_of(candidate_id: str) -> sa.Select[Any]:
    query = sa.select(approval).where(approval.c.candidate_id == candidate_id)
    return query.order_by(approval.c.at, approval.c.person)


def _read_approval(row: Any) -> Approval:
    return Approval(row.candidate_id, row.person, row.decision, row.reason, row.at)


def _approval_row(decided: Approval) -> dict[str, Any]:
    row = dict(vars(decided))
    return {"candidate_id": row.pop("candidate")} | row


def _release_row(published: Release) -> dict[str, Any]:
    row = dict(vars(published))
    return {"candidate_id": row.pop("candidate")} | row
