"""What a customer has: policies, deals, claims and planned contacts, each opening its page."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.access import Permission, Viewer
from core.dossiers import Item, Overview
from pages._ui import empty, menu, page, viewing
from pages._ui import format as fmt
from pages.customers._parts import words


def policies(found: Overview, viewer: Viewer) -> None:
    """Every policy, and the way to a new one."""
    if viewer.can(Permission.POLICIES_ENTER) and found.customer.archived_at is None:
        st.page_link(
            menu.page_for("entry"), label="New policy for this customer", icon=":material/add_notes:",
            query_params={"customer": found.customer.code},
        )  # fmt: skip
    _in_book(found.of("policy"), _outside(found, "policy"), "No policy yet.", viewer)


def deals(found: Overview, viewer: Viewer) -> None:
    """Leads and opportunities."""
    outside = _outside(found, "lead", "opportunity")
    _in_book(found.of("lead", "opportunity"), outside, "No lead or opportunity.", viewer)


def claims(found: Overview, viewer: Viewer) -> None:
    """Claims on the customer's policies."""
    _in_book(found.of("claim"), _outside(found, "claim"), "No claim.", viewer)


def _outside(found: Overview, *kinds: str) -> int:
    return sum(found.outside.get(kind, 0) for kind in kinds)


def _in_book(items: Sequence[Item], outside: int, nothing: str, viewer: Viewer) -> None:
    """What the viewer sees of the customer's; of what lies outside the book, how many there are."""
    listed(items, f"None in your book; {fmt.number(outside)} outside it." if outside else nothing, viewer)
    if outside and items:
        st.caption(f":material/lock: {fmt.number(outside)} more outside your book")


def listed(items: Sequence[Item], nothing: str, viewer: Viewer) -> None:
    """Each with its status and a link to its page, the open ones first."""
    if not items:
        empty.state(nothing, icon=":material/inbox:")
        return
    for one in sorted(items, key=lambda item: (not item.is_open,)):
        with st.container(border=True, gap=None):
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                words.link(one.kind, one.code, f"{one.code} · {one.title}", viewer)
                page.tag(one.status_label, one.tone)
            st.caption(fmt.plain(_told(one)))


def _told(one: Item) -> str:
    dated = {"policy": "cover ends", "claim": "loss on", "opportunity": "expected to close"}
    parts = [
        fmt.money(one.amount) + (" an instalment" if one.kind == "policy" else "")
        if one.amount is not None
        else "",
        f"{dated[one.kind]} {fmt.day(one.on)}" if one.on and one.kind in dated else "",
        f"entered {fmt.day(viewing.local(one.at, viewing.zone()).date())}" if one.at else "",
        one.owner,
    ]
    return " · ".join(part for part in parts if part)
