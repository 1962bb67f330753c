"""One lead or opportunity beside the page: what it is, what comes next, what was before."""

from __future__ import annotations

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import sales
from core.access import Permission, Viewer
from core.kit.dates import utc_now
from core.kit.errors import NotFound
from pages._ui import errors, forms, guard, page, reruns, viewing
from pages._ui import format as fmt
from pages.sales._parts import applying, contacts, editing, facts, moving, parties, state, timeline, words
from pages.sales._parts.kinds import DealKind, Detail
from pages.sales._parts.screens import Screen
from pages.sales._parts.state import Done

WIDTH = 640
TABS = ("Details", "Contacts", "History")


def show(kind: DealKind, code: str, notices: DeltaGenerator) -> None:
    """Open the record with that code at the right side of the page; without one, say so in `notices`."""
    viewer = guard.viewer(Permission.LEADS_VIEW)
    try:
        detail = kind.read(code, by=viewer)
    except NotFound as refusal:
        _close(kind.parameter)
        with notices:
            errors.show(refusal)
        return
    # The drawer's first run shows this one; its own later runs read again.
    st.session_state[_first(code)] = detail
    close = partial(_close, kind.parameter)
    drawer = st.dialog(fmt.plain(detail.title), width=WIDTH, position="right", on_dismiss=close)
    drawer(_drawer)(kind, code)


def _first(code: str) -> str:
    return f"record.{code}.first"


def _close(parameter: str) -> None:
    st.query_params.pop(parameter, None)


def _drawer(kind: DealKind, code: str) -> None:
    viewer = guard.viewer(Permission.LEADS_VIEW)
    errors.deliver()
    with errors.told() as outcome:
        detail: Detail = st.session_state.pop(_first(code), None) or kind.read(code, by=viewer)
    if not outcome.ok:
        return
    screen = Screen(f"record.{code}")
    _head(kind, detail)
    applying.link(kind, detail.status, detail.code, viewer)
    _moves(kind, detail, screen, viewer)
    if screen.is_open and _screen(kind, detail, screen, viewer):
        screen.close()
        reruns.nearest()
    tabs = st.segmented_control(
        "Part", TABS, key=f"record.{code}.tab", default=TABS[0], required=True,
        format_func=lambda tab: _tab(tab, detail), label_visibility="collapsed", width="stretch",
    )  # fmt: skip
    if tabs == "Contacts":
        contacts.show(kind, detail, screen, viewer)
    elif tabs == "History":
        timeline.show(detail)
    else:
        facts.show(kind, detail, screen)


def _tab(tab: str, detail: Detail) -> str:
    counts = {"Contacts": len(detail.followups) + len(detail.appointments)}
    return f"{tab} · {counts[tab]}" if counts.get(tab) else tab


def _head(kind: DealKind, detail: Detail) -> None:
    zone, now = viewing.zone(), utc_now()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        page.tag(detail.status_label, detail.tone)
        _fact(fmt.plain(detail.code))
        _fact(f"{words.label(detail.priority)} priority")
        if detail.status in kind.lifecycle.flagged("open"):
            length = fmt.days(detail.days_in_stage) if detail.days_in_stage else "Less than a day"
            stage = f"{length} in {fmt.plain(detail.status_label)}"
            mark = ":orange[:material/hourglass_bottom: {}]" if detail.is_rotting else "{}"
            _fact(mark.format(stage))
        if detail.next_followup_at is not None:
            due = f"Next follow-up {words.when(detail.next_followup_at, now, zone)}"
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
            lost = move.to in kind.lifecycle.flagged("lost")
            clicked = st.button(
                move.verb if lost else f"Move to {move.label}",
                key=f"{screen.key}.move.{move.to}",
                icon=":material/thumb_down:" if lost else ":material/arrow_forward:",
                type="primary" if position == 0 and not lost else "secondary",
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
        reruns.nearest()
    with errors.told("flash") as outcome:
        moved = kind.move(detail.id, to=move.to, version=detail.version, by=viewer)
        _was_moved(kind, Done(detail.id, moved.code, detail.status, move.to, moved.version))
    if outcome.ok:
        screen.close()
    reruns.nearest()


def _was_moved(kind: DealKind, done: Done) -> None:
    state.was_moved(kind, done)
    label = fmt.plain(kind.lifecycle.label(done.to))
    errors.flash(f"{fmt.plain(done.code)} moved to {label}")


def _screen(kind: DealKind, detail: Detail, screen: Screen, viewer: Viewer) -> bool:
    """The form that is open; True once it has done its work."""
    name, subject = screen.name, screen.subject
    titles: dict[str, str] = {"move": f"Move to {kind.lifecycle.label(subject)}" if name == "move" else ""}
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{fmt.plain(titles.get(name) or screen.title)}**")
            st.space("stretch")
            st.button(
                "Close", key=f"{screen.key}.close", icon=":material/close:", type="tertiary",
                on_click=screen.close,
            )  # fmt: skip
        if name == "move":
            return _move_form(kind, detail, subject, viewer)
        if name == "edit":
            return editing.edit(kind, detail, viewer)
        if name == "assign":
            return editing.assign(kind, detail, viewer)
        return contacts.form(kind, detail, screen, viewer)


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
