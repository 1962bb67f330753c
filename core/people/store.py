"""Every statement to PostgreSQL about users, agents, territories, holidays and saved views."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from core.access import Role, Viewer, in_scope, sessions
from core.access.tables import User, UserSession
from core.db import next_number
from core.kit.ids import business_code
from core.people.tables import Agent, AgentAssignment, Holiday, SavedView, Territory

_Manager = aliased(User, name="manager")


def full_name(user: Any) -> ColumnElement[str]:
    """First and last name as one column."""
    joined: ColumnElement[str] = user.first_name + " " + user.last_name
    return joined


def users(
    db: Session,
    words: str,
    *,
    role: Role | None,
    is_active: bool | None,
    now: datetime,
    limit: int,
) -> tuple[list[Row[Any]], int]:
    """The first users by name whose name, user name or e-mail address holds the words; the count of all."""
    where: list[ColumnElement[bool]] = []
    if words:
        sought = [full_name(User), User.username, User.email]
        where.append(or_(*(column.icontains(words, autoescape=True) for column in sought)))
    if role is not None:
        where.append(User.role == role)
    if is_active is not None:
        where.append(User.is_active.is_(is_active))
    total = db.scalar(select(func.count()).select_from(User).where(*where)) or 0
    statement = (
        _user_rows(now).where(*where).order_by(User.last_name, User.first_name, User.id).limit(limit)
    )
    return list(db.execute(statement)), total


def user_row(db: Session, user_id: int, *, now: datetime) -> Row[Any] | None:
    """One user as `users` gives them."""
    return db.execute(_user_rows(now).where(User.id == user_id)).one_or_none()


def _user_rows(now: datetime) -> Select[*tuple[Any, ...]]:
    live = (
        select(func.count())
        .select_from(UserSession)
        .where(UserSession.user_id == User.id, sessions.is_live(now))
        .scalar_subquery()
    )
    return (
        select(
            User.id,
            User.version,
            User.username,
            full_name(User).label("name"),
            User.email,
            User.role,
            User.is_active,
            User.must_change_password,
            User.last_login,
            Agent.agent_code,
            Agent.territory_id,
            Territory.name.label("territory"),
            Agent.reporting_manager_id.label("manager_id"),
            full_name(_Manager).label("manager"),
            live.label("open_sessions"),
        )
        .outerjoin(Agent, Agent.user_id == User.id)
        .outerjoin(Territory, Territory.id == Agent.territory_id)
        .outerjoin(_Manager, _Manager.id == Agent.reporting_manager_id)
    )


def locked_user(db: Session, user_id: int) -> User | None:
    """The user's row, locked until the transaction ends."""
    return db.scalars(select(User).where(User.id == user_id).with_for_update()).one_or_none()


def lock_active_admins(db: Session) -> list[int]:
    """The ids of all administrators who may come in, locked: two of them can't remove each other."""
    return list(
        db.scalars(
            select(User.id)
            .where(User.role == Role.ADMIN, sessions.is_admitted())
            .order_by(User.id)
            .with_for_update()
        )
    )


def is_taken(db: Session, column: Any, value: str) -> bool:
    """Whether some user has the value in this column, in any case."""
    return bool(db.scalar(select(exists().where(func.lower(column) == value.lower()))))


def agent_of(db: Session, user_id: int, *, lock: bool = False) -> Agent | None:
    """The user's agent profile."""
    statement = select(Agent).where(Agent.user_id == user_id)
    return db.scalars(statement.with_for_update() if lock else statement).one_or_none()


def new_agent(
    db: Session, user_id: int, *, territory_id: int, manager_id: int | None, joined_on: date
) -> Agent:
    """A new agent profile with the next free code, and its first assignment."""
    profile = Agent(
        user_id=user_id,
        agent_code=_free_agent_code(db),
        territory_id=territory_id,
        reporting_manager_id=manager_id,
        joined_on=joined_on,
    )
    db.add(profile)
    db.flush()
    open_assignment(db, profile, territory_id, manager_id, joined_on)
    return profile


def open_assignment(
    db: Session,
    profile: Agent,
    territory_id: int,
    manager_id: int | None,
    on: date,
    *,
    is_planned: bool = False,
    takes_leads: bool = False,
    takes_customers: bool = False,
) -> None:
    """Begin an assignment on a day."""
    db.add(
        AgentAssignment(
            agent_id=profile.id,
            territory_id=territory_id,
            reporting_manager_id=manager_id,
            valid_from=on,
            is_planned=is_planned,
            takes_leads=takes_leads,
            takes_customers=takes_customers,
        )
    )
    db.flush()


def _free_agent_code(db: Session) -> str:
    while True:
        code = business_code("AG", next_number(db, "agent"), width=5)
        if not db.scalar(select(exists().where(Agent.agent_code == code))):
            return code


def territory_exists(db: Session, territory_id: int) -> bool:
    """Whether there is such a territory in use."""
    return bool(db.scalar(select(exists().where(and_(Territory.id == territory_id, Territory.is_active)))))


def managers(db: Session) -> list[Row[Any]]:
    """(id, name) of the active managers, by name."""
    return list(
        db.execute(
            select(User.id, full_name(User).label("name"))
            .where(User.role == Role.MANAGER, User.is_active)
            .order_by(User.last_name, User.first_name, User.id)
            .limit(1000)
        )
    )


def agents(db: Session, *, with_former: bool, by: Viewer) -> list[Row[Any]]:
    """Agent profiles in scope, by name."""
    statement = (
        select(
            Agent.user_id,
            Agent.agent_code,
            full_name(User).label("name"),
            User.role,
            Agent.territory_id,
            Territory.name.label("territory"),
            Agent.reporting_manager_id.label("manager_user_id"),
            full_name(_Manager).label("manager"),
            Agent.joined_on,
            Agent.status,
            User.is_active,
            Agent.target_monthly,
        )
        .join(User, User.id == Agent.user_id)
        .join(Territory, Territory.id == Agent.territory_id)
        .outerjoin(_Manager, _Manager.id == Agent.reporting_manager_id)
        .where(in_scope(by, Agent.user_id, Agent.territory_id))
        .order_by(User.last_name, User.first_name, User.id)
        .limit(5000)
    )
    if not with_former:
        statement = statement.where(User.is_active, Agent.archived_at.is_(None))
    return list(db.execute(statement))


# Depth-first by name; `path` doubles as the guard against a circle.
_TERRITORIES = text("""
with recursive tree as (
    select
        t.id, t.code, t.name, t.parent_territory_id, 0 as depth, t.manager_id, t.is_active,
        t.name::text as path, array[t.name::text, t.id::text] as place, array[t.id] as passed
    from territories t
    where t.parent_territory_id is null
    union all
    select
        t.id, t.code, t.name, t.parent_territory_id, p.depth + 1, t.manager_id, t.is_active,
        p.path || ' › ' || t.name, p.place || t.name::text || t.id::text, p.passed || t.id
    from territories t
    inner join tree p on p.id = t.parent_territory_id
    where not t.id = any(p.passed)
)
select id, code, name, parent_territory_id as parent_id, depth, path,
       manager_id as manager_user_id, is_active
from tree
order by place
limit 5000
""")


def territories(db: Session) -> list[Row[Any]]:
    """The whole tree, depth first."""
    return list(db.execute(_TERRITORIES))


def home_territories(db: Session, user_ids: Collection[int]) -> set[int]:
    """The territories that these agents belong to."""
    return set(db.scalars(select(Agent.territory_id).where(Agent.user_id.in_(sorted(user_ids)))))


def closing_days(db: Session, first: date, last: date) -> list[date]:
    """The office's own closing days between two dates, both included."""
    return list(db.scalars(select(Holiday.day).where(Holiday.day.between(first, last))))


def saved_views(db: Session, page: str, *, by: Viewer) -> list[Row[SavedView, str]]:
    """The viewer's own views of a page, then those that are shared."""
    is_own = SavedView.owner_id == by.user_id
    return list(
        db.execute(
            select(SavedView, full_name(User).label("owner"))
            .join(User, User.id == SavedView.owner_id)
            .where(SavedView.page == page, or_(is_own, SavedView.is_shared))
            .order_by(is_own.desc(), SavedView.name, SavedView.id)
            .limit(200)
        )
    )


def put_view(
    db: Session, page: str, name: str, state: dict[str, str], *, is_shared: bool, owner_id: int
) -> int:
    """Save a view under its name, over one of the owner's with that name; its id."""
    values = {"state": state, "is_shared": is_shared}
    return db.execute(
        insert(SavedView)
        .values(owner_id=owner_id, page=page, name=name, **values)
        .on_conflict_do_update(
            index_elements=[SavedView.owner_id, SavedView.page, SavedView.name],
            set_={**values, "version": SavedView.version + 1},
        )
        .returning(SavedView.id)
    ).scalar_one()


def own_view(db: Session, view_id: int, *, by: Viewer) -> SavedView | None:
    """A view of the viewer's own."""
    return db.scalars(
        select(SavedView).where(SavedView.id == view_id, SavedView.owner_id == by.user_id)
    ).one_or_none()
