"""The search box of every page: what is typed opens the customers page with its hits."""

from __future__ import annotations

import streamlit as st

from core.access import Permission, Viewer
from pages._ui import menu

_BOX, _ASKED = "_search_box", "_search_asked"
SLUG = "customers"


def show(viewer: Viewer) -> None:
    """The box, for the sidebar; nothing for who may not see customers."""
    if not viewer.can(Permission.CUSTOMERS_VIEW):
        return
    st.text_input(
        "Find anything",
        key=_BOX,
        type="search",
        max_chars=100,
        placeholder="Name, phone, e-mail or code",
        icon=":material/search:",
        on_change=_ask,
    )
    asked = st.session_state.pop(_ASKED, "")
    if asked:
        menu.go(SLUG, {"q": asked})


def _ask() -> None:
    st.session_state[_ASKED] = (st.session_state[_BOX] or "").strip()
    st.session_state[_BOX] = ""
