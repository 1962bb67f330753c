"""The empty state: what is not here, and what to do next."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages._ui import format as fmt


def state(
    sentence: str,
    *,
    icon: str = ":material/inbox:",
    hint: str = "",
    action: tuple[str, Callable[[], None]] | None = None,
    key: str = "",
) -> None:
    """An icon, one sentence, a hint, and a button whose callback is the next action."""
    with st.container(border=True, horizontal_alignment="center", gap="xsmall"):
        st.space("xsmall")
        st.markdown(f"## :gray[{icon}]", text_alignment="center", anchors=False)
        st.markdown(f"**{fmt.plain(sentence)}**", text_alignment="center")
        if hint:
            st.caption(fmt.plain(hint), text_alignment="center")
        if action is not None:
            label, callback = action
            st.button(label, key=f"{key or sentence}.action", on_click=callback, type="primary")
        st.space("xsmall")
