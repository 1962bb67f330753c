"""Changes a customer's own row, and hands customers to another agent."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import cast

from sqlalchemy import select

from core import audit
from core.access import Permission, Viewer, action, is_in_scope, require
from core.customers import changing, reviews, rules, store
from core.customers.actions import SELLER, check_account, is_unexplained, likely, matches
from core.customers.errors import CustomerExists
from core.customers.records import CustomerMatch, CustomerRef, LikelyCustomer
from core.customers.tables import Customer
from core.db import unit_of_work
from core.kit.dates import business_date, utc_now
from core.kit.errors import Invalid, NotFound
from core.kit.fields import Field, plain_text
from core.kit.settings import settings

MOST_AT_ONCE = 1_000
_PERSON = frozenset({"first_name", "last_name", "date_of_birth"})
_COMPARED = (*sorted(_PERSON), "email", "phone_primary")
# What two records may have alike, by the fields that it is read from.
_SHARED = {
    rules.SAME_PHONE: frozenset({"phone_primary"}),
    rules.SAME_EMAIL: frozenset({"email"}),
    rules.SAME_PERSON: _PERSON,
    rules.SIMILAR_PERSON: _PERSON,
}


@action(Permission.CUSTOMERS_EDIT)
def edit_customer(
    customer_id: int,
    changes: Mapping[str, object],
    *,
    version: int,
    by: Viewer,
    duplicates_reason: str = "",
    shown: Collection[LikelyCustomer] | None = None,
    now: datetime | None = None,
) -> CustomerRef:
    """Write the fields that differ. Raises Invalid by field, and Conflict field by field (R3).

    Raises CustomerExists when what changes is somebody else's phone, e-mail, or name and birth date,
    unless a reason is given, which is logged; it is about those that were `shown`, or else about all.

    Whether somebody is a politically exposed person is set by who may verify identities; the next
    review follows what changed (core.customers.reviews).
    """
    fields = edit_fields(now or utc_now())
    unknown = changes.keys() - {field.name for field in fields}
    if unknown:
        raise Invalid(dict.fromkeys(sorted(unknown), "This can't be changed here."))
    why = plain_text(duplicates_reason, lines=True)
    with unit_of_work() as session:
        row = changing.locked(session, customer_id, by=by)
        changing.check_version(session, row, version, fields)
        # Another country asks for another form of the code that is there, and for another state.
        there = {"state": row.state, "postal_code": row.postal_code}
        asked = {**there, **changes} if "country" in changes else changes
        cleaned = rules.clean_customer(fields, asked, country=row.country)
        changed = changing.differences(fields, row, cleaned)
        if "is_pep" in changed:
            require(by, Permission.KYC_VERIFY, what="customers.edit_customer")
        if "account_id" in changed:
            check_account(session, cleaned["account_id"], by=by)
        despite = _others_with(row, cleaned, changed.keys(), by)
        told = likely(session, despite, by) if despite else ()
        if is_unexplained(told, why, shown):
            raise CustomerExists(told, is_new=False)
        if changed:
            from_version, before = row.version, reviews.kept(row)
            for name in changed:
                setattr(row, name, cleaned[name])
            changed |= reviews.renew(session, row, before, reviews.kept(row))
            details: dict[str, object] = {"changed": changed, "from_version": from_version}
            if despite:
                details |= {"despite": [one.code for one in despite], "reason": why}
            changing.told(session, row.id, by=by, action="customer.edit", details=details)
            session.flush()
        return CustomerRef(row.id, row.customer_code)


def _others_with(
    row: Customer, cleaned: Mapping[str, object], changed: Collection[str], by: Viewer
) -> list[CustomerMatch]:
    """Other customers who have what the record is changed to."""
    asked = {reason for reason, fields in _SHARED.items() if not fields.isdisjoint(changed)}
    if not asked:
        return []
    after = {name: cleaned.get(name, getattr(row, name)) for name in _COMPARED}
    found = matches(
        first_name=str(after["first_name"]),
        last_name=str(after["last_name"]),
        email=str(after["email"] or ""),
        phone=str(after["phone_primary"]),
        date_of_birth=cast(date, after["date_of_birth"]),
        seen_by=by,
    )
    told = [replace(one, because=tuple(why for why in one.because if why in asked)) for one in found]
    return [one for one in told if one.because and one.id != row.id]


def edit_fields(now: datetime) -> tuple[Field, ...]:
    """The inputs of a customer that can be changed after the first time."""
    return rules.editable_fields(business_date(now, settings().time_zone))


@action(Permission.CUSTOMERS_ASSIGN)
def assign_customers(customer_ids: Sequence[int], *, to: int, by: Viewer) -> int:
    """Hand customers in scope to an agent in scope, who gets their territory too; how many changed.

    Policies, leads and claims stay with those who hold them. Raises NotFound for a customer outside
    the scope, and Invalid for somebody who does not sell.
    """
    wanted = sorted(set(customer_ids))
    if len(wanted) > MOST_AT_ONCE:
        raise Invalid({"customer_ids": f"At most {MOST_AT_ONCE} at once."})
    with unit_of_work() as session:
        rows = session.scalars(
            select(Customer)
            .where(Customer.id.in_(wanted), store.LIVE, store.visible(by))
            .order_by(Customer.id)
            .with_for_update()
        ).all()
        missing = set(wanted) - {row.id for row in rows}
        if missing:
            raise NotFound("customer", min(missing))
        found = session.execute(SELLER, {"user": to}).one_or_none()
        if found is None or not is_in_scope(by, to, found.territory_id):
            raise Invalid({"to": "Choose an agent of yours."})
        changed = [row for row in rows if row.agent_id != to]
        audit.record_many(
            session,
            actor=by,
            action="customer.assign",
            entity=changing.ENTITY,
            rows=[
                (row.id, {"changed": {"agent_id": [row.agent_id, to]}, "from_version": row.version})
                for row in changed
            ],
        )
        for row in changed:
            row.agent_id, row.territory_id = to, found.territory_id
        return len(changed)
