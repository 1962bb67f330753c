"""The board of a deal page. It runs by itself: a gesture redraws the board and nothing else."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import streamlit as st

from core import sales
from core.access import Permission, Viewer
from core.kit.errors import Conflict, Invalid, Refusal
from core.sales import BoardColumn
from pages._ui import board, errors, guard, nearness, terms, viewing
from pages._ui import format as fmt
from pages.sales._parts import applying, moving, narrowing, needs, state
from pages.sales._parts.kinds import DealKind
from pages.sales._parts.state import BoardState, Done, Wish

PAGE = 50
MOST_AT_ONCE = 200
UNDONE = "Undone right after the move."


@st.fragment
def draw(kind: DealKind, where: sales.DealFilter) -> None:
    """The board of the deals that match: its gestures, its figures, its cards."""
    viewer = guard.viewer(Permission.LEADS_VIEW)
    mine = state.of(kind)
    if mine.where != where:
        mine.where, mine.loaded = where, {}
    _handle(kind, mine, viewer)
    found = sales.board(kind.kind, where, limit=PAGE, by=viewer)
    if where != sales.DealFilter() and not any(column.count for column in found.columns):
        narrowing.nothing(kind, where)
        return
    columns = [_with_more(kind, column, where, mine, viewer) for column in found.columns]
    mine.shown = {str(card.id): card for _, cards, _ in columns for card in cards}
    _line(kind, found, mine, viewer)
    zone = viewing.zone()
    board.board(
        [
            _column(
                column,
                cards,
                left,
                now=found.as_of,
                zone=zone,
                may_move=viewer.can(Permission.LEADS_EDIT),
                since=f"last {fmt.days(where.closed_days)}",
                is_lost=column.status in kind.lifecycle.flagged("lost"),
            )
            for column, cards, left in columns
        ],
        key=_key(kind),
        version=mine.version,
        label=f"{kind.title} by status",
        height="clamp(24rem, calc(100vh - 16.5rem), 70rem)",
        say=mine.said,
    )
    errors.deliver()
    if mine.wish is not None:
        wish, mine.wish = mine.wish, None
        moving.ask(kind, wish)


def _key(kind: DealKind) -> str:
    return f"{kind.slug}.board"


def _handle(kind: DealKind, mine: BoardState, viewer: Viewer) -> None:
    """Do what the gesture of this run asks for, before the cards are read."""
    event = board.gesture(_key(kind), kind.lifecycle.values)
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
        state.was_moved(kind, Done(wish.deal_id, moved.code, frm, wish.to, moved.version))


def _refused(mine: BoardState, wish: Wish, refusal: Refusal) -> None:
    mine.done = None
    mine.refusal = refusal if isinstance(refusal, Conflict) else None
    mine.tell(f"{wish.code} was put back. {refusal}")
    errors.flash(errors.sentence(refusal), icon=":material/block:")


def _line(kind: DealKind, found: sales.Board, mine: BoardState, viewer: Viewer) -> None:
    """Above the board: its totals, and the last move with the way back."""
    if mine.refusal is not None:
        errors.show(mine.refusal)
    opened = set(kind.lifecycle.flagged("open"))
    columns = [column for column in found.columns if column.status in opened]
    count = sum(column.count for column in columns)
    value = sum((column.value_sum for column in columns), Decimal(0))
    weighted = sum((column.weighted_sum for column in columns), Decimal(0))
    # Of one height with and without the button, so that the board stays where it is.
    with st.container(
        horizontal=True,
        vertical_alignment="center",
        gap="xsmall",
        height=36,
        border=False,
        key=f"{kind.slug}.line",
    ):
        st.caption(
            f"**{fmt.number(count)}** open · **{fmt.plain(fmt.money_short(value))}** expected · "
            f"**{fmt.plain(fmt.money_short(weighted))}** weighted",
            width="content",
        )
        if mine.done is not None:
            st.space("stretch")
            _last(kind, mine, mine.done, viewer)


def _last(kind: DealKind, mine: BoardState, done: Done, viewer: Viewer) -> None:
    st.caption(
        f":green[:material/check_circle:] {fmt.plain(done.code)} moved to "
        f"**{fmt.plain(kind.lifecycle.label(done.to))}**",
        width="content",
    )
    applying.link(kind, done.to, done.code, viewer)
    if not any(move.to == done.frm for move in kind.lifecycle.moves(done.to, viewer.role_name)):
        return
    if st.button("Undo", key=f"{kind.slug}.undo", icon=":material/undo:", type="tertiary"):
        mine.done = None
        with errors.told("flash") as outcome:
            kind.move(done.deal_id, to=done.frm, version=done.version, by=viewer, reason=UNDONE)
        back = kind.lifecycle.label(done.frm)
        mine.tell(f"{done.code} is back in {back}." if outcome.ok else "")
        if outcome.ok:
            errors.flash(f"{fmt.plain(done.code)} is back in {fmt.plain(back)}", icon=":material/undo:")
        st.rerun()


_Filled = tuple[BoardColumn, tuple[sales.Card, ...], int]


def _with_more(
    kind: DealKind, column: BoardColumn, where: sales.DealFilter, mine: BoardState, viewer: Viewer
) -> _Filled:
    """A column with the cards that were asked for beyond its first page, and how many are left."""
    cards, after, wanted = [*column.cards], column.after, mine.loaded.get(column.status, 0)
    while wanted > 0 and after is not None:
        size = min(wanted, MOST_AT_ONCE)
        more, after = sales.column_cards(
            kind.kind, column.status, where, after=after, limit=size, by=viewer
        )
        cards += more
        wanted -= size
    return column, tuple(cards), max(column.count - len(cards), 0)


def _column(
    column: BoardColumn,
    cards: tuple[sales.Card, ...],
    left: int,
    *,
    now: datetime,
    zone: str,
    may_move: bool,
    is_lost: bool,
    since: str,
) -> board.Column:
    without = fmt.number(column.without_value)
    weighted = f"{fmt.money_short(column.weighted_sum)} weighted" if column.weighted_sum else ""
    return board.Column(
        key=column.status,
        title=column.label,
        count=fmt.number(column.count),
        total=fmt.money_short(column.value_sum) if column.count else "",
        # What is closed has no chance left to be weighted by; since when it counts says more.
        weighted=since if column.note else weighted,
        without_value=f"{without} without value" if column.without_value else "",
        tone=column.tone,
        cards=tuple(_card(card, now=now, zone=zone, may_move=may_move) for card in cards),
        left=left,
        asks=is_lost,
        empty="Nothing here",
    )


def _card(card: sales.Card, *, now: datetime, zone: str, may_move: bool) -> board.Card:
    return board.Card(
        id=str(card.id),
        version=card.version,
        code=card.code,
        title=card.title,
        product=card.product,
        premium=fmt.money_whole(card.value) if card.value is not None else "",
        priority=terms.label(card.priority),
        stage_days=_age(card.days_in_stage),
        rotting=card.is_rotting,
        due=nearness.soon(card.next_followup_at, now, zone),
        overdue=card.is_overdue,
        owner=card.owner,
        moves=card.moves if may_move else (),
    )


def _age(days: int) -> str:
    """Days in a stage, short enough for a card: "<1 d", "4 d"."""
    return f"{fmt.number(days)} d" if days else "<1 d"
