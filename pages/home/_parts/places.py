"""What the viewer can do here, for those who have no list of work."""

from __future__ import annotations

import streamlit as st

from core.access import Viewer
from pages._ui import empty, menu, page

ELSEWHERE = frozenset({menu.HOME, "account"})


def show(viewer: Viewer) -> None:
    """A card a page, with what it is for."""
    found = [row for row in menu.allowed(viewer) if row.slug not in ELSEWHERE and not row.is_hidden]
    if not found:
        empty.state(
            "Nothing is shown to customers yet.",
            icon=":material/policy:",
            hint="Your own policies and claims will stand here in a later version."
            " Until then your agent tells you about them.",
            key="pages",
        )
        return
    page.section("Where to go")
    grid = st.grid("auto", min_column_width=260, gap="small")
    for row in found:
        with grid.cell(), st.container(border=True, height="stretch", gap="xxsmall"):
            st.page_link(menu.page_for(row.slug), label=f"**{row.title}**", icon=row.icon)
            st.caption(row.told(viewer))
