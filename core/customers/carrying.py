"""Customers who go to another territory: with their agent, or because theirs is retired."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from core import audit
from core.audit import Actor
from core.customers.tables import Account, Customer
from core.db import unit_of_work


def carry_customers(
    agent_id: int | None, territory_id: int, *, actor: Actor, out_of: Collection[int] = ()
) -> int:
    """Put the agent's customers into a territory; how many were elsewhere.

    Without an agent, the customers and accounts of everybody that lie in the territories `out_of`.
    """
    with unit_of_work() as session:
        if agent_id is not None:
            return _carry(session, Customer, "customer", Customer.agent_id == agent_id, territory_id, actor)
        left = sorted(out_of)
        return sum(
            _carry(session, table, entity, table.territory_id.in_(left), territory_id, actor)
            for table, entity in ((Customer, "customer"), (Account, "account"))
        )


def _carry(
    session: Session,
    table: type[Customer | Account],
    entity: str,
    where: ColumnElement[bool],
    territory_id: int,
    actor: Actor,
) -> int:
    before = session.execute(
        select(table.id, table.territory_id)
        .where(where, table.territory_id.is_distinct_from(territory_id))
        .with_for_update()
    ).all()
    session.execute(
        update(table)
        .where(table.id.in_([row.id for row in before]))
        .values(territory_id=territory_id, version=table.version + 1)
    )
    changed = [(row.id, {"changed": {"territory_id": [row.territory_id, territory_id]}}) for row in before]
    audit.record_many(session, actor=actor, action=f"{entity}.carry", entity=entity, rows=changed)
    return len(before)
