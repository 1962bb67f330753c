"""Enters leads and opportunities: few fields first, likely duplicates before anything is saved."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from types import MappingProxyType
from urllib.parse import quote

import streamlit as st

from core import sales
from core.access import Permission, Viewer
from core.sales import DuplicatesFound
from pages._ui import errors, forms, guard, reruns, viewing
from pages._ui import format as fmt
from pages.sales._parts import choices, parties, words
from pages.sales._parts.kinds import LEADS, OPPORTUNITIES, DealKind

NEW_LEAD = "new_lead"
NEW_OPPORTUNITY = "new_opportunity"
WIDTH = 560
OPENS = MappingProxyType({"lead": "/pipeline?lead=", "customer": "/customer?customer="})
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
    matches: Sequence[sales.Match] = st.session_state.get(f"{NEW_LEAD}.matches", ())
    with form.body():
        _first_fields(form, known)
        with st.expander("More", icon=":material/unfold_more:", expanded=form.has_message(*FOLDED)):
            _folded_fields(form, known, viewer)
        if matches:
            _show_matches(matches)
            form.text("duplicates_reason", "Why is a new lead needed?", max_chars=500)
        sent = form.submit("Create lead", icon=":material/add:")
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


def _first_fields(form: forms.Form, known: choices.Choices) -> None:
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
        form.choice("source_id", "Source", known.source_options, required=True)
    with right:
        form.choice("product_interest", "Product", known.product_options)
    left, right = st.columns(2)
    with left:
        form.money("expected_premium", "Expected premium", help="US dollars a year.")
    with right:
        form.choice("priority", "Priority", words.options(sales.Priority))
    form.check("contact_consent", "Agreed to be contacted")


def _folded_fields(form: forms.Form, known: choices.Choices, viewer: Viewer) -> None:
    left, right = st.columns(2)
    with left:
        form.text("company_name", "Company", max_chars=100)
    with right:
        form.money("expected_sum_assured", "Expected sum assured")
    left, right = st.columns(2)
    with left:
        form.date("date_of_birth", "Date of birth", latest=viewing.today())
    with right:
        form.text("state", "State", max_chars=50)
    if viewer.can(Permission.LEADS_ASSIGN):
        _owner_fields(form, known)
    form.area("notes", "Notes", max_chars=4000)


def _owner_fields(form: forms.Form, known: choices.Choices) -> None:
    left, right = st.columns(2)
    with left:
        form.choice("assigned_to", "Owner", known.owner_options, help="Without one it is yours.")
    with right:
        form.choice(
            "territory_id", "Or wait for an owner in", known.territory_options,
            help="It waits there, unassigned, until somebody is given it.",
        )  # fmt: skip


def _show_matches(matches: Sequence[sales.Match]) -> None:
    """Who may be the same person, with why; of others' records only whose they are.

    A code opens its record in another tab, so that what was typed stays.
    """
    told = [f"**{fmt.counted(len(matches), 'record looks', 'records look')} like this one**"]
    for one in matches:
        because = fmt.plain(", ".join(one.because))
        if one.is_visible:
            code = f"[{fmt.plain(one.code)}]({OPENS[one.kind]}{quote(one.code)})"
            name = f"{fmt.plain(one.title)} · {code} · {fmt.plain(one.status_label)}"
            told.append(f"- {name}: {because}. Owner {fmt.plain(fmt.text(one.owner))}.")
        else:
            told.append(f"- A {one.kind} of {fmt.plain(one.owner)}: {because}.")
    st.warning("\n".join([told[0], "", *told[1:]]), icon=":material/content_copy:")


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
        expected_premium=_amount(form, "expected_premium"),
        expected_sum_assured=_amount(form, "expected_sum_assured"),
        priority=values["priority"] or "",
        assigned_to=_key(values.get("assigned_to")),
        territory_id=_key(values.get("territory_id")),
    )


def _key(value: object) -> int | None:
    return int(str(value)) if value else None


def _amount(form: forms.Form, name: str) -> Decimal | None:
    return form.amount(name)


def _opportunity() -> None:
    viewer = guard.viewer(Permission.LEADS_EDIT)
    known = choices.of(viewer)
    fields = ("account_id", "customer_id", "lead_id")
    party = parties.choose("Who is it with?", fields, key=NEW_OPPORTUNITY, viewer=viewer)
    form = forms.Form(NEW_OPPORTUNITY, initial={"priority": "medium"})
    with form.body():
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
        form.choice("priority", "Priority", words.options(sales.Priority))
        if viewer.can(Permission.LEADS_ASSIGN):
            _owner_fields(form, known)
        form.area("notes", "Notes", max_chars=4000)
        sent = form.submit("Create opportunity", icon=":material/add:")
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
        estimated_value=_amount(form, "estimated_value"),
        expected_close_date=values["expected_close_date"],
        priority=values["priority"] or "",
        assigned_to=_key(values.get("assigned_to")),
        territory_id=_key(values.get("territory_id")),
        notes=values["notes"],
    )
