"""What follow-ups and appointments share: whom they are about, who does them, when they may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from core import audit, customers
from core.access import Viewer
from core.kit.errors import Invalid, NotFound, Refusal
from core.kit.lifecycle import Lifecycle
from core.sales import deal_actions, neighbours, rules
from core.sales.records import About
from core.sales.shapes import SHAPES, Shape
from core.sales.status import APPOINTMENT, FOLLOWUP, LOST
from core.sales.tables import (
    Appointment,
    AppointmentStatus,
    Direction,
    Followup,
    FollowupStatus,
    FollowupType,
    Lead,
)

FURTHEST_AHEAD = timedelta(days=3660)


@dataclass(frozen=True)
class Party:
    """Whom a contact is about: the locked deals, and the columns that point at them."""

    deals: tuple[tuple[Shape, Any], ...]
    columns: dict[str, int | None]

    @property
    def owner_id(self) -> int | None:
        """The owner of the first deal that has one."""
        return next((row.assigned_to for _, row in self.deals if row.assigned_to is not None), None)


def party(session: Session, about: About, *, by: Viewer) -> Party:
    """The deals and customer that a contact is about, locked. NotFound for one out of scope."""
    named: tuple[tuple[Shape, int | None], ...] = (
        (SHAPES["lead"], about.lead_id),
        (SHAPES["opportunity"], about.opportunity_id),
    )
    if about.customer_id is None and all(key is None for _, key in named):
        raise Invalid({"about": "Say whom it is about."})
    deals = tuple(
        (shape, deal_actions.locked(session, shape, key, by=by)) for shape, key in named if key is not None
    )
    if about.customer_id is not None:
        customers.choice(about.customer_id, by=by)
    columns = {
        "lead_id": about.lead_id,
        "opportunity_id": about.opportunity_id,
        "customer_id": about.customer_id,
    }
    return Party(deals, columns)


def own(session: Session, model: type[Any], noun: str, key: int, *, by: Viewer) -> tuple[Any, Party]:
    """A follow-up or appointment with its party, both locked; whoever sees the party sees it.

    The party is locked first, as by every other action, so that nobody waits in a circle.
    """
    row = session.get(model, key)
    if row is None:
        raise NotFound(noun, key)
    try:
        about = party(session, About(row.lead_id, row.opportunity_id, row.customer_id), by=by)
    except NotFound:
        raise NotFound(noun, key) from None
    session.refresh(row, with_for_update=True)
    return row, about


def must_not_be_lost(about: Party) -> None:
    """Nothing is planned with a lost deal."""
    for shape, row in about.deals:
        status = str(getattr(row, shape.status_column))
        if LOST in shape.lifecycle[status].flags:
            raise Refusal(
                f"This {shape.lifecycle.noun} is lost, so there is nothing to plan.",
                remedy="A manager can reopen it.",
            )


def who_does_it(session: Session, agent_id: int | None, about: Party, *, by: Viewer) -> int:
    """The named agent, when in the viewer's scope; else the owner of the deal; else the viewer."""
    if agent_id is None:
        return about.owner_id or by.user_id
    if neighbours.owner_choice(session, agent_id, by=by) is None:
        raise Invalid({"agent_id": "Choose somebody of yours."})
    return agent_id


def must_lie_ahead(at: datetime, now: datetime, *, field: str) -> None:
    """A plan is for the future, by at most ten years. A naive time is a programming error."""
    if at.tzinfo is None:
        raise ValueError(f"{field} has no time zone")
    if at < now - rules.CLOCK_SLACK:
        raise Invalid({field: "That time has passed."})
    if at > now + FURTHEST_AHEAD:
        raise Invalid({field: "That is more than ten years away."})


def must_have_passed(at: datetime, now: datetime, *, field: str) -> None:
    """What took place lies in the past."""
    if at.tzinfo is None:
        raise ValueError(f"{field} has no time zone")
    if at > now + rules.CLOCK_SLACK:
        raise Invalid({field: "That time is still to come."})


def was_spoken_to(session: Session, lead_id: int) -> bool:
    """Whether any follow-up with the lead was completed."""
    done = FollowupStatus.COMPLETED
    return bool(
        session.scalar(select(exists().where(Followup.lead_id == lead_id, Followup.status == done)))
    )


def refresh_next(session: Session, lead_ids: Sequence[int]) -> None:
    """Keep leads.next_followup the earliest planned follow-up; the lead's version stays."""
    earliest = (
        select(func.min(Followup.scheduled_at))
        .where(Followup.lead_id == Lead.id, Followup.status == FollowupStatus.PLANNED)
        .scalar_subquery()
    )
    session.flush()
    session.execute(
        update(Lead)
        .where(Lead.id.in_(lead_ids), Lead.next_followup.is_distinct_from(earliest))
        .values(next_followup=earliest)
        .execution_options(synchronize_session=False)
    )


def hand_over(session: Session, shape: Shape, deal_ids: Sequence[int], *, to: int) -> None:
    """Planned follow-ups go with the deals that changed hands; appointments stay with who made them."""
    session.flush()
    session.execute(
        update(Followup)
        .where(getattr(Followup, shape.about).in_(deal_ids), Followup.status == FollowupStatus.PLANNED)
        .values(agent_id=to)
        .execution_options(synchronize_session=False)
    )


def call_off(session: Session, shape: Shape, deal: Any, *, by: Viewer, at: datetime) -> None:
    """Cancel what is still planned with a deal that was lost."""
    plans: tuple[tuple[Lifecycle, Any, Any], ...] = (
        (FOLLOWUP, Followup, FollowupStatus.PLANNED),
        (APPOINTMENT, Appointment, AppointmentStatus.SCHEDULED),
    )
    for lifecycle, model, planned in plans:
        rows = session.scalars(
            select(model)
            .where(getattr(model, shape.about) == deal.id, model.status == planned)
            .order_by(model.id)
            .with_for_update()
        ).all()
        for row in rows:
            audit.move(
                session,
                lifecycle,
                row,
                to="cancelled",
                actor=by,
                at=at,
                reason=f"The {shape.lifecycle.noun} was lost.",
            )
    if shape.kind == "lead":
        refresh_next(session, [deal.id])


def first_followup(
    session: Session, about: Party, *, agent_id: int, at: datetime, by: Viewer, **columns: Any
) -> Followup:
    """Write a new follow-up in the state that its columns say, with its first history row."""
    row = Followup(
        **about.columns,
        **{"type": FollowupType.CALL, "direction": Direction.OUTBOUND, **columns},
        agent_id=agent_id,
        status_changed_at=at,
        created_at=at,
    )
    session.add(row)
    session.flush()
    audit.born(session, FOLLOWUP, row.id, status=row.status.value, actor=by, at=at)
    audit.record(
        session,
        actor=by,
        action="followup.create",
        entity="followup",
        entity_id=row.id,
        details={"status": row.status.value, "agent_id": agent_id, **about.columns},
    )
    refresh_next(session, [deal.id for shape, deal in about.deals if shape.kind == "lead"])
    return row
