"""Entering a product and changing one, and what is told of it to those who only read."""

from __future__ import annotations

import streamlit as st

from core import catalog
from core.access import Permission, Viewer
from core.kit.wording import range_told, years_told
from pages._ui import format as fmt
from pages._ui import forms, guard, page, terms
from pages.admin._parts import records

CATEGORIES = terms.options(catalog.Category)
PREMIUMS = terms.options(catalog.PremiumType)
NUMBERS = ("min_term", "max_term", "min_age", "max_age", "max_maturity_age")
PERCENTS = ("commission_year1", "commission_year2", "commission_renewal")
PLAIN = ("product_code", "name", "category", "description", "min_sum_assured", "max_sum_assured")


def _fields(form: forms.Form) -> None:
    left, right = st.columns(2)
    with left:
        form.text("product_code", "Code", required=True, max_chars=20)
    with right:
        form.choice("category", "Category", CATEGORIES, required=True)
    form.text("name", "Name", required=True, max_chars=100)
    form.area("description", "Description", max_chars=2000)
    left, right = st.columns(2)
    with left:
        form.money("min_sum_assured", "Least sum assured", required=True)
    with right:
        form.money("max_sum_assured", "Most sum assured", required=True)
    left, right = st.columns(2)
    with left:
        form.number("min_age", "Youngest age", required=True)
    with right:
        form.number("max_age", "Oldest age", required=True)
    left, right = st.columns(2)
    with left:
        form.number("min_term", "Shortest term in years")
    with right:
        form.number("max_term", "Longest term in years")
    left, right = st.columns(2)
    with left:
        form.number("max_maturity_age", "Oldest age at the end")
    with right:
        form.choice("premium_type", "Premium", PREMIUMS)
    for name, label, cell in zip(PERCENTS, ("Year 1", "Year 2", "Later"), st.columns(3), strict=True):
        with cell:
            form.text(
                name, f"{label}: commission %", required="Enter a percentage; 0 for none.", max_chars=7
            )
    left, right = st.columns(2)
    with left:
        form.text("unavailable_states", "Not sold in", placeholder="CA, NY")
    with right:
        form.date("launch_date", "Sold since")


def _typed(form: forms.Form) -> dict[str, object]:
    return {name: value for name, value in form.values.items() if name != "version"}


@st.dialog("New product", width="large")
def new_product() -> None:
    """The form of a new product; it sells once its first rates are approved."""
    viewer = guard.viewer(Permission.REFERENCE_ADMIN)
    form = forms.Form("new_product", initial={"premium_type": "level"})
    with form.body():
        _fields(form)
        sent = form.submit("Create product", core_asks=True)
    if sent:
        records.save(
            form,
            lambda: catalog.create_product(_typed(form), request_id=form.request_id, by=viewer),
            "The product is entered. It sells once its rates are approved.",
        )


def edit_product(one: catalog.ProductRecord, viewer: Viewer) -> None:
    """The form of a product's fields."""
    start: dict[str, object] = {name: getattr(one, name) for name in (*PLAIN, *NUMBERS, "launch_date")}
    start |= {name: str(getattr(one, name)) for name in PERCENTS}
    start |= {
        "category": one.category.value,
        "premium_type": one.premium_type.value,
        "unavailable_states": ", ".join(one.unavailable_states),
        "description": one.description or "",
        "version": one.version,
    }
    form = forms.Form(f"product_{one.id}", initial=start)
    with form.body():
        _fields(form)
        sent = form.submit("Save", icon=":material/save:", core_asks=True)
    if sent:
        records.save(
            form,
            lambda: catalog.edit_product(one.id, _typed(form), version=form.start("version"), by=viewer),
            f"{one.product_code} is saved",
        )
    records.offer_current(form)


def ask_to_retire(one: catalog.ProductRecord) -> None:
    """Ask before a product is taken off sale."""
    records.ask(
        records.Question(
            title=f"Retire {one.name}?",
            happens="It is offered no more, and applications for it that wait can't be issued. Policies "
            "that were sold stay as they are. You can sell it again later.",
            button="Retire product",
            icon=":material/archive:",
        ),
        lambda: catalog.retire_product(
            one.id, version=one.version, by=guard.viewer(Permission.REFERENCE_ADMIN)
        ),
        f"{one.name} is sold no more",
    )


def facts(one: catalog.ProductRecord) -> None:
    """The product's limits, for everybody who may see it."""
    page.facts(
        {
            "Category": one.category_name,
            "Sum assured": range_told(*map(fmt.money_whole, (one.min_sum_assured, one.max_sum_assured))),
            "Ages": range_told(one.min_age, one.max_age),
            "Terms": _span(one.min_term, one.max_term),
            "Oldest age at the end": fmt.number(one.max_maturity_age),
            "Premium": one.premium_type.value.capitalize(),
            "Commission": " / ".join(f"{getattr(one, name).normalize():f} %" for name in PERCENTS),
            "Not sold in": ", ".join(one.unavailable_states) or "Sold everywhere",
        }
    )


def _span(least: int | None, most: int | None) -> str:
    if least is None:
        return f"at most {years_told(most)}" if most is not None else "No term"
    if most is None:
        return f"at least {years_told(least)}"
    return years_told(least, most)
