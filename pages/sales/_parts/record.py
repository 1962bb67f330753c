"""One lead or opportunity beside the page: what it is, what comes next, what was before."""

from __future__ import annotations

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import sales
from core.access import Permission, Viewer
from core.kit.dates import utc_now
from core.kit.errors import NotFound
from pages._ui import errors, filters, forms, guard, nearness, page, reruns, terms, viewing
from pages._ui import format as fmt
from pages._ui.contacts import forms as contact_forms
from pages._ui.contacts import listed
from pages._ui.filters import Option
from pages._ui.screens import PLACE, Screen
from pages.sales._parts import applying, contacts, editing, facts, moving, parties, state, timeline
from pages.sales._parts.kinds import DealKind, Detail
from pages.sales._parts.state import Done

WIDTH = 640
# Which part of the record is shown; in the address, so that a link opens it there.
PART = "part"
DETAILS, CONTACTS, HISTORY = "details", "contacts", "history"


def show(kind: DealKind, code: str, notices: DeltaGenerator) -> None:
    """Open the record with that code at the right side of the page; without one, say so in `notices`."""
    viewer = guard.viewer(Permission.LEADS_VIEW)
    try:
        detail = kind.read(code, by=viewer)
    except NotFound as refusal:
        _close(kind.parameter)
        with notices:
            errors.deliver_at(PLACE)
            errors.show(refusal)
        return
    # The drawer's first run shows this one; its own later runs read again.
    st.session_state[_first(code)] = detail
    is_held = Screen(_key(code)).is_open
    drawer = st.dialog(
        fmt.plain(detail.title), width=WIDTH, position="right", dismissible=not is_held,
        on_dismiss=partial(_close, kind.parameter),
    )  # fmt: skip
    drawer(_drawer)(kind, code, is_held=is_held)


def _key(code: str) -> str:
    return f"record.{code}"


def _first(code: str) -> str:
    return f"{_key(code)}.first"


def _close(parameter: str) -> None:
    filters.clear(parameter, PART)


def _drawer(kind: DealKind, code: str, *, is_held: bool) -> None:
    """The record; while a form is open neither Esc nor a click beside it closes the drawer."""
    viewer = guard.viewer(Permission.LEADS_VIEW)
    with errors.told() as outcome:
        detail: Detail = st.session_state.pop(_first(code), None) or kind.read(code, by=viewer)
    if not outcome.ok:
        return
    screen = Screen(_key(code))
    if screen.is_open != is_held:
        st.rerun()
    _head(kind, detail)
    errors.deliver_at(PLACE)
    applying.link(kind, detail.status, detail.code, viewer, is_main=True)
    _moves(kind, detail, screen, viewer)
    if screen.is_open and _screen(kind, detail, screen, viewer):
        screen.close()
        st.rerun()
    part = filters.switch("Part", _parts(detail), key=PART, width="stretch")
    if part == CONTACTS:
        listed.show(contacts.of(kind, detail), screen, viewer)
    elif part == HISTORY:
        timeline.show(detail)
    else:
        facts.show(kind, detail, screen)


def _parts(detail: Detail) -> list[Option]:
    count = len(detail.followups) + len(detail.appointments)
    return [
        Option(DETAILS, "Details"),
        Option(CONTACTS, f"Contacts · {fmt.number(count)}" if count else "Contacts"),
        Option(HISTORY, "History"),
    ]


def _head(kind: DealKind, detail: Detail) -> None:
    zone, now = viewing.zone(), utc_now()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        page.tag(detail.status_label, detail.tone)
        _fact(fmt.plain(detail.code))
        _fact(f"{terms.label(detail.priority)} priority")
        if detail.status in kind.lifecycle.flagged("open"):
            length = fmt.days(detail.days_in_stage) if detail.days_in_stage else "Less than a day"
            stage = f"{length} in {fmt.plain(detail.status_label)}"
            mark = ":orange[:material/hourglass_bottom: {}]" if detail.is_rotting else "{}"
            _fact(mark.format(stage))
        if detail.next_followup_at is not None:
            due = f"Next follow-up {nearness.when(detail.next_followup_at, now, zone)}"
            late = detail.next_followup_at < now
            _fact(f":red[:material/event_busy: {due}]" if late else f":material/event: {due}")


def _fact(told: str) -> None:
    st.caption(told, width="content")


def _moves(kind: DealKind, detail: Detail, screen: Screen, viewer: Viewer) -> None:
    """Buttons for the moves that the lifecycle has for the viewer from here."""
    if not detail.can_edit or not detail.moves:
        return
    onward = [move for move in detail.moves if not move.needs_reason]
    back = [move for move in detail.moves if move.needs_reason]
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        for position, move in enumerate(onward):
            if screen.name == "move" and screen.subject == move.to:
                continue
            lost = move.to in kind.lifecycle.flagged("lost")
            clicked = st.button(
                move.verb if lost else f"Move to {move.label}",
                key=f"{screen.key}.move.{move.to}",
                icon=":material/thumb_down:" if lost else ":material/arrow_forward:",
                # One primary button at a time: an open form has its own.
                type="primary" if position == 0 and not lost and not screen.is_open else "secondary",
            )
            if clicked:
                _start(kind, detail, move, screen, viewer)
        if back:
            labels = {move.to: f"{move.verb} to {move.label}" for move in back}
            chosen = st.menu_button(
                "Back", list(labels), format_func=lambda to: labels[to], key=f"{screen.key}.back",
                icon=":material/undo:", type="tertiary",
            )  # fmt: skip
            for move in back:
                if move.to == chosen:
                    _start(kind, detail, move, screen, viewer)


def _start(kind: DealKind, detail: Detail, move: sales.MoveOption, screen: Screen, viewer: Viewer) -> None:
    """Move at once when nothing is missing, else ask for it."""
    if move.missing or move.needs_reason:
        name = moving.form_name(detail.code, move.to)
        forms.renew(name)
        parties.forget(name)
        screen.open("move", move.to)
        st.rerun()
    with errors.told("flash", place=PLACE) as outcome:
        moved = kind.move(detail.id, to=move.to, version=detail.version, by=viewer)
        _was_moved(kind, Done(detail.id, moved.code, detail.status, move.to, moved.version))
    if outcome.ok:
        screen.close()
    reruns.nearest()


def _was_moved(kind: DealKind, done: Done) -> None:
    state.was_moved(kind, done)
    label = fmt.plain(kind.lifecycle.label(done.to))
    errors.flash(f"{fmt.plain(done.code)} moved to {label}", place=PLACE)


def _screen(kind: DealKind, detail: Detail, screen: Screen, viewer: Viewer) -> bool:
    """The form that is open; True once it has done its work."""
    name, subject = screen.name, screen.subject
    with screen.framed(f"Move to {kind.lifecycle.label(subject)}" if name == "move" else ""):
        if name == "move":
            return _move_form(kind, detail, subject, viewer)
        if name == "edit":
            return editing.edit(kind, detail, viewer)
        if name == "assign":
            return editing.assign(kind, detail, viewer)
        return contact_forms.show(contacts.of(kind, detail), screen, viewer)


def _move_form(kind: DealKind, detail: Detail, to: str, viewer: Viewer) -> bool:
    option = next((move for move in detail.moves if move.to == to), None)
    if option is None:
        st.info(f"It is in {fmt.plain(detail.status_label)} by now, and can't go there.")
        return False
    done = moving.answer(kind, detail, option, version=detail.version, viewer=viewer)
    if done is None:
        return False
    _was_moved(kind, done)
    return True
