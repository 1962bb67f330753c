"""The side bar: the search box, the menu by section, and who is signed in.

The rows are drawn by one component; docs/decisions/0016-the-side-bar.md says why.
"""

from __future__ import annotations

from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

import streamlit as st
from streamlit.navigation.page import Page

from core.access import Viewer
from core.kit.settings import settings
from pages._ui import format as fmt
from pages._ui import menu, page, search_box, sign_in
from pages._ui.menu import MenuPage

_HERE = Path(__file__).parent
Width = Literal["stretch", "content"]
_ACCOUNT = "account"
_HTML = '<nav class="policydesk-menu"></nav>'
# What stands above and below the rows: they get the rest of the window's height.
_OTHERS = "15rem"


def show(viewer: Viewer, chosen: Page) -> None:
    """Draw the side bar of a viewer who looks at a page of theirs."""
    current = address(chosen.url_path)
    rows = [row for row in menu.allowed(viewer) if not row.is_hidden]
    with st.sidebar, st.container(gap="xsmall"):
        place = st.container()
        _rows(sections([row for row in rows if row.slug != _ACCOUNT]), current, key="_menu", label="Menu")
        _signed_in(viewer, [row for row in rows if row.slug == _ACCOUNT], current)
        # Last, because it may open another page.
        with place:
            search_box.show(viewer)


def sections(rows: list[MenuPage]) -> list[dict[str, object]]:
    """The rows by section, in menu order; a section of the home page alone needs no title."""
    found: list[dict[str, object]] = []
    for title, members in groupby(rows, key=lambda row: row.section):
        pages = [
            {
                "href": address(row.slug),
                "icon": row.icon.removeprefix(":material/").removesuffix(":"),
                "label": row.title,
            }
            for row in members
        ]
        found.append({"title": "" if title == menu.row_of(menu.HOME).section else title, "pages": pages})
    return found


def address(slug: str) -> str:
    """Where a page is found; the home page at the root."""
    return "/" if slug in ("", menu.HOME) else f"/{slug}"


def _signed_in(viewer: Viewer, rows: list[MenuPage], current: str) -> None:
    st.caption(fmt.plain(f"{viewer.name} · {viewer.role.label}"))
    with st.container(horizontal=True, vertical_alignment="center", gap="xxsmall"):
        _rows(sections(rows), current, key="_menu_account", label="Your account", width="content")
        sign_in.sign_out_button()
    if settings().is_demo:
        page.demo_badge()


def _rows(
    shown: list[dict[str, object]], current: str, *, key: str, label: str, width: Width = "stretch"
) -> None:
    data = {"sections": shown, "current": current, "label": label, "others": _OTHERS}
    _component()(key=key, data=data, width=width)


@cache
def _component() -> Any:  # the renderer's type is private to Streamlit
    return st.components.v2.component(
        "policydesk_menu",
        html=_HTML,
        css=(_HERE / "side_bar.css").read_text(encoding="utf-8"),
        js=(_HERE / "side_bar.js").read_text(encoding="utf-8"),
        isolate_styles=False,
    )
