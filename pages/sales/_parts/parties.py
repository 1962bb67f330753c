"""Who a deal is with: an account, a customer or a lead, found by name or code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core import customers, sales
from core.access import Viewer
from pages._ui import format as fmt
from pages._ui import new_customer

MANY = 8


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody that a deal is with: the field that points at them, their id and how they are told.

    Name and phone are there for customers that were found.
    """

    field: str
    id: int
    label: str
    name: str = ""
    phone: str = ""


def choose(label: str, fields: Sequence[str], *, key: str, viewer: Viewer, first: str = "") -> Party | None:
    """Somebody found by name or code; `first` is what is looked for at the start."""
    for one in made(key):
        st.success(f"{fmt.plain(one.label)} is chosen.", icon=":material/person_check:")
        st.button("Somebody else", key=f"{key}.else", type="tertiary", on_click=forget, args=(key,))
        return one
    text = st.text_input(
        label, first, key=f"{key}.text", type="search", icon=":material/search:",
        placeholder="Name, code, phone or e-mail", max_chars=100,
    )  # fmt: skip
    found = _find(text.strip(), fields, viewer) if text.strip() else []
    if not found:
        st.caption(f"Nobody of yours is called “{fmt.plain(text.strip())}”." if text.strip() else "")
        return None
    labels = {(one.field, one.id): one.label for one in found}
    parties = {(one.field, one.id): one for one in found}
    chosen = st.radio(
        "Found", list(labels), format_func=lambda one: fmt.plain(labels[one]), key=f"{key}.found",
        index=None, label_visibility="collapsed",
    )  # fmt: skip
    return parties.get(chosen) if chosen else None


def doubt(lead: sales.LeadDetail, chosen: Party) -> str:
    """What speaks against the lead having become this customer; nothing of one that is masked."""
    name = f"{lead.first_name} {lead.last_name}"
    if lead.is_masked or not sales.is_another_person(name, lead.phone, chosen.name, chosen.phone):
        return ""
    first, second = _called(name, lead.phone), _called(chosen.name, chosen.phone)
    return f"The lead is {first}; this customer is {second}. Go on only if they are one person."


def _called(name: str, number: str) -> str:
    return f"{name}, {number}" if number else name


def of_customer(one: customers.CustomerChoice) -> Party:
    """A customer that was found."""
    return Party("customer_id", one.id, new_customer.label(one), one.name, one.phone)


def made(key: str) -> list[Party]:
    """Who was entered anew, or chosen instead, if anybody.

    Taken before it, for after the entry the run may stop here.
    """
    found: list[Party] = st.session_state.setdefault(f"{key}.made", [])
    return found


def forget(key: str) -> None:
    """Let go of what was chosen."""
    for name in ("made", "text", "found"):
        st.session_state.pop(f"{key}.{name}", None)


def _find(text: str, fields: Sequence[str], viewer: Viewer) -> list[Party]:
    found: list[Party] = []
    if "account_id" in fields:
        found += [
            Party("account_id", one.id, f"{one.name} · Company {one.code}")
            for one in customers.accounts(text, by=viewer, limit=MANY)
        ]
    if "customer_id" in fields:
        found += [of_customer(one) for one in customers.find(text, by=viewer, limit=MANY)]
    if "lead_id" in fields:
        page = sales.deals("lead", sales.DealFilter(text=text), limit=MANY, by=viewer)
        found += [Party("lead_id", one.id, f"{one.title} · Lead {one.code}") for one in page.rows]
    return found
