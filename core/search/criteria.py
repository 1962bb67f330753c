"""The search for customers by several fields at once."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from core.access import Viewer, in_scope
from core.access.tables import User
from core.customers import reviews
from core.customers.tables import Customer, KycStatus, RiskBand
from core.kit.dates import start_of_day
from core.kit.fields import like_anywhere, plain_text
from core.kit.settings import settings
from core.policies import POLICY
from core.policies.tables import Policy, PolicyStatus
from core.search.records import Criteria

IN_FORCE = tuple(PolicyStatus(value) for value in POLICY.flagged("in_force"))


def page(
    session: Session, wanted: Criteria, *, after: int | None, limit: int, by: Viewer
) -> list[tuple[Customer, str]]:
    """Matching customers with their owner's name, the newest first, after the given id."""
    statement = (
        select(Customer, func.coalesce(User.first_name + " " + User.last_name, ""))
        .outerjoin(User, User.id == Customer.agent_id)
        .where(*_conditions(wanted, by))
        .order_by(Customer.id.desc())
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(Customer.id < after)
    return [(row[0], row[1]) for row in session.execute(statement)]


def count(session: Session, wanted: Criteria, *, most: int, by: Viewer) -> int:
    """How many match, counted up to `most`."""
    some = select(Customer.id).where(*_conditions(wanted, by)).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def _conditions(wanted: Criteria, by: Viewer) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        in_scope(by, Customer.agent_id, Customer.territory_id),
        Customer.merged_into_id.is_(None),
        *_person(wanted),
        *_dates(wanted),
    ]
    if not wanted.with_archived:
        found.append(Customer.archived_at.is_(None))
    if wanted.kyc_statuses:
        known = [one for one in KycStatus if one.value in wanted.kyc_statuses]
        found.append(Customer.kyc_status.in_(known))
    if wanted.review_by:
        found.append(reviews.is_due(wanted.review_by))
    if wanted.risk_bands:
        found.append(Customer.risk_band.in_([one for one in RiskBand if one.value in wanted.risk_bands]))
    if wanted.agent_ids:
        found.append(Customer.agent_id.in_(wanted.agent_ids))
    if wanted.account_id is not None:
        found.append(Customer.account_id == wanted.account_id)
    if wanted.in_force:
        covered = exists().where(and_(Policy.customer_id == Customer.id, Policy.status.in_(IN_FORCE)))
        found.append(covered if wanted.in_force == "yes" else ~covered)
    return found


def _person(wanted: Criteria) -> list[ColumnElement[bool]]:
    words = plain_text(wanted.name)[:100].split()
    found: list[ColumnElement[bool]] = [
        or_(
            Customer.search_name.like(func.plain_text(like_anywhere(word))),
            Customer.email_local.like(func.lower(like_anywhere(word))),
        )
        for word in words
    ]
    for column, value in (
        (Customer.city, wanted.city),
        (Customer.state, wanted.state),
        (Customer.postal_code, wanted.postal_code),
    ):
        typed = plain_text(value)[:100]
        if typed:
            found.append(func.plain_text(column).like(func.plain_text(like_anywhere(typed)[1:])))
    return found


def _dates(wanted: Criteria) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.born_from:
        found.append(Customer.date_of_birth >= wanted.born_from)
    if wanted.born_to:
        found.append(Customer.date_of_birth <= wanted.born_to)
    zone = settings().time_zone
    if wanted.created_from:
        found.append(Customer.created_at >= start_of_day(wanted.created_from, zone))
    if wanted.created_to:
        found.append(Customer.created_at < start_of_day(_next(wanted.created_to), zone))
    return found


def _next(day: date) -> date:
    return day + timedelta(days=1)
