"""What needs the viewer today: contacts that are due, meetings, deals that stand still."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Select,
    String,
    and_,
    bindparam,
    cast,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from core.access import Permission, Viewer, ViewerKind, bound, kind_of, read
from core.db import unit_of_work
from core.kit.dates import business_date, start_of_day, utc_now
from core.kit.settings import settings
from core.sales import deal_store, neighbours, rules
from core.sales.records import Link, MyDay, WorkItem
from core.sales.shapes import SHAPES, Shape
from core.sales.status import LEAD
from core.sales.tables import Appointment, AppointmentStatus, Followup, FollowupStatus, Lead, Opportunity

MISSED_FOR_DAYS = 14
DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Day:
    """The viewer's day: now, and where today, tomorrow and the day after begin."""

    by: Viewer
    now: datetime
    today: datetime
    tomorrow: datetime
    after: datetime


@read(Permission.HOME_VIEW)
def my_day(*, by: Viewer, now: datetime | None = None, limit: int = 30) -> MyDay:
    """The most urgent things first, at most `limit` of each kind, and how many there are of each.

    Follow-ups and appointments are the viewer's own; rotting deals those in scope; unassigned leads
    are for those who may hand them out. Whoever only reads sales has nothing to do here.
    """
    if not by.can(Permission.LEADS_EDIT):
        return MyDay((), {})
    at = now or utc_now()
    zone = settings().time_zone
    today = business_date(at, zone)
    day = _Day(by, at, *(start_of_day(today + n * DAY, zone) for n in range(3)))
    items: list[WorkItem] = []
    counts: dict[str, int] = {}
    with unit_of_work() as session:
        reasons = _reasons(day)
        for kind, statement in _statements(kind_of(by), day.today, limit):
            rows = session.execute(statement, {**bound(by), "now": at}).all()
            counts[kind] = rows[0].of_all if rows else 0
            items += [_item(day, kind, row, reasons[kind](row)) for row in rows]
    return MyDay(tuple(items), counts)


# Built once a kind of viewer and day, because building them all takes longer than running them.
@lru_cache(maxsize=30)
def _statements(by: ViewerKind, today: datetime, limit: int) -> tuple[tuple[str, Select[Any]], ...]:
    now: Any = bindparam("now", type_=DateTime(timezone=True))
    zone = settings().time_zone
    day = business_date(today, zone)
    asking = _Day(by, now, *(start_of_day(day + n * DAY, zone) for n in range(3)))
    of_all = func.count().over().label("of_all")
    return tuple((kind, asked.add_columns(of_all).limit(limit)) for kind, asked in _kinds(asking))


def _kinds(day: _Day) -> list[tuple[str, Select[Any]]]:
    """Every kind of work in order of urgency, with its statement."""
    overdue = and_(Followup.status == FollowupStatus.PLANNED, Followup.scheduled_at < day.now)
    due = and_(
        Followup.status == FollowupStatus.PLANNED,
        Followup.scheduled_at >= day.now,
        Followup.scheduled_at < day.tomorrow,
    )
    kinds: list[tuple[str, Select[Any]]] = [
        ("followup_overdue", _followups(day, overdue)),
        ("appointment_today", _meetings(day, day.now, day.tomorrow)),
        ("followup_today", _followups(day, due)),
        ("followup_missed", _followups(day, _missed(day))),
    ]
    if day.by.can(Permission.LEADS_ASSIGN):
        kinds.append(("unassigned", _unassigned(day)))
    kinds += [(_ROTTING[shape.kind], _rotting(day, shape)) for shape in SHAPES.values()]
    kinds.append(("appointment_tomorrow", _meetings(day, day.tomorrow, day.after)))
    return kinds


_SPELLED = {"demo": "presentation", "email": "e-mail", "sms": "text message"}
_ROTTING = {"lead": "rotting", "opportunity": "rotting_opportunity"}


def _reasons(day: _Day) -> dict[str, Callable[[Any], str]]:
    """Why a row of each kind is there."""
    return {
        "followup_overdue": _overdue_reason(day),
        "appointment_today": _meeting,
        "followup_today": lambda row: f"{_medium(row)} due today",
        "followup_missed": _missed_reason,
        "unassigned": lambda _: "New lead without an owner",
        **{_ROTTING[shape.kind]: _rotting_reason(day, shape) for shape in SHAPES.values()},
        "appointment_tomorrow": _meeting,
    }


def _about(model: type[Followup | Appointment], *columns: Any) -> Select[Any]:
    """Rows of the model with the deal or customer that they are about."""
    lead = aliased(Lead)
    deal = aliased(Opportunity)
    people = neighbours.customers
    return (
        select(
            *columns,
            func.coalesce(
                lead.first_name + " " + lead.last_name,
                deal.name,
                people.c.first_name + " " + people.c.last_name,
            ).label("title"),
            func.coalesce(lead.expected_premium, deal.estimated_value).label("value"),
            lead.lead_code.label("lead"),
            deal.opportunity_code.label("opportunity"),
            people.c.customer_code.label("customer"),
        )
        .select_from(model)
        .outerjoin(lead, lead.id == model.lead_id)
        .outerjoin(deal, deal.id == model.opportunity_id)
        .outerjoin(people, people.c.id == model.customer_id)
    )


def _followups(day: _Day, condition: ColumnElement[bool]) -> Select[Any]:
    when = Followup.scheduled_at
    return (
        _about(Followup, when.label("due"), cast(Followup.type, String).label("medium"))
        .where(Followup.agent_id == day.by.user_id, condition)
        .order_by(when, func.coalesce(Followup.lead_id, 0), Followup.id)
    )


def _missed(day: _Day) -> ColumnElement[bool]:
    """Missed in the last 14 days, and nothing was planned or done with the same deal since."""
    later = aliased(Followup)
    same = or_(
        later.lead_id == Followup.lead_id,
        later.opportunity_id == Followup.opportunity_id,
        later.customer_id == Followup.customer_id,
    )
    active = later.status.in_([FollowupStatus.PLANNED, FollowupStatus.COMPLETED])
    since = or_(later.scheduled_at > Followup.scheduled_at, later.completed_at > Followup.scheduled_at)
    return and_(
        Followup.status == FollowupStatus.MISSED,
        Followup.scheduled_at >= day.today - MISSED_FOR_DAYS * DAY,
        ~exists(select(later.id).where(same, active, since)),
    )


def _meetings(day: _Day, start: datetime, end: datetime) -> Select[Any]:
    when = Appointment.scheduled_datetime
    return (
        _about(
            Appointment,
            when.label("due"),
            cast(Appointment.mode, String).label("medium"),
            cast(Appointment.appointment_type, String).label("purpose"),
        )
        .where(
            Appointment.agent_id == day.by.user_id,
            Appointment.status == AppointmentStatus.SCHEDULED,
            Appointment.ends_at > start,
            when < end,
        )
        .order_by(when, Appointment.id)
    )


def _unassigned(day: _Day) -> Select[Any]:
    shape = SHAPES["lead"]
    return (
        _deals(shape)
        .where(
            deal_store.visible(shape, day.by),
            Lead.assigned_to.is_(None),
            Lead.status == shape.stage(LEAD.start),
        )
        .order_by(Lead.created_at, Lead.id)
    )


def _rotting(day: _Day, shape: Shape) -> Select[Any]:
    """Deals of somebody that stand still, the dearest first."""
    return (
        _deals(shape)
        .where(
            deal_store.visible(shape, day.by),
            shape.model.assigned_to.is_not(None),
            deal_store.standing_still(shape, day.now),
        )
        .order_by(shape.value.desc().nulls_last(), shape.model.status_changed_at, shape.model.id)
    )


def _deals(shape: Shape) -> Select[Any]:
    model = shape.model
    title = model.first_name + " " + model.last_name if shape.kind == "lead" else model.name
    return select(
        title.label("title"),
        shape.value.label("value"),
        shape.next_followup.label("due"),
        shape.status.label("status"),
        model.status_changed_at.label("entered"),
        shape.code.label(shape.kind),
        model.assigned_to.label("owner_id"),
        func.coalesce(neighbours.user_name, "").label("owner"),
    ).outerjoin(neighbours.users, neighbours.users.c.id == model.assigned_to)


def _item(day: _Day, kind: str, row: Any, reason: str) -> WorkItem:
    value: Decimal | None = row.value
    is_contact = kind.startswith(("followup", "appointment"))
    others = not is_contact and row.owner_id is not None and row.owner_id != day.by.user_id
    return WorkItem(
        kind=kind,
        title=row.title or "",
        reason=reason,
        due=row.due,
        value=value,
        is_overdue=kind in {"followup_overdue", "followup_missed"},
        link=_link(row, is_contact=is_contact),
        owner=row.owner if others else "",
    )


def _link(row: Any, *, is_contact: bool) -> Link:
    """The record; that of a contact opens where contacts are completed."""
    at = (("part", "contacts"),) if is_contact else ()
    for kind, shape in SHAPES.items():
        code = getattr(row, kind, None)
        if code:
            return Link(shape.page, ((kind, code), *at))
    return Link("customer", (("customer", row.customer),))


def _told(stored: object) -> str:
    """A stored word of a follow-up or an appointment as its record tells it."""
    return _SPELLED.get(str(stored), str(stored).replace("_", " "))


def _medium(row: Any) -> str:
    return _told(row.medium).capitalize()


def _overdue_reason(day: _Day) -> Callable[[Any], str]:
    def reason(row: Any) -> str:
        late = day.now - row.due
        hours = int(late.total_seconds() // 3600)
        return f"{_medium(row)} overdue for {hours} h" if hours else f"{_medium(row)} overdue"

    return reason


def _missed_reason(row: Any) -> str:
    return f"{_medium(row)} was missed; plan another one"


def _meeting(row: Any) -> str:
    return f"{_told(row.purpose).capitalize()}, {_told(row.medium)}"


def _rotting_reason(day: _Day, shape: Shape) -> Callable[[Any], str]:
    def reason(row: Any) -> str:
        days = rules.days_in_stage(row.entered, day.now)
        return f"{days} days in {shape.lifecycle.label(row.status.value)}"

    return reason
