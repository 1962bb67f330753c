"""Where agents belong, by date: moved today or ahead of the day, never into the past.

An agent's own row tells the territory and manager of today; the spans tell those of every day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from core import audit
from core.audit import Actor
from core.db import unit_of_work
from core.kit.errors import Invalid, NotFound, Refusal
from core.people import store
from core.people.tables import Agent, AgentAssignment

ENTITY = "agent"


@dataclass(frozen=True, slots=True)
class Place:
    """Territory and manager from a day on, and what of the agent's book goes along."""

    territory_id: int
    manager_id: int | None
    valid_from: date
    takes_leads: bool = False
    takes_customers: bool = False


@dataclass(frozen=True, slots=True)
class Arrived:
    """An agent whose planned move has come due: what goes along, and where to."""

    user_id: int
    territory_id: int
    takes_leads: bool
    takes_customers: bool


def require_in_use(db: Session, territory_id: int, *, field: str) -> None:
    """Raises Invalid beside the field when there is no such territory, or when it is retired."""
    if not store.territory_exists(db, territory_id):
        raise Invalid({field: "There is no such territory in use."})


def check_place(db: Session, user_id: int, territory_id: int, manager_id: int | None) -> None:
    """The territory is in use, the manager an active one. Raises Invalid beside the fields."""
    require_in_use(db, territory_id, field="territory_id")
    if manager_id == user_id:
        raise Invalid({"manager_id": "Nobody reports to themselves."})
    if manager_id is not None and manager_id not in {row.id for row in store.managers(db)}:
        raise Invalid({"manager_id": "Only an active manager can be somebody's manager."})


def place(db: Session, profile: Agent, new: Place, *, today: date) -> None:
    """Put a locked agent somewhere from a day on; what was planned before is dropped."""
    _drop_planned(db, profile.id, today)
    current = _current(db, profile.id)
    is_ahead = new.valid_from > today
    if not is_ahead:
        profile.territory_id, profile.reporting_manager_id = new.territory_id, new.manager_id
    if current is not None and current.valid_from >= new.valid_from:
        current.territory_id, current.reporting_manager_id = new.territory_id, new.manager_id
        db.flush()
        return
    if current is not None:
        current.valid_to = new.valid_from
        db.flush()
    store.open_assignment(
        db,
        profile,
        new.territory_id,
        new.manager_id,
        new.valid_from,
        is_planned=is_ahead,
        takes_leads=new.takes_leads,
        takes_customers=new.takes_customers,
    )


def assign(user_id: int, new: Place, *, version: int, actor: Actor, today: date) -> None:
    """Move an agent from today or a later day on; a move that was planned is replaced.

    Raises NotFound, Conflict, or Invalid: also for a day that is over.
    """
    with unit_of_work() as db:
        profile = locked_agent(db, user_id, version)
        if new.valid_from < today:
            raise Invalid({"valid_from": "A move can't begin in the past: its days are counted already."})
        check_place(db, user_id, new.territory_id, new.manager_id)
        here = (profile.territory_id, profile.reporting_manager_id)
        if here == (new.territory_id, new.manager_id):
            raise Invalid({"territory_id": "The agent is there already."})
        place(db, profile, new, today=today)
        _touch(profile)
        changed = {
            "territory_id": [here[0], new.territory_id],
            "reporting_manager_id": [here[1], new.manager_id],
            "valid_from": str(new.valid_from),
        }
        _note(db, "agent.move", profile, actor, changed)


def drop_planned(user_id: int, *, version: int, actor: Actor, today: date) -> None:
    """Take back the move that is planned. Raises NotFound, Conflict, or Refusal when there is none."""
    with unit_of_work() as db:
        profile = locked_agent(db, user_id, version)
        if not _drop_planned(db, profile.id, today):
            raise Refusal("No move of this agent is planned.")
        _touch(profile)
        _note(db, "agent.keep", profile, actor, {"planned_move": "taken back"})


def arrive(*, actor: Actor, today: date) -> list[Arrived]:
    """Let the rows of agents follow every planned move whose day has come."""
    arrived = []
    with unit_of_work() as db:
        due = (
            select(AgentAssignment, Agent)
            .join(Agent, Agent.id == AgentAssignment.agent_id)
            .where(AgentAssignment.is_planned, AgentAssignment.valid_from <= today)
            .order_by(Agent.id, AgentAssignment.valid_from)
            .with_for_update()
        )
        for span, profile in db.execute(due):
            span.is_planned = False
            here = (profile.territory_id, profile.reporting_manager_id)
            profile.territory_id = span.territory_id
            profile.reporting_manager_id = span.reporting_manager_id
            changed = {
                "territory_id": [here[0], span.territory_id],
                "reporting_manager_id": [here[1], span.reporting_manager_id],
            }
            _note(db, "agent.arrive", profile, actor, changed)
            arrived.append(
                Arrived(profile.user_id, span.territory_id, span.takes_leads, span.takes_customers)
            )
        db.flush()
    return arrived


def locked_agent(db: Session, user_id: int, version: int) -> Agent:
    """The agent's row, as it was when it was shown. Raises NotFound, Conflict."""
    profile = store.agent_of(db, user_id, lock=True)
    if profile is None:
        raise NotFound("agent", user_id)
    audit.check_version(db, ENTITY, "agent", profile, version)
    return profile


def _current(db: Session, agent_id: int) -> AgentAssignment | None:
    return db.scalars(
        select(AgentAssignment)
        .where(AgentAssignment.agent_id == agent_id)
        .order_by(AgentAssignment.valid_from.desc())
        .limit(1)
    ).one_or_none()


def _drop_planned(db: Session, agent_id: int, today: date) -> int:
    dropped = db.execute(
        delete(AgentAssignment)
        .where(
            AgentAssignment.agent_id == agent_id,
            AgentAssignment.is_planned,
            AgentAssignment.valid_from > today,
        )
        .returning(AgentAssignment.id)
    ).all()
    if dropped:
        current = _current(db, agent_id)
        if current is not None:
            current.valid_to = None
            db.flush()
    return len(dropped)


def _touch(profile: Agent) -> None:
    """Raise the row's version even when its own columns stay: the spans are part of the record."""
    flag_modified(profile, "territory_id")


def _note(db: Session, what: str, profile: Agent, actor: Actor, changed: dict[str, object]) -> None:
    audit.record(
        db, actor=actor, action=what, entity=ENTITY, entity_id=profile.id, details={"changed": changed}
    )
