"""A new customer: likely duplicates are shown before anything is saved (quality.md D7)."""

from __future__ import annotations

import streamlit as st

from core import customers
from core.access import Permission, Viewer, is_in_scope
from pages._ui import errors, forms, guard, menu, page
from pages._ui import format as fmt
from pages.customers._parts import editing, words

FORM = "new_customer"
_MATCHES = "new_customer.matches"


def main() -> None:
    """The whole page."""
    viewer = guard.viewer(Permission.CUSTOMERS_EDIT)
    page.head("New customer", "Likely duplicates are shown before anything is saved")
    form = forms.Form(FORM, initial={"country": "USA"})
    matches: tuple[customers.CustomerMatch, ...] = st.session_state.get(_MATCHES, ())
    with st.container(width=760):
        place = st.container()
        with form.body():
            editing.fields(form)
            form.area("notes", "Notes")
            if matches:
                form.text("duplicates_reason", "Why a new record is needed all the same", max_chars=200)
            sent = form.submit("Enter all the same" if matches else "Enter customer")
        if sent:
            _send(form, viewer)
            matches = st.session_state.get(_MATCHES, ())
        if matches:
            with place:
                _show(matches, viewer)


def _send(form: forms.Form, viewer: Viewer) -> None:
    typed = {name: form.values[name] for name in editing.NAMES if name in form.values and name != "gender"}
    had_matches = bool(st.session_state.get(_MATCHES))
    with form.sending() as outcome:
        new = customers.NewCustomer(**typed, gender=form.values["gender"] or "")
        reason = form.values.get("duplicates_reason", "")
        made = customers.create_customer(
            new, request_id=form.request_id, by=viewer, duplicates_reason=reason
        )
    if outcome.ok:
        st.session_state.pop(_MATCHES, None)
        errors.flash(f"{made.code} is entered")
        menu.go("customer", {"customer": made.code})
    if isinstance(outcome.refusal, customers.CustomerExists):
        st.session_state[_MATCHES] = outcome.refusal.matches
        if not had_matches:
            # Once more, so that the field for the reason is there.
            st.rerun()


def _show(matches: tuple[customers.CustomerMatch, ...], viewer: Viewer) -> None:
    st.warning(
        "Open the record that is there already, or say below why a new one is needed.",
        title="This may be a customer already",
        icon=":material/group:",
    )
    for one in matches:
        because = fmt.plain(", ".join(one.because))
        with st.container(border=True, gap=None):
            if is_in_scope(viewer, one.agent_id, one.territory_id):
                words.link("customer", one.code, f"{one.name} · {one.code}", viewer)
            else:
                st.markdown(":material/lock: A customer outside your book")
            st.caption(because)


main()
