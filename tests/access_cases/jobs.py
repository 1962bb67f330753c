"""Refreshes of the analytic copy: nobody's rows."""

from __future__ import annotations

from unittest import mock

from core import jobs
from core.access import Permission, Viewer
from tests.access_cases.world import Case, for_all


def start(by: Viewer) -> int:
    """Start a refresh, but no process for it."""
    with mock.patch("core.jobs.actions._launch"):
        return jobs.start_refresh(by=by)


CASES: dict[str, Case] = {
    "jobs.start_refresh": for_all(Permission.DATA_REFRESH, start),
    "jobs.current_refresh": for_all(Permission.DATA_REFRESH, lambda by: jobs.current_refresh(by=by)),
    "jobs.next_refresh_at": for_all(Permission.DATA_REFRESH, lambda by: jobs.next_refresh_at(by=by)),
    "jobs.refresh_runs": for_all(Permission.DATA_REFRESH, lambda by: jobs.refresh_runs(by=by)),
    "jobs.freshness": for_all(Permission.KPIS_VIEW, lambda by: jobs.freshness(by=by)),
}
