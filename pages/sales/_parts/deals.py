"""The page of one kind of deal: toolbar, board or list, and the record that the address names."""

from __future__ import annotations

import streamlit as st

from core.access import Permission, Viewer
from pages._ui import page
from pages.sales._parts import board_view, entering, list_view, narrowing, record
from pages.sales._parts.kinds import DealKind


def show(kind: DealKind, viewer: Viewer) -> None:
    """Draw the page for who may open it."""
    wants_new = False
    with page.head(kind.title, narrowing.whose(kind, viewer)):
        if viewer.can(Permission.LEADS_EDIT):
            wants_new = st.button(f"New {kind.noun}", icon=":material/add:", type="primary", key="new")
    notices = st.container()
    view, where = narrowing.bar(kind, viewer)
    if view == "list":
        list_view.draw(kind, where)
    else:
        board_view.draw(kind, where)
    code = st.query_params.get(kind.parameter)
    if wants_new:
        entering.start(kind)
    elif code:
        record.show(kind, code, notices)
