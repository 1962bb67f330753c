"""A new customer: likely duplicates are shown before anything is saved (quality.md D7)."""

from __future__ import annotations

import streamlit as st

from core import customers
from core.access import Permission, Viewer
from pages._ui import errors, forms, guard, leaving, menu, page
from pages.customers._parts import customer_forms, likely

FORM = "new_customer"
_MATCHES = "new_customer.matches"


def main() -> None:
    """The whole page."""
    viewer = guard.viewer(Permission.CUSTOMERS_EDIT)
    page.head("New customer", "Likely duplicates are shown before anything is saved")
    form = forms.Form(FORM, initial={"country": "USA", **_name(st.query_params.get("name", ""))})
    matches = _matches(form)
    with st.container(width=760):
        place = st.container()
        with form.body():
            customer_forms.fields(form)
            form.area("notes", "Notes")
            if matches:
                form.text("duplicates_reason", "Why a new record is needed all the same", max_chars=200)
            sent = form.submit("Enter all the same" if matches else "Enter customer", core_asks=True)
        if sent:
            _send(form, viewer)
            matches = _matches(form)
        leaving.ask(form.request_id)
        if matches:
            with place:
                likely.show(
                    matches, viewer, title="This may be a customer already",
                    told="Open the record that is there already, or say below why a new one is needed.",
                )  # fmt: skip


def _matches(form: forms.Form) -> tuple[customers.LikelyCustomer, ...]:
    """By the id of the form, so that another form begins without them."""
    found: tuple[customers.LikelyCustomer, ...] = st.session_state.get(_MATCHES, {}).get(
        form.request_id, ()
    )
    return found


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
    had_matches = bool(_matches(form))
    with form.sending() as outcome:
        new = customers.NewCustomer(**typed, gender=form.values["gender"] or "")
        reason = form.values.get("duplicates_reason", "")
        made = customers.create_customer(
            new, request_id=form.request_id, by=viewer, duplicates_reason=reason
        )
    if outcome.ok:
        errors.flash(f"{made.code} is entered", place=errors.HEAD)
        menu.go("customer", {"customer": made.code})
    if isinstance(outcome.refusal, customers.CustomerExists):
        st.session_state[_MATCHES] = {form.request_id: outcome.refusal.matches}
        if not had_matches:
            # Once more, so that the field for the reason is there.
            st.rerun()


main()
