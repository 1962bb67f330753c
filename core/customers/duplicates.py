"""The duplicate finder over the customers in scope, and the decisions that a pair is no duplicate."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.access import Permission, Viewer, action, read
from core.customers import changing, dedupe, store
from core.customers.tables import Customer, NotDuplicate
from core.db import unit_of_work

# More are not compared at once: the ones that changed last are.
MOST_COMPARED = 20_000


@dataclass(frozen=True, slots=True)
class Pair:
    """Two customers who are probably one person, with what speaks for it; bits of evidence."""

    first_id: int
    first_code: str
    first_name: str
    second_id: int
    second_code: str
    second_name: str
    bits: float
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What the finder found, the surest first, among how many, and whether those were all."""

    pairs: tuple[Pair, ...]
    compared: int
    is_complete: bool


@read(Permission.CUSTOMERS_MERGE)
def find_duplicates(*, by: Viewer, limit: int = 500) -> Finding:
    """Pairs of live customers in scope who are probably one person, without those decided on."""
    with unit_of_work() as session:
        people, names = _people(session, by)
        decided = _decided(session)
    found = [one for one in dedupe.matches(people) if (one.first, one.second) not in decided]
    pairs = tuple(
        Pair(
            one.first,
            *names[one.first],
            one.second,
            *names[one.second],
            bits=one.bits,
            because=one.reasons,
        )
        for one in found[:limit]
    )
    return Finding(pairs, len(people), len(people) < MOST_COMPARED)


def _people(session: Session, by: Viewer) -> tuple[list[dedupe.Person], dict[int, tuple[str, str]]]:
    rows = session.execute(
        select(
            Customer.id,
            Customer.customer_code,
            Customer.first_name,
            Customer.last_name,
            func.plain_text(Customer.first_name).label("first"),
            func.plain_text(Customer.last_name).label("last"),
            Customer.date_of_birth,
            func.coalesce(Customer.email_lower, "").label("email"),
            func.coalesce(Customer.phone_digits, "").label("phone"),
            func.plain_text(Customer.address_line1).label("street"),
            func.plain_text(Customer.city).label("city"),
            Customer.postal_code,
        )
        .where(store.LIVE, store.visible(by))
        .order_by(Customer.updated_at.desc())
        .limit(MOST_COMPARED)
    ).all()
    people = [
        dedupe.Person(
            row.id, row.first, row.last, row.date_of_birth, row.email, row.phone, row.street, row.city,
            row.postal_code,
        )
        for row in rows
    ]  # fmt: skip
    names = {row.id: (row.customer_code, f"{row.first_name} {row.last_name}") for row in rows}
    return people, names


def _decided(session: Session) -> set[tuple[int, int]]:
    return {
        (row.first_id, row.second_id)
        for row in session.execute(select(NotDuplicate.first_id, NotDuplicate.second_id))
    }


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
