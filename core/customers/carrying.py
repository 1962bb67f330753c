"""Customers who go to another territory with their agent."""

from __future__ import annotations

from sqlalchemy import select, update

from core import audit
from core.audit import Actor
from core.customers.tables import Customer
from core.db import unit_of_work


def carry_customers(agent_id: int, territory_id: int, *, actor: Actor) -> int:
    """Put the agent's customers into a territory; how many were elsewhere."""
    with unit_of_work() as session:
        before = session.execute(
            select(Customer.id, Customer.territory_id)
            .where(Customer.agent_id == agent_id, Customer.territory_id.is_distinct_from(territory_id))
            .with_for_update()
        ).all()
        session.execute(
            update(Customer)
            .where(Customer.id.in_([row.id for row in before]))
            .values(territory_id=territory_id, version=Customer.version + 1)
        )
        audit.record_many(
            session,
            actor=actor,
            action="customer.carry",
            entity="customer",
            rows=[
                (row.id, {"changed": {"territory_id": [row.territory_id, territory_id]}}) for row in before
            ],
        )
        return len(before)
