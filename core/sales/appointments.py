"""Books, moves, completes and cancels appointments; an agent is in one place at a time."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy import text as sql
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import audit
from core.access import Permission, Viewer, action
from core.db import once, unit_of_work
from core.kit.dates import utc_now
from core.kit.errors import Invalid
from core.kit.fields import clean
from core.kit.ids import RequestId
from core.kit.settings import settings
from core.kit.wording import clock_told, day_told
from core.sales import contacts, neighbours, rules
from core.sales.errors import AppointmentClash
from core.sales.records import NewAppointment
from core.sales.status import APPOINTMENT
from core.sales.tables import Appointment, AppointmentStatus, Lead, Opportunity

NOUN = APPOINTMENT.noun
# Bookings of one agent wait for each other here; the exclusion constraint is the last line.
LOCK = 7_249_004
OVERLAP = "ex_appointments_agent_overlap"


@action(Permission.LEADS_EDIT)
def book_appointment(
    new: NewAppointment, *, request_id: RequestId, by: Viewer, now: datetime | None = None
) -> int:
    """Book a meeting once per request id; returns its id.

    Raises AppointmentClash naming the other one when the agent is somewhere else, Invalid, NotFound.
    """
    at = now or utc_now()
    with unit_of_work() as session:

        def make() -> int:
            inputs = {"type": new.type, "mode": new.mode, "location": new.location, "notes": new.notes}
            columns = clean(rules.APPOINTMENT_FIELDS, inputs)
            _must_fit(new.starts_at, new.ends_at, at)
            about = contacts.party(session, new.about, by=by)
            contacts.must_not_be_lost(about)
            row = Appointment(
                **about.columns,
                **_named(columns),
                agent_id=contacts.who_does_it(session, new.agent_id, about, by=by),
                scheduled_datetime=new.starts_at,
                ends_at=new.ends_at,
            )
            return _put(session, row, by=by, at=at)

        return once(
            session,
            request_id,
            action="sales.book_appointment",
            content=asdict(new),
            actor_id=by.user_id,
            make=make,
        )


def _named(columns: dict[str, object]) -> dict[str, Any]:
    return {("appointment_type" if name == "type" else name): value for name, value in columns.items()}


@action(Permission.LEADS_EDIT)
def reschedule_appointment(
    appointment_id: int,
    *,
    starts_at: datetime,
    ends_at: datetime,
    version: int,
    by: Viewer,
    now: datetime | None = None,
) -> int:
    """Move a meeting: the old one is closed as rescheduled, and a linked successor is booked.

    Returns the successor's id. Raises AppointmentClash, Conflict, IllegalMove, Invalid, NotFound.
    """
    at = now or utc_now()
    _must_fit(starts_at, ends_at, at)
    with unit_of_work() as session:
        row, about = contacts.own(session, Appointment, NOUN, appointment_id, by=by)
        _hold(session, row.agent_id)
        audit.move(
            session,
            APPOINTMENT,
            row,
            to="rescheduled",
            actor=by,
            at=at,
            given={"successor": starts_at},
            expected_version=version,
        )
        session.flush()
        successor = Appointment(
            **about.columns,
            agent_id=row.agent_id,
            appointment_type=row.appointment_type,
            mode=row.mode,
            location=row.location,
            notes=row.notes,
            scheduled_datetime=starts_at,
            ends_at=ends_at,
            rescheduled_from_id=row.id,
        )
        return _put(session, successor, by=by, at=at)


@action(Permission.LEADS_EDIT)
def complete_appointment(
    appointment_id: int,
    *,
    outcome: str,
    version: int,
    by: Viewer,
    actual_at: datetime | None = None,
    now: datetime | None = None,
) -> None:
    """Record what came of a meeting; without `actual_at` it began when it was planned."""
    at = now or utc_now()
    told = clean((rules.OUTCOME_FIELD,), {"outcome": outcome})
    with unit_of_work() as session:
        row, _ = contacts.own(session, Appointment, NOUN, appointment_id, by=by)
        began = actual_at or row.scheduled_datetime
        contacts.must_have_passed(began, at, field="actual_at")
        moved = _move(session, row, "completed", version=version, by=by, at=at, given=told)
        if moved:
            row.outcome, row.actual_datetime = str(told["outcome"]), began


@action(Permission.LEADS_EDIT)
def cancel_appointment(
    appointment_id: int, *, version: int, by: Viewer, reason: str = "", now: datetime | None = None
) -> None:
    """Call a meeting off. Raises Conflict, IllegalMove, NotFound."""
    told = clean((rules.REASON_FIELD,), {"reason": reason})
    with unit_of_work() as session:
        row, _ = contacts.own(session, Appointment, NOUN, appointment_id, by=by)
        why = str(told["reason"] or "")
        _move(session, row, "cancelled", version=version, by=by, at=now or utc_now(), reason=why)


@action(Permission.LEADS_EDIT)
def mark_no_show(appointment_id: int, *, version: int, by: Viewer, now: datetime | None = None) -> None:
    """Record that nobody came. Raises Invalid before it began, Conflict, IllegalMove, NotFound."""
    at = now or utc_now()
    with unit_of_work() as session:
        row, _ = contacts.own(session, Appointment, NOUN, appointment_id, by=by)
        contacts.must_have_passed(row.scheduled_datetime, at, field="status")
        _move(session, row, "no_show", version=version, by=by, at=at)


def _move(session: Session, row: Appointment, to: str, *, by: Viewer, **options: Any) -> bool:
    version = options.pop("version")
    return audit.move(session, APPOINTMENT, row, to=to, actor=by, expected_version=version, **options)


def _must_fit(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    contacts.must_lie_ahead(starts_at, now, field="starts_at")
    if ends_at <= starts_at:
        raise Invalid({"ends_at": "It ends after it starts."})
    if ends_at - starts_at > rules.LONGEST_MEETING:
        raise Invalid({"ends_at": "A meeting lasts at most 12 hours."})


def _put(session: Session, row: Appointment, *, by: Viewer, at: datetime) -> int:
    """Write a scheduled appointment with its history. Raises AppointmentClash."""
    _hold(session, row.agent_id)
    _must_be_free(session, row)
    row.status, row.status_changed_at, row.created_at = AppointmentStatus.SCHEDULED, at, at
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        if getattr(getattr(error.orig, "diag", None), "constraint_name", None) != OVERLAP:
            raise
        _must_be_free(session, row)
        raise
    audit.born(session, APPOINTMENT, row.id, status=APPOINTMENT.start, actor=by, at=at)
    audit.record(
        session,
        actor=by,
        action="appointment.create",
        entity="appointment",
        entity_id=row.id,
        details={
            "agent_id": row.agent_id,
            "starts_at": str(row.scheduled_datetime),
            "ends_at": str(row.ends_at),
            "rescheduled_from_id": row.rescheduled_from_id,
        },
    )
    return row.id


def _hold(session: Session, agent_id: int) -> None:
    session.execute(
        sql("select pg_advisory_xact_lock(:lock, (:agent)::int)"), {"lock": LOCK, "agent": agent_id}
    )


def _must_be_free(session: Session, row: Appointment) -> None:
    """Raises AppointmentClash when the agent has another scheduled meeting at that time."""
    with session.no_autoflush:
        found = session.execute(
            select(
                Appointment.scheduled_datetime,
                Appointment.ends_at,
                neighbours.user_name,
                Lead.lead_code,
                Opportunity.opportunity_code,
                neighbours.customers.c.customer_code,
            )
            .join(neighbours.users, neighbours.users.c.id == Appointment.agent_id)
            .outerjoin(Lead, Lead.id == Appointment.lead_id)
            .outerjoin(Opportunity, Opportunity.id == Appointment.opportunity_id)
            .outerjoin(neighbours.customers, neighbours.customers.c.id == Appointment.customer_id)
            .where(
                Appointment.agent_id == row.agent_id,
                Appointment.status == AppointmentStatus.SCHEDULED,
                Appointment.scheduled_datetime < row.ends_at,
                Appointment.ends_at > row.scheduled_datetime,
            )
            .order_by(Appointment.scheduled_datetime)
            .limit(1)
        ).one_or_none()
    if found is None:
        return
    starts, ends, agent, *codes = found
    zone = ZoneInfo(settings().time_zone)
    begin, end = starts.astimezone(zone), ends.astimezone(zone)
    when = f"on {day_told(begin)}, {clock_told(begin)} – {clock_told(end)} {end:%Z}"
    about = next((code for code in codes if code), "")
    raise AppointmentClash(agent=agent, when=when, about=about, starts_at=starts, ends_at=ends)
