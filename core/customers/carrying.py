"""Customers who go to another territory: with their agent, or because theirs is retired."""

from __future__ import annotations

from collections.abc import Collection

from core.audit import Actor
from core.customers.tables import Account, Customer
from core.db import unit_of_work
from core.people import carry_rows


def carry_customers(
    agent_id: int | None, territory_id: int, *, actor: Actor, out_of: Collection[int] = ()
) -> int:
    """Put the agent's customers into a territory; how many were elsewhere.

    Without an agent, the customers and accounts of everybody that lie in the territories `out_of`.
    """
    with unit_of_work() as session:
        if agent_id is not None:
            is_theirs = Customer.agent_id == agent_id
            return carry_rows(
                session, Customer, "customer", is_theirs, territory_id=territory_id, actor=actor
            )
        left = sorted(out_of)
        return sum(
            carry_rows(
                session, table, entity, table.territory_id.in_(left), territory_id=territory_id, actor=actor
            )
            for table, entity in ((Customer, "customer"), (Account, "account"))
        )
