"""How customers are told: the plain words of what is stored, and links to their pages."""

from __future__ import annotations

from enum import StrEnum

import streamlit as st

from core.access import Viewer
from core.kit.lifecycle import Tone
from pages._ui import format as fmt
from pages._ui import menu
from pages._ui.filters import Option

_SPELLED = {
    "email": "E-mail",
    "sms": "Text message",
    "id_proof": "Proof of identity",
    "address_proof": "Proof of address",
    "income_proof": "Proof of income",
    "contact": "First contact",
    "staff_office": "Staff office",
    "0-50k": "Up to $50K",
    "50k-100k": "$50K to $100K",
    "100k-250k": "$100K to $250K",
    "250k+": "Above $250K",
}
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


def label(value: str) -> str:
    """A stored word as people read it: "whole_life" is "Whole life"."""
    return _SPELLED.get(value, value.replace("_", " ").capitalize())


def options(values: type[StrEnum]) -> list[Option]:
    """The members of an enumeration to choose from."""
    return [Option(one.value, label(one.value)) for one in values]


def link(kind: str, code: str, text: str, viewer: Viewer) -> None:
    """A link that opens the record; only its text where there is no page for the viewer."""
    slug, parameter = _OPENS[kind]
    shown = fmt.plain(text)
    if slug in {row.slug for row in menu.allowed(viewer)}:
        icon = f":material/{ICONS[kind]}:"
        st.page_link(menu.page_for(slug), label=shown, icon=icon, query_params={parameter: code})
    else:
        st.markdown(shown)
