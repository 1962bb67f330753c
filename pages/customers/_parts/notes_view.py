"""Notes about a customer."""

from __future__ import annotations

import streamlit as st

from core import customers
from core.access import Permission, Viewer
from pages._ui import empty, forms, viewing
from pages._ui import format as fmt
from pages.customers._parts import state


def show(customer: customers.CustomerDetail, viewer: Viewer) -> None:
    """A form for a new one, and those that are there."""
    if customer.is_masked:
        empty.state("Notes hold personal words, which your role does not see.", icon=":material/lock:")
        return
    if viewer.can(Permission.CUSTOMERS_EDIT) and customer.archived_at is None:
        form = forms.Form(f"note.{customer.id}")
        with form.body():
            form.area("body", "New note", required="Write something.")
            sent = form.submit("Add note")
        if sent:
            with form.sending() as outcome:
                customers.add_note(customer.id, form.values["body"], request_id=form.request_id, by=viewer)
            state.done("Note added", outcome)
    if customer.notes:
        st.markdown(f"**Of the record** :gray[·] {fmt.plain(customer.notes)}")
    for one in customers.notes(customer.id, by=viewer):
        with st.container(border=True, gap=None):
            st.markdown(fmt.plain(one.body).replace("\n", "  \n"))
            st.caption(fmt.plain(f"{one.who}, {fmt.moment(one.at, viewing.zone())}"))
