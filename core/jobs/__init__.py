"""Refreshes of the analytic copy: started, watched, and how they ended."""

from core.jobs.actions import (
    begin_run,
    current_refresh,
    fail_run,
    finish_run,
    freshness,
    next_refresh_at,
    note_published,
    refresh_runs,
    report_progress,
    start_due_refresh,
    start_refresh,
)
from core.jobs.refreshes import STALLED_AFTER, AlreadyRunning, Freshness, Refresh
from core.jobs.status import REFRESH
from core.jobs.store import alone

__all__ = [
    "REFRESH",
    "STALLED_AFTER",
    "AlreadyRunning",
    "Freshness",
    "Refresh",
    "alone",
    "begin_run",
    "current_refresh",
    "fail_run",
    "finish_run",
    "freshness",
    "next_refresh_at",
    "note_published",
    "refresh_runs",
    "report_progress",
    "start_due_refresh",
    "start_refresh",
]
