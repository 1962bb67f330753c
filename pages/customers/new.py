"""A new customer: likely duplicates are shown before anything is saved (quality.md D7)."""

from __future__ import annotations

import streamlit as st

from core import customers
from core.access import Permission, Viewer
from pages._ui import errors, form_about, forms, guard, leaving, menu, new_customer, page
from pages.customers._parts import customer_forms

FORM = "new_customer"


def main() -> None:
    """The whole page."""
    viewer = guard.viewer(Permission.CUSTOMERS_EDIT)
    place = page.head("New customer", "Likely duplicates are shown before anything is saved")
    wanted = form_about.subject(FORM, st.query_params.get("name", "")[:100])
    form = forms.Form(
        form_about.named(FORM, wanted), initial={"country": "USA", **_name(wanted)}, outlives_page=True
    )
    with st.container(width=760):
        with leaving.asked():
            customer_forms.fields(form)
            form.area("notes", "Notes")
            sent = new_customer.button(form)
        if sent:
            _send(form, viewer)
        leaving.ask(form.request_id, is_typed=form.is_resumed)
    form.offer_start_over(place)


def _name(typed: str) -> dict[str, str]:
    """First and last name of what somebody looked for in vain: "Weber, Ann" and "ann weber"."""
    last, comma, first = (part.strip() for part in typed.partition(","))
    if not comma:
        first, _, last = typed.strip().rpartition(" ")
    return {"first_name": _written(first), "last_name": _written(last)}


def _written(name: str) -> str:
    """With capitals, where none were typed."""
    return (name.title() if name == name.lower() else name)[:50]


def _send(form: forms.Form, viewer: Viewer) -> None:
    typed = {
        name: form.values[name] for name in customer_forms.NAMES if name in form.values and name != "gender"
    }
    new = customers.NewCustomer(**typed, gender=form.values["gender"] or "")
    made = new_customer.create(form, new, viewer)
    if made is not None:
        errors.flash(new_customer.created(made), place=errors.HEAD)
        menu.go("customer", {"customer": made.code})


main()
