"""The columns of a board and their cards: read as far as was asked for, and as the browser takes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core import sales
from core.access import Permission, Viewer
from core.sales import BoardColumn
from pages._ui import board, nearness, terms, viewing
from pages._ui import format as fmt
from pages.sales._parts.kinds import DealKind
from pages.sales._parts.state import BoardState

PAGE = 50
MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Filled:
    """A column with the cards that were asked for, and how many are left."""

    column: BoardColumn
    cards: tuple[sales.Card, ...]
    left: int


def fill(
    kind: DealKind, column: BoardColumn, where: sales.DealFilter, mine: BoardState, viewer: Viewer
) -> Filled:
    """Read the cards that were asked for beyond a column's first page."""
    cards, after, wanted = [*column.cards], column.after, mine.loaded.get(column.status, 0)
    while wanted > 0 and after is not None:
        size = min(wanted, MOST_AT_ONCE)
        more, after = sales.column_cards(
            kind.kind, column.status, where, after=after, limit=size, by=viewer
        )
        cards += more
        wanted -= size
    return Filled(column, tuple(cards), max(column.count - len(cards), 0))


def drawn(
    kind: DealKind, filled: Filled, where: sales.DealFilter, *, now: datetime, viewer: Viewer
) -> board.Column:
    """A column as the browser takes it: its figures and its cards in words."""
    column, zone = filled.column, viewing.zone()
    may_move = viewer.can(Permission.LEADS_EDIT)
    since = f"last {fmt.days(where.closed_days)}"
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
        cards=tuple(_card(card, now=now, zone=zone, may_move=may_move) for card in filled.cards),
        left=filled.left,
        asks=column.status in kind.lifecycle.flagged("lost"),
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
