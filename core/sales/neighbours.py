"""The few columns of other contexts that sales shows beside its own rows: read here, written there."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, String, cast, column, func, or_, select, table
from sqlalchemy.orm import Session

import core.access.tables
import core.catalog.tables
import core.customers.tables
import core.people.tables  # noqa: F401  # foreign keys of leads point at all of these
from core.access import Viewer, in_scope
from core.sales.records import Named, OwnerChoice

users = table(
    "users",
    column("id"),
    column("first_name"),
    column("last_name"),
    column("role"),
    column("is_active"),
)
agents = table("agents", column("user_id"), column("territory_id"), column("status"), column("archived_at"))
territories = table(
    "territories",
    column("id"),
    column("name"),
    column("manager_id"),
    column("is_active"),
)
products = table("products", column("id"), column("name"), column("is_active"))
accounts = table("accounts", column("id"), column("name"))
customers = table(
    "customers", column("id"), column("customer_code"), column("first_name"), column("last_name")
)

user_name: ColumnElement[str] = users.c.first_name + " " + users.c.last_name
OWNING_ROLES = ("agent", "senior_agent", "manager")
GONE = ("terminated", "resigned")


def owner_choices(session: Session, *, by: Viewer) -> tuple[OwnerChoice, ...]:
    """Active sellers and managers in the viewer's scope, by name."""
    found = session.execute(_owners(by).order_by(user_name, users.c.id))
    return tuple(OwnerChoice(*row) for row in found)


def owner_choice(session: Session, user_id: int, *, by: Viewer) -> OwnerChoice | None:
    """One of `owner_choices`; None for anybody else."""
    row = session.execute(_owners(by).where(users.c.id == user_id)).one_or_none()
    return OwnerChoice(*row) if row else None


def _owners(by: Viewer) -> Select[int, str, int | None, str]:
    # A manager without a profile stands in the first territory that they manage.
    led = territories.alias("led")
    first_led = select(func.min(led.c.id)).where(led.c.manager_id == users.c.id).correlate(users)
    area = func.coalesce(agents.c.territory_id, first_led.scalar_subquery())
    return (
        select(users.c.id, user_name, area, func.coalesce(territories.c.name, ""))
        .select_from(users)
        .outerjoin(agents, agents.c.user_id == users.c.id)
        .outerjoin(territories, territories.c.id == area)
        .where(
            users.c.is_active,
            cast(users.c.role, String).in_(OWNING_ROLES),
            agents.c.archived_at.is_(None),
            or_(agents.c.status.is_(None), cast(agents.c.status, String).not_in(GONE)),
            in_scope(by, users.c.id, agents.c.territory_id),
        )
    )


def visible_territories(session: Session, *, by: Viewer) -> tuple[Named, ...]:
    """Active territories: the viewer's area, or all for those who see every row; by name."""
    statement = select(territories.c.id, territories.c.name).where(territories.c.is_active)
    if not by.sees_all:
        statement = statement.where(territories.c.id.in_(sorted(by.territory_ids)))
    return tuple(Named(*row) for row in session.execute(statement.order_by(territories.c.name)))


def is_sold(session: Session, product_id: int) -> bool:
    """Whether the product exists and is active."""
    found = session.scalar(select(products.c.is_active).where(products.c.id == product_id))
    return bool(found)
