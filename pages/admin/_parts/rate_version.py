"""One version of a product's rates: what it changes, and the decision on it."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import catalog
from core.access import Permission, Viewer
from core.catalog import RateVersion
from pages._ui import format as fmt
from pages._ui import forms, page, tables
from pages.admin._parts import rate_forms, records

CHANGES = (
    tables.Column("label", "What", width=190),
    tables.Column("before", "Before", width=110),
    tables.Column("after", "This version", width=110),
    tables.Column("unit", "Unit", width=290),
    tables.Column("change", "Change", width=100),
)
# Of these there is nothing in the first version.
_AGAINST = frozenset({"before", "change"})


def show(shown: RateVersion, versions: tuple[RateVersion, ...], viewer: Viewer) -> None:
    """The version against the one that it follows, and the buttons of who may decide."""
    against = catalog.pricing_on(versions, shown.valid_from, leaving_out=shown.id)
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
                "unit": one.unit.value,
                "change": _change(one),
            }
            for one in changes
        ],
        CHANGES if against else [one for one in CHANGES if one.name not in _AGAINST],
        key=f"changes_{shown.id}",
        height="content",
    )


def _decide(shown: RateVersion, viewer: Viewer, told: DeltaGenerator) -> None:
    if shown.entered_by_id == viewer.user_id or not viewer.can(Permission.RATES_APPROVE):
        return
    moves = {move.to for move in catalog.RATE.moves(shown.status, viewer.role_name)}
    if "rejected" in moves and st.button("Reject", icon=":material/block:", key=f"reject_{shown.id}"):
        forms.renew(f"reject_{shown.id}")
        rate_forms.reject(shown.id, shown.version)
    if "approved" in moves:
        records.press(
            "Approve",
            ":material/check:",
            lambda: catalog.approve_rates(shown.id, version=shown.version, by=viewer),
            f"Version {shown.version_number} is approved",
            key=f"approve_{shown.id}",
            told=told,
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
