"""Rate tables of a product: its versions, what each changes, entering one, and deciding on one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import catalog
from core.access import Permission, Viewer
from core.kit.errors import Invalid
from core.kit.lifecycle import Tone
from pages._ui import empty, forms, guard, page, tables, viewing
from pages._ui import format as fmt
from pages.admin._parts import rate_grid, records

PRICES_TODAY = "Prices today"
VERSIONS = (
    tables.Column("number", "Version", kind="open", pinned=True, width=80),
    tables.Column(
        "state",
        "State",
        kind="tag",
        tones={
            PRICES_TODAY: Tone.GOOD,
            "Approved for later": Tone.INFO,
            "Replaced": Tone.NEUTRAL,
            "Waiting for approval": Tone.WARNING,
            "Rejected": Tone.BAD,
        },
    ),
    tables.Column("valid_from", "From", kind="date"),
    tables.Column("policy_fee", "Fee a year", kind="money"),
    tables.Column("entered_by", "Entered by"),
    tables.Column("decided_by", "Decided by"),
    tables.Column("decided_at", "Decided", kind="datetime"),
    tables.Column("note", "Note"),
)
CHANGES = (
    tables.Column("label", "What", width=190),
    tables.Column("before", "Before", width=110),
    tables.Column("after", "This version", width=110),
    tables.Column("change", "Change", width=100),
)
Version = catalog.RateVersion


def state_of(one: Version, versions: Iterable[Version], today: date) -> str:
    """What the version does today: approved ones price from their date until the next one's."""
    if one.status not in catalog.RATE.flagged("prices"):
        return catalog.RATE.label(one.status)
    if one.valid_from > today:
        return "Approved for later"
    newest = before(versions, today)
    return PRICES_TODAY if newest is not None and newest.id == one.id else "Replaced"


def before(versions: Iterable[Version], day: date, *, than: int = 0) -> Version | None:
    """The approved version that prices on a day, leaving one out."""
    priced = [
        one
        for one in versions
        if one.status in catalog.RATE.flagged("prices") and one.valid_from <= day and one.id != than
    ]
    return max(priced, key=lambda one: one.valid_from, default=None)


def rates(product: catalog.ProductRecord, viewer: Viewer) -> None:
    """The versions of a product's rates, and the one that is open."""
    versions = catalog.rate_versions(product_id=product.id, by=viewer)
    today = viewing.today()
    with page.section("Rates"):
        if viewer.can(Permission.REFERENCE_ADMIN) and st.button("Enter rates", icon=":material/add:"):
            forms.renew(f"rates_{product.id}")
            enter(product.id)
    if not versions:
        empty.state("This product has no rates yet.", hint="Without approved rates it can't be sold.")
        return
    rows = [
        {
            "number": one.version_number,
            "state": state_of(one, versions, today),
            "valid_from": one.valid_from,
            "policy_fee": one.table.policy_fee,
            "entered_by": one.entered_by or "The system",
            "decided_by": one.decided_by,
            "decided_at": one.decided_at,
            "note": one.note,
        }
        for one in versions
    ]
    key = f"rates_{product.id}.versions"
    tables.show(rows, VERSIONS, key=key, zone=viewing.zone(), height="content")
    records.follow(key, versions, "rates")
    in_force = before(versions, today)
    shown = records.opened("rates", versions) or next(
        (one for one in versions if one.status in catalog.RATE.flagged("waiting")), in_force or versions[0]
    )
    _one(shown, versions, viewer)


def _one(shown: Version, versions: tuple[Version, ...], viewer: Viewer) -> None:
    against = before(versions, shown.valid_from, than=shown.id)
    what = f"Version {shown.version_number} from {fmt.day(shown.valid_from)}"
    actions, told = page.section(what), st.container()
    with actions:
        _decide(shown, viewer, told)
    if shown.status in catalog.RATE.flagged("waiting") and shown.entered_by_id == viewer.user_id:
        st.caption("You entered these rates: somebody else decides on them.")
    st.caption(
        f"Compared with version {against.version_number}."
        if against
        else "The first rates of this product."
    )
    changes = catalog.rate_changes(against.table if against else None, shown.table)
    tables.show(
        [
            {
                "label": one.label,
                "before": _rate(one.before),
                "after": _rate(one.after),
                "change": _change(one),
            }
            for one in changes
        ],
        CHANGES if against else (CHANGES[0], CHANGES[2]),
        key=f"changes_{shown.id}",
        height="content",
    )


def _decide(shown: Version, viewer: Viewer, told: DeltaGenerator) -> None:
    if shown.entered_by_id == viewer.user_id or not viewer.can(Permission.RATES_APPROVE):
        return
    moves = {move.to for move in catalog.RATE.moves(shown.status, viewer.role_name)}
    if "rejected" in moves and st.button("Reject", icon=":material/block:", key=f"reject_{shown.id}"):
        forms.renew(f"reject_{shown.id}")
        reject(shown.id, shown.version)
    if "approved" in moves:
        records.press(
            "Approve",
            ":material/check:",
            lambda: catalog.approve_rates(shown.id, version=shown.version, by=viewer),
            f"Version {shown.version_number} is approved",
            key=f"approve_{shown.id}",
            told=told,
        )


@st.dialog("Reject these rates")
def reject(rate_id: int, version: int) -> None:
    """Asks why; the author reads it."""
    viewer = guard.viewer(Permission.RATES_APPROVE)
    form = forms.Form(f"reject_{rate_id}")
    with form.body():
        form.area("reason", "Why", required=True, max_chars=500)
        sent = form.submit("Reject")
    if sent:
        reason = form.values["reason"]
        records.save(
            form,
            lambda: catalog.reject_rates(rate_id, version=version, reason=reason, by=viewer),
            "The rates are rejected",
        )


@st.dialog("Enter rates", width="large")
def enter(product_id: int) -> None:
    """The form of a new version; it starts with what prices today."""
    viewer = guard.viewer(Permission.REFERENCE_ADMIN)
    found = catalog.rate_versions(product_id=product_id, by=viewer)
    newest = before(found, viewing.today()) or (found[0] if found else None)
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
            form.date("valid_from", "Valid from", required=True)
        with right:
            form.money("policy_fee", "Policy fee a year")
        bands = rate_grid.bands(form)
        riders = rate_grid.riders(form)
        form.text("note", "Note", placeholder="What changes, and why")
        sent = form.submit("Send for approval")
    if sent:
        records.save(
            form,
            lambda: catalog.enter_rates(
                _new(product_id, form, bands, riders), request_id=form.request_id, by=viewer
            ),
            "The rates wait for somebody else's approval",
        )


def _new(product_id: int, form: forms.Form, bands: Any, riders: Any) -> catalog.NewRates:
    if form.values["valid_from"] is None:
        raise Invalid({"valid_from": "Say from when on they price."})
    return catalog.NewRates(
        product_id=product_id,
        valid_from=form.values["valid_from"],
        policy_fee=form.amount("policy_fee") or Decimal(0),
        bands=rate_grid.read_bands(bands),
        riders=rate_grid.read_riders(riders),
        note=form.values["note"],
    )


def _rate(value: Decimal | None) -> str:
    return fmt.EMPTY if value is None else f"{value.normalize():f}"


def _change(one: catalog.RateChange) -> str:
    if not one.is_changed:
        return "same"
    if one.before is None:
        return "new"
    if one.after is None:
        return "gone"
    return fmt.change_percent(one.after, one.before) or "changed"
