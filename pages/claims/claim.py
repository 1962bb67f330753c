"""One claim: the loss, cover, money, decision, tasks and everything that happened."""

from __future__ import annotations

import streamlit as st

from core import claims
from core.access import Permission, Viewer
from core.claims import ClaimDetail, ClaimRow
from core.kit.errors import NotFound
from pages._ui import empty, errors, guard, menu, page, viewing
from pages._ui import format as fmt
from pages.claims._parts import dialogs, facts, flags, history, papers


def main() -> None:
    """The whole page."""
    viewer = guard.viewer(Permission.CLAIMS_VIEW)
    number = st.query_params.get("claim", "")
    if not number:
        page.head("Claim")
        empty.state("No claim is chosen.", hint="Open one from the queue.")
        st.page_link(menu.page_for("claims"), label="To the queue", icon=":material/arrow_back:")
        return
    try:
        detail = claims.claim(number, by=viewer, today=viewing.today())
    except NotFound as refusal:
        page.head("Claim")
        errors.show(refusal)
        return
    _show(detail, viewer)


def _show(detail: ClaimDetail, viewer: Viewer) -> None:
    row = detail.row
    with page.head(fmt.plain(row.number), fmt.plain(f"{row.customer} · {row.product}")):
        dialogs.buttons(detail, viewer)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        page.tag(row.status_label, row.tone)
        _age(row)
    if detail.payment_held:
        st.warning(fmt.plain(detail.payment_held), icon=":material/pause_circle:")
    left, right = st.columns([3, 2], gap="large")
    with left:
        facts.decision(detail, viewer)
        page.section("Loss")
        facts.loss(detail)
        page.section("Money")
        facts.money(detail)
        page.section("Cover and flags")
        flags.show(detail.flags, row.fraud_points)
        flags.duplicates(detail.duplicates)
    with right:
        with page.section("Documents"):
            papers.button(detail, viewer)
        papers.show(detail, viewer)
        page.section("Tasks")
        facts.tasks(detail, viewer)
        page.section("History")
        history.show(detail)


def _age(row: ClaimRow) -> None:
    """How old it is against its target, in business days."""
    st.caption(f"{fmt.counted(row.age_days, 'business day')} old", width="content")
    if row.days_left is None:
        return
    if row.is_late:
        late = fmt.counted(-row.days_left, "business day")
        st.caption(f":red[:material/event_busy: {late} past its target]", width="content")
    else:
        left = fmt.counted(row.days_left, "business day")
        st.caption(f":material/event: {left} to its target", width="content")


main()
