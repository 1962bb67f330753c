"""Starting a refresh, reading how refreshes went, and what the refresh says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core import audit
from core.access import Permission, Viewer, action, read
from core.db import address, unit_of_work
from core.jobs import store
from core.jobs.refreshes import AlreadyRunning, Freshness, Refresh, next_refresh
from core.jobs.status import FAILED, SUCCEEDED
from core.kit import detached
from core.kit.dates import utc_now
from core.kit.settings import settings


@action(Permission.DATA_REFRESH)
def start_refresh(*, by: Viewer, now: datetime | None = None) -> int:
    """Start a refresh in a process of its own, which outlives this one; its run's id.

    Raises AlreadyRunning while another is at work.
    """
    at = now or utc_now()
    with unit_of_work() as session:
        store.lock_start(session)
        if any(run.is_running for run in store.runs(session, limit=1, now=at)):
            raise AlreadyRunning
        run_id = _new_run(session, actor=by, at=at)
    _launch(run_id)
    return run_id


def start_due_refresh(*, now: datetime) -> int:
    """Start the refresh that is due by the settings, if one is; how many.

    Whatever was missed while the server was down is made up for by one.
    """
    with unit_of_work() as session:
        store.lock_start(session)
        latest = next(iter(store.runs(session, limit=1, now=now)), None)
        due_at = next_refresh(latest, now=now)
        if due_at is None or due_at > now:
            return 0
        run_id = _new_run(session, actor=audit.SystemActor(), at=now)
    _launch(run_id)
    return 1


def _new_run(session: Session, *, actor: audit.Actor, at: datetime) -> int:
    run_id = store.insert_run(session, started_by=actor.user_id, at=at)
    audit.record(session, actor=actor, action="refresh.start", entity="refresh_run", entity_id=run_id)
    return run_id


@read(Permission.DATA_REFRESH)
def refresh_runs(*, by: Viewer, limit: int = 20, now: datetime | None = None) -> list[Refresh]:  # noqa: ARG001 - the gate reads it
    """The newest refreshes first."""
    with unit_of_work() as session:
        return store.runs(session, limit=limit, now=now or utc_now())


@read(Permission.DATA_REFRESH)
def current_refresh(*, by: Viewer, now: datetime | None = None) -> Refresh | None:  # noqa: ARG001 - see above
    """The refresh that is at work, if any."""
    with unit_of_work() as session:
        latest = store.runs(session, limit=1, now=now or utc_now())
    return latest[0] if latest and latest[0].is_running else None


@read(Permission.DATA_REFRESH)
def next_refresh_at(*, by: Viewer, now: datetime | None = None) -> datetime | None:  # noqa: ARG001 - see above
    """When the server starts the next refresh by itself; None for never, or while one is at work."""
    at = now or utc_now()
    with unit_of_work() as session:
        return next_refresh(next(iter(store.runs(session, limit=1, now=at)), None), now=at)


@read(Permission.KPIS_VIEW)
def freshness(*, by: Viewer, now: datetime | None = None) -> Freshness:  # noqa: ARG001 - see above
    """How old the figures are, for the stamp and the banner of analytic pages (quality.md D25)."""
    with unit_of_work() as session:
        return store.freshness(session, now=now or utc_now())


def begin_run(run_id: int | None, *, now: datetime) -> int:
    """The run that this process is, made when none was made for it; the caller holds `alone`.

    Whatever else still calls itself running has died, because nothing else holds the lock.
    """
    with unit_of_work() as session:
        mine = run_id if run_id is not None else store.insert_run(session, started_by=None, at=now)
        store.end_others(session, but=mine, at=now)
    return mine


def report_progress(run_id: int, *, step: str, progress: int, now: datetime) -> None:
    """Say how far a run is (percent); also its heartbeat."""
    with unit_of_work() as session:
        store.write_progress(session, run_id, step=step, progress=progress, at=now)


def note_published(run_id: int, *, version: str, rows_copied: int, checks: Mapping[str, Any]) -> None:
    """The run has published a version; what is left to do may still fail."""
    with unit_of_work() as session:
        store.write_published(session, run_id, version=version, rows_copied=rows_copied, checks=checks)


def finish_run(run_id: int, *, now: datetime) -> None:
    """The run has done all that it had to."""
    with unit_of_work() as session:
        store.write_end(session, run_id, state=SUCCEEDED, at=now, message=None)


def fail_run(run_id: int, *, message: str, now: datetime) -> None:
    """The run has failed, for the reason in the message."""
    with unit_of_work() as session:
        store.write_end(session, run_id, state=FAILED, at=now, message=message)


def _launch(run_id: int) -> None:
    """Start `python -m etl`, its output into a log; the run itself tells how it goes."""
    detached.start(
        ["-m", "etl", "--run", str(run_id)],
        log=settings().data_dir / "refresh.log",
        environment={"DATABASE_URL": address()},
    )
