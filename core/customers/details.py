"""Reads one customer and what belongs to them, in scope and masked by role."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select
from sqlalchemy.orm import Session

from core.access import Permission, Viewer, ViewerKind, bound, is_in_scope, kind_of, read
from core.access.tables import User
from core.customers import changing, parts, store
from core.customers.detail_records import (
    ConsentRow,
    ContactRow,
    CustomerDetail,
    NoteRow,
    RelationRow,
)
from core.customers.records import CustomerChoice
from core.customers.status import KYC
from core.customers.tables import (
    Account,
    Consent,
    Contact,
    ContactKind,
    Customer,
    CustomerNote,
    RelationKind,
)
from core.db import unit_of_work
from core.kit.dates import age_last_birthday, business_date, utc_now
from core.kit.errors import NotFound
from core.kit.fields import plain_text
from core.kit.masking import initial, masked_email, masked_phone
from core.kit.settings import settings
from core.people.tables import Territory

MOST = 200


@read(Permission.CUSTOMERS_VIEW)
def customer(key: int | str, *, by: Viewer, now: datetime | None = None) -> CustomerDetail:
    """One customer by id or code, also archived ones; a merged one's code gives who was kept."""
    today = business_date(now or utc_now(), settings().time_zone)
    with unit_of_work() as session:
        return _detail(_kept(session, key, by=by), by, today)


def _kept(session: Session, key: int | str, *, by: Viewer) -> Row[Any]:
    """The row with the names of what it points at, in one statement."""
    by_id = isinstance(key, int)
    asked = key if isinstance(key, int) else plain_text(key).upper()
    statement = _statement(kind_of(by), by_id=by_id)
    found = session.execute(statement, {**bound(by), "key": asked}).one_or_none()
    if found is None:
        raise NotFound("customer", key)
    return found


# Built once a kind of viewer, because building it costs more than running it.
@lru_cache(maxsize=50)
def _statement(by: ViewerKind, *, by_id: bool) -> Select[Any]:
    asked = Customer.__table__.alias("asked")
    former = Customer.__table__.alias("former")
    same = (asked.c.id if by_id else asked.c.customer_code) == bindparam("key")
    return (
        select(
            Customer,
            (User.first_name + " " + User.last_name).label("agent"),
            Territory.name.label("territory"),
            Account.name.label("account"),
            func.array(
                select(former.c.customer_code)
                .where(former.c.merged_into_id == Customer.id)
                .order_by(former.c.id)
                .scalar_subquery()
            ).label("former"),
        )
        .join(asked, Customer.id == func.coalesce(asked.c.merged_into_id, asked.c.id))
        .outerjoin(User, User.id == Customer.agent_id)
        .outerjoin(Territory, Territory.id == Customer.territory_id)
        .outerjoin(Account, Account.id == Customer.account_id)
        .where(same, store.visible(by))
    )


def _detail(found: Row[Any], by: Viewer, today: date) -> CustomerDetail:
    row: Customer = found[0]
    may = by.can(Permission.PII_VIEW)
    status = KYC[row.kyc_status.value]

    def shown(value: str | None) -> str:
        return (value or "") if may else ""

    return CustomerDetail(
        id=row.id,
        code=row.customer_code,
        version=row.version,
        first_name=row.first_name if may else initial(row.first_name),
        last_name=row.last_name if may else initial(row.last_name),
        date_of_birth=row.date_of_birth if may else None,
        birth_year=row.date_of_birth.year,
        age=age_last_birthday(row.date_of_birth, today),
        gender=row.gender.value if may else "",
        email=(row.email or "") if may else masked_email(row.email),
        phone_primary=row.phone_primary if may else masked_phone(row.phone_primary),
        phone_secondary=(row.phone_secondary or "") if may else masked_phone(row.phone_secondary),
        address_line1=shown(row.address_line1),
        address_line2=shown(row.address_line2),
        city=shown(row.city),
        state=row.state,
        postal_code=shown(row.postal_code),
        country=row.country,
        occupation=shown(row.occupation),
        income_range=shown(row.income_range.value if row.income_range else ""),
        marital_status=shown(row.marital_status.value if row.marital_status else ""),
        has_children=row.has_children if may else False,
        source=row.source or "",
        notes=shown(row.notes),
        is_pep=row.is_pep,
        account_id=row.account_id,
        account=found.account or "",
        agent_id=row.agent_id,
        agent=found.agent or "",
        territory=found.territory or "",
        kyc_status=status.value,
        kyc_label=status.label,
        kyc_tone=status.tone,
        kyc_since=row.status_changed_at,
        kyc_review_on=row.kyc_review_on,
        risk_score=row.risk_score,
        risk_band=row.risk_band.value if row.risk_band else "",
        risk_reasons=tuple(
            (str(one["score"]), str(one["label"]), one["points"]) for one in row.risk_reasons or ()
        ),
        created_at=row.created_at,
        archived_at=row.archived_at,
        former_codes=tuple(found.former),
        is_masked=not may,
    )


@read(Permission.CUSTOMERS_VIEW)
def contacts(customer_id: int, *, by: Viewer) -> tuple[ContactRow, ...]:
    """The further contacts of a customer, the preferred one first."""
    may = by.can(Permission.PII_VIEW)
    with unit_of_work() as session:
        changing.in_sight(session, customer_id, by=by)
        rows = session.scalars(
            select(Contact)
            .where(Contact.customer_id == customer_id)
            .order_by(Contact.is_preferred.desc(), Contact.is_valid.desc(), Contact.id)
            .limit(MOST)
        ).all()
    return tuple(
        ContactRow(
            one.id,
            one.contact_type.value,
            one.contact_value if may else _masked_contact(one),
            one.is_preferred,
            one.is_valid,
        )
        for one in rows
    )


def _masked_contact(one: Contact) -> str:
    if one.contact_type is ContactKind.EMAIL:
        return masked_email(one.contact_value)
    if one.contact_type in {ContactKind.PHONE, ContactKind.MOBILE}:
        return masked_phone(one.contact_value)
    return "***"


@read(Permission.CUSTOMERS_VIEW)
def relations(customer_id: int, *, by: Viewer) -> tuple[RelationRow, ...]:
    """Who belongs to a customer, seen from their side."""
    with unit_of_work() as session:
        changing.in_sight(session, customer_id, by=by)
        found = parts.relations_of(session, customer_id)[:MOST]
        others = {
            one.related_customer_id if one.customer_id == customer_id else one.customer_id for one in found
        }
        people = {
            row.id: row for row in session.scalars(select(Customer).where(Customer.id.in_(others))).all()
        }
    rows = []
    for one in found:
        is_forward = one.customer_id == customer_id
        other = people[one.related_customer_id if is_forward else one.customer_id]
        kind: RelationKind = one.kind if is_forward else parts.inverse(one.kind)
        sees = is_in_scope(by, other.agent_id, other.territory_id)
        rows.append(
            RelationRow(
                one.id,
                kind.value,
                other.customer_code if sees else "",
                choice_of(other, by).name if sees else "",
                sees,
            )
        )
    return tuple(rows)


@read(Permission.CUSTOMERS_VIEW)
def notes(customer_id: int, *, by: Viewer, limit: int = 100) -> tuple[NoteRow, ...]:
    """The newest notes about a customer; none for viewers without personal data."""
    with unit_of_work() as session:
        changing.in_sight(session, customer_id, by=by)
        if not by.can(Permission.PII_VIEW):
            return ()
        rows = session.execute(
            select(CustomerNote, User.first_name + " " + User.last_name)
            .outerjoin(User, User.id == CustomerNote.created_by)
            .where(CustomerNote.customer_id == customer_id)
            .order_by(CustomerNote.created_at.desc(), CustomerNote.id.desc())
            .limit(min(limit, MOST))
        ).all()
    return tuple(NoteRow(one.id, one.body, who or "The system", one.created_at) for one, who in rows)


@read(Permission.CUSTOMERS_VIEW)
def consents(customer_id: int, *, by: Viewer) -> tuple[ConsentRow, ...]:
    """Every consent and withdrawal, newest first."""
    with unit_of_work() as session:
        changing.in_sight(session, customer_id, by=by)
        rows = session.execute(
            select(Consent, User.first_name + " " + User.last_name)
            .outerjoin(User, User.id == Consent.recorded_by)
            .where(Consent.customer_id == customer_id)
            .order_by(Consent.id.desc())
            .limit(MOST)
        ).all()
    seen: set[tuple[str, str]] = set()
    found = []
    for one, who in rows:
        pair = (one.channel.value, one.purpose.value)
        found.append(
            ConsentRow(
                one.id, *pair, one.is_granted, one.text_version, one.at, who or "The system",
                holds=pair not in seen,
            )
        )  # fmt: skip
        seen.add(pair)
    return tuple(found)


def choice_of(row: Customer, by: Viewer) -> CustomerChoice:
    """A customer to choose, masked for viewers without personal data."""
    if by.can(Permission.PII_VIEW):
        name = f"{row.first_name} {row.last_name}"
        return CustomerChoice(row.id, row.customer_code, name, row.phone_primary, row.date_of_birth)
    name = f"{initial(row.first_name)} {initial(row.last_name)}"
    return CustomerChoice(row.id, row.customer_code, name, masked_phone(row.phone_primary), None)
