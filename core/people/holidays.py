"""Days on which the office is closed: federal holidays by law, and days of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import audit
from core.access import Permission, Viewer, action, read
from core.db import once, unit_of_work
from core.kit.dates import business_date, us_federal_holidays, utc_now
from core.kit.errors import Invalid, NotFound, Refusal
from core.kit.fields import text
from core.kit.ids import RequestId
from core.kit.settings import settings
from core.people.tables import Holiday

ENTITY = "holiday"
_SATURDAY = 5
_read_name = text(100)


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """One day on which the office is closed besides weekends; federal ones can't be changed."""

    day: date
    name: str
    is_federal: bool


@read(Permission.REFERENCE_ADMIN)
def closed_days(year: int, *, by: Viewer) -> tuple[ClosedDay, ...]:
    """The closed days of a year, in order."""
    del by  # the calendar is everybody's
    federal = {day: ClosedDay(day, name, is_federal=True) for day, name in us_federal_holidays(year)}
    with unit_of_work() as session:
        rows = session.scalars(
            select(Holiday).where(Holiday.day.between(date(year, 1, 1), date(year, 12, 31)))
        )
        own = {row.day: ClosedDay(row.day, row.name, row.is_federal) for row in rows}
    return tuple(sorted((own | federal).values(), key=lambda one: one.day))


@action(Permission.REFERENCE_ADMIN)
def add_closed_day(
    day: date | None, name: str, *, request_id: RequestId, by: Viewer, now: datetime | None = None
) -> str:
    """Close the office on a working day to come; the day in ISO form, once per request.

    Deadlines that are counted from then on pass over it. Raises Invalid with a message per field.
    """
    called = _read_name(name)
    problems = {} if called else {"name": "Say what day it is."}
    if day is None or _refused(day, now or utc_now()):
        problems["day"] = _refused(day, now or utc_now()) if day else "Choose a day."
    if day is None or problems:
        raise Invalid(problems)
    try:
        with unit_of_work() as session:

            def make() -> str:
                session.add(Holiday(day=day, name=called, is_federal=False))
                session.flush()
                audit.record(
                    session,
                    actor=by,
                    action="holiday.add",
                    entity=ENTITY,
                    entity_id=day.toordinal(),
                    details={"changed": {"day": day.isoformat(), "name": called}},
                )
                return day.isoformat()

            return once(
                session,
                request_id,
                action="people.add_closed_day",
                content={"day": day, "name": called},
                actor_id=by.user_id,
                make=make,
            )
    except IntegrityError as error:
        raise Invalid({"day": "The office is closed on that day already."}) from error


@action(Permission.REFERENCE_ADMIN)
def remove_closed_day(day: date, *, by: Viewer, now: datetime | None = None) -> None:
    """Work on a day of one's own after all. Raises NotFound, or Refusal for a day that is over."""
    today = business_date(now or utc_now(), settings().time_zone)
    with unit_of_work() as session:
        row = session.get(Holiday, day, with_for_update=True)
        if row is None or row.is_federal:
            raise NotFound("closing day of the office's own on", day)
        if day < today:
            raise Refusal("That day is over: deadlines were counted with it.")
        session.delete(row)
        audit.record(
            session,
            actor=by,
            action="holiday.remove",
            entity=ENTITY,
            entity_id=day.toordinal(),
            details={"changed": {"day": day.isoformat(), "name": row.name}},
        )


def _refused(day: date, now: datetime) -> str:
    """Why the office can't be closed on the day; empty when it can."""
    if day < business_date(now, settings().time_zone):
        return "That day is over: deadlines were counted with it."
    if day.weekday() >= _SATURDAY:
        return "That is a weekend: the office is closed anyway."
    federal = dict(us_federal_holidays(day.year))
    return f"That is {federal[day]}: the office is closed anyway." if day in federal else ""
