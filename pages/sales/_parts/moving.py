"""Asks for what a move needs, beside its field, and for nothing else; nothing is saved before."""

from __future__ import annotations

import streamlit as st

from core import sales
from core.access import Permission, Viewer
from core.kit.errors import NotFound
from core.kit.lifecycle import MoveOption
from pages._ui import errors, forms, guard, versions
from pages._ui import format as fmt
from pages._ui.contacts import conversation
from pages.sales._parts import choices, customer_of_lead, needs, parties, state
from pages.sales._parts.kinds import DealKind, Detail
from pages.sales._parts.parties import Party
from pages.sales._parts.state import Done, Wish

# What goes into the deal's own fields with the move, and what the move itself takes.
WRITTEN = ("product_interest", "product_id", "expected_premium", "estimated_value", "expected_close_date")
TAKEN = ("won_value", "lost_note", "reason")


def ask(kind: DealKind, wish: Wish) -> None:
    """Open a dialog that asks for what a card's move needs."""
    begin(wish.code, wish.to)
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
    mine = state.of(kind)
    done = answer(kind, detail, option, version=wish.version, viewer=viewer)
    if done is not None:
        mine.was_moved(kind, done)
        st.rerun()


def begin(code: str, to: str) -> None:
    """Have the form of a move start empty."""
    name = form_name(code, to)
    forms.renew(name)
    parties.forget(name)


def form_name(code: str, to: str) -> str:
    """What the form of a move is called."""
    return f"{code}.to.{to}"


def answer(
    kind: DealKind, detail: Detail, option: MoveOption, *, version: int, viewer: Viewer
) -> Done | None:
    """Draw the form of a move; the move, once it is made."""
    for need in option.missing:
        if not needs.has_field(need.name):
            st.info(fmt.plain(need.ask), icon=":material/info:")
            return None
    name = form_name(detail.code, option.to)
    party = _party(detail, [need.name for need in option.missing], key=name, viewer=viewer)
    form = forms.Form(name, initial=_initial(detail))
    if party is not None:
        form.answered(*needs.PARTIES)
    if not _ask(form, kind, detail, option, viewer):
        return None
    return _make(form, party, kind, detail, option, version=version, viewer=viewer)


def _ask(form: forms.Form, kind: DealKind, detail: Detail, option: MoveOption, viewer: Viewer) -> bool:
    """A field for every need, and the reason; whether they were sent."""
    asked = needs.Asked(form, kind, detail, choices.of(viewer))
    with form.body():
        for need in option.missing:
            if need.name in needs.FIELDS:
                needs.FIELDS[need.name](asked)
        if option.needs_reason:
            form.area("reason", "Why?", required="Say why.", max_chars=1000)
        return form.submit(f"Move to {option.label}", icon=":material/arrow_forward:")


def _make(
    form: forms.Form,
    party: Party | None,
    kind: DealKind,
    detail: Detail,
    option: MoveOption,
    *,
    version: int,
    viewer: Viewer,
) -> Done | None:
    """Record the contact that was asked for, and move; a conflict is told once, then passed over."""
    current = versions.of(form, version)
    with form.sending() as outcome:
        if needs.CONTACT in {need.name for need in option.missing}:
            conversation.record(form, kind.about(detail.id), detail.followups, viewer)
        moved = kind.move(detail.id, to=option.to, version=current, by=viewer, **_answers(form, party))
    # They know now; sending again means it.
    versions.follow(form, outcome, lambda: detail.version)
    if not outcome.ok:
        return None
    parties.forget(form.name)
    return Done(detail.id, moved.code, detail.status, option.to, moved.version)


def _party(detail: Detail, named: list[str], *, key: str, viewer: Viewer) -> Party | None:
    wanted = next((need for need in named if need in needs.PARTIES), None)
    if wanted is None:
        return None
    first = ""
    if isinstance(detail, sales.LeadDetail):
        first = f"{detail.first_name} {detail.last_name}"
    label = "Which customer did it become?" if wanted == needs.CUSTOMER else "Who is it with?"
    found = parties.choose(label, needs.PARTIES[wanted], key=key, viewer=viewer, first=first)
    if wanted == needs.CUSTOMER and found is None and isinstance(detail, sales.LeadDetail):
        with st.expander("Not a customer yet: create one from this lead", icon=":material/person_add:"):
            customer_of_lead.enter(detail, key=key, viewer=viewer)
    if wanted == needs.CUSTOMER and found is not None and isinstance(detail, sales.LeadDetail):
        doubt = parties.doubt(detail, found)
        if doubt:
            st.warning(fmt.plain(doubt), icon=":material/person_alert:")
    return found


def _initial(detail: Detail) -> dict[str, object]:
    start = conversation.start()
    planned = [one for one in detail.followups if one.status == "planned"]
    if planned:
        start |= {"followup": str(planned[-1].id), "type": str(planned[-1].type)}
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
