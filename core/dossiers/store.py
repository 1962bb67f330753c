"""The one statement for everything that a customer has, in scope."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Date,
    DateTime,
    Numeric,
    Row,
    Select,
    String,
    and_,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from core.access import Permission, Viewer, in_scope
from core.access.tables import User
from core.catalog.tables import Product
from core.claims.tables import Claim
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

_PLANNED = (FollowupStatus.PLANNED, FollowupStatus.MISSED)


def items(session: Session, customer_id: int, *, by: Viewer) -> list[Row[Any]]:
    """Policies, deals, claims and planned contacts, at most 100 of each kind, newest first."""
    arms: list[Select[Any]] = []
    if by.can(Permission.POLICIES_VIEW):
        arms.append(_policies(customer_id, by))
    if by.can(Permission.LEADS_VIEW):
        arms += [_leads(customer_id, by), _opportunities(customer_id, by)]
        arms += [_followups(customer_id, by), _appointments(customer_id, by)]
    if by.can(Permission.CLAIMS_VIEW):
        arms.append(_claims(customer_id, by))
    if not arms:
        return []
    parts = [arm.limit(MOST).subquery() for arm in arms]
    everything = union_all(*(select(part) for part in parts)).subquery("everything")
    owner = func.coalesce(User.first_name + " " + User.last_name, "").label("owner")
    statement = select(everything, owner).outerjoin(User, User.id == everything.c.owner_id)
    return list(session.execute(statement))


def _row(
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
    begins, ends, frequency, annual = more or (null(), null(), null(), null())
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
    )


def _policies(customer_id: int, by: Viewer) -> Select[Any]:
    ends = func.coalesce(Policy.end_date, Policy.expiry_date)
    return (
        _row(
            "policy", Policy.id, Policy.policy_number, Product.name, Policy.status,
            Policy.premium_amount, ends, null(), Policy.agent_id,
            Policy.effective_date, ends, Policy.payment_frequency, Policy.annual_premium,
        )
        .join(Product, Product.id == Policy.product_id)
        .where(Policy.customer_id == customer_id, in_scope(by, Policy.agent_id, Policy.territory_id))
        .order_by(Policy.application_date.desc(), Policy.id.desc())
    )  # fmt: skip


def _leads(customer_id: int, by: Viewer) -> Select[Any]:
    return (
        _row(
            "lead", Lead.id, Lead.lead_code, func.coalesce(Product.name, "Lead"), Lead.status,
            Lead.expected_premium, null(), Lead.created_at, Lead.assigned_to,
        )
        .outerjoin(Product, Product.id == Lead.product_interest)
        .where(Lead.customer_id == customer_id, in_scope(by, Lead.assigned_to, Lead.territory_id))
        .order_by(Lead.created_at.desc(), Lead.id.desc())
    )  # fmt: skip


def _opportunities(customer_id: int, by: Viewer) -> Select[Any]:
    return (
        _row(
            "opportunity", Opportunity.id, Opportunity.opportunity_code,
            Opportunity.name if by.can(Permission.PII_VIEW) else literal("Opportunity"),
            Opportunity.stage, func.coalesce(Opportunity.won_value, Opportunity.estimated_value),
            Opportunity.expected_close_date, Opportunity.created_at, Opportunity.assigned_to,
        )
        .where(
            Opportunity.customer_id == customer_id,
            in_scope(by, Opportunity.assigned_to, Opportunity.territory_id),
        )
        .order_by(Opportunity.created_at.desc(), Opportunity.id.desc())
    )  # fmt: skip


def _claims(customer_id: int, by: Viewer) -> Select[Any]:
    return (
        _row(
            "claim", Claim.id, Claim.claim_number, Claim.loss_type, Claim.status,
            func.coalesce(Claim.approved_amount, Claim.estimated_amount), Claim.loss_date, null(),
            Claim.assigned_to,
        )
        .where(Claim.customer_id == customer_id, in_scope(by, Claim.agent_id, Claim.territory_id))
        .order_by(Claim.reported_date.desc(), Claim.id.desc())
    )  # fmt: skip


def _about(model: Any, customer_id: int) -> Any:
    """Contacts with the customer, and those about their leads and opportunities."""
    leads = select(Lead.id).where(Lead.customer_id == customer_id)
    deals = select(Opportunity.id).where(Opportunity.customer_id == customer_id)
    return or_(model.customer_id == customer_id, model.lead_id.in_(leads), model.opportunity_id.in_(deals))


def _followups(customer_id: int, by: Viewer) -> Select[Any]:
    return (
        _row(
            "followup", Followup.id, literal(""), Followup.type, Followup.status, null(), null(),
            func.coalesce(Followup.scheduled_at, Followup.completed_at), Followup.agent_id,
        )
        .where(
            _about(Followup, customer_id),
            Followup.status.in_(_PLANNED),
            in_scope(by, Followup.agent_id),
        )
        .order_by(Followup.scheduled_at.desc(), Followup.id.desc())
    )  # fmt: skip


def _appointments(customer_id: int, by: Viewer) -> Select[Any]:
    return (
        _row(
            "appointment", Appointment.id, literal(""), Appointment.appointment_type,
            Appointment.status, null(), null(), Appointment.scheduled_datetime, Appointment.agent_id,
        )
        .where(
            _about(Appointment, customer_id),
            Appointment.status == AppointmentStatus.SCHEDULED,
            in_scope(by, Appointment.agent_id),
        )
        .order_by(Appointment.scheduled_datetime.desc(), Appointment.id.desc())
    )  # fmt: skip


def outside(session: Session, customer_id: int, *, by: Viewer) -> int:
    """How many policies, deals and claims of the customer lie outside the viewer's scope."""
    if by.sees_all:
        return 0
    counts = [
        select(func.count())
        .select_from(model)
        .where(
            and_(
                model.customer_id == customer_id,
                ~func.coalesce(in_scope(by, owner, model.territory_id), False),
            )
        )
        .scalar_subquery()
        for model, owner in _OWNED
    ]
    return sum(session.execute(select(*counts)).one())


_OWNED: tuple[tuple[Any, Any], ...] = (
    (Policy, Policy.agent_id),
    (Lead, Lead.assigned_to),
    (Opportunity, Opportunity.assigned_to),
    (Claim, Claim.agent_id),
)
