"""Open deals that go to another territory: with the agent who owns them, or because theirs is retired."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from core.audit import Actor
from core.db import unit_of_work
from core.people import carry_rows
from core.sales.status import LEAD, OPPORTUNITY
from core.sales.tables import Lead, Opportunity


def carry_open_deals(
    owner_id: int | None, territory_id: int, *, actor: Actor, out_of: Collection[int] = ()
) -> int:
    """Put the owner's open leads and opportunities into a territory; how many were elsewhere.

    Without an owner, those of everybody that lie in the territories `out_of`.
    """
    with unit_of_work() as session:
        done = 0
        for table, entity, is_open in (
            (Lead, "lead", Lead.status.in_(LEAD.flagged("open"))),
            (Opportunity, "opportunity", Opportunity.stage.in_(OPPORTUNITY.flagged("open"))),
        ):
            is_theirs = _whose(table.assigned_to, table.territory_id, owner_id, out_of)
            done += carry_rows(
                session, table, entity, is_theirs, is_open, territory_id=territory_id, actor=actor
            )
    return done


def _whose(
    owner: InstrumentedAttribute[Any],
    area: InstrumentedAttribute[Any],
    owner_id: int | None,
    out_of: Collection[int],
) -> ColumnElement[bool]:
    return owner == owner_id if owner_id is not None else area.in_(sorted(out_of))
