"""What a board remembers between two runs: what was shown, asked for, done and refused."""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st

from core import sales
from core.kit.errors import Refusal
from pages.sales._parts.kinds import DealKind


@dataclass(frozen=True, slots=True)
class Wish:
    """A move that was asked for, on the version of the record that the person was looking at."""

    deal_id: int
    code: str
    to: str
    version: int


@dataclass(frozen=True, slots=True)
class Done:
    """A move that was made, and the version that it left behind."""

    deal_id: int
    code: str
    frm: str
    to: str
    version: int


@dataclass(slots=True)
class BoardState:
    """One person's board: `version` rises with everything that the browser has to draw anew.

    Take it before a move: after it the run may stop at the next access to the session state, and the
    browser would wait for an answer, with the card's old version, for good.

    `loaded` counts the cards by column beyond the first page, `shown` holds the cards that the
    browser has, `wish` waits for answers, `done` can be undone, `refusal` is told above the board.
    `is_drawing` outlives a run that was cut short.
    """

    version: int = 0
    where: sales.DealFilter = field(default_factory=sales.DealFilter)
    loaded: dict[str, int] = field(default_factory=dict)
    shown: dict[str, sales.Card] = field(default_factory=dict)
    wish: Wish | None = None
    done: Done | None = None
    refusal: Refusal | None = None
    said: str = ""
    is_drawing: bool = False

    def tell(self, said: str) -> None:
        """Have the browser draw anew, and read a sentence aloud."""
        self.version += 1
        self.said = said

    def was_moved(self, kind: DealKind, done: Done) -> None:
        """Keep a move for undoing it, and have it told."""
        self.done, self.refusal = done, None
        self.tell(f"{done.code} moved to {kind.lifecycle.label(done.to)}.")


def of(kind: DealKind) -> BoardState:
    """The state of a kind's board in this session."""
    state: BoardState = st.session_state.setdefault(f"{kind.slug}.state", BoardState())
    return state
