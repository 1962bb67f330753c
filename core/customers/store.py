"""Statements that read customers and accounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

import core.access.tables
import core.people.tables  # noqa: F401  # foreign keys of customers point at users and territories
from core.access import Viewer, in_scope
from core.customers.tables import Account, Contact, Customer
from core.kit.fields import like_anywhere

# Trigrams that two spellings of one name have in common, by experience: "Jon Smith", "John Smith".
SIMILAR_FROM = 0.5
MOST_ALIKE = 20
# Fewer are no part of a telephone number.
FEWEST_DIGITS = 4
LIVE = and_(Customer.archived_at.is_(None), Customer.merged_into_id.is_(None))


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Customers in the viewer's scope."""
    return in_scope(viewer, Customer.agent_id, Customer.territory_id)


def visible_accounts(viewer: Viewer) -> ColumnElement[bool]:
    """Accounts in the viewer's scope, and those that nobody owns yet."""
    return or_(
        in_scope(viewer, Account.agent_id, Account.territory_id),
        and_(Account.agent_id.is_(None), Account.territory_id.is_(None)),
    )


def one(session: Session, customer_id: int, *, by: Viewer) -> Customer | None:
    """A customer by id, when in scope and not archived."""
    return session.scalars(
        select(Customer).where(Customer.id == customer_id, LIVE, visible(by))
    ).one_or_none()


def one_account(session: Session, account_id: int, *, by: Viewer) -> Account | None:
    """An account by id, when in scope and not archived."""
    return session.scalars(
        select(Account).where(Account.id == account_id, Account.archived_at.is_(None), visible_accounts(by))
    ).one_or_none()


def find(session: Session, words: Sequence[str], digits: str, *, limit: int, by: Viewer) -> list[Customer]:
    """Customers whose code, name, or an e-mail or phone holds the words; exact codes come first."""
    whole = " ".join(words)
    parts = and_(*(Customer.search_name.like(func.plain_text(like_anywhere(word))) for word in words))
    options: list[ColumnElement[bool]] = [
        func.upper(Customer.customer_code).startswith(whole.upper(), autoescape=True),
        Customer.email_lower.startswith(whole.lower(), autoescape=True),
        parts,
    ]
    if len(digits) >= FEWEST_DIGITS:
        options += [Customer.phone_digits.contains(digits), Customer.second_digits.contains(digits)]
    if further := _by_further(session, whole, digits, limit=limit, by=by):
        options.append(Customer.id.in_(further))
    return list(
        session.scalars(
            select(Customer)
            .where(LIVE, visible(by), or_(*options))
            .order_by(
                (func.upper(Customer.customer_code) == whole.upper()).desc(),
                Customer.search_name,
                Customer.id,
            )
            .limit(limit)
        )
    )


def _by_further(session: Session, whole: str, digits: str, *, limit: int, by: Viewer) -> Sequence[int]:
    """The customers that can be reached by it; apart, as an index of each table then finds its own."""
    options = [Contact.email_lower.like(like_anywhere(whole.lower())[1:])]
    if len(digits) >= FEWEST_DIGITS:
        options.append(Contact.digits.like(like_anywhere(digits)))
    return session.scalars(
        select(Customer.id)
        .join(Contact, Contact.customer_id == Customer.id)
        .where(LIVE, visible(by), or_(*options))
        .group_by(Customer.id)
        .order_by(Customer.search_name, Customer.id)
        .limit(limit)
    ).all()


def accounts(session: Session, text: str, *, limit: int, by: Viewer) -> list[Account]:
    """Accounts whose name or code holds the text, by name."""
    statement = select(Account).where(Account.archived_at.is_(None), visible_accounts(by))
    if text:
        statement = statement.where(
            or_(
                func.strpos(func.plain_text(Account.name), func.plain_text(text)) > 0,
                func.upper(Account.account_code) == text.upper(),
            )
        )
    return list(session.scalars(statement.order_by(Account.name, Account.id).limit(limit)))


def alike(
    session: Session,
    *,
    name: str,
    email: str,
    digits: str,
    born_on: date | None,
    seen_by: Viewer | None = None,
) -> list[tuple[Customer, bool, bool, bool, bool]]:
    """Live customers with the phone, the e-mail, or a like name and the birth date, in anybody's book.

    Second phones and further contacts count, those of a merged record among them. At most 20, those that
    `seen_by` may open first.

    Each comes with whether phone, e-mail, and name with birth date are the same, and whether the name
    is only similar.
    """
    own_first = func.coalesce(visible(seen_by) if seen_by else False, False).desc()
    by_phone = or_(
        Customer.phone_digits == digits,
        Customer.second_digits == digits,
        Customer.id.in_(_reached(session, Contact.digits == digits, own_first) if digits else ()),
    )
    by_email = or_(
        Customer.email_lower == email.lower(),
        Customer.id.in_(
            _reached(session, Contact.email_lower == email.lower(), own_first) if email else ()
        ),
    )
    same_phone: ColumnElement[Any] = func.coalesce(by_phone, False)
    same_email: ColumnElement[Any] = func.coalesce(by_email, False)
    same_person: ColumnElement[Any] = and_(
        Customer.date_of_birth == born_on, Customer.search_name == func.plain_text(name)
    )
    likeness = func.similarity(Customer.search_name, func.plain_text(name))
    similar_person: ColumnElement[Any] = and_(
        Customer.date_of_birth == born_on,
        Customer.search_name != func.plain_text(name),
        likeness >= SIMILAR_FROM,
    )
    wanted = [
        condition
        for given, condition in (
            (digits, by_phone),
            (email, by_email),
            (name.strip() and born_on, same_person),
            (name.strip() and born_on, similar_person),
        )
        if given
    ]
    if not wanted:
        return []
    columns = (
        Customer,
        same_phone if digits else _NO,
        same_email if email else _NO,
        same_person if born_on else _NO,
        similar_person if born_on else _NO,
    )
    found = session.execute(
        select(*columns).where(LIVE, or_(*wanted)).order_by(own_first, Customer.id).limit(MOST_ALIKE)
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in found]


def _reached(
    session: Session, condition: ColumnElement[bool], own_first: ColumnElement[Any]
) -> Sequence[int]:
    """Whom the further contacts that meet the condition reach; at most as many as are shown."""
    wanted = select(Contact.customer_id).where(condition, Contact.is_valid)
    return session.scalars(
        select(Customer.id)
        .where(LIVE, Customer.id.in_(wanted))
        .order_by(own_first, Customer.id)
        .limit(MOST_ALIKE)
    ).all()


_NO: ColumnElement[Any] = func.coalesce(False)
