"""Further ways to reach a customer: preferred, no longer valid, one more."""

from __future__ import annotations

import streamlit as st

from core import customers
from core.access import Permission, Viewer
from core.kit.lifecycle import Tone
from pages._ui import errors, forms, guard, page, terms
from pages._ui import format as fmt
from pages.customers._parts import state


def show(customer_id: int, viewer: Viewer) -> None:
    """Every way, and the way to one more."""
    with page.section("Contacts"):
        if viewer.can(Permission.CUSTOMERS_EDIT) and st.button("Add a contact", icon=":material/add:"):
            add(customer_id)
    found = customers.contacts(customer_id, by=viewer)
    if not found:
        st.caption("No further contacts.")
    for one in found:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(f"{fmt.plain(one.value)} :gray[{terms.label(one.kind)}]")
            if one.is_preferred:
                page.tag("Preferred", Tone.GOOD)
            if not one.is_valid:
                page.tag("Not valid", Tone.BAD)
            if viewer.can(Permission.CUSTOMERS_EDIT):
                _change(one, viewer)


def _change(one: customers.ContactRow, viewer: Viewer) -> None:
    choices = ["Remove"]
    choices.insert(0, "Not valid any more" if one.is_valid else "Valid again")
    if one.is_valid and not one.is_preferred:
        choices.insert(0, "Prefer")
    chosen = st.menu_button(
        "", choices, key=f"contact.{one.id}", icon=":material/more_horiz:", type="tertiary",
        help="Change this contact",
    )  # fmt: skip
    if not chosen:
        return
    with errors.told("flash") as outcome:
        if chosen == "Remove":
            customers.remove_contact(one.id, by=viewer)
        elif chosen == "Prefer":
            customers.change_contact(one.id, is_preferred=True, by=viewer)
        else:
            customers.change_contact(one.id, is_valid=chosen == "Valid again", by=viewer)
    state.done("Contact changed", outcome)


@st.dialog("New contact")
def add(customer_id: int) -> None:
    """The form of another way to reach a customer."""
    viewer = guard.viewer(Permission.CUSTOMERS_EDIT)
    form = forms.Form(f"contact.{customer_id}")
    with form.body():
        form.choice("kind", "Kind", terms.options(customers.ContactKind), required=True)
        form.text("value", "Number or address", required=True, max_chars=255)
        form.check("is_preferred", "The preferred one")
        sent = form.submit("Add contact", core_asks=True)
    if sent:
        with form.sending() as outcome:
            customers.add_contact(
                customer_id,
                kind=form.values["kind"] or "",
                value=form.values["value"],
                is_preferred=form.values["is_preferred"],
                request_id=form.request_id,
                by=viewer,
            )
        state.done("Contact added", outcome)
