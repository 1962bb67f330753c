"""Company customers: entered, changed, handed over, listed, and one in full."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from core import audit
from core.access import Permission, Viewer, action, is_in_scope, read
from core.access.tables import User
from core.customers import changing, rules, store
from core.customers.account_records import AccountDetail, AccountFilter, AccountListRow
from core.customers.actions import SELLER, owner_of, shown_values
from core.customers.records import AccountChoice, CustomerRef, NewAccount
from core.customers.tables import Account, AccountPerson, Customer
from core.db import once, unit_of_work
from core.kit.dates import business_date, utc_now
from core.kit.errors import Invalid, NotFound
from core.kit.fields import Field, clean, like_anywhere, plain_text
from core.kit.ids import RequestId
from core.kit.masking import masked_email, masked_phone
from core.kit.settings import settings
from core.people.tables import Territory

ENTITY = "account"
MANY = 50
MOST = 500
_PHONE = re.compile(r"(?=(?:\D*\d){4})[+0-9()./\-\s]{4,30}", re.ASCII)


@read(Permission.CUSTOMERS_VIEW)
def accounts(text: str = "", *, by: Viewer, limit: int = 20) -> tuple[AccountChoice, ...]:
    """Company customers in scope, or nobody's, whose name or code holds the text; by name."""
    with unit_of_work() as session:
        found = store.accounts(session, plain_text(text)[:100], limit=min(limit, MANY), by=by)
    return tuple(AccountChoice(row.id, row.account_code, row.name) for row in found)


@read(Permission.CUSTOMERS_VIEW)
def account(account_id: int, *, by: Viewer) -> AccountChoice:
    """One account in scope; NotFound outside it."""
    with unit_of_work() as session:
        row = store.one_account(session, account_id, by=by)
    if row is None:
        raise NotFound("account", account_id)
    return AccountChoice(row.id, row.account_code, row.name)


@read(Permission.CUSTOMERS_VIEW)
def account_list(
    wanted: AccountFilter, *, by: Viewer, after: tuple[str, int] | None = None, limit: int = 50
) -> tuple[tuple[AccountListRow, ...], int, tuple[str, int] | None]:
    """Accounts in scope, or nobody's, by name: a page, how many there are, and where to go on."""
    size = max(1, min(limit, MOST))
    conditions = _conditions(wanted, by)
    with unit_of_work() as session:
        total = session.scalar(select(func.count()).select_from(Account).where(*conditions)) or 0
        rows = session.execute(_listed(conditions, after).limit(size + 1)).all()
    found = tuple(
        AccountListRow(
            id=one.id,
            code=one.account_code,
            name=one.name,
            industry=one.industry or "",
            country=one.country or "",
            employee_count=one.employee_count,
            people=people,
            agent=agent,
            created_on=business_date(one.created_at, settings().time_zone),
            is_archived=one.archived_at is not None,
        )
        for one, agent, people in rows[:size]
    )
    return found, total, (found[-1].name, found[-1].id) if len(rows) > size else None


def _listed(conditions: list[Any], after: tuple[str, int] | None) -> Select[Any]:
    works_there = and_(Customer.account_id == Account.id, store.LIVE)
    workers = select(func.count()).select_from(Customer).where(works_there).correlate(Account)
    also_works = (
        exists()
        .where(Customer.id == AccountPerson.customer_id, works_there)
        .correlate(Account, AccountPerson)
    )
    acting = (
        select(func.count(func.distinct(func.coalesce(AccountPerson.customer_id, -AccountPerson.id))))
        .where(AccountPerson.account_id == Account.id, ~also_works)
        .correlate(Account)
    )
    statement = (
        select(
            Account,
            func.coalesce(User.first_name + " " + User.last_name, ""),
            workers.scalar_subquery() + acting.scalar_subquery(),
        )
        .outerjoin(User, User.id == Account.agent_id)
        .where(*conditions)
        .order_by(Account.name, Account.id)
    )
    if after is None:
        return statement
    name, key = after
    return statement.where(or_(Account.name > name, and_(Account.name == name, Account.id > key)))


def _conditions(wanted: AccountFilter, by: Viewer) -> list[Any]:
    found: list[Any] = [store.visible_accounts(by)]
    if not wanted.with_archived:
        found.append(Account.archived_at.is_(None))
    typed, may = plain_text(wanted.text)[:100], by.can(Permission.PII_VIEW)
    if may and _PHONE.fullmatch(typed):
        digits = func.regexp_replace(Account.phone, "[^0-9]", "", "g")
        found.append(digits.like(like_anywhere("".join(filter(str.isdecimal, typed)))))
    else:
        parts = [func.plain_text(Account.name), func.lower(Account.account_code)]
        parts += [func.lower(Account.email)] if may else []
        found += [
            or_(*(part.like(func.plain_text(like_anywhere(word))) for part in parts))
            for word in typed.split()
        ]
    if wanted.industries:
        found.append(Account.industry.in_(wanted.industries))
    if wanted.agent_ids:
        found.append(Account.agent_id.in_(wanted.agent_ids))
    return found


@read(Permission.CUSTOMERS_VIEW)
def account_industries(*, by: Viewer) -> tuple[str, ...]:
    """The industries of the accounts in scope, by name."""
    statement = (
        select(Account.industry)
        .where(store.visible_accounts(by), Account.industry.is_not(None))
        .distinct()
        .order_by(Account.industry)
        .limit(MOST)
    )
    with unit_of_work() as session:
        return tuple(one for one in session.scalars(statement) if one)


@read(Permission.CUSTOMERS_VIEW)
def account_detail(key: int | str, *, by: Viewer) -> AccountDetail:
    """One account in scope by id or code, also an archived one; NotFound outside the scope."""
    same = Account.id == key if isinstance(key, int) else Account.account_code == plain_text(key).upper()
    with unit_of_work() as session:
        found = session.execute(
            select(Account, func.coalesce(User.first_name + " " + User.last_name, ""), Territory.name)
            .outerjoin(User, User.id == Account.agent_id)
            .outerjoin(Territory, Territory.id == Account.territory_id)
            .where(same, store.visible_accounts(by))
        ).one_or_none()
    if found is None:
        raise NotFound(ENTITY, key)
    return _detail(*found, by=by)


def _detail(row: Account, agent: str, territory: str | None, *, by: Viewer) -> AccountDetail:
    may = by.can(Permission.PII_VIEW)
    return AccountDetail(
        id=row.id,
        code=row.account_code,
        version=row.version,
        name=row.name,
        industry=row.industry or "",
        country=row.country or "",
        year_established=row.year_established,
        annual_revenue=row.annual_revenue,
        employee_count=row.employee_count,
        email=(row.email or "") if may else masked_email(row.email),
        phone=(row.phone or "") if may else masked_phone(row.phone),
        address=(row.address or "") if may else "",
        notes=(row.notes or "") if may else "",
        agent_id=row.agent_id,
        agent=agent,
        territory=territory or "",
        created_at=row.created_at,
        archived_at=row.archived_at,
        is_masked=not may,
    )


@action(Permission.CUSTOMERS_EDIT)
def create_account(
    new: NewAccount, *, request_id: RequestId, by: Viewer, now: datetime | None = None
) -> CustomerRef:
    """Enter a company once per request id. Raises Invalid with every wrong field."""
    at = now or utc_now()
    fields = rules.account_fields(business_date(at, settings().time_zone))
    with unit_of_work() as session:

        def make() -> int:
            cleaned = clean(fields, asdict(new))
            owner = owner_of(session, cleaned, by)
            row = Account(**cleaned, **owner, created_at=at)
            session.add(row)
            session.flush()
            audit.record(
                session,
                actor=by,
                action="account.create",
                entity=ENTITY,
                entity_id=row.id,
                details={"changed": shown_values(fields, cleaned)},
            )
            return row.id

        made = once(
            session,
            request_id,
            action="customers.create_account",
            content=asdict(new),
            actor_id=by.user_id,
            make=make,
        )
        row = session.get_one(Account, made)
        return CustomerRef(row.id, row.account_code)


@action(Permission.CUSTOMERS_EDIT)
def edit_account(
    account_id: int,
    changes: Mapping[str, object],
    *,
    version: int,
    by: Viewer,
    now: datetime | None = None,
) -> CustomerRef:
    """Write the fields that differ. Raises Invalid by field, and Conflict field by field (R3)."""
    fields = edit_account_fields(now or utc_now())
    unknown = changes.keys() - {field.name for field in fields}
    if unknown:
        raise Invalid(dict.fromkeys(sorted(unknown), "This can't be changed here."))
    with unit_of_work() as session:
        row = locked_account(session, account_id, by=by)
        changing.check_version(session, row, version, fields, entity=ENTITY)
        cleaned = clean(fields, changes)
        changed = changing.differences(fields, row, cleaned)
        if changed:
            told_account(session, row, by=by, action="account.edit", details={"changed": changed})
            for name in changed:
                setattr(row, name, cleaned[name])
            session.flush()
        return CustomerRef(row.id, row.account_code)


def edit_account_fields(now: datetime) -> tuple[Field, ...]:
    """The inputs of an account that can be changed later: all but the agent."""
    known = rules.account_fields(business_date(now, settings().time_zone))
    return tuple(field for field in known if field.name != "agent_id")


@action(Permission.CUSTOMERS_ASSIGN)
def assign_account(account_id: int, *, to: int, version: int, by: Viewer) -> None:
    """Hand an account to an agent in scope, who gets their territory too; deals stay where they are."""
    with unit_of_work() as session:
        row = locked_account(session, account_id, by=by)
        changing.check_version(session, row, version, (), entity=ENTITY)
        found = session.execute(SELLER, {"user": to}).one_or_none()
        if found is None or not is_in_scope(by, to, found.territory_id):
            raise Invalid({"to": "Choose an agent of yours."})
        if row.agent_id != to:
            changed = {"agent_id": [row.agent_id, to]}
            told_account(session, row, by=by, action="account.assign", details={"changed": changed})
            row.agent_id, row.territory_id = to, found.territory_id


def locked_account(
    session: Session, account_id: int, *, by: Viewer, with_archived: bool = False
) -> Account:
    """The account, locked until the transaction ends. NotFound when it is not in scope."""
    statement = select(Account).where(Account.id == account_id, store.visible_accounts(by))
    if not with_archived:
        statement = statement.where(Account.archived_at.is_(None))
    row = session.scalars(
        statement.with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound(ENTITY, account_id)
    return row


def told_account(
    session: Session, row: Account, *, by: Viewer, action: str, details: Mapping[str, object]
) -> None:
    """One audit row about an account, with the version that it was made on."""
    audit.record(
        session,
        actor=by,
        action=action,
        entity=ENTITY,
        entity_id=row.id,
        details={**details, "from_version": row.version},
    )
