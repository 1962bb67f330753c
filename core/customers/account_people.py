"""Who acts for an account and as what, and who works there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Permission, Viewer, action, is_in_scope, read
from core.customers import changing, store
from core.customers.account_records import AccountOfCustomer, AccountPersonRow, NewAccountPerson
from core.customers.accounts import ENTITY, locked_account, told_account
from core.customers.details import choice_of
from core.customers.records import CustomerChoice
from core.customers.tables import Account, AccountPerson, AccountRole, Customer
from core.db import once, unit_of_work
from core.kit.errors import Conflict, Invalid, NotFound
from core.kit.fields import Field, choice, clean, email, person_name, phone
from core.kit.ids import RequestId
from core.kit.masking import initial, masked_email, masked_phone

MOST = 200
_ROLE = Field("role", "Role", choice(AccountRole), required=True)
_REACH = (
    Field("email", "E-mail", email, personal=True),
    Field("phone", "Phone", phone, personal=True),
)
_NAME = Field("name", "Name", person_name(100), required=True, personal=True)


@read(Permission.CUSTOMERS_VIEW)
def account_people(account_id: int, *, by: Viewer) -> tuple[AccountPersonRow, ...]:
    """Who acts for an account, by role; NotFound for an account outside the scope."""
    with unit_of_work() as session:
        _visible(session, account_id, by=by)
        rows = session.execute(
            select(AccountPerson, Customer)
            .outerjoin(Customer, Customer.id == AccountPerson.customer_id)
            .where(AccountPerson.account_id == account_id)
            .order_by(AccountPerson.role, AccountPerson.id)
            .limit(MOST)
        ).all()
    return tuple(_row(one, customer, by=by) for one, customer in rows)


def _row(one: AccountPerson, customer: Customer | None, *, by: Viewer) -> AccountPersonRow:
    may = by.can(Permission.PII_VIEW)
    if customer is None:
        words = (one.name or "").split()
        name = (one.name or "") if may else " ".join(initial(word) for word in words)
        code, reach, sees = "", (one.phone, one.email), True
    else:
        sees = is_in_scope(by, customer.agent_id, customer.territory_id)
        name = choice_of(customer, by).name if sees else ""
        code = customer.customer_code if sees else ""
        reach = (one.phone or customer.phone_primary, one.email or customer.email) if sees else (None, None)
    return AccountPersonRow(
        id=one.id,
        version=one.version,
        role=one.role.value,
        name=name,
        customer_code=code,
        phone=(reach[0] or "") if may else masked_phone(reach[0]),
        email=(reach[1] or "") if may else masked_email(reach[1]),
        is_visible=sees,
    )


@read(Permission.CUSTOMERS_VIEW)
def people_of(account_id: int, *, by: Viewer, limit: int = 100) -> tuple[CustomerChoice, ...]:
    """The customers in scope who work at an account, by name."""
    with unit_of_work() as session:
        _visible(session, account_id, by=by)
        rows = session.scalars(
            select(Customer)
            .where(Customer.account_id == account_id, store.LIVE, store.visible(by))
            .order_by(Customer.search_name, Customer.id)
            .limit(min(limit, MOST))
        ).all()
    return tuple(choice_of(row, by) for row in rows)


@read(Permission.CUSTOMERS_VIEW)
def accounts_of(customer_id: int, *, by: Viewer) -> tuple[AccountOfCustomer, ...]:
    """The account that a customer works at, and those that they act for."""
    with unit_of_work() as session:
        customer = changing.in_sight(session, customer_id, by=by)
        acts = session.execute(
            select(Account, AccountPerson.role)
            .join(AccountPerson, AccountPerson.account_id == Account.id)
            .where(AccountPerson.customer_id == customer_id)
            .order_by(Account.name, AccountPerson.id)
            .limit(MOST)
        ).all()
        works = session.get(Account, customer.account_id) if customer.account_id else None
    found = [(account, role.value) for account, role in acts]
    if works is not None and works.id not in {account.id for account, _ in found}:
        found.insert(0, (works, ""))
    return tuple(_account(account, role, by=by) for account, role in found)


def _account(account: Account, role: str, *, by: Viewer) -> AccountOfCustomer:
    is_nobodys = account.agent_id is None and account.territory_id is None
    sees = is_nobodys or is_in_scope(by, account.agent_id, account.territory_id)
    code = account.account_code if sees else ""
    return AccountOfCustomer(account.id, code, account.name, role, sees)


@action(Permission.CUSTOMERS_EDIT)
def add_account_person(account_id: int, new: NewAccountPerson, *, request_id: RequestId, by: Viewer) -> int:
    """Say who acts for an account, once per request id: a customer in scope, or anybody by name."""
    with unit_of_work() as session:
        row = locked_account(session, account_id, by=by)

        def make() -> int:
            cleaned = _cleaned(new)
            if new.customer_id is not None:
                _check_customer(session, row, new, by=by)
            made = AccountPerson(account_id=row.id, customer_id=new.customer_id, **cleaned)
            session.add(made)
            session.flush()
            details = {"person": made.id, "role": made.role.value, "customer": made.customer_id}
            told_account(session, row, by=by, action="account.add_person", details=details)
            return made.id

        return once(
            session,
            request_id,
            action="customers.add_account_person",
            content={"account": account_id, **asdict(new)},
            actor_id=by.user_id,
            make=make,
        )


def _cleaned(new: NewAccountPerson) -> dict[str, object]:
    fields = (_ROLE, *_REACH) if new.customer_id is not None else (_ROLE, _NAME, *_REACH)
    values = {field.name: getattr(new, field.name) for field in fields}
    return clean(fields, values)


def _check_customer(session: Session, row: Account, new: NewAccountPerson, *, by: Viewer) -> None:
    try:
        changing.in_sight(session, new.customer_id or 0, by=by)
    except NotFound:
        raise Invalid({"customer_id": "Choose a customer that you can open."}) from None
    known = select(AccountPerson.id).where(
        AccountPerson.account_id == row.id,
        AccountPerson.customer_id == new.customer_id,
        AccountPerson.role == AccountRole(new.role),
    )
    if session.scalar(known) is not None:
        raise Invalid({"role": "They have this role already."})


@action(Permission.CUSTOMERS_EDIT)
def change_account_person(
    person_id: int, changes: Mapping[str, object], *, version: int, by: Viewer
) -> None:
    """Change the role, and how somebody is reached. Raises Conflict when it was changed in between."""
    with unit_of_work() as session:
        one, row = _person(session, person_id, by=by)
        if one.version != version:
            raise Conflict("This person was changed since you opened the form. Nothing was overwritten.")
        fields = (_ROLE, *_REACH) if one.customer_id is not None else (_ROLE, _NAME, *_REACH)
        unknown = changes.keys() - {field.name for field in fields}
        if unknown:
            raise Invalid(dict.fromkeys(sorted(unknown), "This can't be changed here."))
        cleaned = clean(fields, changes)
        changed = changing.differences(fields, one, cleaned)
        if changed:
            details = {"person": one.id, "fields": changed}
            told_account(session, row, by=by, action="account.change_person", details=details)
            for name in changed:
                setattr(one, name, cleaned[name])


@action(Permission.CUSTOMERS_EDIT)
def remove_account_person(person_id: int, *, by: Viewer) -> None:
    """Somebody acts for the account no more; the log keeps that they did."""
    with unit_of_work() as session:
        one, row = _person(session, person_id, by=by)
        details = {"person": one.id, "role": one.role.value, "customer": one.customer_id}
        told_account(session, row, by=by, action="account.remove_person", details=details)
        session.delete(one)


def _person(session: Session, person_id: int, *, by: Viewer) -> tuple[AccountPerson, Account]:
    one = session.get(AccountPerson, person_id)
    if one is None:
        raise NotFound("person", person_id)
    try:
        row = locked_account(session, one.account_id, by=by)
    except NotFound:
        raise NotFound("person", person_id) from None
    session.refresh(one)
    return one, row


def _visible(session: Session, account_id: int, *, by: Viewer) -> None:
    found = select(Account.id).where(Account.id == account_id, store.visible_accounts(by))
    if session.scalar(found) is None:
        raise NotFound(ENTITY, account_id)
