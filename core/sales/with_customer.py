"""The follow-ups and appointments with one customer, those about their deals among them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import Session

from core import customers
from core.access import Permission, Viewer, read
from core.db import unit_of_work
from core.kit.dates import utc_now
from core.sales import deal_store, neighbours
from core.sales.detail_records import AppointmentRow, FollowupRow
from core.sales.details import appointment_row, followup_row
from core.sales.shapes import SHAPES
from core.sales.tables import Appointment, Followup

MOST = 100


@dataclass(frozen=True, slots=True)
class ContactsWith:
    """What is planned and what took place with a customer, at most 100 of each, the newest."""

    followups: tuple[FollowupRow, ...]
    appointments: tuple[AppointmentRow, ...]


@read(Permission.LEADS_VIEW)
def contacts_with(customer_id: int, *, by: Viewer, now: datetime | None = None) -> ContactsWith:
    """Follow-ups and appointments with a customer in scope, and about their deals that are in scope.

    Raises NotFound for a customer outside the scope.
    """
    at = now or utc_now()
    with unit_of_work() as session:
        found = customers.customer(customer_id, by=by, now=at)
        followups = _rows(session, Followup, Followup.scheduled_at, found.id, by=by)
        meetings = _rows(session, Appointment, Appointment.scheduled_datetime, found.id, by=by)
    return ContactsWith(
        tuple(followup_row(row, who, by=by, at=at) for row, who in followups),
        tuple(appointment_row(row, who, by=by) for row, who in meetings),
    )


def _rows(session: Session, model: Any, at: Any, customer_id: int, *, by: Viewer) -> list[Any]:
    statement = (
        select(model, neighbours.user_name)
        .join(neighbours.users, neighbours.users.c.id == model.agent_id)
        .where(model.id.in_(_keys(model, customer_id, by=by)))
        .order_by(at.desc().nulls_last(), model.id.desc())
        .limit(MOST)
    )
    return list(session.execute(statement))


def _keys(model: Any, customer_id: int, *, by: Viewer) -> Select[Any]:
    """By key, one source at a time: an "or" over three columns would read everybody's."""
    parts: list[Select[Any]] = [select(model.id).where(model.customer_id == customer_id)]
    for shape in SHAPES.values():
        deals = select(shape.model.id).where(
            shape.model.customer_id == customer_id, deal_store.visible(shape, by)
        )
        parts.append(select(model.id).where(getattr(model, shape.about).in_(deals)))
    return select(union_all(*parts).subquery().c.id)
