"""The people of an account: who acts for it and as what, and who works there."""

from __future__ import annotations

import streamlit as st

from core import customers
from core.access import Permission, Viewer
from pages._ui import empty, errors, filters, forms, guard, page, terms
from pages._ui import format as fmt
from pages.customers._parts import state, words


def show(account: customers.AccountDetail, viewer: Viewer) -> None:
    """Both lists, and the way to one more."""
    may = viewer.can(Permission.CUSTOMERS_EDIT) and account.archived_at is None
    with page.section("Who acts for it"):
        if may and st.button("Add a person", icon=":material/person_add:"):
            add(account.id)
    found = customers.account_people(account.id, by=viewer)
    if not found:
        empty.state(
            "Nobody is named yet.",
            icon=":material/badge:",
            hint="Name who decides, who signs and who is reached first.",
        )
    for one in found:
        _row(one, viewer, may=may)
    page.section("Who works there")
    workers = customers.people_of(account.id, by=viewer)
    if not workers:
        st.caption("No customer of yours works there. Say so on their page, under Contacts.")
    for worker in workers:
        words.link("customer", worker.code, f"{worker.name} · {worker.code}", viewer)


def _row(one: customers.AccountPersonRow, viewer: Viewer, *, may: bool) -> None:
    with st.container(border=True, gap=None):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            if not one.is_visible:
                st.markdown(":material/lock: A customer outside your book")
            elif one.customer_code:
                words.link("customer", one.customer_code, f"{one.name} · {one.customer_code}", viewer)
            else:
                st.markdown(f":material/person: {fmt.plain(one.name)}")
            st.badge(terms.label(one.role), color="blue")
            st.space("stretch")
            if may:
                _change(one, viewer)
        reach = " · ".join(part for part in (one.phone, one.email) if part)
        if reach:
            st.caption(fmt.plain(reach))


def _change(one: customers.AccountPersonRow, viewer: Viewer) -> None:
    chosen = st.menu_button(
        "", ["Change", "Remove"], key=f"person.{one.id}", icon=":material/more_horiz:", type="tertiary",
        help="Change or remove this person",
    )  # fmt: skip
    if chosen == "Change":
        change(one)
    elif chosen == "Remove":
        with errors.told("flash") as outcome:
            customers.remove_account_person(one.id, by=viewer)
        state.done("Removed", outcome)


@st.dialog("Add a person")
def add(account_id: int) -> None:
    """A customer, found by name or code, or somebody known by name alone."""
    viewer = guard.viewer(Permission.CUSTOMERS_EDIT)
    typed = st.text_input("Find a customer (or enter a name below)", max_chars=100, type="search")
    found = customers.find(typed, by=viewer) if typed else ()
    form = forms.Form(f"account_person.{account_id}")
    with form.body():
        if found:
            options = [filters.Option(str(one.id), f"{one.name} · {one.code}") for one in found]
            form.choice("customer_id", "Customer", options)
        elif typed:
            st.caption("No customer of yours is called that.")
        if not found:
            form.text("name", "Name", max_chars=100)
        form.choice("role", "Role", terms.options(customers.AccountRole), required=True)
        one, two = st.columns(2)
        with one:
            form.text("phone", "Phone", kind="phone", max_chars=40)
        with two:
            form.text("email", "E-mail", max_chars=100)
        sent = form.submit("Add")
    if not sent:
        return
    chosen = form.values.get("customer_id")
    with form.sending() as outcome:
        new = customers.NewAccountPerson(
            role=form.values["role"] or "",
            customer_id=int(chosen) if chosen else None,
            name=form.values.get("name", ""),
            email=form.values["email"],
            phone=form.values["phone"],
        )
        customers.add_account_person(account_id, new, request_id=form.request_id, by=viewer)
    state.done("Added", outcome)


@st.dialog("Change a person")
def change(one: customers.AccountPersonRow) -> None:
    """The role, and how somebody is reached."""
    viewer = guard.viewer(Permission.CUSTOMERS_EDIT)
    # Of a customer the name stands on their record, also of one outside the book.
    is_named_here = one.is_visible and not one.customer_code
    names = ("role", "name", "phone", "email") if is_named_here else ("role", "phone", "email")
    form = forms.Form(
        f"account_person.{one.id}.{one.version}", initial={name: getattr(one, name) for name in names}
    )
    with form.body():
        if is_named_here:
            form.text("name", "Name", required=True, max_chars=100)
        form.choice("role", "Role", terms.options(customers.AccountRole), required=True)
        left, right = st.columns(2)
        with left:
            form.text("phone", "Phone", kind="phone", max_chars=40)
        with right:
            form.text("email", "E-mail", max_chars=100)
        sent = form.submit("Save")
    if sent:
        with form.sending() as outcome:
            changes = {name: form.values[name] for name in names if form.values[name] != form.start(name)}
            customers.change_account_person(one.id, changes, version=one.version, by=viewer)
        state.done("Saved", outcome)
