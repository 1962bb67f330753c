"""Moves of agents and territories: what they carry along, and what they would change."""

from core.organisation.actions import (
    Book,
    Leftover,
    arrive_planned,
    book_of,
    keep_agent,
    leftovers_of,
    move_agent,
    retire_territory,
)
from core.organisation.preview import TerritoryMove, preview_territory_move

__all__ = [
    "Book",
    "Leftover",
    "TerritoryMove",
    "arrive_planned",
    "book_of",
    "keep_agent",
    "leftovers_of",
    "move_agent",
    "preview_territory_move",
    "retire_territory",
]
