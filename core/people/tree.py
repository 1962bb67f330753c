"""The territory tree as administrators keep it; a territory that was in use is only retired."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Select, exists, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import audit
from core.access import Permission, Viewer, action, read
from core.audit import Actor
from core.db import once, unit_of_work
from core.kit.errors import Invalid, NotFound, Refusal
from core.kit.fields import Field, clean, key
from core.kit.fields import text as short_text
from core.kit.ids import RequestId
from core.people import store
from core.people.tables import Agent, AgentAssignment, Territory

ENTITY = "territory"
FIELDS = (
    Field("code", "Code", lambda value: short_text(20)(value).upper(), required=True),
    Field("name", "Name", short_text(100), required=True),
    Field("description", "Description", short_text(500, lines=True)),
    Field("manager_id", "Manager", key),
    Field("parent_id", "Belongs to", key),
)


@dataclass(frozen=True, slots=True)
class TerritoryNode:
    """One territory in the order of the tree; `agents` work in it, `agents_below` in all of it."""

    id: int
    version: int
    code: str
    name: str
    description: str | None
    parent_id: int | None
    depth: int
    path: str
    manager_id: int | None
    manager: str | None
    is_active: bool
    agents: int
    agents_below: int


# Depth first by name. `passed` guards the walk against a circle and counts for every ancestor.
_TREE = text("""
with recursive tree as (
    select
        t.id, 0 as depth, t.name::text as path, array[t.name::text, t.id::text] as place,
        array[t.id] as passed
    from territories t
    where t.parent_territory_id is null
    union all
    select
        t.id, p.depth + 1, p.path || ' › ' || t.name, p.place || t.name::text || t.id::text,
        p.passed || t.id
    from territories t
    inner join tree p on p.id = t.parent_territory_id
    where not t.id = any(p.passed)
),
working as (
    select a.territory_id, count(*) as agents from agents a where a.archived_at is null group by 1
),
below as (
    select ancestor.id, sum(w.agents) as agents
    from tree t
    cross join lateral unnest(t.passed) as ancestor (id)
    inner join working w on w.territory_id = t.id
    group by ancestor.id
)
select
    t.id, t.version, t.code, t.name, t.description, t.parent_territory_id as parent_id, tree.depth,
    tree.path, t.manager_id, m.first_name || ' ' || m.last_name as manager, t.is_active,
    coalesce(w.agents, 0) as agents, coalesce(b.agents, 0)::int as agents_below
from tree
inner join territories t on t.id = tree.id
left join users m on m.id = t.manager_id
left join working w on w.territory_id = t.id
left join below b on b.id = t.id
order by tree.place
limit 5000
""")


@read(Permission.REFERENCE_ADMIN)
def territory_tree(*, by: Viewer) -> tuple[TerritoryNode, ...]:
    """The whole tree, depth first, with who works where."""
    del by  # administrators see all territories
    with unit_of_work() as db:
        return tuple(TerritoryNode(**row._mapping) for row in db.execute(_TREE))  # noqa: SLF001


@action(Permission.REFERENCE_ADMIN)
def create_territory(values: Mapping[str, object], *, request_id: RequestId, by: Viewer) -> int:
    """Make a territory, at the top of the tree or below another; its id, once per request.

    Raises Invalid with a message per field.
    """
    every: dict[str, object] = {field.name: None for field in FIELDS}
    cleaned = clean(FIELDS, {**every, **values})
    try:
        with unit_of_work() as db:

            def make() -> int:
                parent_id = cast("int | None", cleaned["parent_id"])
                _check_manager(db, cleaned["manager_id"])
                _check_code(db, str(cleaned["code"]), other_than=0)
                if parent_id is not None:
                    _check_parent(db, parent_id)
                own = {name: value for name, value in cleaned.items() if name != "parent_id"}
                row = Territory(**cast("dict[str, Any]", own), parent_territory_id=parent_id)
                db.add(row)
                db.flush()
                _note(db, "territory.create", row.id, by=by, changed={"code": row.code})
                return row.id

            return once(
                db,
                request_id,
                action="people.create_territory",
                content=cleaned,
                actor_id=by.user_id,
                make=make,
            )
    except IntegrityError as error:
        raise Invalid({"code": "Another territory has just taken this code."}) from error


@action(Permission.REFERENCE_ADMIN)
def edit_territory(territory_id: int, values: Mapping[str, object], *, version: int, by: Viewer) -> None:
    """Change code, name, description or manager; `move_territory` changes the parent.

    Raises NotFound, Conflict, or Invalid with a message per field.
    """
    cleaned = clean(FIELDS[:-1], values)
    with unit_of_work() as db:
        row = _locked(db, territory_id, version)
        changed = {name: value for name, value in cleaned.items() if getattr(row, name) != value}
        if not changed:
            return
        if "manager_id" in changed:
            _check_manager(db, changed["manager_id"])
        if "code" in changed:
            _check_code(db, str(changed["code"]), other_than=territory_id)
        told = {name: [getattr(row, name), value] for name, value in changed.items()}
        for name, value in changed.items():
            setattr(row, name, value)
        _note(db, "territory.edit", territory_id, by=by, changed=told)


@action(Permission.REFERENCE_ADMIN)
def move_territory(territory_id: int, parent_id: int | None, *, version: int, by: Viewer) -> None:
    """Hang a territory, with all below it, under another one or at the top.

    Raises NotFound, Conflict, or Invalid: also for a parent that lies below the territory itself.
    """
    with unit_of_work() as db:
        _lock_tree(db)
        row = _locked(db, territory_id, version)
        if row.parent_territory_id == parent_id:
            return
        if parent_id is not None:
            _check_parent(db, parent_id)
            if parent_id in subtree(db, territory_id):
                raise Invalid({"parent_id": "A territory can't belong to itself or to one below it."})
        told = {"parent_territory_id": [row.parent_territory_id, parent_id]}
        row.parent_territory_id = parent_id
        _note(db, "territory.move", territory_id, by=by, changed=told)


def retire(territory_id: int, *, version: int, actor: Actor) -> None:
    """Use a territory no more; what happened in it stays, and core.organisation has emptied it.

    Raises NotFound, Conflict, or Refusal while agents or territories in use lie in or below it.
    """
    with unit_of_work() as db:
        _lock_tree(db)
        row = _locked(db, territory_id, version)
        if not row.is_active:
            return
        below = subtree(db, territory_id)
        areas = db.scalar(
            select(func.count()).where(
                Territory.id.in_(below), Territory.id != territory_id, Territory.is_active
            )
        )
        working = db.scalar(
            select(func.count(func.distinct(Agent.id)))
            .outerjoin(AgentAssignment, AgentAssignment.agent_id == Agent.id)
            .where(
                Agent.archived_at.is_(None),
                Agent.territory_id.in_(below)
                | (AgentAssignment.territory_id.in_(below) & AgentAssignment.is_planned),
            )
        )
        if areas or working:
            raise Refusal(
                f"{row.name} is in use: agents {working}, territories below {areas}.",
                remedy="Move its agents, and retire or move the territories below it first.",
            )
        row.is_active = False
        _note(db, "territory.retire", territory_id, by=actor, changed={"is_active": False})


@action(Permission.REFERENCE_ADMIN)
def reactivate_territory(territory_id: int, *, version: int, by: Viewer) -> None:
    """Use a retired territory again. Raises NotFound, Conflict, or Invalid below a retired one."""
    with unit_of_work() as db:
        row = _locked(db, territory_id, version)
        if row.is_active:
            return
        if row.parent_territory_id is not None:
            _check_parent(db, row.parent_territory_id)
        row.is_active = True
        _note(db, "territory.reactivate", territory_id, by=by, changed={"is_active": True})


def subtree(db: Session, territory_id: int) -> set[int]:
    """The territory and everything below it."""
    statement = text("""
        with recursive below as (
            select id from territories where id = :start
            union
            select t.id from territories t inner join below b on b.id = t.parent_territory_id
        )
        select id from below
    """)
    return set(db.scalars(statement, {"start": territory_id}))


def territories_within(territory_ids: Sequence[int]) -> Select[int]:
    """The ids of the territories and of everything below them, for a condition of a statement."""
    start = select(Territory.id).where(Territory.id.in_(territory_ids)).cte("within", recursive=True)
    both = start.union(select(Territory.id).join(start, Territory.parent_territory_id == start.c.id))
    return select(both.c.id)


def _lock_tree(db: Session) -> None:
    """One change of the tree's shape at a time, so that two moves can't close a circle."""
    db.execute(select(Territory.id).order_by(Territory.id).with_for_update())


def _locked(db: Session, territory_id: int, version: int) -> Territory:
    row = db.get(Territory, territory_id, with_for_update=True)
    if row is None:
        raise NotFound("territory", territory_id)
    audit.check_version(db, ENTITY, "territory", row, version)
    return row


def _check_parent(db: Session, parent_id: int) -> None:
    if not store.territory_exists(db, parent_id):
        raise Invalid({"parent_id": "There is no such territory in use."})


def _check_manager(db: Session, manager_id: object) -> None:
    if manager_id is not None and manager_id not in {row.id for row in store.managers(db)}:
        raise Invalid({"manager_id": "Only an active manager can lead a territory."})


def _check_code(db: Session, code: str, *, other_than: int) -> None:
    same = func.upper(Territory.code) == code.upper()
    if db.scalar(select(exists().where(same, Territory.id != other_than))):
        raise Invalid({"code": "Another territory has this code."})


def _note(db: Session, what: str, territory_id: int, *, by: Actor, changed: Mapping[str, object]) -> None:
    audit.record(
        db,
        actor=by,
        action=what,
        entity=ENTITY,
        entity_id=territory_id,
        details={"changed": dict(changed)},
    )
