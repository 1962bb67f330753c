"""Who a deal is with: an account, a customer or a lead, found by name or code, or entered anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import combining, normalize

import streamlit as st

from core import customers, sales
from core.access import Permission, Viewer
from core.customers import Gender, NewCustomer
from core.kit.fields import phone_digits
from pages._ui import errors, forms, reruns, terms
from pages._ui import format as fmt

MANY = 8


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody that a deal is with: the field that points at them, their id and how they are told.

    Name and phone are there for customers that were found.
    """

    field: str
    id: int
    label: str
    name: str = ""
    phone: str = ""


def choose(label: str, fields: Sequence[str], *, key: str, viewer: Viewer, first: str = "") -> Party | None:
    """Somebody found by name or code; `first` is what is looked for at the start."""
    for made in _made(key):
        st.success(f"{fmt.plain(made.label)} is chosen.", icon=":material/person_check:")
        return made
    text = st.text_input(
        label, first, key=f"{key}.text", type="search", icon=":material/search:",
        placeholder="Name, code, phone or e-mail", max_chars=100,
    )  # fmt: skip
    found = _find(text.strip(), fields, viewer) if text.strip() else []
    if not found:
        st.caption(f"Nobody of yours is called “{fmt.plain(text.strip())}”." if text.strip() else "")
        return None
    labels = {(one.field, one.id): one.label for one in found}
    parties = {(one.field, one.id): one for one in found}
    chosen = st.radio(
        "Found", list(labels), format_func=lambda one: fmt.plain(labels[one]), key=f"{key}.found",
        index=None, label_visibility="collapsed",
    )  # fmt: skip
    return parties.get(chosen) if chosen else None


def doubt(lead: sales.LeadDetail, chosen: Party) -> str:
    """What speaks against the lead having become this customer: neither name nor phone agree.

    Nothing when one of them does, or is masked or missing: people change names, and share phones.
    """
    name = f"{lead.first_name} {lead.last_name}"
    if lead.is_masked or not chosen.name or _folded(name) == _folded(chosen.name):
        return ""
    if lead.phone and phone_digits(lead.phone) == phone_digits(chosen.phone):
        return ""
    first, second = _called(name, lead.phone), _called(chosen.name, chosen.phone)
    return f"The lead is {first}; this customer is {second}. Go on only if they are one person."


def _folded(name: str) -> list[str]:
    plain = normalize("NFKD", name.casefold())
    return sorted("".join(sign for sign in plain if not combining(sign)).split())


def _called(name: str, number: str) -> str:
    return f"{name}, {number}" if number else name


def _made(key: str) -> list[Party]:
    """Who was entered anew, if anybody; taken before, for after the entry the run may stop here."""
    found: list[Party] = st.session_state.setdefault(f"{key}.made", [])
    return found


def forget(key: str) -> None:
    """Let go of what was chosen."""
    for name in ("made", "text", "found"):
        st.session_state.pop(f"{key}.{name}", None)


def _find(text: str, fields: Sequence[str], viewer: Viewer) -> list[Party]:
    found: list[Party] = []
    if "account_id" in fields:
        found += [
            Party("account_id", one.id, f"{one.name} · Company {one.code}")
            for one in customers.accounts(text, by=viewer, limit=MANY)
        ]
    if "customer_id" in fields:
        found += [
            Party("customer_id", one.id, _customer(one), one.name, one.phone)
            for one in customers.find(text, by=viewer, limit=MANY)
        ]
    if "lead_id" in fields:
        page = sales.deals("lead", sales.DealFilter(text=text), limit=MANY, by=viewer)
        found += [Party("lead_id", one.id, f"{one.title} · Lead {one.code}") for one in page.rows]
    return found


def _customer(one: customers.CustomerChoice) -> str:
    born = f" · born {fmt.day(one.born_on)}" if one.born_on else ""
    return f"{one.name} · {one.code}{born}"


def new_customer(lead: sales.LeadDetail, *, key: str, viewer: Viewer) -> None:
    """The form of a new customer, filled in from the lead; who was entered is chosen."""
    if not viewer.can(Permission.CUSTOMERS_EDIT):
        return
    start = {
        "first_name": lead.first_name,
        "last_name": lead.last_name,
        "email": lead.email,
        "phone_primary": lead.phone,
        "date_of_birth": lead.date_of_birth,
        "state": lead.state,
    }
    form = forms.Form(f"{key}.new", initial=start)
    with form.body():
        _customer_fields(form)
        sent = form.submit("Create customer", icon=":material/person_add:")
    if not sent:
        return
    typed = {
        name: form.values[name]
        for name in (*start, "address_line1", "city", "postal_code")
    }  # fmt: skip
    chosen = _made(key)
    with form.sending() as outcome:
        made = customers.create_customer(
            NewCustomer(**typed, gender=form.values["gender"] or "", source=lead.source.name),
            request_id=form.request_id,
            by=viewer,
            duplicates_reason=form.values["duplicates_reason"],
        )
    if form.has_message("duplicates_reason"):
        reruns.nearest()
    if outcome.ok:
        label = f"{typed['first_name']} {typed['last_name']} · {made.code}"
        chosen.append(Party("customer_id", made.id, label))
        errors.flash(f"Customer {made.code} created")
        reruns.nearest()


def _customer_fields(form: forms.Form) -> None:
    left, right = st.columns(2)
    with left:
        form.text("first_name", "First name", required=True)
    with right:
        form.text("last_name", "Last name", required=True)
    left, right = st.columns(2)
    with left:
        form.date("date_of_birth", "Date of birth", required=True)
    with right:
        form.choice("gender", "Gender", terms.options(Gender), required=True)
    left, right = st.columns(2)
    with left:
        form.text("phone_primary", "Phone", kind="phone", required=True)
    with right:
        form.text("email", "E-mail")
    form.text("address_line1", "Address", required=True)
    first, second, third = st.columns([2, 1, 1])
    with first:
        form.text("city", "City", required=True)
    with second:
        form.text("state", "State", required=True)
    with third:
        form.text("postal_code", "Postal code", required=True)
    if form.has_message("duplicates_reason"):
        form.text("duplicates_reason", "Why a new customer is needed all the same")
    else:
        form.values["duplicates_reason"] = ""
