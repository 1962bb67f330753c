"""Starting a refresh, reading how refreshes went, and what the refresh says of itself."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core import audit
from core.access import Permission, Viewer, action, read
from core.db import engine, unit_of_work
from core.jobs import store
from core.jobs.refreshes import AlreadyRunning, Freshness, Refresh
from core.jobs.status import FAILED, SUCCEEDED
from core.kit.dates import utc_now
from core.kit.settings import ROOT, settings


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
        run_id = store.insert_run(session, started_by=by.user_id, at=at)
        audit.record(session, actor=by, action="refresh.start", entity="refresh_run", entity_id=run_id)
    _launch(run_id)
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
    """Start `python -m etl`, its output into a log, and reap it when it ends."""
    log = settings().data_dir / "refresh.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    address = engine().url.set(drivername="postgresql").render_as_string(hide_password=False)
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "etl", "--run", str(run_id)],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": address},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    threading.Thread(target=process.wait, name=f"refresh-{run_id}", daemon=True).start()
