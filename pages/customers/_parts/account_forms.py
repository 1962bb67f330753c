"""The forms of an account: a new one, changes, handing over, archiving."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core import customers, dossiers, people
from core.access import Permission, Viewer
from core.kit.errors import Invalid
from pages._ui import errors, filters, forms, guard, menu, viewing
from pages.customers._parts import state

NAMES = (
    *("name", "industry", "country", "year_established", "annual_revenue", "employee_count"),
    *("email", "phone", "address", "notes"),
)
_EARLIEST = 1000


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
        form.number("year_established", "Established in", least=_EARLIEST, most=viewing.today().year)
    with two:
        form.number("employee_count", "Employees", least=1)
    with three:
        form.money("annual_revenue", "Annual revenue")
    form.area("notes", "Notes")


def _typed(form: forms.Form) -> dict[str, Any]:
    return {
        **{name: form.values[name] for name in NAMES},
        "annual_revenue": form.amount("annual_revenue"),
    }


@st.dialog("New account", width="large", dismissible=False)
def create() -> None:
    """A company; only Cancel drops what was typed."""
    viewer = guard.viewer(Permission.CUSTOMERS_EDIT)
    form = forms.Form("new_account", initial={"country": "USA"})
    with form.body():
        fields(form)
        agents = people.agents(by=viewer)
        if len(agents) > 1:
            form.choice("agent_id", "Agent", _options(viewer))
        sent = form.submit("Enter account")
    _cancel(form)
    if not sent:
        return
    made = None
    with form.sending() as outcome:
        chosen = form.values.get("agent_id")
        new = customers.NewAccount(**_typed(form), agent_id=int(chosen) if chosen else None)
        made = customers.create_account(new, request_id=form.request_id, by=viewer)
    if outcome.ok and made is not None:
        errors.flash(f"{made.code} is entered", place=errors.HEAD)
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
        sent = form.submit("Save")
    _cancel(form)
    if not sent:
        return
    with form.sending() as outcome:
        changes = {name: value for name, value in _typed(form).items() if value != form.start(name)}
        customers.edit_account(account_id, changes, version=form.start("version"), by=viewer)
    state.done("Saved", outcome)


def _cancel(form: forms.Form) -> None:
    if st.button("Cancel", key=f"{form.name}.cancel", type="tertiary"):
        forms.renew(form.name)
        st.rerun()


def _options(viewer: Viewer) -> list[filters.Option]:
    return [filters.Option(str(one.user_id), one.name) for one in people.agents(by=viewer)]


@st.dialog("Hand over")
def assign(account_id: int, version: int) -> None:
    """Give the account to another agent."""
    viewer = guard.viewer(Permission.CUSTOMERS_ASSIGN)
    form = forms.Form(f"assign_account.{account_id}")
    with form.body():
        form.choice("to", "Agent", _options(viewer), required=True)
        st.caption("Leads, opportunities and policies stay with those who hold them.")
        sent = form.submit("Hand over")
    if sent:
        with form.sending() as outcome:
            if not form.values["to"]:
                raise Invalid({"to": "Choose an agent."})
            to = int(form.values["to"])
            customers.assign_account(account_id, to=to, version=version, by=viewer)
        state.done("Handed over", outcome)


@st.dialog("Archive account")
def archive(account_id: int, version: int) -> None:
    """Ask for the reason; nothing is deleted."""
    viewer = guard.viewer(Permission.CUSTOMERS_EDIT)
    form = forms.Form(f"archive_account.{account_id}.{version}")
    with form.body():
        form.area("reason", "Reason", required=True)
        st.caption("Lists leave archived accounts out. You can bring them back.")
        sent = form.submit("Archive")
    if sent:
        with form.sending() as outcome:
            reason = form.values["reason"]
            dossiers.archive_account(account_id, version=version, reason=reason, by=viewer)
        state.done("Archived", outcome)
