"""Enters customers, and finds them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from core import audit
from core.access import Permission, Viewer, action, is_in_scope, read
from core.access.tables import User
from core.customers import near, rules, store
from core.customers.details import choice_of
from core.customers.errors import CustomerExists
from core.customers.records import (
    CustomerChoice,
    CustomerMatch,
    CustomerRef,
    LikelyCustomer,
    NewCustomer,
)
from core.customers.tables import Customer
from core.db import once, unit_of_work
from core.kit.dates import business_date, utc_now
from core.kit.errors import Invalid, NotFound
from core.kit.fields import Field, phone_digits, plain_text
from core.kit.ids import RequestId
from core.kit.settings import settings

MANY = 50


@read(Permission.CUSTOMERS_VIEW)
def find(text: str, *, by: Viewer, limit: int = 20) -> tuple[CustomerChoice, ...]:
    """Customers in scope by code, name, or any e-mail or phone; at most `limit`, up to 50.

    Viewers without personal data find by code alone.
    """
    words = plain_text(text)[:100].split()
    if not words:
        return ()
    digits = "".join(character for character in text if character.isascii() and character.isdigit())
    with unit_of_work() as session:
        found = store.find(session, words, digits[-10:], limit=min(limit, MANY), by=by)
    if not by.can(Permission.PII_VIEW):
        code = " ".join(words).upper()
        found = [row for row in found if row.customer_code.upper() == code]
    return tuple(choice_of(row, by) for row in found)


@read(Permission.CUSTOMERS_VIEW)
def choice(customer_id: int, *, by: Viewer) -> CustomerChoice:
    """One customer in scope; NotFound outside it, and for archived and merged ones."""
    with unit_of_work() as session:
        row = store.one(session, customer_id, by=by)
    if row is None:
        raise NotFound("customer", customer_id)
    return choice_of(row, by)


def matches(
    *,
    first_name: str,
    last_name: str,
    email: str,
    phone: str,
    date_of_birth: date | None,
    city: str = "",
    postal_code: str = "",
    street: str = "",
    seen_by: Viewer | None = None,
) -> tuple[CustomerMatch, ...]:
    """Customers with the same phone in any notation, e-mail in any case, or like name and birth date.

    At most 20, those that `seen_by` may open first. After them at most 5 with a like name and a near birth
    date, or of the same place. Not limited to a book: the caller shows of a foreign one only whose it is
    (quality.md D7).
    """
    with unit_of_work() as session:
        found = store.alike(
            session,
            name=plain_text(f"{first_name} {last_name}"),
            email=plain_text(email),
            digits=phone_digits(phone),
            born_on=date_of_birth,
            seen_by=seen_by,
        )
        typed = near.Typed(
            plain_text(first_name),
            plain_text(last_name),
            date_of_birth,
            plain_text(city),
            plain_text(postal_code),
            plain_text(street),
        )
        nearly = near.near(session, typed)
    labels = (rules.SAME_PHONE, rules.SAME_EMAIL, rules.SAME_PERSON, rules.SIMILAR_PERSON)
    sure = [
        _match(row, tuple(label for holds, label in zip(same, labels, strict=True) if holds))
        for row, *same in found
    ]
    known = {one.id for one in sure}
    return (*sure, *(_match(row, because) for row, because in nearly if row.id not in known))


def _match(row: Customer, because: tuple[str, ...]) -> CustomerMatch:
    name = f"{row.first_name} {row.last_name}"
    return CustomerMatch(row.id, row.customer_code, name, row.agent_id, row.territory_id, because)


@action(Permission.CUSTOMERS_EDIT)
def create_customer(
    new: NewCustomer,
    *,
    request_id: RequestId,
    by: Viewer,
    duplicates_reason: str = "",
    shown: Collection[LikelyCustomer] | None = None,
    now: datetime | None = None,
) -> CustomerRef:
    """Enter a person once per request id.

    Raises Invalid with every wrong field, and CustomerExists unless a reason for a likely
    duplicate is given, which is logged. The reason is about those that were `shown`, or else about all.
    """
    at = now or utc_now()
    fields = rules.customer_fields(business_date(at, settings().time_zone))
    why = plain_text(duplicates_reason, lines=True)
    with unit_of_work() as session:

        def make() -> int:
            cleaned = rules.clean_customer(fields, asdict(new))
            check_account(session, cleaned["account_id"], by=by)
            owner = owner_of(session, cleaned, by)
            found = _alike(new, by)
            told = likely(session, found, by) if found else ()
            if is_unexplained(told, why, shown):
                raise CustomerExists(told)
            row = Customer(**cleaned, **owner, created_at=at)
            session.add(row)
            session.flush()
            details: dict[str, object] = {"changed": shown_values(fields, cleaned)}
            if found:
                details |= {"despite": [m.code for m in found], "reason": why}
            audit.record(
                session,
                actor=by,
                action="customer.create",
                entity="customer",
                entity_id=row.id,
                details=details,
            )
            return row.id

        made = once(
            session,
            request_id,
            action="customers.create_customer",
            content={**asdict(new), "duplicates_reason": duplicates_reason},
            actor_id=by.user_id,
            make=make,
        )
        row = session.get_one(Customer, made)
        return CustomerRef(row.id, row.customer_code)


def _alike(new: NewCustomer, by: Viewer) -> tuple[CustomerMatch, ...]:
    return matches(
        first_name=new.first_name,
        last_name=new.last_name,
        email=new.email,
        phone=new.phone_primary,
        date_of_birth=new.date_of_birth,
        city=new.city,
        postal_code=new.postal_code,
        street=new.address_line1,
        seen_by=by,
    )


def likely(session: Session, found: Sequence[CustomerMatch], by: Viewer) -> tuple[LikelyCustomer, ...]:
    """The matches as the viewer may see them, their own first."""
    owners = {match.agent_id for match in found if match.agent_id is not None}
    names = {
        user.id: f"{user.first_name} {user.last_name}"
        for user in session.scalars(select(User).where(User.id.in_(owners)))
    }
    shown = [(is_in_scope(by, match.agent_id, match.territory_id), match) for match in found]
    return tuple(
        LikelyCustomer(
            code=match.code if sees else "",
            name=match.name if sees else "",
            owner=names.get(match.agent_id or 0, "nobody yet"),
            because=match.because,
            is_visible=sees,
        )
        for sees, match in sorted(shown, key=lambda one: not one[0])
    )


def is_unexplained(
    told: Sequence[LikelyCustomer], why: str, shown: Collection[LikelyCustomer] | None
) -> bool:
    """Whether there is a likely duplicate that no reason was given for."""
    return bool(told) and (not why or (shown is not None and not set(told) <= set(shown)))


SELLER = sql("""
select coalesce(
    a.territory_id,
    (select min(t.id) from territories t where t.manager_id = u.id)
) as territory_id
from users u left join agents a on a.user_id = u.id
where u.id = :user and u.is_active and u.role in ('agent', 'senior_agent', 'manager')
""")


def owner_of(session: Session, cleaned: dict[str, Any], by: Viewer) -> dict[str, object]:
    """Takes the agent out of the input, and gives agent and territory of the new row."""
    agent_id = cleaned.pop("agent_id")
    if agent_id is None and by.sees_all:
        return {"agent_id": None, "territory_id": None}
    chosen = by.user_id if agent_id is None else agent_id
    found = session.execute(SELLER, {"user": chosen}).one_or_none()
    if found is None or not is_in_scope(by, chosen, found.territory_id):
        raise Invalid({"agent_id": "Choose an agent of yours."})
    return {"agent_id": chosen, "territory_id": found.territory_id}


def check_account(session: Session, account_id: object, *, by: Viewer) -> None:
    """Raises Invalid for an account that the viewer can't open."""
    if account_id is None:
        return
    if not isinstance(account_id, int) or store.one_account(session, account_id, by=by) is None:
        raise Invalid({"account_id": "Choose an account that you can open."})


def shown_values(fields: Sequence[Field], cleaned: dict[str, Any]) -> dict[str, object]:
    """Which fields were filled in; values only of those that are not personal."""
    personal = {field.name for field in fields if field.personal}
    return {
        name: None if name in personal else [None, str(value)]
        for name, value in cleaned.items()
        if value is not None
    }
