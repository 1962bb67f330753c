"""Follow-ups and appointments with a customer: planned, completed, rescheduled and called off here."""

from __future__ import annotations

import streamlit as st

from core import customers, sales
from core.access import Permission, Viewer
from pages._ui import empty, errors
from pages._ui.contacts import forms, listed
from pages._ui.contacts.about import With
from pages._ui.screens import PLACE, Screen


def _screen(customer: customers.CustomerDetail) -> Screen:
    return Screen(f"customer.{customer.code}")


def plan(customer: customers.CustomerDetail) -> None:
    """Open the form for planning a follow-up from the next run on; what was typed into it stays."""
    screen = _screen(customer)
    if screen.name != "plan":
        screen.opener("plan", form=f"{customer.code}.plan")()


def show(customer: customers.CustomerDetail, viewer: Viewer) -> None:
    """The open form, if any, and every contact with what may be done about it."""
    if not viewer.can(Permission.LEADS_VIEW):
        empty.state("Follow-ups are kept by the agents.", icon=":material/lock:")
        return
    found = sales.contacts_with(customer.id, by=viewer)
    them = With(
        key=customer.code,
        about=sales.About(customer_id=customer.id),
        followups=found.followups,
        appointments=found.appointments,
        can_edit=viewer.can(Permission.LEADS_EDIT) and customer.archived_at is None,
    )
    screen = _screen(customer)
    errors.deliver_at(PLACE)
    if screen.is_open and them.can_edit:
        with screen.framed():
            if forms.show(them, screen, viewer):
                screen.close()
                st.rerun()
    listed.show(them, screen, viewer)
