"""Counts over the tables of other contexts, read here and written there."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from core import sales

_COUNTS = """
select
    (select count(*) from leads where {leads} and status::text = any(:open_leads)),
    (select count(*) from opportunities where {deals} and stage::text = any(:open_stages)),
    (select count(*) from customers where {customers})
"""
_OF_AGENT = text(
    _COUNTS.format(leads="assigned_to = :id", deals="assigned_to = :id", customers="agent_id = :id")
)
_OF_TERRITORIES = text(
    _COUNTS.format(
        leads="territory_id = any(:ids)",
        deals="territory_id = any(:ids)",
        customers="territory_id = any(:ids)",
    )
)

NAMED = 3
# What is left in retired territories has to go to one that is in use.
_LEFT = tuple(
    (noun, text(f"select count(*), (array_agg({code} order by id))[1:{NAMED}] from {table} where {where}"))  # noqa: S608 # ours
    for noun, table, code, where in (
        (
            "open lead",
            "leads",
            "lead_code",
            "territory_id = any(:ids) and status::text = any(:open_leads)",
        ),
        (
            "open opportunity",
            "opportunities",
            "opportunity_code",
            "territory_id = any(:ids) and stage::text = any(:open_stages)",
        ),
        ("customer", "customers", "customer_code", "territory_id = any(:ids)"),
        ("account", "accounts", "account_code", "territory_id = any(:ids)"),
    )
)


def leftovers(db: Session, territory_ids: Collection[int]) -> list[tuple[str, int, tuple[str, ...]]]:
    """(noun, count, first codes) of what lies in some territories, by kind, where there is any."""
    found = []
    for noun, statement in _LEFT:
        count, codes = db.execute(statement, {"ids": sorted(territory_ids), **_open()}).one()
        if count:
            found.append((noun, count, tuple(codes)))
    return found


def counts_of_agent(db: Session, user_id: int) -> tuple[int, int, int]:
    """Open leads, open opportunities and customers of an agent."""
    row = db.execute(_OF_AGENT, {"id": user_id, **_open()}).one()
    return (row[0], row[1], row[2])


def counts_of_territories(db: Session, territory_ids: Collection[int]) -> tuple[int, int, int]:
    """Open leads, open opportunities and customers in some territories."""
    row = db.execute(_OF_TERRITORIES, {"ids": sorted(territory_ids), **_open()}).one()
    return (row[0], row[1], row[2])


def _open() -> dict[str, Any]:
    return {
        "open_leads": list(sales.LEAD.flagged("open")),
        "open_stages": list(sales.OPPORTUNITY.flagged("open")),
    }
