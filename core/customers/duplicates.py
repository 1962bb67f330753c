"""What the last comparison of all customers found, to be reviewed, and what was decided about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from core.access import Permission, Viewer, action, in_scope, read
from core.access.tables import User
from core.customers import changing
from core.customers.comparing import newest_run
from core.customers.tables import Customer, DuplicatePair, NotDuplicate
from core.db import unit_of_work

MANY = 200


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two records of a pair, with what tells people apart."""

    id: int
    code: str
    name: str
    born_on: date
    phone: str
    email: str
    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two customers who are probably one person, with what speaks for it; bits of evidence."""

    id: int
    first: Side
    second: Side
    bits: float
    because: tuple[str, ...]


@read(Permission.CUSTOMERS_MERGE)
def duplicate_pairs(
    *, by: Viewer, after: int | None = None, limit: int = 25
) -> tuple[tuple[Pair, ...], int, int | None]:
    """Pairs of live customers in scope that nobody has decided on, the surest first.

    A page after the given pair, how many there are, and where to go on. They are those of the last
    comparison that finished.
    """
    size = max(1, min(limit, MANY))
    with unit_of_work() as session:
        run = newest_run(session, is_finished=True)
        if run is None:
            return (), 0, None
        wanted = _open_pairs(run.id, by)
        total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
        if after is not None:
            wanted = wanted.where(DuplicatePair.id > after)
        keys = session.scalars(wanted.order_by(DuplicatePair.id).limit(size + 1)).all()
        pairs = _pairs(session, keys[:size])
    return pairs, total, keys[size - 1] if len(keys) > size else None


def _open_pairs(run_id: int, by: Viewer) -> Select[Any]:
    one, other = aliased(Customer), aliased(Customer)
    decided = exists().where(
        NotDuplicate.first_id == DuplicatePair.first_id, NotDuplicate.second_id == DuplicatePair.second_id
    )
    return (
        select(DuplicatePair.id)
        .join(one, one.id == DuplicatePair.first_id)
        .join(other, other.id == DuplicatePair.second_id)
        .where(DuplicatePair.run_id == run_id, ~decided, _is_open(one, by), _is_open(other, by))
    )


def _is_open(side: Any, by: Viewer) -> ColumnElement[bool]:
    return and_(
        side.archived_at.is_(None),
        side.merged_into_id.is_(None),
        in_scope(by, side.agent_id, side.territory_id),
    )


def _pairs(session: Session, keys: Any) -> tuple[Pair, ...]:
    rows = session.scalars(
        select(DuplicatePair).where(DuplicatePair.id.in_(keys)).order_by(DuplicatePair.id)
    ).all()
    wanted = {key for row in rows for key in (row.first_id, row.second_id)}
    people = session.execute(
        select(Customer, func.coalesce(User.first_name + " " + User.last_name, ""))
        .outerjoin(User, User.id == Customer.agent_id)
        .where(Customer.id.in_(wanted))
    ).all()
    sides = {one.id: _side(one, agent) for one, agent in people}
    return tuple(
        Pair(row.id, sides[row.first_id], sides[row.second_id], row.bits, tuple(row.reasons))
        for row in rows
    )


def _side(one: Customer, agent: str) -> Side:
    return Side(
        id=one.id,
        code=one.customer_code,
        name=f"{one.first_name} {one.last_name}",
        born_on=one.date_of_birth,
        phone=one.phone_primary,
        email=one.email or "",
        address=f"{one.address_line1}, {one.city}, {one.state} {one.postal_code}",
        agent=agent,
    )


@action(Permission.CUSTOMERS_MERGE)
def not_duplicates(one_id: int, other_id: int, *, by: Viewer) -> None:
    """Decide that two customers in scope are two people, so that the finder leaves them alone."""
    first, second = sorted((one_id, other_id))
    with unit_of_work() as session:
        for key in (first, second):
            changing.in_sight(session, key, by=by)
        made = session.scalar(
            insert(NotDuplicate)
            .values(first_id=first, second_id=second, decided_by=by.user_id)
            .on_conflict_do_nothing()
            .returning(NotDuplicate.id)
        )
        if made is not None:
            for key, other in ((first, second), (second, first)):
                changing.told(
                    session, key, by=by, action="customer.not_duplicate", details={"other": other}
                )
