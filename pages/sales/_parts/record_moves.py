"""The moves of a record: a button for each, and the form of the one that is open."""

from __future__ import annotations

import streamlit as st

from core.access import Viewer
from core.kit.lifecycle import MoveOption
from pages._ui import errors, reruns
from pages._ui import format as fmt
from pages._ui.screens import PLACE, Screen
from pages.sales._parts import moving, state
from pages.sales._parts.kinds import DealKind, Detail
from pages.sales._parts.state import Done


def buttons(kind: DealKind, detail: Detail, screen: Screen, viewer: Viewer) -> None:
    """Buttons for the moves that the lifecycle has for the viewer from here."""
    if not detail.can_edit or not detail.moves:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        _onward(kind, detail, screen, viewer)
        _back(kind, detail, screen, viewer)


def _onward(kind: DealKind, detail: Detail, screen: Screen, viewer: Viewer) -> None:
    onward = [move for move in detail.moves if not move.needs_reason]
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


def _back(kind: DealKind, detail: Detail, screen: Screen, viewer: Viewer) -> None:
    back = {move.to: move for move in detail.moves if move.needs_reason}
    if not back:
        return
    chosen = st.menu_button(
        "Back", list(back), format_func=lambda to: f"{back[to].verb} to {back[to].label}",
        key=f"{screen.key}.back", icon=":material/undo:", type="tertiary",
    )  # fmt: skip
    if chosen is not None:
        _start(kind, detail, back[chosen], screen, viewer)


def _start(kind: DealKind, detail: Detail, move: MoveOption, screen: Screen, viewer: Viewer) -> None:
    """Move at once when nothing is missing, else ask for it."""
    if move.missing or move.needs_reason:
        moving.begin(detail.code, move.to)
        screen.open("move", move.to)
        st.rerun()
    mine = state.of(kind)
    with errors.told("flash", place=PLACE) as outcome:
        moved = kind.move(detail.id, to=move.to, version=detail.version, by=viewer)
        _was_moved(kind, mine, Done(detail.id, moved.code, detail.status, move.to, moved.version))
    if outcome.ok:
        screen.close()
    reruns.nearest()


def form(kind: DealKind, detail: Detail, to: str, viewer: Viewer) -> bool:
    """What the open move still needs; True once it is made."""
    option = next((move for move in detail.moves if move.to == to), None)
    if option is None:
        st.info(f"It is in {fmt.plain(detail.status_label)} by now, and can't go there.")
        return False
    mine = state.of(kind)
    done = moving.answer(kind, detail, option, version=detail.version, viewer=viewer)
    if done is None:
        return False
    _was_moved(kind, mine, done)
    return True


def _was_moved(kind: DealKind, mine: state.BoardState, done: Done) -> None:
    mine.was_moved(kind, done)
    label = fmt.plain(kind.lifecycle.label(done.to))
    errors.flash(f"{fmt.plain(done.code)} moved to {label}", place=PLACE)
