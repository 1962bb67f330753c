"""A file to start an import from, for each kind of record."""

from __future__ import annotations

import streamlit as st

from core import imports
from core.access import Viewer


def offer(viewer: Viewer) -> None:
    """A button whose list leads to the file of the kind that is chosen."""
    kinds = {entity.name: entity for entity in imports.importable(by=viewer)}
    with st.popover("Sample file", icon=":material/csv:"):
        chosen = st.selectbox(
            "Rows are", list(kinds), format_func=lambda name: kinds[name].plural.capitalize(), key="sample"
        )
        st.caption("The headings that are recognised by themselves, and one invented row.")
        st.download_button(
            "Download",
            data=lambda: imports.sample(chosen, by=viewer).encode("utf-8-sig"),
            file_name=f"sample-{kinds[chosen].plural.replace(' ', '-')}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            key="sample.download",
        )
