"""The board of a deal page. It runs by itself: a gesture redraws the board and nothing else."""

from __future__ import annotations

import streamlit as st

from core import sales
from core.access import Permission, Viewer
from pages._ui import board, errors, guard
from pages.sales._parts import board_columns, board_gestures, board_line, moving, narrowing, state
from pages.sales._parts.kinds import DealKind


@st.fragment
def draw(kind: DealKind, where: sales.DealFilter) -> None:
    """The board of the deals that match: its gestures, its figures, its cards."""
    mine = state.of(kind)
    if mine.is_drawing:
        # The last run was cut short, perhaps with a gesture whose answer the browser waits for.
        mine.tell("")
    mine.is_drawing = True
    _draw(kind, where, mine, guard.viewer(Permission.LEADS_VIEW))
    mine.is_drawing = False


def _draw(kind: DealKind, where: sales.DealFilter, mine: state.BoardState, viewer: Viewer) -> None:
    if mine.where != where:
        mine.where, mine.loaded = where, {}
    board_gestures.handle(kind, mine, viewer)
    found = sales.board(kind.kind, where, limit=board_columns.PAGE, by=viewer)
    if where != sales.DealFilter() and not any(column.count for column in found.columns):
        narrowing.nothing(kind, where)
        return
    columns = [board_columns.fill(kind, column, where, mine, viewer) for column in found.columns]
    mine.shown = {str(card.id): card for filled in columns for card in filled.cards}
    board_line.show(kind, found, mine, viewer)
    board.board(
        [board_columns.drawn(kind, filled, where, now=found.as_of, viewer=viewer) for filled in columns],
        key=board_gestures.key(kind),
        version=mine.version,
        label=f"{kind.title} by status",
        height="clamp(24rem, calc(100vh - 16.5rem), 70rem)",
        say=mine.said,
    )
    errors.deliver()
    if mine.wish is not None:
        wish, mine.wish = mine.wish, None
        moving.ask(kind, wish)
