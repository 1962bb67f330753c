"""Policies and applications in scope: filtered, totalled, paged, exported; a row opens its policy."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core import policies
from core.access import Permission
from core.policies import PolicyPage
from pages._ui import export, filters, guard, menu, page, paging, tables, viewing
from pages._ui import format as fmt
from pages.policies._parts import columns, narrowing

SIZE = 100


def main() -> None:
    """The whole page."""
    viewer = guard.viewer(Permission.POLICIES_VIEW)
    with page.head("Policies", narrowing.whose(viewer)):
        if viewer.can(Permission.POLICIES_ISSUE):
            st.button("To issue", icon=":material/verified:", on_click=_to_issue)
        if viewer.can(Permission.POLICIES_ENTER) and st.button(
            "New policy", icon=":material/add:", type="primary"
        ):
            menu.go("entry")
    where, wanted = narrowing.bar(viewer)
    place = paging.of(narrowing.SLUG)
    place.turn_to((where,))
    found = policies.policies(where, after=place.cursor, limit=SIZE, by=viewer)
    shown = columns.shown(wanted, viewer, is_waiting=where.oldest_first)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(_told(found, place), width="content")
        if viewer.can(Permission.EXPORT) and found.rows:
            export.buttons(
                lambda: paging.everything(lambda after: narrowing.fetch(where, after, viewer)),
                shown, name=narrowing.SLUG, key="policies.export", zone=viewing.zone(),
            )  # fmt: skip
    key = f"policies.list.{place.generation}"
    chosen = tables.show(
        [columns.record(row) for row in found.rows], shown, key=key, select="one",
        empty_sentence="No policy matches these filters.",
    )  # fmt: skip
    if chosen:
        number = found.rows[chosen[0]].number
        tables.way_to(number, partial(menu.go, "policy", {"policy": number}))
    opened = tables.opened(key, len(found.rows))
    if opened is not None:
        menu.go("policy", {"policy": found.rows[opened].number})
    paging.turner(place, found.after, key="policies")


def _to_issue() -> None:
    """Narrow the list to what waits for an underwriter."""
    filters.clear(*narrowing.FILTERS)
    st.query_params["status"] = "underwriting"


def _told(found: PolicyPage, place: paging.Paging[str]) -> str:
    told = paging.span(place, len(found.rows), found.total, size=SIZE)
    premium = fmt.plain(fmt.money_short(found.annual_premium))
    return f"{told} · **{premium}** premium a year" if found.rows else told


main()
