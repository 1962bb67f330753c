"""The one statement for everything that a customer has, in scope."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    DateTime,
    Numeric,
    Row,
    Select,
    String,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from core.access import Permission, Viewer, ViewerKind, bound, in_scope, kind_of
from core.access.tables import User
from core.catalog.tables import Category, Product
from core.claims.tables import Claim
from core.policies import FOR_LIFE
from core.policies.tables import Policy
from core.sales.tables import (
    Appointment,
    AppointmentStatus,
    Followup,
    FollowupStatus,
    Lead,
    Opportunity,
)

MOST = 100
# Whose. Statements are built once a kind of viewer: building them costs more than running them.
THEIRS = bindparam("customer_id", type_=BigInteger)

_FOR_LIFE = [Category(one) for one in FOR_LIFE]
_PLANNED = (FollowupStatus.PLANNED, FollowupStatus.MISSED)


def items(session: Session, customer_id: int, *, by: Viewer) -> tuple[list[Row[Any]], dict[str, int]]:
    """Policies, deals, claims and planned contacts, at most 100 of each kind, newest first.

    Beside them: how many policies, leads, opportunities and claims lie outside the scope, by kind.
    """
    rows = list(session.execute(_statement(kind_of(by)), {**bound(by), "customer_id": customer_id}))
    inside = [row for row in rows if row.kind != _OUTSIDE]
    return inside, {row.code: row.id for row in rows if row.kind == _OUTSIDE}


@lru_cache(maxsize=50)
def _statement(by: ViewerKind) -> Select[Any]:
    arms: list[Select[Any]] = []
    if by.can(Permission.POLICIES_VIEW):
        arms.append(policies_of(by, Policy.customer_id == THEIRS))
    if by.can(Permission.LEADS_VIEW):
        arms += [
            leads_of(by, Lead.customer_id == THEIRS),
            opportunities_of(by, Opportunity.customer_id == THEIRS),
            _followups(by),
            _appointments(by),
        ]
    if by.can(Permission.CLAIMS_VIEW):
        arms.append(_claims(by))
    parts = [arm.limit(MOST).subquery() for arm in arms]
    parts += [arm.subquery() for arm in _outside(by)]
    everything = union_all(*(select(part) for part in parts)).subquery("everything")
    owner = func.coalesce(User.first_name + " " + User.last_name, "").label("owner")
    return select(everything, owner).outerjoin(User, User.id == everything.c.owner_id)


def item_row(
    kind: str,
    key: Any,
    code: Any,
    title: Any,
    status: Any,
    amount: Any,
    on: Any,
    at: Any,
    owner: Any,
    *more: Any,
) -> Select[Any]:
    """One arm; policies have more columns, which are empty in the others."""
    begins, ends, frequency, annual, end_reason = more or (null(),) * 5
    return select(
        literal(kind).label("kind"),
        key.label("id"),
        cast(code, String).label("code"),
        cast(title, String).label("title"),
        cast(status, String).label("status"),
        cast(amount, Numeric(14, 2)).label("amount"),
        cast(on, Date).label("on_date"),
        cast(at, DateTime(timezone=True)).label("at"),
        cast(owner, BigInteger).label("owner_id"),
        cast(begins, Date).label("begins"),
        cast(ends, Date).label("ends"),
        cast(frequency, String).label("frequency"),
        cast(annual, Numeric(14, 2)).label("annual"),
        cast(end_reason, String).label("end_reason"),
    )


def policies_of(by: Viewer, whose: ColumnElement[bool]) -> Select[Any]:
    """Policies of a condition, in the viewer's scope, newest first.

    One that was never issued has no beginning: a declined application keeps the day it asked for.
    Cover for life has no date that matters until it has ended.
    """
    begins = case((Policy.issue_date.is_not(None), Policy.effective_date))
    ends = func.coalesce(Policy.end_date, Policy.expiry_date)
    told = func.coalesce(Policy.end_date, case((Product.category.not_in(_FOR_LIFE), Policy.expiry_date)))
    return (
        item_row(
            "policy", Policy.id, Policy.policy_number, Product.name, Policy.status,
            Policy.premium_amount, told, null(), Policy.agent_id,
            begins, ends, Policy.payment_frequency, Policy.annual_premium, Policy.end_reason,
        )
        .join(Product, Product.id == Policy.product_id)
        .where(whose, in_scope(by, Policy.agent_id, Policy.territory_id))
        .order_by(Policy.application_date.desc(), Policy.id.desc())
    )  # fmt: skip


def leads_of(by: Viewer, whose: ColumnElement[bool]) -> Select[Any]:
    """Leads of a condition, in the viewer's scope, newest first."""
    return (
        item_row(
            "lead", Lead.id, Lead.lead_code, func.coalesce(Product.name, "Lead"), Lead.status,
            Lead.expected_premium, null(), Lead.created_at, Lead.assigned_to,
        )
        .outerjoin(Product, Product.id == Lead.product_interest)
        .where(whose, in_scope(by, Lead.assigned_to, Lead.territory_id))
        .order_by(Lead.created_at.desc(), Lead.id.desc())
    )  # fmt: skip


def opportunities_of(by: Viewer, whose: ColumnElement[bool]) -> Select[Any]:
    """Opportunities of a condition, in the viewer's scope, newest first."""
    return (
        item_row(
            "opportunity", Opportunity.id, Opportunity.opportunity_code,
            Opportunity.name if by.can(Permission.PII_VIEW) else literal("Opportunity"),
            Opportunity.stage, func.coalesce(Opportunity.won_value, Opportunity.estimated_value),
            Opportunity.expected_close_date, Opportunity.created_at, Opportunity.assigned_to,
        )
        .where(whose, in_scope(by, Opportunity.assigned_to, Opportunity.territory_id))
        .order_by(Opportunity.created_at.desc(), Opportunity.id.desc())
    )  # fmt: skip


def _claims(by: Viewer) -> Select[Any]:
    return (
        item_row(
            "claim", Claim.id, Claim.claim_number, Claim.loss_type, Claim.status,
            func.coalesce(Claim.approved_amount, Claim.estimated_amount), Claim.loss_date, null(),
            Claim.assigned_to,
        )
        .where(Claim.customer_id == THEIRS, in_scope(by, Claim.agent_id, Claim.territory_id))
        .order_by(Claim.reported_date.desc(), Claim.id.desc())
    )  # fmt: skip


def about(model: type[Followup | Appointment]) -> ColumnElement[bool]:
    """Contacts with the customer, and those about their leads and opportunities.

    By their keys: with an "or" over three columns PostgreSQL would look at everybody's.
    """
    direct, dealt = aliased(model), aliased(model)
    sold = aliased(model)
    keys = union_all(
        select(direct.id).where(direct.customer_id == THEIRS),
        select(dealt.id).join(Lead, Lead.id == dealt.lead_id).where(Lead.customer_id == THEIRS),
        select(sold.id)
        .join(Opportunity, Opportunity.id == sold.opportunity_id)
        .where(Opportunity.customer_id == THEIRS),
    )
    return model.id == func.any(func.array(keys.scalar_subquery()))


def _followups(by: Viewer) -> Select[Any]:
    return (
        item_row(
            "followup", Followup.id, literal(""), Followup.type, Followup.status, null(), null(),
            func.coalesce(Followup.scheduled_at, Followup.completed_at), Followup.agent_id,
        )
        .where(
            about(Followup),
            Followup.status.in_(_PLANNED),
            in_scope(by, Followup.agent_id),
        )
        .order_by(Followup.scheduled_at.desc(), Followup.id.desc())
    )  # fmt: skip


def _appointments(by: Viewer) -> Select[Any]:
    return (
        item_row(
            "appointment", Appointment.id, literal(""), Appointment.appointment_type,
            Appointment.status, null(), null(), Appointment.scheduled_datetime, Appointment.agent_id,
        )
        .where(
            about(Appointment),
            Appointment.status == AppointmentStatus.SCHEDULED,
            in_scope(by, Appointment.agent_id),
        )
        .order_by(Appointment.scheduled_datetime.desc(), Appointment.id.desc())
    )  # fmt: skip


def _outside(by: Viewer) -> list[Select[Any]]:
    """A row a kind, whose id is the number of the customer's records outside the viewer's scope."""
    if by.sees_all:
        return [item_row(_OUTSIDE, literal(0), literal("policy"), *(null() for _ in range(6)))]
    return [
        item_row(_OUTSIDE, func.count(), literal(kind), *(null() for _ in range(6)))
        .select_from(model)
        .where(
            model.customer_id == THEIRS,
            ~func.coalesce(in_scope(by, owner, model.territory_id), False),
        )
        for kind, model, owner in _OWNED
    ]


_OUTSIDE = "outside"
_OWNED: tuple[tuple[str, Any, Any], ...] = (
    ("policy", Policy, Policy.agent_id),
    ("lead", Lead, Lead.assigned_to),
    ("opportunity", Opportunity, Opportunity.assigned_to),
    ("claim", Claim, Claim.agent_id),
)
