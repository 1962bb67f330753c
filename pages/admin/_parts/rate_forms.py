"""The forms of rates: entering a version, and saying why one is rejected."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

import streamlit as st

from core import catalog
from core.access import Permission
from core.kit.errors import Invalid
from pages._ui import forms, guard, viewing
from pages.admin._parts import rate_grid, records

Rows = TypeVar("Rows")


@st.dialog("Enter rates", width="large")
def enter(product_id: int) -> None:
    """The form of a new version; it starts with what prices today."""
    viewer = guard.viewer(Permission.REFERENCE_ADMIN)
    found = catalog.rate_versions(product_id=product_id, by=viewer)
    newest = catalog.pricing_on(found, viewing.today()) or (found[0] if found else None)
    form = forms.Form(
        f"rates_{product_id}",
        initial={
            "valid_from": viewing.today(),
            "policy_fee": newest.table.policy_fee if newest else Decimal(0),
            "table": newest.table if newest else None,
        },
    )
    with form.body():
        left, right = st.columns(2)
        with left:
            form.date("valid_from", "Valid from", required="Enter from when on they are valid.")
        with right:
            form.money("policy_fee", "Policy fee a year")
        bands = rate_grid.bands(form)
        riders = rate_grid.riders(form)
        form.text("note", "Note", placeholder="What changes, and why")
        sent = form.submit("Send for approval", core_asks=True)
    if sent:
        records.save(
            form,
            lambda: catalog.enter_rates(
                _new(product_id, form, bands, riders), request_id=form.request_id, by=viewer
            ),
            "The rates wait for somebody else's approval",
        )


def _new(product_id: int, form: forms.Form, bands: Any, riders: Any) -> catalog.NewRates:
    """The rates as typed. Raises Invalid with all that can't be read, and what is blank."""
    problems = {**form.blank(), **form.unreadable("policy_fee")}
    read_bands = _read(problems, rate_grid.read_bands, bands)
    read_riders = _read(problems, rate_grid.read_riders, riders)
    if problems or read_bands is None or read_riders is None:
        raise Invalid(problems)
    return catalog.NewRates(
        product_id=product_id,
        valid_from=form.values["valid_from"],
        policy_fee=form.amount("policy_fee") or Decimal(0),
        bands=read_bands,
        riders=read_riders,
        note=form.values["note"],
    )


def _read(problems: dict[str, str], read: Callable[[Any], Rows], typed: Any) -> Rows | None:
    try:
        return read(typed)
    except Invalid as invalid:
        problems.update(invalid.fields)
        return None


@st.dialog("Reject these rates")
def reject(rate_id: int, version: int) -> None:
    """Asks why; the author reads it."""
    viewer = guard.viewer(Permission.RATES_APPROVE)
    form = forms.Form(f"reject_{rate_id}")
    with form.body():
        form.area("reason", "Why", required="Say why.", max_chars=500)
        sent = form.submit("Reject")
    if sent:
        reason = form.values["reason"]
        records.save(
            form,
            lambda: catalog.reject_rates(rate_id, version=version, reason=reason, by=viewer),
            "The rates are rejected",
        )
