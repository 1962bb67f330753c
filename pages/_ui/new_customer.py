"""A customer on the way to something else: how one who is found is told, and the fields of a new one."""

from __future__ import annotations

import streamlit as st

from core import customers
from core.access import Viewer
from core.customers import CustomerChoice, Gender
from core.kit.ids import record_id
from pages._ui import format as fmt
from pages._ui import forms, terms


def label(one: CustomerChoice) -> str:
    """Name, code and birth date, which tell two of a name apart."""
    born = f" · born {fmt.day(one.born_on)}" if one.born_on else ""
    return f"{one.name} · {one.code}{born}"


def named(text: str, viewer: Viewer) -> int:
    """The id of the customer that an address names, by id or by code.

    Raises NotFound for a code that nobody in sight has.
    """
    number = record_id(text)
    return customers.customer(text, by=viewer).id if number is None else number


def fields(form: forms.Form) -> None:
    """What nobody becomes a customer without, and the e-mail address."""
    person(form)
    left, right = st.columns(2)
    with left:
        form.text("phone_primary", "Phone", kind="phone", required=True, max_chars=30)
    with right:
        form.text("email", "E-mail", max_chars=100)
    form.text("address_line1", "Address", required=True, max_chars=100)
    place(form)


def person(form: forms.Form) -> None:
    """Who it is."""
    left, right = st.columns(2)
    with left:
        form.text("first_name", "First name", required=True, max_chars=50)
    with right:
        form.text("last_name", "Last name", required=True, max_chars=50)
    left, right = st.columns(2)
    with left:
        form.date("date_of_birth", "Date of birth", required=True)
    with right:
        form.choice("gender", "Gender", terms.options(Gender), required=True)


def place(form: forms.Form) -> None:
    """City, state and postal code, in a line."""
    first, second, third = st.columns([2, 1, 1])
    with first:
        form.text("city", "City", required=True, max_chars=50)
    with second:
        form.text("state", "State", required=True, max_chars=50)
    with third:
        form.text("postal_code", "Postal code", required=True, max_chars=20)
