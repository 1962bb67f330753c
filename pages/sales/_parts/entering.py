"""Enters leads and opportunities: few fields first, likely duplicates before anything is saved."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core import sales
from core.access import Permission
from core.sales import DuplicatesFound
from pages._ui import errors, forms, guard, reruns, terms
from pages._ui import format as fmt
from pages.sales._parts import choices, fields, matches, parties
from pages.sales._parts.kinds import LEADS, OPPORTUNITIES, DealKind

NEW_LEAD = "new_lead"
NEW_OPPORTUNITY = "new_opportunity"
WIDTH = 560
FOLDED = (
    "company_name", "date_of_birth", "state", "expected_sum_assured", "notes", "assigned_to",
    "territory_id",
)  # fmt: skip


def start(kind: DealKind) -> None:
    """Open the form of a new one, empty; only Cancel drops what was typed."""
    name = NEW_LEAD if kind is LEADS else NEW_OPPORTUNITY
    forms.renew(name)
    st.session_state.pop(f"{name}.matches", None)
    parties.forget(name)
    body = _lead if kind is LEADS else _opportunity
    drawer = st.dialog(
        f"New {kind.noun}", width=WIDTH, position="right", dismissible=False, icon=":material/add:"
    )
    drawer(body)()


def _offer_cancel(name: str) -> None:
    if st.button("Cancel", key=f"{name}.cancel", type="tertiary"):
        st.rerun()


def _lead() -> None:
    viewer = guard.viewer(Permission.LEADS_EDIT)
    known = choices.of(viewer)
    form = forms.Form(NEW_LEAD, initial={"priority": "medium"})
    found: Sequence[sales.Match] = st.session_state.get(f"{NEW_LEAD}.matches", ())
    with form.body():
        fields.lead(form, known, is_new=True)
        with st.expander("More", icon=":material/unfold_more:", expanded=form.has_message(*FOLDED)):
            fields.more_of_lead(form)
            if viewer.can(Permission.LEADS_ASSIGN):
                fields.owner(form, known)
            form.area("notes", "Notes", max_chars=4000)
        if found:
            matches.show(found)
            form.text("duplicates_reason", "Why is a new lead needed?", max_chars=500)
        sent = form.submit("Create lead", icon=":material/add:", core_asks=True)
    _offer_cancel(NEW_LEAD)
    if not sent:
        return
    with form.sending() as outcome:
        made = sales.create_lead(
            _new_lead(form),
            request_id=form.request_id,
            by=viewer,
            duplicates_reason=form.values.get("duplicates_reason", ""),
        )
    if isinstance(outcome.refusal, DuplicatesFound):
        st.session_state[f"{NEW_LEAD}.matches"] = outcome.refusal.matches
        reruns.nearest()
    if outcome.ok:
        _made(LEADS, made)


def _made(kind: DealKind, made: sales.Ref) -> None:
    errors.flash(f"{kind.noun.capitalize()} {fmt.plain(made.code)} created")
    st.query_params[kind.parameter] = made.code
    st.rerun()


def _new_lead(form: forms.Form) -> sales.NewLead:
    values = form.values
    texts = ("first_name", "last_name", "email", "phone", "company_name", "state", "notes")
    return sales.NewLead(
        **{name: values[name] for name in texts},
        # 0 is no source: the core says so, together with what else is wrong.
        source_id=_key(values["source_id"]) or 0,
        date_of_birth=values["date_of_birth"],
        contact_consent=values["contact_consent"],
        product_interest=_key(values["product_interest"]),
        expected_premium=values["expected_premium"] or None,
        expected_sum_assured=values["expected_sum_assured"] or None,
        priority=values["priority"] or "",
        assigned_to=_key(values.get("assigned_to")),
        territory_id=_key(values.get("territory_id")),
    )


def _key(value: object) -> int | None:
    return int(str(value)) if value else None


def _opportunity() -> None:
    viewer = guard.viewer(Permission.LEADS_EDIT)
    known = choices.of(viewer)
    pointers = ("account_id", "customer_id", "lead_id")
    party = parties.choose("Who is it with?", pointers, key=NEW_OPPORTUNITY, viewer=viewer)
    form = forms.Form(NEW_OPPORTUNITY, initial={"priority": "medium"})
    with form.body():
        fields.opportunity(form, known)
        form.choice("priority", "Priority", terms.options(sales.Priority))
        if viewer.can(Permission.LEADS_ASSIGN):
            fields.owner(form, known)
        form.area("notes", "Notes", max_chars=4000)
        sent = form.submit("Create opportunity", icon=":material/add:", core_asks=True)
    _offer_cancel(NEW_OPPORTUNITY)
    if not sent:
        return
    with form.sending() as outcome:
        made = sales.create_opportunity(
            _new_opportunity(form, party), request_id=form.request_id, by=viewer
        )
    if outcome.ok:
        _made(OPPORTUNITIES, made)


def _new_opportunity(form: forms.Form, party: parties.Party | None) -> sales.NewOpportunity:
    values = form.values
    with_whom = {party.field: party.id} if party else {}
    return sales.NewOpportunity(
        name=values["name"],
        account_id=with_whom.get("account_id"),
        customer_id=with_whom.get("customer_id"),
        lead_id=with_whom.get("lead_id"),
        product_id=_key(values["product_id"]),
        source_id=_key(values["source_id"]),
        estimated_value=values["estimated_value"] or None,
        expected_close_date=values["expected_close_date"],
        priority=values["priority"] or "",
        assigned_to=_key(values.get("assigned_to")),
        territory_id=_key(values.get("territory_id")),
        notes=values["notes"],
    )
