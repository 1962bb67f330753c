"""The board of cards in columns, for leads by status and opportunities by stage alike.

The server sends text and what each card may do; the browser sends back one event per gesture.
Nothing that comes back is trusted: an event of another form is dropped, and the core checks who
may move the card, and whether somebody else was faster.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from core.kit.lifecycle import Tone
from pages._ui import format as fmt

_HERE = Path(__file__).parent
_HTML = """
<div class="board">
  <div class="columns" role="group"></div>
  <p class="refusal" role="alert"></p>
  <p class="hint" id="board-keys">
    <kbd>Space</kbd> picks a card up, <kbd>←</kbd> <kbd>→</kbd> choose the column,
    <kbd>Enter</kbd> drops or opens, <kbd>Esc</kbd> puts it back, <kbd>M</kbd> opens the move menu.
  </p>
  <div class="live unseen" aria-live="assertive" role="status"></div>
</div>
"""


@dataclass(frozen=True, slots=True)
class Card:
    """One card. All text is shown as it is; `moves` holds the keys of the columns it may go to.

    `version` is the record's own: it comes back with the move, so that the core can tell whether
    somebody else was faster.
    """

    id: str
    version: int
    code: str
    title: str
    product: str = ""
    premium: str = ""
    priority: str = ""
    stage_days: str = ""
    rotting: bool = False
    due: str = ""
    overdue: bool = False
    owner: str = ""
    moves: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its figures cover every match, its cards are those loaded so far.

    `left` counts the matches that are not loaded. A column that `asks` keeps the card where it
    was until the page has the answers that the move needs.
    """

    key: str
    title: str
    count: str
    total: str = ""
    weighted: str = ""
    without_value: str = ""
    tone: Tone = Tone.NEUTRAL
    cards: tuple[Card, ...] = ()
    left: int = 0
    asks: bool = False
    empty: str = "Nothing here"


@dataclass(frozen=True, slots=True)
class Moved:
    """A card was dropped on another column.

    `version` and `frm` are those of the card that the person was looking at.
    """

    card: str
    frm: str
    to: str
    version: int


@dataclass(frozen=True, slots=True)
class Opened:
    """A card was opened."""

    card: str


@dataclass(frozen=True, slots=True)
class More:
    """Further cards of a column were asked for."""

    column: str


Event = Moved | Opened | More


def board(
    columns: Sequence[Column],
    *,
    key: str,
    version: int,
    label: str = "Board",
    height: str = "clamp(26rem, calc(100vh - 17rem), 60rem)",
    say: str = "",
) -> Event | None:
    """Draw the board and return the one event of this run, if there was a gesture.

    Raise `version` after every move that was handled, allowed or not: the browser then shows
    what was sent instead of what it hoped for, and reads `say` aloud. `height` is a CSS length.
    """
    result = _component()(
        key=key,
        data=payload(columns, version=version, label=label, height=height, say=say),
        on_move_change=_nothing,
        on_open_change=_nothing,
        on_more_change=_nothing,
    )
    return event_of(result, columns)


def gesture(key: str, columns: Sequence[str]) -> Event | None:
    """The gesture that started this run, before the board is drawn.

    Who handles it here asks for the cards once, when they are already as they should be. `columns`
    are the keys of those that were shown.
    """
    return _event(st.session_state.get(key), columns)


def payload(
    columns: Sequence[Column], *, version: int, label: str, height: str, say: str = ""
) -> dict[str, object]:
    """What the browser is sent: plain text and keys, moves only to columns that are shown."""
    shown = {column.key for column in columns}
    return {
        "version": version,
        "label": label,
        "height": height,
        "say": say,
        "columns": [_column(column, shown) for column in columns],
    }


def event_of(result: object, columns: Sequence[Column]) -> Event | None:
    """The gesture in a component's answer, or None when it is none or names no shown column."""
    return _event(result, [column.key for column in columns])


def _event(result: object, keys: Sequence[str]) -> Event | None:
    # The keys stay a sequence: what came back need not be hashable.
    move = _fields(_trigger(result, "move"))
    card, version = move.get("card"), move.get("version")
    known = move.get("from") in keys and move.get("to") in keys
    if isinstance(card, str) and isinstance(version, int) and known:
        return Moved(card, str(move["from"]), str(move["to"]), version)
    opened = _fields(_trigger(result, "open")).get("card")
    if isinstance(opened, str):
        return Opened(opened)
    more = _fields(_trigger(result, "more")).get("column")
    return More(str(more)) if more in keys else None


def _trigger(result: object, name: str) -> object:
    return result.get(name) if isinstance(result, Mapping) else getattr(result, name, None)


def _fields(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _column(column: Column, shown: set[str]) -> dict[str, object]:
    left = f"Show more ({fmt.number(column.left)} left)" if column.left else ""
    return {
        "key": column.key,
        "title": column.title,
        "count": column.count,
        "total": column.total,
        "weighted": column.weighted,
        "without": column.without_value,
        "tone": column.tone.value,
        "asks": column.asks,
        "empty": column.empty,
        "left_text": left,
        "cards": [_card(card, shown) for card in column.cards],
    }


_CARD_FIELDS = tuple(field.name for field in fields(Card))


def _card(card: Card, shown: set[str]) -> dict[str, object]:
    moves = [key for key in card.moves if key in shown]
    plain = {name: getattr(card, name) for name in _CARD_FIELDS}  # asdict copies at five times the cost
    return {**plain, "moves": moves, "spoken": _spoken(card)}


def _spoken(card: Card) -> str:
    parts = [card.code, card.title, card.product, card.premium or "no value"]
    if card.priority:
        parts.append(f"priority {card.priority}")
    if card.due:
        parts.append(f"follow-up {'overdue, ' if card.overdue else ''}{card.due}")
    if card.stage_days:
        parts.append(f"{card.stage_days} in stage{', too long' if card.rotting else ''}")
    if card.owner:
        parts.append(f"owner {card.owner}")
    return ", ".join(part for part in parts if part)


def _nothing() -> None:
    """A trigger needs a callback so that its attribute always exists."""


@cache
def _component() -> Any:  # the renderer's type is private to Streamlit
    return st.components.v2.component(
        "policydesk_board",
        html=_HTML,
        css=(_HERE / "board.css").read_text(encoding="utf-8"),
        js=(_HERE / "board.js").read_text(encoding="utf-8"),
    )
