"""The hits of a search, each a link with what tells it apart and why it was found."""

from __future__ import annotations

import streamlit as st

from core import search
from core.access import Permission, Viewer
from pages._ui import empty, menu, search_box
from pages._ui import format as fmt
from pages.customers._parts import words

MOST = 30


def show(typed: str, viewer: Viewer) -> None:
    """Everything that the text may stand for."""
    found = search.search(typed, by=viewer, limit=MOST)
    if not found.rows:
        _nothing(typed, viewer)
        return
    more = f"The first {MOST} hits; type more to narrow them." if found.has_more else ""
    st.caption(more or fmt.counted(len(found.rows), "hit"))
    with st.container(key=search_box.HITS):
        for hit in found.rows:
            with st.container(border=True, gap=None):
                _hit(hit, viewer)


def _hit(hit: search.Hit, viewer: Viewer) -> None:
    if hit.is_visible:
        words.link(hit.kind, hit.code, f"{hit.title or hit.code} · {hit.code}", viewer)
        told = [hit.kind.capitalize(), hit.detail, hit.owner, f"matched {hit.because}"]
        st.caption(fmt.plain(" · ".join(part for part in told if part)))
    else:
        st.markdown(
            f":material/lock: A {fmt.plain(hit.kind)} of **{fmt.plain(hit.owner)}** "
            f"has this {fmt.plain(hit.because)}."
        )
        st.caption("It lies outside your book. Ask its owner or your manager.")


def _nothing(typed: str, viewer: Viewer) -> None:
    may_enter = viewer.can(Permission.CUSTOMERS_EDIT)
    hint = "Check the spelling, or search by phone or birth date."
    if not viewer.can(Permission.PII_VIEW):
        hint = "Without personal data to see, you search by codes: C-000123, P-00000123."
    empty.state(f"Nothing is found for “{typed}”.", icon=":material/search_off:", hint=hint)
    if may_enter:
        st.page_link(
            menu.page_for("new-customer"), label="Enter a new customer", icon=":material/person_add:",
            query_params={"name": typed} if _is_name(typed) else {},
        )  # fmt: skip


def _is_name(typed: str) -> bool:
    """Whether it can be taken over into the fields of a new customer."""
    return all(one.isalpha() or one in " '-," for one in typed)
