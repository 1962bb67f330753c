"""What a gesture on the board asks for: more cards, a record, or a move."""

from __future__ import annotations

import streamlit as st

from core.access import Viewer
from core.kit.errors import Conflict, Invalid, Refusal
from pages._ui import board, errors
from pages.sales._parts import needs
from pages.sales._parts.board_columns import PAGE
from pages.sales._parts.kinds import DealKind
from pages.sales._parts.state import BoardState, Done, Wish


def key(kind: DealKind) -> str:
    """What the board of a kind is called in the browser."""
    return f"{kind.slug}.board"


def handle(kind: DealKind, mine: BoardState, viewer: Viewer) -> None:
    """Do what the gesture of this run asks for, before the cards are read."""
    event = board.gesture(key(kind), kind.lifecycle.values)
    if event is None:
        return
    if isinstance(event, board.More):
        mine.loaded[event.column] = mine.loaded.get(event.column, 0) + PAGE
        return
    card = mine.shown.get(event.card)
    if card is None:
        mine.tell("")
    elif isinstance(event, board.Opened):
        st.query_params[kind.parameter] = card.code
        st.rerun()
    else:
        _move(kind, mine, Wish(card.id, card.code, event.to, event.version), frm=event.frm, viewer=viewer)


def _move(kind: DealKind, mine: BoardState, wish: Wish, *, frm: str, viewer: Viewer) -> None:
    """Move the card; what the move needs is asked for, and every other no is told."""
    mine.refusal = None
    try:
        moved = kind.move(wish.deal_id, to=wish.to, version=wish.version, by=viewer)
    except Invalid as refusal:
        if needs.can_be_answered(refusal.fields):
            mine.wish = wish
            mine.tell(f"{wish.code}: more is needed to move it to {kind.lifecycle.label(wish.to)}.")
        else:
            _refused(mine, wish, refusal)
    except Refusal as refusal:
        _refused(mine, wish, refusal)
    else:
        mine.was_moved(kind, Done(wish.deal_id, moved.code, frm, wish.to, moved.version))


def _refused(mine: BoardState, wish: Wish, refusal: Refusal) -> None:
    mine.done = None
    mine.refusal = refusal if isinstance(refusal, Conflict) else None
    mine.tell(f"{wish.code} was put back. {refusal}")
    errors.flash(errors.sentence(refusal), icon=":material/block:")
