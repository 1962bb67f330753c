"""Records that may be the same person, shown before anything is saved (quality.md D7)."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.access import Viewer
from core.customers import LikelyCustomer
from pages._ui import format as fmt
from pages.customers._parts import words


def show(matches: Sequence[LikelyCustomer], viewer: Viewer, *, title: str, told: str) -> None:
    """A warning, and each with why; of a foreign one only whose it is."""
    st.warning(told, title=title, icon=":material/group:")
    for one in matches:
        with st.container(border=True, gap=None):
            if one.is_visible:
                words.link("customer", one.code, f"{one.name} · {one.code}", viewer)
            else:
                st.markdown(f":material/lock: A customer of **{fmt.plain(one.owner)}**, outside your book")
            st.caption(fmt.plain(", ".join(one.because)))
