"""A new customer: likely duplicates are shown before anything is saved (quality.md D7)."""

from __future__ import annotations

import streamlit as st

from core import customers
from core.access import Permission, Viewer
from pages._ui import errors, forms, guard, leaving, likely, menu, page
from pages.customers._parts import customer_forms

FORM = "new_customer"
_LIKELY = likely.Asked(
    "This may be a customer already",
    "Open the record that is there already, or say below why a new one is needed.",
    "Why a new record is needed all the same",
)


def main() -> None:
    """The whole page."""
    viewer = guard.viewer(Permission.CUSTOMERS_EDIT)
    page.head("New customer", "Likely duplicates are shown before anything is saved")
    form = forms.Form(FORM, initial={"country": "USA", **_name(st.query_params.get("name", ""))})
    with st.container(width=760):
        with form.body():
            customer_forms.fields(form)
            form.area("notes", "Notes")
            is_asked = likely.ask(form, _LIKELY)
            sent = form.submit("Enter all the same" if is_asked else "Enter customer", core_asks=True)
        if sent:
            _send(form, viewer)
        leaving.ask(form.request_id)


def _name(typed: str) -> dict[str, str]:
    """First and last name of what somebody looked for in vain: "Weber, Ann" and "ann weber"."""
    last, comma, first = (part.strip() for part in typed[:100].partition(","))
    if not comma:
        first, _, last = typed[:100].strip().rpartition(" ")
    return {"first_name": _written(first), "last_name": _written(last)}


def _written(name: str) -> str:
    """With capitals, where none were typed."""
    return (name.title() if name == name.lower() else name)[:50]


def _send(form: forms.Form, viewer: Viewer) -> None:
    typed = {
        name: form.values[name] for name in customer_forms.NAMES if name in form.values and name != "gender"
    }
    with form.sending() as outcome:
        new = customers.NewCustomer(**typed, gender=form.values["gender"] or "")
        made = customers.create_customer(
            new,
            request_id=form.request_id,
            by=viewer,
            duplicates_reason=likely.reason(form),
            shown=likely.found(form),
        )
    if outcome.ok:
        errors.flash(f"{made.code} is entered", place=errors.HEAD)
        menu.go("customer", {"customer": made.code})
    likely.keep(form, outcome)


main()
