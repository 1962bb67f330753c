"""The versions of a product's rates: which prices today, which waits, and the one that is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from core import catalog
from core.access import Permission, Viewer
from core.catalog import RateVersion
from core.kit.lifecycle import Tone
from pages._ui import empty, forms, page, tables, viewing
from pages.admin._parts import rate_forms, rate_version, records

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


def state_of(one: RateVersion, versions: Sequence[RateVersion], today: date) -> str:
    """What the version does today: approved ones price from their date until the next one's."""
    if one.status not in catalog.RATE.flagged("prices"):
        return catalog.RATE.label(one.status)
    if one.valid_from > today:
        return "Approved for later"
    newest = catalog.pricing_on(versions, today)
    return PRICES_TODAY if newest is not None and newest.id == one.id else "Replaced"


def show(product: catalog.ProductRecord, viewer: Viewer) -> None:
    """The versions of a product's rates, and the one that is open."""
    versions = catalog.rate_versions(product_id=product.id, by=viewer)
    today = viewing.today()
    with page.section("Rates"):
        if viewer.can(Permission.REFERENCE_ADMIN) and st.button("Enter rates", icon=":material/add:"):
            forms.renew(f"rates_{product.id}")
            rate_forms.enter(product.id)
    if not versions:
        empty.state("This product has no rates yet.", hint="Without approved rates it can't be sold.")
        return
    # Also keeps the tools of the table, which appear above it, off the button.
    st.caption("A version prices policies from its date on, until the next one that is approved.")
    rows = [_row(one, versions, today) for one in versions]
    key = f"rates_{product.id}.versions"
    tables.show(rows, VERSIONS, key=key, zone=viewing.zone(), height="content")
    records.follow(key, versions, "rates")
    in_force = catalog.pricing_on(versions, today)
    shown = records.opened("rates", versions) or next(
        (one for one in versions if one.status in catalog.RATE.flagged("waiting")), in_force or versions[0]
    )
    rate_version.show(shown, versions, viewer)


def _row(one: RateVersion, versions: Sequence[RateVersion], today: date) -> dict[str, object]:
    return {
        "number": one.version_number,
        "state": state_of(one, versions, today),
        "valid_from": one.valid_from,
        "policy_fee": one.table.policy_fee,
        "entered_by": one.entered_by or "The system",
        "decided_by": one.decided_by,
        "decided_at": one.decided_at,
        "note": one.note,
    }
