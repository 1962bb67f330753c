"""The forms of a customer: the fields of a new one, changes, handing over, archiving."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core import customers, dossiers
from core.access import Permission
from pages._ui import forms, guard, likely, new_customer, terms
from pages.customers._parts import record_forms, state

NAMES = (
    *("first_name", "last_name", "date_of_birth", "gender", "email", "phone_primary", "phone_secondary"),
    *("address_line1", "address_line2", "city", "state", "postal_code", "country", "occupation"),
    *("source", "notes"),
)
LATER = ("income_range", "marital_status", "has_children", "is_pep")
_LIKELY = likely.Asked(
    "Another record has this already",
    "Open that record, or say below why both are right.",
    "Why both are right all the same",
)


def fields(form: forms.Form) -> None:
    """The fields that every customer has, in pairs that stack on narrow screens."""
    new_customer.person(form)
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
    new_customer.place(form)
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
            form.choice("income_range", "Income", terms.options(customers.IncomeRange))
        with two:
            form.choice("marital_status", "Marital status", terms.options(customers.MaritalStatus))
        form.check("has_children", "Has children")
        if viewer.can(Permission.KYC_VERIFY):
            form.check("is_pep", "Politically exposed person")
        form.area("notes", "Notes")
        is_asked = likely.ask(form, _LIKELY)
        sent = form.submit("Save all the same" if is_asked else "Save", core_asks=True)
    record_forms.cancel(form)
    if not sent:
        return
    typed = {name: form.values[name] for name in form.values if name in names}
    blank = form.blank()
    changes = {name: value for name, value in typed.items() if value != form.start(name) or name in blank}
    with form.sending() as outcome:
        customers.edit_customer(
            customer_id,
            changes,
            version=form.start("version"),
            by=viewer,
            duplicates_reason=likely.reason(form),
            shown=likely.found(form),
        )
    likely.keep(form, outcome)
    state.done("Saved", outcome)


@st.dialog("Hand over")
def assign(customer_id: int) -> None:
    """Give the customer to another agent."""
    viewer = guard.viewer(Permission.CUSTOMERS_ASSIGN)
    record_forms.hand_over(
        f"assign.{customer_id}",
        "Policies, leads and claims stay with those who hold them.",
        lambda to: customers.assign_customers([customer_id], to=to, by=viewer),
        viewer,
    )


@st.dialog("Archive customer")
def archive(customer_id: int, version: int) -> None:
    """Ask for the reason; nothing is deleted."""
    viewer = guard.viewer(Permission.CUSTOMERS_EDIT)
    record_forms.archive(
        f"archive.{customer_id}.{version}",
        "Lists and search leave archived customers out. You can bring them back.",
        lambda reason: dossiers.archive(customer_id, version=version, reason=reason, by=viewer),
    )
