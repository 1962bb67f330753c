"""Moves of agents and territories: what they carry along, and what they would change."""

from core.organisation.actions import Book, arrive_planned, book_of, keep_agent, move_agent
from core.organisation.preview import TerritoryMove, preview_territory_move

__all__ = [
    "Book",
    "TerritoryMove",
    "arrive_planned",
    "book_of",
    "keep_agent",
    "move_agent",
    "preview_territory_move",
]
