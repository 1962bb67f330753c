"""Leads, opportunities, follow-ups and appointments, in any state."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from core.access.tables import User
from core.db import unit_of_work
from core.sales.tables import (
    Appointment,
    AppointmentMode,
    AppointmentType,
    Direction,
    Followup,
    FollowupStatus,
    FollowupType,
    Lead,
    LeadSource,
    LeadStatus,
    LostReason,
    Opportunity,
    OpportunityStage,
)
from tests.factories.rows import number, put

WHEN = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def source_id(name: str = "Website") -> int:
    """The id of a lead source of the reference data."""
    with unit_of_work() as session:
        return session.scalars(select(LeadSource.id).where(LeadSource.name == name)).one()


def lost_reason_id(name: str = "Premium too high") -> int:
    """The id of a lost reason of the reference data."""
    with unit_of_work() as session:
        return session.scalars(select(LostReason.id).where(LostReason.name == name)).one()


def lead(owner: User | None = None, *, status: str = "new", **columns: object) -> Lead:
    """A lead in any status; what the status cannot be without is filled in."""
    n = number()
    given: dict[str, object] = {
        "first_name": "Lee",
        "last_name": f"Lead{n}",
        "email": f"lead{n}@example.com",
        "phone": f"+1 212-555-{n % 10_000:04d}",
        "source_id": source_id(),
        "expected_premium": Decimal("1200.00"),
        "status": LeadStatus(status),
        "furthest_status": LeadStatus("new" if status == "lost" else status),
        "assigned_to": owner.id if owner else None,
    }
    if status in {"won", "lost"}:
        given["closed_at"] = columns.get("status_changed_at", WHEN)
    if status == "lost":
        given["lost_reason_id"] = lost_reason_id()
    return put(Lead(**{**given, **columns}))


def opportunity(owner: User | None = None, *, stage: str = "prospecting", **columns: object) -> Opportunity:
    """An opportunity in any stage; what the stage cannot be without is filled in."""
    given: dict[str, object] = {
        "name": f"Deal {number()}",
        "stage": OpportunityStage(stage),
        "furthest_stage": OpportunityStage("prospecting" if stage == "closed_lost" else stage),
        "estimated_value": Decimal("5000.00"),
        "assigned_to": owner.id if owner else None,
    }
    if stage in {"closed_won", "closed_lost"}:
        given["closed_on"] = date(2026, 3, 2)
    return put(Opportunity(**{**given, **columns}))


def followup(agent: User, *, status: str = "planned", **columns: object) -> Followup:
    """A follow-up; about a new lead of the agent's unless something else is named."""
    about = {"lead_id", "customer_id", "opportunity_id"} & columns.keys()
    given: dict[str, object] = {
        "agent_id": agent.id,
        "type": FollowupType.CALL,
        "direction": Direction.OUTBOUND,
        "status": FollowupStatus(status),
        "scheduled_at": WHEN,
        "completed_at": WHEN if status == "completed" else None,
        "outcome": "Spoke" if status == "completed" else None,
    }
    if not about:
        given["lead_id"] = lead(agent).id
    return put(Followup(**{**given, **columns}))


def appointment(
    agent: User, *, starts: datetime = WHEN, minutes: int = 60, **columns: object
) -> Appointment:
    """A scheduled appointment; about a new lead of the agent's unless something else is named."""
    about = {"lead_id", "customer_id", "opportunity_id"} & columns.keys()
    given: dict[str, object] = {
        "agent_id": agent.id,
        "appointment_type": AppointmentType.INITIAL_MEETING,
        "mode": AppointmentMode.PHONE,
        "scheduled_datetime": starts,
        "ends_at": starts + timedelta(minutes=minutes),
    }
    if not about:
        given["lead_id"] = lead(agent).id
    return put(Appointment(**{**given, **columns}))
