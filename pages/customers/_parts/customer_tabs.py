"""The parts of a customer's page, one at a time; which is in the address."""

from __future__ import annotations

import streamlit as st

from core.access import Viewer
from core.dossiers import Overview
from pages._ui import filters
from pages.customers._parts import (
    contacts_view,
    documents_view,
    items_view,
    notes_view,
    people_view,
    timeline_view,
    trust_view,
)

TABS = (
    "Timeline", "Policies", "Leads & opportunities", "Claims", "Notes", "Follow-ups", "Documents",
    "Contacts & relations", "Consent & KYC",
)  # fmt: skip
# Shorter on the page than in the address, so that they stand in two rows on a phone.
_SHORT = {"Leads & opportunities": "Deals", "Contacts & relations": "Contacts", "Consent & KYC": "Consent"}


def turn_to(tab: str) -> None:
    """Show a part from the next run on."""
    st.query_params["tab"] = tab


def is_elsewhere(tab: str) -> bool:
    """Whether it is a part, and another one is shown."""
    return tab in TABS and st.query_params.get("tab", TABS[0]) != tab


def show(found: Overview, viewer: Viewer) -> None:
    """The switch between the parts, and the one that is chosen."""
    one = found.customer
    tab = filters.switch("Part", [filters.Option(name, _SHORT.get(name, name)) for name in TABS], key="tab")
    if tab == "Policies":
        items_view.policies(found, viewer)
    elif tab == "Leads & opportunities":
        items_view.deals(found, viewer)
    elif tab == "Claims":
        items_view.claims(found, viewer)
    elif tab == "Follow-ups":
        contacts_view.show(one, viewer)
    elif tab == "Documents":
        documents_view.show(one.id, viewer)
    elif tab == "Contacts & relations":
        people_view.show(one, viewer)
    elif tab == "Consent & KYC":
        trust_view.show(one, viewer)
    elif tab == "Notes":
        notes_view.show(one, viewer)
    else:
        timeline_view.show(one.id)
