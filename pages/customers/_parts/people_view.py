"""Ways to reach a customer, who belongs to them, and the company that they are with."""

from __future__ import annotations

import streamlit as st

from core import customers
from core.access import Permission, Viewer
from core.kit.errors import Invalid
from core.kit.lifecycle import Tone
from pages._ui import errors, filters, forms, guard, page
from pages._ui import format as fmt
from pages.customers._parts import state, words

SHOWN_COLLEAGUES = 12


def show(customer: customers.CustomerDetail, viewer: Viewer) -> None:
    """Address, contacts, relations and account."""
    may = viewer.can(Permission.CUSTOMERS_EDIT)
    lines = [customer.address_line1, customer.address_line2]
    place = " ".join(part for part in (customer.city, customer.state, customer.postal_code) if part)
    page.facts(
        {
            "Phone": customer.phone_primary,
            "Second phone": customer.phone_secondary,
            "E-mail": customer.email,
            "Address": ", ".join(part for part in (*lines, place, customer.country) if part),
            "Occupation": customer.occupation,
            "Income": words.label(customer.income_range) if customer.income_range else "",
            "Marital status": words.label(customer.marital_status) if customer.marital_status else "",
            "Source": customer.source,
        }
    )
    with page.section("Contacts"):
        if may and st.button("Add a contact", icon=":material/add:"):
            add_contact(customer.id)
    _contacts(customer.id, viewer)
    with page.section("Relations"):
        if may and st.button("Add a relation", icon=":material/group_add:"):
            add_relation(customer.id)
    _relations(customer.id, viewer)
    _accounts(customer, viewer)


def _accounts(customer: customers.CustomerDetail, viewer: Viewer) -> None:
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
            st.caption(words.label(one.role) if one.role else "Works there")
    if customer.account_id is None or not any(
        one.id == customer.account_id and one.is_visible for one in found
    ):
        return
    colleagues = [
        one for one in customers.people_of(customer.account_id, by=viewer) if one.id != customer.id
    ]
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
            form.check("none", f"No longer at {fmt.plain(customer.account)}")
        sent = form.submit("Save")
    if sent:
        with form.sending() as outcome:
            chosen = form.values["account_id"]
            if not chosen and not form.values.get("none"):
                raise Invalid({"account_id": "Find the account, and choose it."})
            changes = {"account_id": int(chosen) if chosen else None}
            customers.edit_customer(customer.id, changes, version=customer.version, by=viewer)
        state.done("Saved", outcome)


def _contacts(customer_id: int, viewer: Viewer) -> None:
    found = customers.contacts(customer_id, by=viewer)
    if not found:
        st.caption("No further contacts.")
    for one in found:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(f"{fmt.plain(one.value)} :gray[{words.label(one.kind)}]")
            if one.is_preferred:
                page.tag("Preferred", Tone.GOOD)
            if not one.is_valid:
                page.tag("Not valid", Tone.BAD)
            if viewer.can(Permission.CUSTOMERS_EDIT):
                _change_contact(one, viewer)


def _change_contact(one: customers.ContactRow, viewer: Viewer) -> None:
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
def add_contact(customer_id: int) -> None:
    """The form of another way to reach a customer."""
    viewer = guard.viewer(Permission.CUSTOMERS_EDIT)
    form = forms.Form(f"contact.{customer_id}")
    with form.body():
        form.choice("kind", "Kind", words.options(customers.ContactKind), required=True)
        form.text("value", "Number or address", required=True, max_chars=255)
        form.check("is_preferred", "The preferred one")
        sent = form.submit("Add contact")
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


def _relations(customer_id: int, viewer: Viewer) -> None:
    found = customers.relations(customer_id, by=viewer)
    if not found:
        st.caption("No relations.")
    for one in found:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(f":gray[{words.label(one.kind)}]")
            if one.is_visible:
                words.link("customer", one.customer_code, f"{one.name} · {one.customer_code}", viewer)
            else:
                st.caption(":material/lock: outside your book")
            if viewer.can(Permission.CUSTOMERS_EDIT) and st.button(
                "", key=f"relation.{one.id}", icon=":material/link_off:", type="tertiary",
                help="Remove this relation",
            ):  # fmt: skip
                with errors.told("flash") as outcome:
                    customers.unrelate(one.id, by=viewer)
                state.done("Relation removed", outcome)


@st.dialog("New relation")
def add_relation(customer_id: int) -> None:
    """Who belongs to the customer: found by name or code, then joined."""
    viewer = guard.viewer(Permission.CUSTOMERS_EDIT)
    typed = st.text_input("Find the other customer", max_chars=100, type="search")
    found = customers.find(typed, by=viewer) if typed else ()
    others = {str(one.id): one for one in found if one.id != customer_id}
    if typed and not others:
        st.caption("Nobody else is found by that.")
    form = forms.Form(f"relation.{customer_id}")
    with form.body():
        form.choice(
            "other_id",
            "Customer",
            [filters.Option(key, f"{one.name} · {one.code}") for key, one in others.items()],
            required=True,
        )
        form.choice("kind", "Is the", words.options(customers.RelationKind), required=True)
        sent = form.submit("Add relation")
    if sent:
        with form.sending() as outcome:
            other = int(form.values["other_id"] or customer_id)
            customers.relate(customer_id, other, kind=form.values["kind"] or "", by=viewer)
        state.done("Relation added", outcome)
