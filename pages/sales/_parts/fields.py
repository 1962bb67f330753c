"""The fields of leads and opportunities, the same for a new one and for changes.

Pairs stand in rows of their own, so that their order stays right when columns stack.
"""

from __future__ import annotations

import streamlit as st

from core import sales
from pages._ui import forms, terms
from pages.sales._parts import choices


def lead(form: forms.Form, known: choices.Choices, *, is_new: bool) -> None:
    """What is asked of every lead; only a new one has to be given its source here."""
    left, right = st.columns(2)
    with left:
        form.text("first_name", "First name", required=True, max_chars=50)
    with right:
        form.text("last_name", "Last name", required=True, max_chars=50)
    left, right = st.columns(2)
    with left:
        form.text("phone", "Phone", kind="phone", max_chars=30)
    with right:
        form.text("email", "E-mail", max_chars=100)
    left, right = st.columns(2)
    with left:
        form.choice("source_id", "Source", known.source_options, required=is_new)
    with right:
        form.choice("priority", "Priority", terms.options(sales.Priority))
    left, right = st.columns(2)
    with left:
        form.choice("product_interest", "Product", known.product_options)
    with right:
        form.money("expected_premium", "Expected premium", help="US dollars a year.")
    form.check("contact_consent", "Agreed to be contacted")


def more_of_lead(form: forms.Form) -> None:
    """What can be known of a lead besides."""
    left, right = st.columns(2)
    with left:
        form.text("company_name", "Company", max_chars=100)
    with right:
        form.money("expected_sum_assured", "Expected sum assured")
    left, right = st.columns(2)
    with left:
        form.date("date_of_birth", "Date of birth")
    with right:
        form.text("state", "State", max_chars=50)


def opportunity(form: forms.Form, known: choices.Choices) -> None:
    """What is asked of every opportunity, but for its priority."""
    form.text("name", "Name", required=True, placeholder="Group health for 40 people", max_chars=120)
    left, right = st.columns(2)
    with left:
        form.money("estimated_value", "Estimated value")
    with right:
        form.date("expected_close_date", "Expected close")
    left, right = st.columns(2)
    with left:
        form.choice("product_id", "Product", known.product_options)
    with right:
        form.choice("source_id", "Source", known.source_options)


def owner(form: forms.Form, known: choices.Choices) -> None:
    """Whose a new one is, or where it waits for somebody."""
    left, right = st.columns(2)
    with left:
        form.choice("assigned_to", "Owner", known.owner_options, help="Without one it is yours.")
    with right:
        form.choice(
            "territory_id", "Or wait for an owner in", known.territory_options,
            help="It waits there, unassigned, until somebody is given it.",
        )  # fmt: skip
