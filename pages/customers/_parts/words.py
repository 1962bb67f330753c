"""How records are told beside a customer: tones, icons and links to their pages."""

from __future__ import annotations

import streamlit as st

from core.access import Viewer
from core.kit.lifecycle import Tone
from pages._ui import format as fmt
from pages._ui import menu

BANDS = {"low": Tone.GOOD, "medium": Tone.WARNING, "high": Tone.BAD}
ICONS = {
    "customer": "person",
    "account": "domain",
    "lead": "view_kanban",
    "opportunity": "handshake",
    "policy": "description",
    "claim": "assignment",
    "followup": "call",
    "appointment": "event",
}
# The page and the parameter by which each kind of record is opened.
_OPENS = {
    "customer": ("customer", "customer"),
    "account": ("company", "account"),
    "lead": ("pipeline", "lead"),
    "opportunity": ("opportunities", "opportunity"),
    "policy": ("policy", "policy"),
    "claim": ("claim", "claim"),
}


def link(kind: str, code: str, text: str, viewer: Viewer) -> None:
    """A link that opens the record; only its text where there is no page for the viewer."""
    slug, parameter = _OPENS[kind]
    shown = fmt.plain(text)
    if slug in {row.slug for row in menu.allowed(viewer)}:
        icon = f":material/{ICONS[kind]}:"
        st.page_link(menu.page_for(slug), label=shown, icon=icon, query_params={parameter: code})
    else:
        st.markdown(shown)
