"""The month so far, as the KPI page has it, and how fresh it is (quality.md D25)."""

from __future__ import annotations

import streamlit as st

from core import jobs
from core.access import Viewer
from pages._ui import analysis, empty, errors, menu, overview, page
from pages._ui import format as fmt
from queries import NoWarehouse, published

HEADLINES = ("new_deals", "won_value", "win_rate", "weighted_pipeline", "annual_premium")
DEVELOPMENT = ("won_value", "won_count", "new_deals", "win_rate")


def show(viewer: Viewer, zone: str, *, with_development: bool) -> None:
    """The headlines of the month, and how they have developed for those who look on."""
    head = page.section("This month")
    known = jobs.freshness(by=viewer)
    page.stale_banner(known.refreshed_at, failed_at=known.failed_at, zone=zone)
    try:
        at = published()
    except NoWarehouse as refusal:
        empty.state(refusal.message, icon=":material/monitoring:", hint=refusal.remedy, key="figures")
        return
    with head:
        st.caption(f"Refreshed {fmt.moment(at.snapshot_at, zone)}")
        st.page_link(menu.page_for("kpis"), label="All KPIs", icon=":material/monitoring:")
    today = analysis.last_day(at)
    with errors.told():
        shown = overview.Overview(viewer, at, analysis.this_month(today), today)
        shown.tiles(HEADLINES, key="today.kpis")
        if with_development:
            shown.development(DEVELOPMENT)
