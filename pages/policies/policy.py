"""One policy: its terms, cover, people, claims and history, with the moves and changes it allows."""

from __future__ import annotations

import streamlit as st

from core import policies
from core.access import Permission, Viewer
from core.kit.errors import NotFound
from core.policies import PolicyDetail
from pages._ui import empty, errors, guard, menu, page
from pages._ui import format as fmt
from pages.policies._parts import changes, documents, facts, history, moves


def main() -> None:
    """The whole page."""
    viewer = guard.viewer(Permission.POLICIES_VIEW)
    number = st.query_params.get("policy", "")
    if not number:
        page.head("Policy")
        empty.state("No policy is chosen.", hint="Open one from the list of policies.")
        st.page_link(menu.page_for("policies"), label="To the list", icon=":material/arrow_back:")
        return
    try:
        detail = policies.policy(number, by=viewer)
    except NotFound as refusal:
        page.head("Policy")
        errors.show(refusal)
        return
    _show(detail, viewer)


def _show(detail: PolicyDetail, viewer: Viewer) -> None:
    row = detail.row
    with page.head(fmt.plain(row.number), fmt.plain(f"{row.customer} · {row.product}")):
        moves.buttons(detail)
        if detail.can_change:
            changes.menu(detail)
        if facts.may_claim(viewer, detail) and st.button("Report a claim", icon=":material/add_alert:"):
            menu.go("notice", {"policy": row.number})
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        page.tag(row.status_label, row.tone)
        moves.hindrances(detail)
        if detail.lead_code and viewer.can(Permission.LEADS_VIEW):
            st.page_link(
                menu.page_for("pipeline"), label=f"Lead {fmt.plain(detail.lead_code)}",
                icon=":material/view_kanban:", query_params={"lead": detail.lead_code},
            )  # fmt: skip
    facts.reinstatement(detail)
    left, right = st.columns([3, 2], gap="large")
    with left:
        page.section("Terms")
        facts.terms_of(detail)
        page.section("Cover and premium")
        facts.cover(detail)
        if viewer.can(Permission.DOCUMENTS_VIEW):
            with page.section("Documents"):
                documents.button(detail, viewer)
            documents.of_policy(detail, viewer)
        if viewer.can(Permission.CLAIMS_VIEW):
            page.section("Claims")
            facts.claims_of(detail, viewer)
    with right:
        page.section("People")
        facts.people(detail)
        page.section("History")
        history.show(detail)


main()
