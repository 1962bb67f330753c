"""The way from a lead that is won to its policy application, filled in (quality.md D6)."""

from __future__ import annotations

import streamlit as st

from core.access import Permission, Viewer
from pages._ui import menu
from pages.sales._parts.kinds import LEADS, DealKind


def link(kind: DealKind, status: str, code: str, viewer: Viewer, *, is_main: bool = False) -> None:
    """The button, when the lead is won and the viewer enters policies."""
    is_won = kind is LEADS and status in kind.lifecycle.flagged("won")
    if not is_won or not viewer.can(Permission.POLICIES_ENTER):
        return
    if st.button(
        "Open the application", icon=":material/add_notes:", type="primary" if is_main else "tertiary",
        key=f"{code}.apply.{is_main}",
    ):  # fmt: skip
        menu.go("entry", {"lead": code})
