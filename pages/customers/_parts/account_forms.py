"""The forms of an account: a new one, changes, handing over, archiving."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core import customers, dossiers
from core.access import Permission
from pages._ui import errors, forms, guard, menu
from pages.customers._parts import record_forms, state

NAMES = (
    *("name", "industry", "country", "year_established", "annual_revenue", "employee_count"),
    *("email", "phone", "address", "notes"),
)


def fields(form: forms.Form) -> None:
    """The fields of an account, in pairs that stack on narrow screens."""
    form.text("name", "Name", required=True, max_chars=100)
    one, two = st.columns(2)
    with one:
        form.text("industry", "Industry", max_chars=60)
    with two:
        form.text("country", "Country", max_chars=50)
    one, two = st.columns(2)
    with one:
        form.text("phone", "Phone", kind="phone", max_chars=40)
    with two:
        form.text("email", "E-mail", max_chars=100)
    form.area("address", "Address", max_chars=1000)
    one, two, three = st.columns(3)
    with one:
        form.number("year_established", "Established in")
    with two:
        form.number("employee_count", "Employees")
    with three:
        form.money("annual_revenue", "Annual revenue")
    form.area("notes", "Notes")


def _typed(form: forms.Form) -> dict[str, Any]:
    typed = {name: form.values[name] for name in NAMES}
    return {**typed, "annual_revenue": typed["annual_revenue"] or None}


@st.dialog("New account", width="large", dismissible=False)
def create() -> None:
    """A company; only Cancel drops what was typed."""
    viewer = guard.viewer(Permission.CUSTOMERS_EDIT)
    form = forms.Form("new_account", initial={"country": "USA"})
    with form.body():
        fields(form)
        agents = record_forms.agents(viewer)
        if len(agents) > 1:
            form.choice("agent_id", "Agent", agents)
        sent = form.submit("Create account", core_asks=True)
    record_forms.cancel(form)
    if not sent:
        return
    made = None
    with form.sending() as outcome:
        chosen = form.values.get("agent_id")
        new = customers.NewAccount(**_typed(form), agent_id=int(chosen) if chosen else None)
        made = customers.create_account(new, request_id=form.request_id, by=viewer)
    if outcome.ok and made is not None:
        errors.flash(f"Account {made.code} created", place=errors.HEAD)
        menu.go("company", {"account": made.code})


@st.dialog("Edit account", width="large", dismissible=False)
def edit(account_id: int) -> None:
    """The fields as they were when the form was opened; a change in between is shown field by field."""
    viewer = guard.viewer(Permission.CUSTOMERS_EDIT)
    detail = customers.account_detail(account_id, by=viewer)
    initial: dict[str, Any] = {name: getattr(detail, name) for name in NAMES}
    form = forms.Form(f"account.{account_id}", initial={**initial, "version": detail.version})
    with form.body():
        fields(form)
        sent = form.submit("Save", core_asks=True)
    record_forms.cancel(form)
    if not sent:
        return
    with form.sending() as outcome:
        changes = {name: value for name, value in _typed(form).items() if value != form.start(name)}
        customers.edit_account(account_id, changes, version=form.start("version"), by=viewer)
    state.done("Saved", outcome)


@st.dialog("Hand over")
def assign(account_id: int, version: int) -> None:
    """Give the account to another agent."""
    viewer = guard.viewer(Permission.CUSTOMERS_ASSIGN)
    record_forms.hand_over(
        f"assign_account.{account_id}",
        "Leads, opportunities and policies stay with those who hold them.",
        lambda to: customers.assign_account(account_id, to=to, version=version, by=viewer),
        viewer,
    )


@st.dialog("Archive account")
def archive(account_id: int, version: int) -> None:
    """Ask for the reason; nothing is deleted."""
    viewer = guard.viewer(Permission.CUSTOMERS_EDIT)
    record_forms.archive(
        f"archive_account.{account_id}.{version}",
        "Lists leave archived accounts out. You can bring them back.",
        lambda reason: dossiers.archive_account(account_id, version=version, reason=reason, by=viewer),
    )
