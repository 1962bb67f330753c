"""One lead or opportunity beside the page: what it is, what comes next, what was before."""

from __future__ import annotations

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.access import Permission, Viewer
from core.kit.errors import NotFound
from pages._ui import errors, filters, guard
from pages._ui import format as fmt
from pages._ui.contacts import forms as contact_forms
from pages._ui.contacts import listed
from pages._ui.filters import Option
from pages._ui.screens import PLACE, Screen
from pages.sales._parts import applying, contacts, editing, facts, record_head, record_moves, timeline
from pages.sales._parts.kinds import DealKind, Detail

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
    record_head.show(kind, detail)
    errors.deliver_at(PLACE)
    applying.link(kind, detail.status, detail.code, viewer, is_main=True)
    record_moves.buttons(kind, detail, screen, viewer)
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


def _screen(kind: DealKind, detail: Detail, screen: Screen, viewer: Viewer) -> bool:
    """The form that is open; True once it has done its work."""
    name, subject = screen.name, screen.subject
    with screen.framed(f"Move to {kind.lifecycle.label(subject)}" if name == "move" else ""):
        if name == "move":
            return record_moves.form(kind, detail, subject, viewer)
        if name == "edit":
            return editing.edit(kind, detail, viewer)
        if name == "assign":
            return editing.assign(kind, detail, viewer)
        return contact_forms.show(contacts.of(kind, detail), screen, viewer)
