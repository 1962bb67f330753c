"""An agent: what is in hand, and the form of their own fields."""

from __future__ import annotations

import streamlit as st

from core import organisation, people
from core.access import Viewer
from pages._ui import format as fmt
from pages._ui import forms, page, terms
from pages.admin._parts import records

STATUSES = terms.options(people.AgentStatus)
TIERS = terms.options(people.CommissionTier)


def facts(one: people.AgentProfile, viewer: Viewer) -> None:
    """Where the agent belongs today, and what is in hand."""
    book = organisation.book_of(one.id, by=viewer)
    page.facts(
        {
            "Territory": one.territory,
            "Manager": one.manager or "",
            "Joined": fmt.day(one.joined_on),
            "Target a month": fmt.money(one.target_monthly),
            "Open leads": fmt.number(book.open_leads),
            "Open opportunities": fmt.number(book.open_opportunities),
            "Customers": fmt.number(book.customers),
        }
    )
    if one.status in {people.AgentStatus.TERMINATED, people.AgentStatus.RESIGNED} and any(
        (book.open_leads, book.open_opportunities, book.customers)
    ):
        st.warning(
            "Hand the leads over on the pipeline's list, and deactivate the sign-in under Users.",
            title="This agent has left, and still has work in hand",
            icon=":material/assignment_late:",
        )


def edit(one: people.AgentProfile, viewer: Viewer) -> None:
    """The form of the agent's own fields."""
    start = {
        "agent_code": one.agent_code,
        "license_number": one.license_number or "",
        "commission_tier": one.commission_tier.value,
        "target_monthly": one.target_monthly,
        "status": one.status.value,
        "version": one.version,
    }
    form = forms.Form(f"agent_{one.id}", initial=start)
    with form.body():
        left, right = st.columns(2)
        with left:
            form.text("agent_code", "Code", required=True, max_chars=50)
        with right:
            form.text("license_number", "Licence", max_chars=100)
        left, right = st.columns(2)
        with left:
            form.choice("commission_tier", "Tier", TIERS, required=True)
        with right:
            form.money("target_monthly", "Target a month", required="Enter the target; 0 for none.")
        form.choice("status", "Status", STATUSES, required=True)
        sent = form.submit("Save", icon=":material/save:")
    if sent:
        records.save(
            form,
            lambda: people.edit_agent(one.id, dict(form.values), version=form.start("version"), by=viewer),
            f"{one.name} is saved",
        )
    records.offer_current(form)
