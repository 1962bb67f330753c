"""The way from a lead that is won to its policy application, filled in (quality.md D6)."""

from __future__ import annotations

import streamlit as st

from core.access import Permission, Viewer
from pages._ui import menu
from pages.sales._parts.kinds import LEADS, DealKind


def link(kind: DealKind, status: str, code: str, viewer: Viewer) -> None:
    """The link, when the lead is won and the viewer enters policies."""
    is_won = kind is LEADS and status in kind.lifecycle.flagged("won")
    if is_won and viewer.can(Permission.POLICIES_ENTER):
        st.page_link(
            menu.page_for("entry"), label="Open the application", icon=":material/add_notes:",
            query_params={"lead": code},
        )  # fmt: skip
