"""The first step of the entry: the customer, found by name, code or phone, or entered anew."""

from __future__ import annotations

import streamlit as st

from core import customers
from core.access import Permission, Viewer
from core.customers import NewCustomer
from pages._ui import errors, forms, new_customer
from pages._ui import format as fmt

MANY = 8
NAMES = (
    "first_name", "last_name", "date_of_birth", "phone_primary", "email", "address_line1", "city",
    "state", "postal_code",
)  # fmt: skip


def choose(key: str, current: int | None, viewer: Viewer) -> int | None:
    """Somebody of the viewer's: who was chosen before, until somebody else is."""
    if current is not None:
        one = customers.choice(current, by=viewer)
        st.success(f"{fmt.plain(new_customer.label(one))} is chosen.", icon=":material/person_check:")
    label = "Somebody else" if current is not None else "Who applies?"
    text = st.text_input(
        label, key=f"{key}.text", type="search", icon=":material/search:",
        placeholder="Name, code, phone or e-mail", max_chars=100,
    ).strip()  # fmt: skip
    found = customers.find(text, by=viewer, limit=MANY) if text else ()
    if text and not found:
        st.caption(f"Nobody of yours is called “{fmt.plain(text)}”.")
    chosen: int | None = None
    for one in found:
        if st.button(
            fmt.plain(new_customer.label(one)),
            key=f"{key}.{one.id}",
            icon=":material/person:",
            type="tertiary",
        ):
            chosen = one.id
    if viewer.can(Permission.CUSTOMERS_EDIT):
        with st.expander("Not a customer yet", icon=":material/person_add:"):
            chosen = _new(key, viewer) or chosen
    return chosen or current


def _new(key: str, viewer: Viewer) -> int | None:
    form = forms.Form(f"{key}.new")
    with form.body():
        new_customer.fields(form)
        sent = new_customer.button(form, can_choose=True)
    instead = new_customer.chosen(form, viewer)
    if instead is not None:
        return instead.id
    if not sent:
        return None
    new = NewCustomer(**{name: form.values[name] for name in NAMES}, gender=form.values["gender"] or "")
    made = new_customer.create(form, new, viewer)
    if made is None:
        return None
    errors.flash(new_customer.created(made))
    return made.id
