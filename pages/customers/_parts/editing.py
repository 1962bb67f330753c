"""The fields of a customer, for a new one and for changes; handing over, archiving, merging."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core import customers, dossiers, people
from core.access import Permission, Viewer
from core.kit.errors import Invalid
from pages._ui import errors, filters, forms, guard, menu
from pages._ui import format as fmt
from pages.customers._parts import state, words

NAMES = (
    *("first_name", "last_name", "date_of_birth", "gender", "email", "phone_primary", "phone_secondary"),
    *("address_line1", "address_line2", "city", "state", "postal_code", "country", "occupation"),
    *("source", "notes"),
)
LATER = ("income_range", "marital_status", "has_children", "is_pep")


def fields(form: forms.Form) -> None:
    """The fields that every customer has, in pairs that stack on narrow screens."""
    one, two = st.columns(2)
    with one:
        form.text("first_name", "First name", required=True, max_chars=50)
    with two:
        form.text("last_name", "Last name", required=True, max_chars=50)
    one, two = st.columns(2)
    with one:
        form.birth("date_of_birth", "Date of birth", required=True)
    with two:
        form.choice("gender", "Gender", words.options(customers.Gender), required=True)
    one, two = st.columns(2)
    with one:
        form.text("phone_primary", "Phone", required=True, max_chars=40)
    with two:
        form.text("email", "E-mail", max_chars=100)
    _address(form)
    one, two = st.columns(2)
    with one:
        form.text("occupation", "Occupation", max_chars=100)
    with two:
        form.text("phone_secondary", "Second phone", max_chars=40)


def _address(form: forms.Form) -> None:
    form.text("address_line1", "Address", required=True, max_chars=100)
    form.text("address_line2", "Address, second line", max_chars=100)
    one, two, three = st.columns([2, 1, 1])
    with one:
        form.text("city", "City", required=True, max_chars=50)
    with two:
        form.text("state", "State", required=True, max_chars=50)
    with three:
        form.text("postal_code", "Postal code", required=True, max_chars=20)
    form.text("country", "Country", required=True, max_chars=50)


@st.dialog("Edit customer", width="large", dismissible=False)
def edit(customer_id: int) -> None:
    """The fields as they were when the form was opened; a change in between is shown field by field.

    Only Cancel drops what was typed.
    """
    viewer = guard.viewer(Permission.CUSTOMERS_EDIT)
    detail = customers.customer(customer_id, by=viewer)
    names = (*NAMES, *LATER)
    initial: dict[str, Any] = {name: getattr(detail, name) for name in names}
    form = forms.Form(f"customer.{customer_id}", initial={**initial, "version": detail.version})
    with form.body():
        fields(form)
        one, two = st.columns(2)
        with one:
            form.choice("income_range", "Income", words.options(customers.IncomeRange))
        with two:
            form.choice("marital_status", "Marital status", words.options(customers.MaritalStatus))
        form.check("has_children", "Has children")
        if viewer.can(Permission.KYC_VERIFY):
            form.check("is_pep", "Politically exposed person")
        form.area("notes", "Notes")
        sent = form.submit("Save")
    if st.button("Cancel", key=f"customer.{customer_id}.cancel", type="tertiary"):
        forms.renew(form.name)
        st.rerun()
    if not sent:
        return
    typed = {name: form.values[name] for name in form.values if name in names}
    changes = {name: value for name, value in typed.items() if value != form.start(name)}
    with form.sending() as outcome:
        customers.edit_customer(customer_id, changes, version=form.start("version"), by=viewer)
    state.done("Saved", outcome)


@st.dialog("Hand over")
def assign(customer_id: int) -> None:
    """Give the customer to another agent."""
    viewer = guard.viewer(Permission.CUSTOMERS_ASSIGN)
    agents = [filters.Option(str(one.user_id), one.name) for one in people.agents(by=viewer)]
    form = forms.Form(f"assign.{customer_id}")
    with form.body():
        form.choice("to", "Agent", agents, required=True)
        st.caption("Policies, leads and claims stay with those who hold them.")
        sent = form.submit("Hand over")
    if sent:
        with form.sending() as outcome:
            if not form.values["to"]:
                raise Invalid({"to": "Choose an agent."})
            customers.assign_customers([customer_id], to=int(form.values["to"]), by=viewer)
        state.done("Handed over", outcome)


@st.dialog("Archive customer")
def archive(customer_id: int, version: int) -> None:
    """Ask for the reason; nothing is deleted."""
    viewer = guard.viewer(Permission.CUSTOMERS_EDIT)
    form = forms.Form(f"archive.{customer_id}.{version}")
    with form.body():
        form.area("reason", "Reason", required=True)
        st.caption("Lists and search leave archived customers out. You can bring them back.")
        sent = form.submit("Archive")
    if sent:
        with form.sending() as outcome:
            dossiers.archive(customer_id, version=version, reason=form.values["reason"], by=viewer)
        state.done("Archived", outcome)


@st.dialog("Merge with another record")
def merge(customer_id: int) -> None:
    """Find the record that is the same person; it goes into this one."""
    viewer = guard.viewer(Permission.CUSTOMERS_MERGE)
    typed = st.text_input("Find the other record", max_chars=100, type="search")
    found = customers.find(typed, by=viewer) if typed else ()
    others = [
        filters.Option(str(one.id), f"{one.name} · {one.code}") for one in found if one.id != customer_id
    ]
    form = forms.Form(f"merge.{customer_id}")
    with form.body():
        form.choice("merged_id", "Goes into this record", others, required=True)
        form.area("reason", "What shows that they are one person", required=True)
        sent = form.submit("Merge")
    if sent:
        with form.sending() as outcome:
            if not form.values["merged_id"]:
                raise Invalid({"merged_id": "Choose the other record."})
            chosen = int(form.values["merged_id"])
            dossiers.merge(customer_id, chosen, reason=form.values["reason"], by=viewer)
        state.done("Merged; both codes find this record", outcome)


def undo(customer_id: int, viewer: Viewer) -> None:
    """What was merged into this record, each to be undone."""
    for one in dossiers.merges(customer_id, by=viewer):
        if one.undone_at is not None:
            continue
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.caption(fmt.plain(f"{one.merged_code} was merged into this record by {one.who}."))
            if viewer.can(Permission.CUSTOMERS_MERGE) and st.button(
                "Undo", key=f"merge.{one.id}", icon=":material/undo:", type="tertiary"
            ):
                with errors.told("flash") as outcome:
                    dossiers.undo_merge(one.id, by=viewer)
                if outcome.ok:
                    errors.flash("The merge is undone")
                menu.go("customer", {"customer": st.query_params.get("customer", "")})
