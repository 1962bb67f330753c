"""Asks for what a move needs, beside its field, and for nothing else; nothing is saved before."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import MappingProxyType

import streamlit as st

from core import sales
from core.access import Permission, Viewer
from core.kit.errors import Conflict, NotFound
from pages._ui import errors, forms, guard
from pages._ui import format as fmt
from pages._ui.contacts import conversation
from pages.sales._parts import choices, parties, state
from pages.sales._parts.kinds import DealKind, Detail
from pages.sales._parts.parties import Party
from pages.sales._parts.state import Done, Wish

CUSTOMER = "customer_id"
PARTY = "party"
CONTACT = "completed_followup"
PARTIES = MappingProxyType({CUSTOMER: ("customer_id",), PARTY: ("account_id", "customer_id", "lead_id")})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a field of a move is drawn from."""

    form: forms.Form
    kind: DealKind
    detail: Detail
    known: choices.Choices


def _contact(asked: Asked) -> None:
    planned = tuple(one for one in asked.detail.followups if one.status == "planned")
    conversation.fields(asked.form, planned)


def _lost_reason(asked: Asked) -> None:
    asked.form.choice("lost_reason_id", "Why was it lost?", asked.known.lost_options, required=True)


def _lost_note(asked: Asked) -> None:
    asked.form.area("lost_note", "Note", max_chars=1000)


def _product(asked: Asked) -> None:
    asked.form.choice(
        asked.kind.product_field, "Product of interest", asked.known.product_options, required=True
    )


def _value(asked: Asked) -> None:
    asked.form.money(asked.kind.value_field, asked.kind.value_label, required=True)


def _won_value(asked: Asked) -> None:
    asked.form.money("won_value", "Agreed value", required=True)


def _consent(asked: Asked) -> None:
    asked.form.check("contact_consent", "The person agreed to be contacted")


def _close_date(asked: Asked) -> None:
    asked.form.date("expected_close_date", "Expected close date", required=True)


# How each need is asked for. A need without a row can't be met here, and is told instead.
FIELDS: MappingProxyType[str, Callable[[Asked], None]] = MappingProxyType(
    {
        CONTACT: _contact,
        "product_interest": _product,
        "expected_premium": _value,
        "estimated_value": _value,
        "expected_close_date": _close_date,
        "contact_consent": _consent,
        "won_value": _won_value,
        "lost_reason_id": _lost_reason,
        "lost_note": _lost_note,
    }
)
# What goes into the deal's own fields with the move, and what the move itself takes.
WRITTEN = ("product_interest", "product_id", "expected_premium", "estimated_value", "expected_close_date")
TAKEN = ("won_value", "lost_note", "reason")


def can_be_answered(needs: Iterable[str]) -> bool:
    """Whether a form can ask for everything that is missing."""
    return all(need in FIELDS or need in PARTIES or need == "reason" for need in needs)


def ask(kind: DealKind, wish: Wish) -> None:
    """Open a dialog that asks for what a card's move needs."""
    name = form_name(wish.code, wish.to)
    forms.renew(name)
    parties.forget(name)
    title = f"{fmt.plain(wish.code)} to {fmt.plain(kind.lifecycle.label(wish.to))}"
    st.dialog(title, width="medium", icon=":material/arrow_forward:")(_dialog)(kind, wish)


def _dialog(kind: DealKind, wish: Wish) -> None:
    viewer = guard.viewer(Permission.LEADS_EDIT)
    try:
        detail = kind.read(wish.deal_id, by=viewer)
    except NotFound as refusal:
        errors.show(refusal)
        return
    option = next((move for move in detail.moves if move.to == wish.to), None)
    if option is None:
        st.info(f"{detail.code} is in {detail.status_label} by now, and can't go there.")
        return
    st.markdown(f"**{fmt.plain(detail.title)}**")
    done = answer(kind, detail, option, version=wish.version, viewer=viewer)
    if done is not None:
        state.was_moved(kind, done)
        st.rerun()


def form_name(code: str, to: str) -> str:
    """What the form of a move is called."""
    return f"{code}.to.{to}"


def answer(
    kind: DealKind, detail: Detail, option: sales.MoveOption, *, version: int, viewer: Viewer
) -> Done | None:
    """Draw the form of a move; the move, once it is made."""
    missing = [need for need in option.missing if need.name in FIELDS or need.name in PARTIES]
    for need in option.missing:
        if need not in missing:
            st.info(fmt.plain(need.ask), icon=":material/info:")
            return None
    name = form_name(detail.code, option.to)
    party = _party(detail, [need.name for need in missing], key=name, viewer=viewer)
    form = forms.Form(name, initial=_initial(detail))
    asked = Asked(form, kind, detail, choices.of(viewer))
    with form.body():
        for need in missing:
            if need.name in FIELDS:
                FIELDS[need.name](asked)
        if option.needs_reason:
            form.area("reason", "Why?", required=True, max_chars=1000)
        sent = form.submit(_verb(option), icon=":material/arrow_forward:")
    if not sent:
        return None
    current: int = st.session_state.pop(f"{name}.version", version)
    with form.sending() as outcome:
        if CONTACT in {need.name for need in missing}:
            conversation.record(form, kind.about(detail.id), detail.followups, viewer)
        moved = kind.move(detail.id, to=option.to, version=current, by=viewer, **_answers(form, party))
    if not outcome.ok:
        if isinstance(outcome.refusal, Conflict):
            # They know now; sending again means it.
            st.session_state[f"{name}.version"] = detail.version
        return None
    parties.forget(name)
    return Done(detail.id, moved.code, detail.status, option.to, moved.version)


def _verb(option: sales.MoveOption) -> str:
    return f"Move to {option.label}"


def _party(detail: Detail, needs: list[str], *, key: str, viewer: Viewer) -> Party | None:
    wanted = next((need for need in needs if need in PARTIES), None)
    if wanted is None:
        return None
    first = ""
    if isinstance(detail, sales.LeadDetail):
        first = f"{detail.first_name} {detail.last_name}"
    label = "Which customer did it become?" if wanted == CUSTOMER else "Who is it with?"
    found = parties.choose(label, PARTIES[wanted], key=key, viewer=viewer, first=first)
    if wanted == CUSTOMER and found is None and isinstance(detail, sales.LeadDetail):
        with st.expander("Not a customer yet: create one from this lead", icon=":material/person_add:"):
            parties.new_customer(detail, key=key, viewer=viewer)
    if wanted == CUSTOMER and found is not None and isinstance(detail, sales.LeadDetail):
        doubt = parties.doubt(detail, found)
        if doubt:
            st.warning(fmt.plain(doubt), icon=":material/person_alert:")
    return found


def _initial(detail: Detail) -> dict[str, object]:
    start = conversation.start()
    planned = [one for one in detail.followups if one.status == "planned"]
    if planned:
        start["followup"] = str(planned[-1].id)
    if isinstance(detail, sales.OpportunityDetail):
        start["won_value"] = detail.estimated_value
    return start


def _answers(form: forms.Form, party: Party | None) -> dict[str, object]:
    """What was typed, as the move takes it; blanks are left out, so that the core asks for them."""
    values = form.values
    changes: dict[str, object] = {name: _read(name, values[name]) for name in WRITTEN if values.get(name)}
    if values.get("contact_consent"):
        changes["contact_consent"] = True
    if party is not None:
        changes[party.field] = party.id
    found: dict[str, object] = {name: values[name] for name in TAKEN if values.get(name)}
    if values.get("lost_reason_id"):
        found["lost_reason_id"] = int(values["lost_reason_id"])
    return {**found, "changes": changes}


def _read(name: str, value: object) -> object:
    return int(str(value)) if name in {"product_interest", "product_id"} else value
