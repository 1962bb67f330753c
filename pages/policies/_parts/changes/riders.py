"""Riders that a policy takes on, and those that end."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from core import catalog, policies
from core.access import Permission
from core.catalog import RiderChoice, RiderType
from core.policies import PolicyDetail
from pages._ui import errors, forms, guard, viewing
from pages._ui.filters import Option
from pages.policies._parts.changes.sending import Subject, first_day, send
from pages.policies._parts.premium import rider_rate


def add(detail: PolicyDetail, name: str, _: Subject) -> None:
    """The riders that the product offers and the policy has not."""
    viewer = guard.viewer(Permission.POLICIES_ENTER)
    has = {one.rider_type for one in detail.riders if one.is_active}
    with errors.told() as outcome:
        table = catalog.rate_table(detail.product_id, viewing.today(), by=viewer)
    if not outcome.ok:
        return
    offered = [one for one in table.riders if one.rider_type.value not in has]
    if not offered:
        st.info("There is no further rider for this product.", icon=":material/info:")
        return
    form = forms.Form(
        name, initial={"effective_date": first_day(detail), "sum_assured": detail.row.sum_assured}
    )
    with form.body():
        options = [Option(one.rider_type.value, f"{one.name} · {rider_rate(one)}") for one in offered]
        form.choice("rider_type", "Rider", options, required=True)
        form.money(
            "sum_assured", "Sum of the rider", help="Counts for riders that are priced by their own sum."
        )
        form.date("effective_date", "From", required="Enter from when on.")
        sent = form.submit("Add", icon=":material/add:")
    if sent:
        send(
            form, detail, viewer, told="rider added",
            act=lambda version: policies.add_rider(
                detail.row.id, _choice(form), effective_date=form.values["effective_date"],
                version=version, by=viewer,
            ),
        )  # fmt: skip


def _choice(form: forms.Form) -> RiderChoice:
    return RiderChoice(RiderType(form.values["rider_type"]), form.amount("sum_assured") or Decimal(0))


def end(detail: PolicyDetail, name: str, subject: Subject) -> None:
    """The first day without the rider."""
    viewer = guard.viewer(Permission.POLICIES_ENTER)
    form = forms.Form(name, initial={"effective_date": first_day(detail)})
    with form.body():
        form.date("effective_date", "First day without it", required="Enter from when on.")
        sent = form.submit("End the rider", icon=":material/remove_circle:")
    if sent and subject is not None:
        send(
            form, detail, viewer, told="rider ended",
            act=lambda version: policies.end_rider(
                detail.row.id, subject.id, effective_date=form.values["effective_date"],
                version=version, by=viewer,
            ),
        )  # fmt: skip
