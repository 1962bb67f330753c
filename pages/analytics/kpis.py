"""KPIs: the numbers of sales from the analytic copy, each with the rows behind it."""

from __future__ import annotations

import streamlit as st

from core import jobs
from core.access import Permission, Viewer
from pages._ui import analysis, empty, errors, guard, overview, page, viewing
from pages._ui import format as fmt
from queries import NoWarehouse, Published, published
from queries.dimensions import Name

SALES = (
    "new_deals",
    "won_value",
    "won_count",
    "win_rate",
    "cohort_conversion",
    "period_conversion",
    "average_won",
    "median_won",
    "weighted_pipeline",
    "open_pipeline",
    "days_to_win",
    "days_to_lose",
    "lost_count",
    "followups_completed",
)
COVER = ("policies_issued", "annual_premium", "average_premium", "claims_reported", "claims_paid")
CHARTED = (
    "won_value",
    "won_count",
    "new_deals",
    "win_rate",
    "cohort_conversion",
    "average_won",
    "lost_count",
)
TEAM: tuple[Name, ...] = ("agent", "manager", "office", "territory")
MIX: tuple[Name, ...] = ("source", "product", "category")


def main() -> None:
    """The whole page, for one viewer and one published version."""
    viewer = guard.viewer(Permission.KPIS_VIEW)
    try:
        at = published()
    except NoWarehouse as refusal:
        page.head("KPIs")
        _banner(viewer)
        empty.state(refusal.message, icon=":material/monitoring:", hint=refusal.remedy)
        return
    head = page.head("KPIs", fmt.plain(analysis.whose(viewer, at)))
    _banner(viewer)
    with head:
        st.caption(f"Refreshed {fmt.moment(at.snapshot_at, viewing.zone())}")
    with errors.told():
        _figures(viewer, at)


def _figures(viewer: Viewer, at: Published) -> None:
    today = analysis.last_day(at)
    chosen = analysis.bar(today=today, viewer=viewer, at=at)
    st.caption(chosen.spans)
    shown = overview.Overview(viewer, at, chosen, today)
    shown.tiles(SALES, key="sales", export_as="kpis")
    shown.development(CHARTED)
    for title, dimensions in (("Who and where", TEAM), ("Where it comes from", MIX)):
        shown.breakdown(title, dimensions)
    page.section("Policies and claims")
    shown.tiles(COVER, key="cover")


def _banner(viewer: Viewer) -> None:
    """Old figures stay, visibly, while the last refresh has failed (quality.md D25)."""
    known = jobs.freshness(by=viewer)
    page.stale_banner(known.refreshed_at, failed_at=known.failed_at, zone=viewing.zone())


main()
