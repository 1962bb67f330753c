"""The line above the board: its totals, and the last move with the way back."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from core import sales
from core.access import Viewer
from pages._ui import errors
from pages._ui import format as fmt
from pages.sales._parts import applying
from pages.sales._parts.kinds import DealKind
from pages.sales._parts.state import BoardState, Done

UNDONE = "Undone right after the move."


def show(kind: DealKind, found: sales.Board, mine: BoardState, viewer: Viewer) -> None:
    """A conflict that was told, then the line itself."""
    if mine.refusal is not None:
        errors.show(mine.refusal)
    # Of one height with and without the button, so that the board stays where it is.
    with st.container(
        horizontal=True,
        vertical_alignment="center",
        gap="xsmall",
        height=36,
        border=False,
        key=f"{kind.slug}.line",
    ):
        _totals(kind, found)
        if mine.done is not None:
            st.space("stretch")
            _last(kind, mine, mine.done, viewer)


def _totals(kind: DealKind, found: sales.Board) -> None:
    opened = set(kind.lifecycle.flagged("open"))
    columns = [column for column in found.columns if column.status in opened]
    count = sum(column.count for column in columns)
    value = sum((column.value_sum for column in columns), Decimal(0))
    weighted = sum((column.weighted_sum for column in columns), Decimal(0))
    st.caption(
        f"**{fmt.number(count)}** open · **{fmt.plain(fmt.money_short(value))}** expected · "
        f"**{fmt.plain(fmt.money_short(weighted))}** weighted",
        width="content",
    )


def _last(kind: DealKind, mine: BoardState, done: Done, viewer: Viewer) -> None:
    st.caption(
        f":green[:material/check_circle:] {fmt.plain(done.code)} moved to "
        f"**{fmt.plain(kind.lifecycle.label(done.to))}**",
        width="content",
    )
    applying.link(kind, done.to, done.code, viewer)
    may_go_back = any(move.to == done.frm for move in kind.lifecycle.moves(done.to, viewer.role_name))
    if may_go_back and st.button("Undo", key=f"{kind.slug}.undo", icon=":material/undo:", type="tertiary"):
        _undo(kind, mine, done, viewer)
        st.rerun()


def _undo(kind: DealKind, mine: BoardState, done: Done, viewer: Viewer) -> None:
    mine.done = None
    with errors.told("flash") as outcome:
        kind.move(done.deal_id, to=done.frm, version=done.version, by=viewer, reason=UNDONE)
    back = kind.lifecycle.label(done.frm)
    mine.tell(f"{done.code} is back in {back}." if outcome.ok else "")
    if outcome.ok:
        errors.flash(f"{fmt.plain(done.code)} is back in {fmt.plain(back)}", icon=":material/undo:")
