"""Every statement that reads or writes refresh_runs, and the lock that keeps runs apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, aliased

from core.access.tables import User
from core.db import engine
from core.jobs.refreshes import STALLED, AlreadyRunning, Freshness, Refresh, is_stalled
from core.jobs.status import FAILED, RUNNING, SUCCEEDED
from core.jobs.tables import RefreshRun

# Keys of PostgreSQL's advisory locks, which are one number space for the whole database.
_STARTING = 7_204_101
_RUNNING = 7_204_102


def lock_start(session: Session) -> None:
    """Let one start at a time look for a running refresh and make its own."""
    session.execute(select(func.pg_advisory_xact_lock(_STARTING)))


@contextmanager
def alone() -> Iterator[None]:
    """Hold the lock of the running refresh on a connection of its own, for the length of the block.

    The lock ends with the connection, so also with this process. Raises AlreadyRunning when another
    process holds it.
    """
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(select(func.pg_try_advisory_lock(_RUNNING))):
            raise AlreadyRunning
        try:
            yield
        finally:
            # A connection that was cut has let go already.
            with suppress(DBAPIError):
                connection.execute(select(func.pg_advisory_unlock(_RUNNING)))


def insert_run(session: Session, *, started_by: int | None, at: datetime) -> int:
    """A new run that calls itself running; its id."""
    row = RefreshRun(state=RUNNING, started_by=started_by, started_at=at, heartbeat_at=at)
    session.add(row)
    session.flush()
    return row.id


def end_others(session: Session, *, but: int, at: datetime) -> None:
    """Mark every other run that calls itself running as failed; the caller holds the lock."""
    session.execute(
        update(RefreshRun)
        .where(RefreshRun.state == RUNNING, RefreshRun.id != but)
        .values(state=FAILED, finished_at=at, message=STALLED)
    )


def write_progress(session: Session, run_id: int, *, step: str, progress: int, at: datetime) -> None:
    """Say how far a run is, and that it lives."""
    session.execute(
        update(RefreshRun)
        .where(RefreshRun.id == run_id, RefreshRun.state == RUNNING)
        .values(step=step, progress=progress, heartbeat_at=at)
    )


def write_published(
    session: Session, run_id: int, *, version: str, rows_copied: int, checks: Mapping[str, Any]
) -> None:
    """Note which version a run has published, and what was compared before."""
    session.execute(
        update(RefreshRun)
        .where(RefreshRun.id == run_id)
        .values(published_version=version, rows_copied=rows_copied, checks=dict(checks))
    )


def write_end(session: Session, run_id: int, *, state: str, at: datetime, message: str | None) -> None:
    """Write how a run ended."""
    ended = {"state": state, "finished_at": at, "heartbeat_at": at, "message": message}
    if state == SUCCEEDED:
        ended |= {"progress": 100, "step": "Done"}
    session.execute(update(RefreshRun).where(RefreshRun.id == run_id).values(**ended))


def runs(session: Session, *, limit: int, now: datetime) -> list[Refresh]:
    """The newest runs first; one that has stalled reads as failed."""
    return [_refresh(row, who, now) for row, who in session.execute(_newest().limit(limit))]


def _newest(*more: Any) -> Select[Any]:
    name = func.coalesce(User.first_name + text("' '") + User.last_name, "The system")
    by_whom = select(RefreshRun, name, *more).outerjoin(User, User.id == RefreshRun.started_by)
    return by_whom.order_by(RefreshRun.id.desc())


def freshness(session: Session, *, now: datetime) -> Freshness:
    """When the newest figures were published, and whether a refresh has failed since."""
    any_run = aliased(RefreshRun)
    published = select(func.max(any_run.finished_at)).where(any_run.published_version.is_not(None))
    found = session.execute(_newest(published.scalar_subquery()).limit(1)).one_or_none()
    if found is None:
        return Freshness(None, None, is_running=False)
    row, who, published_at = found
    latest = _refresh(row, who, now)
    return Freshness(published_at, latest.finished_at if latest.is_failed else None, latest.is_running)


def _refresh(row: RefreshRun, who: str, now: datetime) -> Refresh:
    made = Refresh(
        id=row.id,
        state=row.state,
        step=row.step,
        progress=row.progress,
        started_by=who,
        started_at=row.started_at,
        heartbeat_at=row.heartbeat_at,
        finished_at=row.finished_at,
        version=row.published_version,
        rows_copied=row.rows_copied,
        checks=row.checks,
        message=row.message or "",
    )
    if is_stalled(row.state, row.heartbeat_at, now=now):
        return replace(made, state=FAILED, finished_at=row.heartbeat_at, message=STALLED)
    return made
