"""Every statement that reads or writes policies and their parts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import Session, aliased

from core.access import Permission, Viewer, in_scope
from core.access.tables import User
from core.catalog.tables import Product
from core.customers import store as customer_store
from core.customers.tables import Customer
from core.kit.errors import Invalid, NotFound
from core.kit.fields import like_anywhere, plain_text
from core.people import territories_within
from core.people.tables import Territory
from core.policies.records import PolicyFilter, PolicyRef, PolicyRow
from core.policies.rules import FOR_LIFE
from core.policies.status import NEVER_BEGAN, POLICY, TOLD_BY_REASON, told
from core.policies.tables import (
    Beneficiary,
    EndReason,
    PaymentFrequency,
    Policy,
    PolicyDraft,
    PolicyRider,
    PolicyStatus,
)
from core.sales.tables import Lead

# Imported policies have no priced lines: there it is the instalments of a year.
ANNUAL = func.coalesce(
    Policy.annual_premium,
    Policy.premium_amount
    * case(*((Policy.payment_frequency == one, one.per_year) for one in PaymentFrequency)),
)

# An application, or what came of one: all but those that ended before cover began.
_is_a_policy = or_(
    Policy.status != PolicyStatus.CANCELLED,
    and_(
        Policy.issue_date.is_not(None),
        or_(
            Policy.end_reason.is_(None),
            Policy.end_reason.not_in([EndReason(one) for one in NEVER_BEGAN]),
        ),
    ),
)

# As PolicyRow tells them.
_came_to_nothing = and_(Policy.issue_date.is_(None), Policy.end_date.is_not(None))
_is_for_life = Policy.product_id.in_(select(Product.id).where(Product.category.in_(FOR_LIFE)))
_term_ends = case((or_(_came_to_nothing, _is_for_life), None), else_=Policy.expiry_date)
_cover_ends = case((_came_to_nothing, None), else_=func.coalesce(Policy.end_date, _term_ends))


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Policies in the viewer's scope."""
    return in_scope(viewer, Policy.agent_id, Policy.territory_id)


def one(session: Session, policy_id: int, *, by: Viewer, lock: bool = False) -> Policy | None:
    """A policy by id when in scope."""
    statement = select(Policy).where(Policy.id == policy_id, visible(by))
    return session.scalars(statement.with_for_update() if lock else statement).one_or_none()


def by_number(session: Session, number: str, *, by: Viewer) -> Policy | None:
    """A policy by number when in scope."""
    return session.scalars(
        select(Policy).where(Policy.policy_number == plain_text(number).upper(), visible(by))
    ).one_or_none()


def ref(session: Session, policy_id: int) -> PolicyRef:
    """The id, number and version of a policy."""
    session.flush()
    row = session.get_one(Policy, policy_id)
    return PolicyRef(row.id, row.policy_number, row.version)


def customer(session: Session, customer_id: int, *, by: Viewer) -> Customer | None:
    """The applicant, when in scope."""
    return customer_store.one(session, customer_id, by=by)


def open_drafts(session: Session, owner_id: int) -> list[PolicyDraft]:
    """A user's drafts that are neither submitted nor discarded, newest first."""
    return list(
        session.scalars(
            select(PolicyDraft)
            .where(PolicyDraft.owner_id == owner_id, _OPEN_DRAFT)
            .order_by(PolicyDraft.updated_at.desc())
            .limit(50)
        )
    )


def draft(session: Session, draft_id: int, owner_id: int, *, lock: bool = False) -> PolicyDraft | None:
    """A user's own draft, in whatever state."""
    statement = select(PolicyDraft).where(PolicyDraft.id == draft_id, PolicyDraft.owner_id == owner_id)
    return session.scalars(statement.with_for_update() if lock else statement).one_or_none()


def own_draft(session: Session, draft_id: int, owner_id: int, *, lock: bool) -> PolicyDraft:
    """A user's own open draft, locked for who is about to change it. Raises NotFound."""
    row = draft(session, draft_id, owner_id, lock=lock)
    if row is None or row.policy_id is not None or row.discarded_at is not None:
        raise NotFound("draft", draft_id)
    return row


def draft_of_lead(session: Session, lead_id: int, owner_id: int) -> PolicyDraft | None:
    """The open draft that a user began for a lead."""
    return session.scalars(
        select(PolicyDraft)
        .where(PolicyDraft.lead_id == lead_id, PolicyDraft.owner_id == owner_id, _OPEN_DRAFT)
        .limit(1)
    ).one_or_none()


def lock_lead(session: Session, lead_id: int) -> None:
    """Lock a lead, so that two entries of one wait for each other."""
    session.execute(select(Lead.id).where(Lead.id == lead_id).with_for_update())


def policy_of_lead(session: Session, lead_id: int) -> str | None:
    """The number of the policy that came of a lead, also when it has ended; not if cover never began."""
    return session.scalars(
        select(Policy.policy_number)
        .where(Policy.lead_id == lead_id, _is_a_policy)
        .order_by(Policy.id)
        .limit(1)
    ).one_or_none()


_OPEN_DRAFT = and_(PolicyDraft.policy_id.is_(None), PolicyDraft.discarded_at.is_(None))


def matching(wanted: PolicyFilter, *, by: Viewer) -> list[ColumnElement[bool]]:
    """The conditions of a filter, scope included."""
    found: list[ColumnElement[bool]] = [visible(by), Policy.archived_at.is_(None)]
    found.extend(
        column.in_(chosen)
        for column, chosen in (
            (Policy.product_id, wanted.product_ids),
            (Policy.agent_id, wanted.agent_ids),
        )
        if chosen
    )
    if wanted.statuses:
        found.append(_in_states(wanted.statuses))
    if wanted.territory_ids:
        found.append(Policy.territory_id.in_(territories_within(wanted.territory_ids)))
    bounds = (
        Policy.issue_date >= wanted.issued_from if wanted.issued_from else None,
        Policy.issue_date <= wanted.issued_to if wanted.issued_to else None,
        _cover_ends >= wanted.expires_from if wanted.expires_from else None,
        _cover_ends <= wanted.expires_to if wanted.expires_to else None,
        Policy.customer_id == wanted.customer_id if wanted.customer_id else None,
    )
    found.extend(bound for bound in bounds if bound is not None)
    found.extend(_holds(word, by) for word in plain_text(wanted.text).split()[:6])
    return found


def _in_states(chosen: Collection[str]) -> ColumnElement[bool]:
    """In one of the states that people tell apart: what never began, or ran out, was not cancelled."""
    cancelled = PolicyStatus.CANCELLED.value
    by_reason = [EndReason(one) for one in TOLD_BY_REASON]
    parts: list[ColumnElement[bool]] = [
        Policy.status.in_([one for one in chosen if one in POLICY.values and one != cancelled])
    ]
    if ways := [one for one in by_reason if one.value in chosen]:
        parts.append(and_(Policy.status == PolicyStatus.CANCELLED, Policy.end_reason.in_(ways)))
    if cancelled in chosen:
        others = or_(Policy.end_reason.is_(None), Policy.end_reason.not_in(by_reason))
        parts.append(and_(Policy.status == PolicyStatus.CANCELLED, others))
    return or_(*parts)


def _holds(word: str, by: Viewer) -> ColumnElement[bool]:
    """A code or, for those who may see it, the customer's name.

    Each is looked up by its own index: no index serves an "or" over two tables.
    """
    held = aliased(Policy)
    by_customer = select(held.id).join(Customer, Customer.id == held.customer_id)
    found = [
        select(held.id).where(held.policy_number.ilike(like_anywhere(word))),
        by_customer.where(Customer.customer_code.ilike(like_anywhere(word)[1:])),
    ]
    if by.can(Permission.PII_VIEW):
        found.append(by_customer.where(Customer.search_name.like(func.plain_text(like_anywhere(word)))))
    return Policy.id.in_(union_all(*(one.correlate(None) for one in found)))


def _matches(wanted: PolicyFilter, by: Viewer, *columns: Any) -> Select[Any]:
    """Of the policies that match."""
    return select(*columns).select_from(Policy).where(*matching(wanted, by=by))


_ROW: tuple[Any, ...] = (
    Policy.id,
    Policy.policy_number,
    Policy.status,
    Policy.end_reason,
    Policy.customer_id,
    (Customer.first_name + " " + Customer.last_name).label("customer"),
    Product.name.label("product"),
    Product.category,
    (User.first_name + " " + User.last_name).label("agent"),
    func.coalesce(Territory.name, "").label("territory"),
    Policy.sum_assured,
    ANNUAL.label("annual_premium"),
    Policy.payment_frequency,
    Policy.application_date,
    Policy.issue_date,
    Policy.effective_date,
    Policy.expiry_date,
    _cover_ends.label("cover_ends"),
    _term_ends.label("term_ends"),
    Policy.version,
)


def _rows() -> Select[Any]:
    return (
        select(*_ROW)
        .select_from(Policy)
        .join(Customer, Customer.id == Policy.customer_id)
        .join(Product, Product.id == Policy.product_id)
        .join(User, User.id == Policy.agent_id)
        .outerjoin(Territory, Territory.id == Policy.territory_id)
    )


def page(
    session: Session, wanted: PolicyFilter, *, after: str | None, limit: int, by: Viewer
) -> list[PolicyRow]:
    """Matching policies, newest application first unless the oldest are wanted first.

    `after` is the last row's key.
    """
    place = (Policy.application_date, Policy.id)
    order = place if wanted.oldest_first else tuple(column.desc() for column in place)
    keys = _matches(wanted, by, Policy.id).order_by(*order).limit(limit)
    if after is not None:
        reached = tuple_(
            *(literal(part, column.type) for part, column in zip(_key(after), place, strict=True))
        )
        keys = keys.where(tuple_(*place) > reached if wanted.oldest_first else tuple_(*place) < reached)
    # The page is found first, and only its rows are joined with what they point at.
    chosen = keys.subquery("chosen")
    statement = _rows().join(chosen, chosen.c.id == Policy.id).order_by(*order)
    return [_row(found) for found in session.execute(statement)]


def _key(after: str) -> tuple[date, int]:
    day, _, policy_id = after.partition(":")
    try:
        return date.fromisoformat(day), int(policy_id)
    except ValueError:
        raise Invalid({"after": "That page does not exist."}) from None


def totals(session: Session, wanted: PolicyFilter, *, by: Viewer) -> tuple[int, Decimal]:
    """(count, premium a year in US dollars) of all that match."""
    found = session.execute(_matches(wanted, by, func.count(), func.coalesce(func.sum(ANNUAL), 0))).one()
    return found[0], found[1]


def row(session: Session, policy_id: int) -> PolicyRow:
    """One policy as the list shows it; the caller has checked the scope."""
    return _row(session.execute(_rows().where(Policy.id == policy_id)).one())


def _row(found: Row[Any]) -> PolicyRow:
    label, tone = told(found.status.value, found.end_reason.value if found.end_reason else None)
    return PolicyRow(
        id=found.id,
        number=found.policy_number,
        status=found.status.value,
        status_label=label,
        tone=tone,
        customer_id=found.customer_id,
        customer=found.customer,
        product=found.product,
        category=found.category.value,
        agent=found.agent,
        territory=found.territory,
        sum_assured=found.sum_assured,
        annual_premium=found.annual_premium,
        frequency=found.payment_frequency.value,
        application_date=found.application_date,
        issue_date=found.issue_date,
        effective_date=found.effective_date,
        expiry_date=found.expiry_date,
        cover_ends=found.cover_ends,
        term_ends=found.term_ends,
        version=found.version,
    )


def riders(session: Session, policy_id: int) -> list[PolicyRider]:
    """Riders of a policy, the active ones first."""
    return list(
        session.scalars(
            select(PolicyRider)
            .where(PolicyRider.policy_id == policy_id)
            .order_by(PolicyRider.is_active.desc(), PolicyRider.id)
        )
    )


def beneficiaries(session: Session, policy_id: int) -> list[Beneficiary]:
    """Beneficiaries of a policy at any time, those without an end first, then the later ends."""
    return list(
        session.scalars(
            select(Beneficiary)
            .where(Beneficiary.policy_id == policy_id)
            .order_by(
                Beneficiary.valid_to.desc().nulls_first(),
                Beneficiary.beneficiary_class,
                Beneficiary.id,
            )
        )
    )
