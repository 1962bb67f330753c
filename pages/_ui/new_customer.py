"""A customer on the way to something else: how one who is found is told, and how a new one is created."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core import customers
from core.access import Viewer
from core.customers import CustomerChoice, CustomerRef, Gender, NewCustomer
from core.kit.ids import record_id
from pages._ui import errors, forms, likely, terms
from pages._ui import format as fmt

_LIKELY = likely.Asked(
    "This may be a customer already",
    "Open the record that is there already, or say below why a new one is needed.",
    "Why a new record is needed all the same",
)
_CHOOSE = replace(
    _LIKELY,
    told="Choose the record that is there already, or say below why a new one is needed.",
    can_choose=True,
)


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


def button(form: forms.Form, *, can_choose: bool = False) -> bool:
    """In the form, below its fields: who may be a customer already, with the reason, and the button.

    With `can_choose` one of them can be taken instead; ask for it with `chosen` after the form.
    """
    is_asked = likely.ask(form, _CHOOSE if can_choose else _LIKELY)
    verb = "Create all the same" if is_asked else "Create customer"
    return form.submit(verb, icon=":material/person_add:", core_asks=True)


def chosen(form: forms.Form, viewer: Viewer) -> CustomerChoice | None:
    """Whom the button of a record that is there already has just chosen; the form is empty then."""
    code = likely.chosen(form)
    if not code:
        return None
    with errors.told() as outcome:
        one = customers.choice(named(code, viewer), by=viewer)
    if not outcome.ok:
        return None
    form.reset()
    return one


def create(form: forms.Form, new: NewCustomer, viewer: Viewer) -> CustomerRef | None:
    """The customer, or None when it was refused; who may be one already is shown then.

    Once it is there the session state is left alone, for the run could stop there.
    """
    with form.sending() as outcome:
        made = customers.create_customer(
            new,
            request_id=form.request_id,
            by=viewer,
            duplicates_reason=likely.reason(form),
            shown=likely.found(form),
        )
    if not outcome.ok:
        likely.keep(form, outcome)
        return None
    return made


def created(made: CustomerRef) -> str:
    """What is said of it."""
    return f"Customer {fmt.plain(made.code)} created"
