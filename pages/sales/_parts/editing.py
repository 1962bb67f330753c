"""Changes the fields of a lead or an opportunity, and hands it over.

Only what the person changed is sent, so that two people who change different fields both keep
theirs; when somebody else was faster it is told whose values they are, and nothing typed is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import streamlit as st

from core import sales
from core.access import Viewer
from core.kit.errors import Invalid
from core.sales import Named
from pages._ui import errors, forms, reruns, terms, versions
from pages._ui import format as fmt
from pages._ui.screens import PLACE
from pages.sales._parts import choices, fields
from pages.sales._parts.kinds import DealKind, Detail

IDS = frozenset({"product_interest", "product_id", "source_id"})
VERSION = "version"


def edit(kind: DealKind, detail: Detail, viewer: Viewer) -> bool:
    """The form of the record's fields; True once they are saved."""
    name = f"{detail.code}.edit"
    known = choices.of(viewer)
    if isinstance(detail, sales.LeadDetail):
        form = forms.Form(name, initial=_lead_values(detail))
        with form.body():
            fields.lead(form, known, is_new=False)
            fields.more_of_lead(form)
            form.area("notes", "Notes", max_chars=10_000)
            sent = form.submit("Save", icon=":material/save:", core_asks=True)
    else:
        form = forms.Form(name, initial=_opportunity_values(detail))
        with form.body():
            fields.opportunity(form, known)
            left, right = st.columns(2)
            with left:
                form.choice("priority", "Priority", terms.options(sales.Priority))
            with right:
                form.date("opened_on", "Opened on")
            form.area("notes", "Notes", max_chars=10_000)
            sent = form.submit("Save", icon=":material/save:", core_asks=True)
    if sent and _save(kind, detail, form, viewer):
        errors.flash(f"{fmt.plain(detail.code)} saved", place=PLACE)
        return True
    if form.told is not None and st.button("Take theirs", icon=":material/undo:", type="tertiary"):
        forms.renew(name)
        reruns.nearest()
    return False


def _save(kind: DealKind, detail: Detail, form: forms.Form, viewer: Viewer) -> bool:
    version = versions.of(form, form.start(VERSION))
    with form.sending() as outcome:
        kind.edit(detail.id, changed(form), version=version, by=viewer)
    # They have been told; saving again means their own values.
    versions.follow(form, outcome, lambda: detail.version)
    return outcome.ok


def changed(form: forms.Form) -> dict[str, object]:
    """What differs from what the form began with, as the core takes it."""
    found: dict[str, object] = {}
    for name, value in form.values.items():
        start = form.start(name)
        before = f"{start:,.2f}" if isinstance(start, Decimal) else start
        if (value or None) != (before or None):
            found[name] = _read(name, value)
    return found


def _read(name: str, value: object) -> object:
    if isinstance(value, bool):
        return value
    if value in {"", None}:
        return None
    return int(str(value)) if name in IDS else value


def _id(named: Named | None) -> str | None:
    return str(named.id) if named else None


def _lead_values(lead: sales.LeadDetail) -> dict[str, object]:
    plain = (
        "first_name", "last_name", "company_name", "email", "phone", "date_of_birth", "state",
        "contact_consent", "expected_premium", "expected_sum_assured", "priority", "notes",
    )  # fmt: skip
    return {
        **{name: getattr(lead, name) for name in plain},
        "source_id": _id(lead.source),
        "product_interest": _id(lead.product),
        VERSION: lead.version,
    }


def _opportunity_values(deal: sales.OpportunityDetail) -> dict[str, object]:
    plain = ("name", "estimated_value", "expected_close_date", "opened_on", "priority", "notes")
    return {
        **{name: getattr(deal, name) for name in plain},
        "source_id": _id(deal.source),
        "product_id": _id(deal.product),
        VERSION: deal.version,
    }


def assign(kind: DealKind, detail: Detail, viewer: Viewer) -> bool:
    """Hand the record to another owner; True once it is."""
    known = choices.of(viewer)
    form = forms.Form(f"{detail.code}.assign")
    with form.body():
        form.choice("to", "New owner", known.owner_options, required=True)
        sent = form.submit("Hand over", icon=":material/person_pin_circle:")
    if not sent:
        return False
    with form.sending() as outcome:
        kind.assign([detail.id], to=owner_of(form.values), by=viewer)
    if outcome.ok:
        errors.flash(f"{fmt.plain(detail.code)} handed over", place=PLACE)
    return outcome.ok


def owner_of(values: Mapping[str, object]) -> int:
    """The owner that was chosen. Raises Invalid when none was."""
    chosen = values.get("to")
    if not chosen:
        raise Invalid({"to": "Choose the new owner."})
    return int(str(chosen))
