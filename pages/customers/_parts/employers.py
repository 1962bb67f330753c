"""The companies that a customer works at or acts for, and their colleagues there."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core import customers
from core.access import Permission, Viewer
from core.kit.errors import Invalid
from pages._ui import filters, forms, guard, page, terms
from pages._ui import format as fmt
from pages.customers._parts import state, words

SHOWN_COLLEAGUES = 12


def show(customer: customers.CustomerDetail, viewer: Viewer) -> None:
    """Where they work and for whom they act, and who else works there."""
    found = customers.accounts_of(customer.id, by=viewer)
    with page.section("Accounts"):
        may = viewer.can(Permission.CUSTOMERS_EDIT) and customer.archived_at is None
        if may and st.button("Where they work", icon=":material/domain:"):
            works_at(customer)
    if not found:
        st.caption("No company is named.")
    for one in found:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            if one.is_visible:
                words.link("account", one.code, f"{one.name} · {one.code}", viewer)
            else:
                st.markdown(f":material/lock: {fmt.plain(one.name)}")
            st.caption(terms.label(one.role) if one.role else "Works there")
    where = customer.account_id
    if where is not None and any(one.id == where and one.is_visible for one in found):
        _colleagues(customer, customers.people_of(where, by=viewer), viewer)


def _colleagues(
    customer: customers.CustomerDetail, people: Sequence[customers.CustomerChoice], viewer: Viewer
) -> None:
    colleagues = [one for one in people if one.id != customer.id]
    if colleagues:
        page.section(fmt.plain(f"Colleagues at {customer.account}"))
    for colleague in colleagues[:SHOWN_COLLEAGUES]:
        words.link("customer", colleague.code, f"{colleague.name} · {colleague.code}", viewer)
    if len(colleagues) > SHOWN_COLLEAGUES:
        st.caption(f"and {fmt.counted(len(colleagues) - SHOWN_COLLEAGUES, 'other')}")


@st.dialog("Where they work")
def works_at(customer: customers.CustomerDetail) -> None:
    """The company is found by name or code; none takes it off."""
    viewer = guard.viewer(Permission.CUSTOMERS_EDIT)
    typed = st.text_input("Find the account", max_chars=100, type="search")
    found = customers.accounts(typed, by=viewer) if typed else ()
    if typed and not found:
        st.caption("No account of yours is called that.")
    form = forms.Form(f"works_at.{customer.id}.{customer.version}")
    with form.body():
        options = [filters.Option(str(one.id), f"{one.name} · {one.code}") for one in found]
        form.choice("account_id", "Account", options)
        if customer.account_id is not None:
            form.check("none", f"No longer at {fmt.spoken(customer.account)}")
        sent = form.submit("Save")
    if sent:
        with form.sending() as outcome:
            chosen = form.values["account_id"]
            if not chosen and not form.values.get("none"):
                raise Invalid({"account_id": "Find the account, and choose it."})
            changes = {"account_id": int(chosen) if chosen else None}
            customers.edit_customer(customer.id, changes, version=customer.version, by=viewer)
        state.done("Saved", outcome)
