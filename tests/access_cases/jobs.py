"""Refreshes of the analytic copy: nobody's rows."""

from __future__ import annotations

from core import jobs
from core.access import Permission
from tests.access_cases.world import Case, for_all

CASES: dict[str, Case] = {
    "jobs.start_refresh": for_all(Permission.DATA_REFRESH, lambda by: jobs.start_refresh(by=by)),
    "jobs.current_refresh": for_all(Permission.DATA_REFRESH, lambda by: jobs.current_refresh(by=by)),
    "jobs.refresh_runs": for_all(Permission.DATA_REFRESH, lambda by: jobs.refresh_runs(by=by)),
    "jobs.freshness": for_all(Permission.KPIS_VIEW, lambda by: jobs.freshness(by=by)),
}
