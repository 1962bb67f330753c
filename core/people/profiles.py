"""Agent profiles as administrators keep them: code, licence, tier, target and employment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from core import audit
from core.access import Permission, Role, Viewer, action, read
from core.access.tables import User
from core.db import unit_of_work
from core.kit.dates import utc_now
from core.kit.errors import Invalid, NotFound
from core.kit.fields import Field, amount, choice, clean, plain_text, text
from core.people.placing import ENTITY, locked_agent
from core.people.store import full_name
from core.people.tables import Agent, AgentAssignment, AgentStatus, CommissionTier, Territory

MANY = 500
GONE = frozenset({AgentStatus.TERMINATED, AgentStatus.RESIGNED})
FIELDS = (
    Field("agent_code", "Code", text(50), required=True),
    Field("license_number", "Licence", text(100)),
    Field("commission_tier", "Tier", choice(CommissionTier), required=True),
    Field("target_monthly", "Target a month", amount(Decimal("9999999999.99")), required=True),
    Field("status", "Status", choice(AgentStatus), required=True),
)
_Manager, _NextManager, _NextTerritory = aliased(User), aliased(User), aliased(Territory)
_Planned = aliased(AgentAssignment)


@dataclass(frozen=True, slots=True)
class AgentProfile:
    """One agent as administrators see them; `id` is the user's. `planned_*` is a move ahead."""

    id: int
    version: int
    agent_code: str
    name: str
    role: Role
    license_number: str | None
    commission_tier: CommissionTier
    target_monthly: Decimal
    status: AgentStatus
    is_active: bool
    joined_on: date
    territory_id: int
    territory: str
    manager_id: int | None
    manager: str | None
    planned_on: date | None
    planned_territory: str | None
    planned_manager: str | None


@dataclass(frozen=True, slots=True)
class AgentPage:
    """The first agents that match, and how many match in all."""

    rows: tuple[AgentProfile, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Span:
    """Where an agent belonged from a day on until another, which is not included; None is open."""

    territory: str
    manager: str | None
    valid_from: date
    valid_to: date | None
    is_planned: bool


@read(Permission.USERS_ADMIN)
def agent_profiles(
    words: str = "",
    *,
    status: AgentStatus | None = None,
    territory_ids: frozenset[int] | None = None,
    by: Viewer,
) -> AgentPage:
    """The first 500 agents by name whose name, code or licence holds the words."""
    del by  # administrators see all agents
    statement = _profiles()
    sought = plain_text(words)[:100]
    if sought:
        columns = [full_name(User), Agent.agent_code, Agent.license_number]
        statement = statement.where(or_(*(one.icontains(sought, autoescape=True) for one in columns)))
    if status is not None:
        statement = statement.where(Agent.status == status)
    if territory_ids is not None:
        statement = statement.where(Agent.territory_id.in_(sorted(territory_ids)))
    with unit_of_work() as db:
        total = db.scalar(select(func.count()).select_from(statement.subquery())) or 0
        ordered = statement.order_by(User.last_name, User.first_name, User.id).limit(MANY)
        rows = db.execute(ordered).all()
    return AgentPage(tuple(AgentProfile(**row._mapping) for row in rows), total)  # noqa: SLF001 # public


@read(Permission.USERS_ADMIN)
def agent_profile(user_id: int, *, by: Viewer) -> AgentProfile:
    """One agent. Raises NotFound."""
    del by
    with unit_of_work() as db:
        row = db.execute(_profiles().where(User.id == user_id)).one_or_none()
    if row is None:
        raise NotFound("agent", user_id)
    return AgentProfile(**row._mapping)  # noqa: SLF001  # SQLAlchemy's public name for it


@read(Permission.USERS_ADMIN)
def assignments(user_id: int, *, by: Viewer) -> tuple[Span, ...]:
    """Where an agent belonged when, newest first."""
    del by
    statement = (
        select(
            Territory.name,
            full_name(_Manager),
            AgentAssignment.valid_from,
            AgentAssignment.valid_to,
            AgentAssignment.is_planned,
        )
        .join(Agent, Agent.id == AgentAssignment.agent_id)
        .join(Territory, Territory.id == AgentAssignment.territory_id)
        .outerjoin(_Manager, _Manager.id == AgentAssignment.reporting_manager_id)
        .where(Agent.user_id == user_id)
        .order_by(AgentAssignment.valid_from.desc())
    )
    with unit_of_work() as db:
        return tuple(Span(*row) for row in db.execute(statement))


@action(Permission.USERS_ADMIN)
def edit_agent(user_id: int, values: Mapping[str, object], *, version: int, by: Viewer) -> None:
    """Change some fields of an agent; who has left is offered as an owner no more.

    Raises NotFound, Conflict, or Invalid with a message per field.
    """
    cleaned = clean(FIELDS, values)
    try:
        with unit_of_work() as db:
            profile = locked_agent(db, user_id, version)
            told = {
                name: [_plain(getattr(profile, name)), _plain(value)]
                for name, value in cleaned.items()
                if getattr(profile, name) != value
            }
            if not told:
                return
            _check_free(db, profile, cleaned, told)
            for name in told:
                setattr(profile, name, cleaned[name])
            if "status" in told:
                profile.archived_at = utc_now() if profile.status in GONE else None
            audit.record(
                db,
                actor=by,
                action="agent.edit",
                entity=ENTITY,
                entity_id=profile.id,
                details={"changed": told},
            )
    except IntegrityError as error:
        raise Invalid({"agent_code": "Another agent has just taken this code or licence."}) from error


def _check_free(
    db: Session, profile: Agent, cleaned: Mapping[str, object], told: Mapping[str, object]
) -> None:
    problems = {}
    for name, label in (("agent_code", "code"), ("license_number", "licence number")):
        if name not in told or cleaned[name] is None:
            continue
        same = func.lower(getattr(Agent, name)) == str(cleaned[name]).lower()
        if db.scalar(select(exists().where(same, Agent.id != profile.id))):
            problems[name] = f"Another agent has this {label}."
    if problems:
        raise Invalid(problems)


def _profiles() -> Select[*tuple[object, ...]]:
    return (
        select(
            User.id,
            Agent.version,
            Agent.agent_code,
            full_name(User).label("name"),
            User.role,
            Agent.license_number,
            Agent.commission_tier,
            Agent.target_monthly,
            Agent.status,
            User.is_active,
            Agent.joined_on,
            Agent.territory_id,
            Territory.name.label("territory"),
            Agent.reporting_manager_id.label("manager_id"),
            full_name(_Manager).label("manager"),
            _Planned.valid_from.label("planned_on"),
            _NextTerritory.name.label("planned_territory"),
            full_name(_NextManager).label("planned_manager"),
        )
        .join(Agent, Agent.user_id == User.id)
        .join(Territory, Territory.id == Agent.territory_id)
        .outerjoin(_Manager, _Manager.id == Agent.reporting_manager_id)
        .outerjoin(_Planned, and_(_Planned.agent_id == Agent.id, _Planned.is_planned))
        .outerjoin(_NextTerritory, _NextTerritory.id == _Planned.territory_id)
        .outerjoin(_NextManager, _NextManager.id == _Planned.reporting_manager_id)
    )


def _plain(value: object) -> object:
    return None if value is None else str(value)
