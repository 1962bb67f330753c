"""One lead or opportunity with all that belongs to it, masked by role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Permission, Viewer, read
from core.db import unit_of_work
from core.kit.dates import utc_now
from core.kit.errors import NotFound
from core.kit.fields import plain_text
from core.kit.masking import initial, masked_email, masked_phone
from core.sales import deal_store, history, leads, neighbours, opportunities, rules
from core.sales.detail_records import AppointmentRow, FollowupRow, LeadDetail, OpportunityDetail
from core.sales.records import Named
from core.sales.shapes import SHAPES, Shape
from core.sales.status import APPOINTMENT, FOLLOWUP
from core.sales.tables import (
    Appointment,
    Followup,
    FollowupStatus,
    Lead,
    LeadSource,
    LostReason,
    Opportunity,
)


@read(Permission.LEADS_VIEW)
def lead(key: int | str, *, by: Viewer, now: datetime | None = None) -> LeadDetail:
    """A lead by id or code, with its moves, history and contacts. NotFound outside the scope."""
    at, shape = now or utc_now(), SHAPES["lead"]
    with unit_of_work() as session:
        row: Lead = _one(session, shape, key, by=by)
        related = _Related(session, shape, row)
        given = leads.facts(session, row, at=at)
        is_masked = not by.can(Permission.PII_VIEW)
        return LeadDetail(
            id=row.id,
            code=row.lead_code,
            **_common(shape, row, related, given=given, by=by, at=at),
            closed_at=row.closed_at,
            first_name=initial(row.first_name) if is_masked else row.first_name,
            last_name=initial(row.last_name) if is_masked else row.last_name,
            company_name=row.company_name or "",
            email=masked_email(row.email) if is_masked else row.email or "",
            phone=masked_phone(row.phone) if is_masked else row.phone or "",
            date_of_birth=None if is_masked else row.date_of_birth,
            birth_year=row.date_of_birth.year if row.date_of_birth else None,
            state=row.state or "",
            contact_consent=row.contact_consent,
            contact_consent_at=row.contact_consent_at,
            source=related.named(LeadSource, row.source_id) or Named(row.source_id, ""),
            product=related.product(row.product_interest),
            expected_premium=row.expected_premium,
            expected_sum_assured=row.expected_sum_assured,
            next_followup_at=row.next_followup,
            is_masked=is_masked,
            opportunities=_opportunities_of(session, row.id, by=by),
        )


@read(Permission.LEADS_VIEW)
def opportunity(key: int | str, *, by: Viewer, now: datetime | None = None) -> OpportunityDetail:
    """An opportunity by id or code, with its moves, history and contacts. NotFound outside the scope."""
    at, shape = now or utc_now(), SHAPES["opportunity"]
    with unit_of_work() as session:
        row: Opportunity = _one(session, shape, key, by=by)
        related = _Related(session, shape, row)
        given = opportunities.facts(row, at=at)
        planned = [f.scheduled_at for f, _ in related.followups if f.status is FollowupStatus.PLANNED]
        return OpportunityDetail(
            id=row.id,
            code=row.opportunity_code,
            **_common(shape, row, related, given=given, by=by, at=at),
            name=by.free_text(row.name, instead="Opportunity"),
            lead=_lead_named(session, row.lead_id),
            product=related.product(row.product_id),
            source=related.named(LeadSource, row.source_id),
            estimated_value=row.estimated_value,
            won_value=row.won_value,
            expected_close_date=row.expected_close_date,
            opened_on=row.opened_on,
            closed_on=row.closed_on,
            next_followup_at=min((at for at in planned if at is not None), default=None),
        )


def _one(session: Session, shape: Shape, key: int | str, *, by: Viewer) -> Any:
    wanted = shape.model.id == key if isinstance(key, int) else shape.code == plain_text(key).upper()
    row = session.scalars(select(shape.model).where(wanted, deal_store.visible(shape, by))).one_or_none()
    if row is None:
        raise NotFound(shape.lifecycle.noun, key)
    return row


def _common(
    shape: Shape, row: Any, related: _Related, *, given: dict[str, object], by: Viewer, at: datetime
) -> dict[str, Any]:
    """What leads and opportunities show alike."""
    status = str(getattr(row, shape.status_column))
    described = shape.lifecycle[status]
    may_see_notes = by.can(Permission.PII_VIEW)
    return {
        "version": row.version,
        "status": status,
        "status_label": described.label,
        "tone": described.tone,
        "status_changed_at": row.status_changed_at,
        "days_in_stage": rules.days_in_stage(row.status_changed_at, at),
        "is_rotting": rules.is_rotting(shape.lifecycle, status, row.status_changed_at, at),
        "furthest_status": str(getattr(row, shape.furthest_column)),
        "reopen_count": row.reopen_count,
        "priority": row.priority.value,
        "owner": related.user(row.assigned_to),
        "territory": related.territory(row.territory_id),
        "customer": related.customer(row.customer_id, is_masked=not may_see_notes),
        "account": related.account(row.account_id),
        "lost_reason": related.named(LostReason, row.lost_reason_id),
        "lost_note": (row.lost_note or "") if may_see_notes else "",
        "notes": (row.notes or "") if may_see_notes else "",
        "created_by": (related.user(row.created_by) or Named(0, "")).name,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "can_edit": by.can(Permission.LEADS_EDIT),
        "can_assign": by.can(Permission.LEADS_ASSIGN) and rules.is_open(shape.lifecycle, status),
        "moves": shape.lifecycle.options(status, by.role_name, given),
        "history": history.of(related.session, shape, row.id, by=by),
        "followups": tuple(followup_row(found, who, by=by, at=at) for found, who in related.followups),
        "appointments": tuple(appointment_row(found, who, by=by) for found, who in related.appointments),
    }


@dataclass
class _Related:
    """The names and contacts of one deal."""

    session: Session
    shape: Shape
    row: Any

    @cached_property
    def followups(self) -> list[tuple[Followup, str]]:
        statement = (
            select(Followup, neighbours.user_name)
            .join(neighbours.users, neighbours.users.c.id == Followup.agent_id)
            .where(getattr(Followup, self.shape.about) == self.row.id)
            .order_by(Followup.scheduled_at.desc().nulls_last(), Followup.id.desc())
            .limit(200)
        )
        return [(found, who) for found, who in self.session.execute(statement)]

    @cached_property
    def appointments(self) -> list[tuple[Appointment, str]]:
        statement = (
            select(Appointment, neighbours.user_name)
            .join(neighbours.users, neighbours.users.c.id == Appointment.agent_id)
            .where(getattr(Appointment, self.shape.about) == self.row.id)
            .order_by(Appointment.scheduled_datetime.desc(), Appointment.id.desc())
            .limit(200)
        )
        return [(found, who) for found, who in self.session.execute(statement)]

    def named(self, model: type[LeadSource | LostReason], key: int | None) -> Named | None:
        name = self.session.scalar(select(model.name).where(model.id == key)) if key is not None else None
        return Named(key, name) if key is not None and name is not None else None

    def _name(self, table: Any, key: int | None, name: Any = None) -> Named | None:
        if key is None:
            return None
        shown = table.c.name if name is None else name
        return Named(key, str(self.session.scalar(select(shown).where(table.c.id == key))))

    def user(self, key: int | None) -> Named | None:
        return self._name(neighbours.users, key, neighbours.user_name)

    def territory(self, key: int | None) -> Named | None:
        return self._name(neighbours.territories, key)

    def product(self, key: int | None) -> Named | None:
        return self._name(neighbours.products, key)

    def account(self, key: int | None) -> Named | None:
        return self._name(neighbours.accounts, key)

    def customer(self, key: int | None, *, is_masked: bool) -> Named | None:
        table = neighbours.customers
        full = table.c.customer_code + " " + table.c.first_name + " " + table.c.last_name
        return self._name(table, key, table.c.customer_code if is_masked else full)


def _lead_named(session: Session, key: int | None) -> Named | None:
    found = session.get(Lead, key) if key is not None else None
    return Named(found.id, found.lead_code) if found else None


def _opportunities_of(session: Session, lead_id: int, *, by: Viewer) -> tuple[Named, ...]:
    statement = (
        select(Opportunity)
        .where(Opportunity.lead_id == lead_id, deal_store.visible(SHAPES["opportunity"], by))
        .order_by(Opportunity.id.desc())
        .limit(50)
    )
    return tuple(
        Named(row.id, f"{row.opportunity_code} {by.free_text(row.name)}".strip())
        for row in session.scalars(statement)
    )


def followup_row(row: Followup, agent: str, *, by: Viewer, at: datetime) -> FollowupRow:
    """A follow-up as it crosses the front door; its words are kept from viewers without personal data."""
    described = FOLLOWUP[row.status.value]
    texts_shown = by.can(Permission.PII_VIEW)
    return FollowupRow(
        id=row.id,
        type=row.type.value,
        direction=row.direction.value,
        status=row.status.value,
        status_label=described.label,
        tone=described.tone,
        scheduled_at=row.scheduled_at,
        completed_at=row.completed_at,
        duration_minutes=row.duration_minutes,
        notes=(row.notes or "") if texts_shown else "",
        outcome=(row.outcome or "") if texts_shown else "",
        agent_id=row.agent_id,
        agent=agent,
        is_overdue=row.status is FollowupStatus.PLANNED and rules.is_overdue(row.scheduled_at, at),
        version=row.version,
    )


def appointment_row(row: Appointment, agent: str, *, by: Viewer) -> AppointmentRow:
    """A meeting as it crosses the front door; its words are kept from viewers without personal data."""
    described = APPOINTMENT[row.status.value]
    texts_shown = by.can(Permission.PII_VIEW)
    return AppointmentRow(
        id=row.id,
        type=row.appointment_type.value,
        mode=row.mode.value,
        status=row.status.value,
        status_label=described.label,
        tone=described.tone,
        starts_at=row.scheduled_datetime,
        ends_at=row.ends_at,
        actual_at=row.actual_datetime,
        location=(row.location or "") if texts_shown else "",
        notes=(row.notes or "") if texts_shown else "",
        outcome=(row.outcome or "") if texts_shown else "",
        agent_id=row.agent_id,
        agent=agent,
        rescheduled_from_id=row.rescheduled_from_id,
        version=row.version,
    )
