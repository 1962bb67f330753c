"""Plans, completes, moves and cancels follow-ups; lets the clock mark the missed ones."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.access import Permission, Viewer, action
from core.db import once, unit_of_work
from core.kit.dates import utc_now
from core.kit.errors import Invalid
from core.kit.fields import clean
from core.kit.ids import RequestId
from core.sales import contacts, rules
from core.sales.records import About, NewFollowup
from core.sales.status import FOLLOWUP
from core.sales.tables import Followup, FollowupStatus

NOUN = FOLLOWUP.noun
MISSED_AT_ONCE = 500
MOST_MINUTES = 24 * 60


@action(Permission.LEADS_EDIT)
def plan_followup(
    new: NewFollowup, *, request_id: RequestId, by: Viewer, now: datetime | None = None
) -> int:
    """Plan a contact once per request id; returns its id. Raises Invalid, NotFound."""
    at = now or utc_now()
    with unit_of_work() as session:

        def make() -> int:
            inputs = {"type": new.type, "direction": new.direction, "notes": new.notes}
            columns = clean(rules.FOLLOWUP_FIELDS, inputs)
            contacts.must_lie_ahead(new.scheduled_at, at, field="scheduled_at")
            about = contacts.party(session, new.about, by=by)
            contacts.must_not_be_lost(about)
            row = contacts.first_followup(
                session,
                about,
                agent_id=contacts.who_does_it(session, new.agent_id, about, by=by),
                at=at,
                by=by,
                status=FollowupStatus.PLANNED,
                scheduled_at=new.scheduled_at,
                **columns,
            )
            return row.id

        return once(
            session,
            request_id,
            action="sales.plan_followup",
            content=asdict(new),
            actor_id=by.user_id,
            make=make,
        )


@action(Permission.LEADS_EDIT)
def log_followup(
    about: About,
    *,
    outcome: str,
    completed_at: datetime,
    request_id: RequestId,
    by: Viewer,
    type: str = "call",  # noqa: A002  # the name of the column and of the form's field
    direction: str = "outbound",
    duration_minutes: int | None = None,
    notes: str = "",
    now: datetime | None = None,
) -> int:
    """Record a contact that took place without a plan, once per request id; returns its id."""
    at = now or utc_now()
    inputs = {"type": type, "direction": direction, "notes": notes, "outcome": outcome}
    content = {**inputs, **asdict(about), "completed_at": completed_at, "minutes": duration_minutes}
    with unit_of_work() as session:

        def make() -> int:
            columns = clean((*rules.FOLLOWUP_FIELDS, rules.OUTCOME_FIELD), inputs)
            contacts.must_have_passed(completed_at, at, field="completed_at")
            found = contacts.party(session, about, by=by)
            row = contacts.first_followup(
                session,
                found,
                agent_id=by.user_id,
                at=at,
                by=by,
                status=FollowupStatus.COMPLETED,
                completed_at=completed_at,
                duration_minutes=_minutes(duration_minutes),
                **columns,
            )
            return row.id

        return once(
            session,
            request_id,
            action="sales.log_followup",
            content=content,
            actor_id=by.user_id,
            make=make,
        )


@action(Permission.LEADS_EDIT)
def complete_followup(
    followup_id: int,
    *,
    outcome: str,
    completed_at: datetime,
    version: int,
    by: Viewer,
    duration_minutes: int | None = None,
    notes: str | None = None,
    next_at: datetime | None = None,
    now: datetime | None = None,
) -> None:
    """Record what came of a planned contact; `next_at` plans the next one in the same breath.

    Raises Conflict, IllegalMove, Invalid, NotFound.
    """
    at = now or utc_now()
    told: dict[str, Any] = clean((rules.OUTCOME_FIELD,), {"outcome": outcome})
    if notes is not None:
        told |= clean(rules.FOLLOWUP_FIELDS, {"notes": notes})
    contacts.must_have_passed(completed_at, at, field="completed_at")
    if next_at is not None:
        contacts.must_lie_ahead(next_at, at, field="next_at")
    with unit_of_work() as session:
        row, about = contacts.own(session, Followup, NOUN, followup_id, by=by)
        moved = audit.move(
            session,
            FOLLOWUP,
            row,
            to="completed",
            actor=by,
            at=at,
            given={"completed_at": completed_at, "outcome": told["outcome"]},
            expected_version=version,
        )
        if not moved:
            return
        row.completed_at, row.duration_minutes = completed_at, _minutes(duration_minutes)
        for name, value in told.items():
            setattr(row, name, value)
        if next_at is not None:
            contacts.must_not_be_lost(about)
            row.next_followup_scheduled = next_at
            contacts.first_followup(
                session,
                about,
                agent_id=row.agent_id,
                at=at,
                by=by,
                status=FollowupStatus.PLANNED,
                scheduled_at=next_at,
                type=row.type,
                direction=row.direction,
            )
        _refresh(session, about)


@action(Permission.LEADS_EDIT)
def reschedule_followup(
    followup_id: int, *, scheduled_at: datetime, version: int, by: Viewer, now: datetime | None = None
) -> None:
    """Plan a planned follow-up for another time. Raises Conflict, Invalid, NotFound."""
    at = now or utc_now()
    contacts.must_lie_ahead(scheduled_at, at, field="scheduled_at")
    with unit_of_work() as session:
        row, about = contacts.own(session, Followup, NOUN, followup_id, by=by)
        audit.check_version(session, FOLLOWUP.entity, NOUN, row, version)
        if row.status is not FollowupStatus.PLANNED:
            label = FOLLOWUP.label(row.status.value).lower()
            raise Invalid({"scheduled_at": f"This follow-up is {label}; plan a new one."})
        if row.scheduled_at == scheduled_at:
            return
        audit.record(
            session,
            actor=by,
            action="followup.reschedule",
            entity="followup",
            entity_id=row.id,
            details={"changed": {"scheduled_at": [str(row.scheduled_at), str(scheduled_at)]}},
        )
        row.scheduled_at = scheduled_at
        _refresh(session, about)


@action(Permission.LEADS_EDIT)
def cancel_followup(
    followup_id: int, *, version: int, by: Viewer, reason: str = "", now: datetime | None = None
) -> None:
    """Call a planned follow-up off. Raises Conflict, IllegalMove, NotFound."""
    told = clean((rules.REASON_FIELD,), {"reason": reason})
    with unit_of_work() as session:
        row, about = contacts.own(session, Followup, NOUN, followup_id, by=by)
        audit.move(
            session,
            FOLLOWUP,
            row,
            to="cancelled",
            actor=by,
            at=now or utc_now(),
            reason=str(told["reason"] or ""),
            expected_version=version,
        )
        _refresh(session, about)


def mark_missed(*, now: datetime) -> int:
    """Mark every follow-up as missed that was planned for more than 24 hours ago; returns how many.

    For the clock alone (domain.md section 1). It goes in steps of 500 and passes by what somebody
    is working on.
    """
    total = 0
    while (done := _miss_some(now)) > 0:
        total += done
    return total


def _miss_some(now: datetime) -> int:
    with unit_of_work() as session:
        rows = session.scalars(
            select(Followup)
            .where(
                Followup.status == FollowupStatus.PLANNED,
                Followup.scheduled_at < now - rules.MISSED_AFTER,
            )
            .order_by(Followup.id)
            .limit(MISSED_AT_ONCE)
            .with_for_update(skip_locked=True)
        ).all()
        for row in rows:
            audit.move(session, FOLLOWUP, row, to="missed", actor=audit.SystemActor(), at=now)
        contacts.refresh_next(session, sorted({row.lead_id for row in rows if row.lead_id is not None}))
    return len(rows)


def _refresh(session: Session, about: contacts.Party) -> None:
    contacts.refresh_next(session, [deal.id for shape, deal in about.deals if shape.kind == "lead"])


def _minutes(value: int | None) -> int | None:
    if value is not None and not 0 <= value <= MOST_MINUTES:
        raise Invalid({"duration_minutes": "A contact lasts from 0 minutes to a day."})
    return value
