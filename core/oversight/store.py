"""Every statement that the viewer of the audit log makes; codes are looked up in their own tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row, column, func, select, table, text, tuple_
from sqlalchemy.orm import Session

from core.access.tables import User
from core.audit.tables import AuditEntry

# Actions have no index of their own; what has not been done for so long is not offered.
RECENT_ROWS = 50_000

# Which table and column give the code that people know a record by.
CODES = MappingProxyType(
    {
        "lead": ("leads", "lead_code"),
        "opportunity": ("opportunities", "opportunity_code"),
        "customer": ("customers", "customer_code"),
        "policy": ("policies", "policy_number"),
        "claim": ("claims", "claim_number"),
        "account": ("accounts", "account_code"),
        "agent": ("agents", "agent_code"),
        "territory": ("territories", "code"),
        "product": ("products", "product_code"),
        "lead_source": ("lead_sources", "name"),
        "lost_reason": ("lost_reasons", "name"),
        "users": ("users", "username"),
    }
)


def rows(
    db: Session,
    *,
    entity: str | None,
    records: Collection[tuple[str, int]] | None,
    actor_id: int | None,
    action: str | None,
    since: datetime | None,
    until: datetime | None,
    before: int | None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Rows of the log, newest first, with who did it; `records` are (entity, id) pairs."""
    name = func.coalesce(User.first_name + " " + User.last_name, "The system")
    statement = (
        select(
            AuditEntry.id,
            AuditEntry.at,
            name.label("actor"),
            AuditEntry.actor_role,
            AuditEntry.action,
            AuditEntry.entity,
            AuditEntry.entity_id,
            AuditEntry.reference,
            AuditEntry.details,
        )
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    equal = ((AuditEntry.entity, entity), (AuditEntry.actor_id, actor_id), (AuditEntry.action, action))
    statement = statement.where(*(where == value for where, value in equal if value is not None))
    if since is not None:
        statement = statement.where(AuditEntry.at >= since)
    if until is not None:
        statement = statement.where(AuditEntry.at < until)
    if before is not None:
        statement = statement.where(AuditEntry.id < before)
    if records is not None:
        statement = statement.where(tuple_(AuditEntry.entity, AuditEntry.entity_id).in_(sorted(records)))
    return db.execute(statement).all()


def records_of(db: Session, record: str, *, entity: str | None) -> set[tuple[str, int]]:
    """The (entity, id) pairs that a code or a number may mean."""
    found: set[tuple[str, int]] = set()
    for kind, (name, code) in CODES.items():
        if entity in {None, kind}:
            where = table(name, column("id"), column(code))
            same = func.lower(where.c[code]) == record.lower()
            found |= {(kind, key) for key in db.scalars(select(where.c.id).where(same))}
    if record.isdecimal() and len(record) < 19:  # noqa: PLR2004  # what a bigint can hold
        kinds = [entity] if entity else choices(db)[0]
        found |= {(kind, int(record)) for kind in kinds}
    return found


def codes_of(db: Session, records: Collection[tuple[str, int | None]]) -> dict[tuple[str, int | None], str]:
    """The codes of some records, of those kinds that have any."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for kind, key in records:
        if kind in CODES and key is not None:
            wanted[kind].add(key)
    found: dict[tuple[str, int | None], str] = {}
    for kind, keys in wanted.items():
        name, code = CODES[kind]
        where = table(name, column("id"), column(code))
        for row in db.execute(select(where.c.id, where.c[code]).where(where.c.id.in_(sorted(keys)))):
            found[kind, row[0]] = row[1]
    return found


# Which fields of what was changed hold the id of what; agents are named by their user's id.
_TERRITORY = ("territory_id",)
_PERSON = ("agent_id", "owner_id", "user_id", "manager_id", "handler_id", "assigned_to", "passed_to")
# Reference data and companies by their names, people by the code of their record.
_KINDS = {
    "source_id": "source",
    "lost_reason_id": "lost_reason",
    "product_id": "product",
    "product_interest": "product",
    "account_id": "account",
    "customer_id": "customer",
    "lead_id": "lead",
    "opportunity_id": "opportunity",
    "policy_id": "policy",
}
_NAMES = text("""
select 'territory' as kind, id, name from territories where id = any(:territory)
union all
select 'user', id, first_name || ' ' || last_name from users where id = any(:user)
union all
select 'source', id, name from lead_sources where id = any(:source)
union all
select 'lost_reason', id, name from lost_reasons where id = any(:lost_reason)
union all
select 'product', id, name from products where id = any(:product)
union all
select 'account', id, name from accounts where id = any(:account)
union all
select 'customer', id, customer_code from customers where id = any(:customer)
union all
select 'lead', id, lead_code from leads where id = any(:lead)
union all
select 'opportunity', id, opportunity_code from opportunities where id = any(:opportunity)
union all
select 'policy', id, policy_number from policies where id = any(:policy)
""")


def refers_to(entity: str, field: str) -> str | None:
    """What a field of a record holds the id of, as far as it can be named."""
    if field.endswith(_TERRITORY) or (entity, field) == ("territory", "parent_id"):
        return "territory"
    return "user" if field.endswith(_PERSON) else _KINDS.get(field)


def names_of(db: Session, referred: Collection[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """The names or codes of what is referred to, by what it is and its id, in one statement."""
    if not referred:
        return {}
    kinds = {"territory", "user", *_KINDS.values()}
    wanted = {kind: sorted(key for of, key in referred if of == kind) for kind in kinds}
    return {(row.kind, row.id): row.name for row in db.execute(_NAMES, wanted)}


# A jump from one value to the next, so that the whole log need not be read for a short list.
_ACTORS = text("""
with recursive known as (
    (select actor_id from audit_log where actor_id is not null order by actor_id limit 1)
    union all
    select (
        select a.actor_id from audit_log a where a.actor_id > k.actor_id order by a.actor_id limit 1
    )
    from known k
    where k.actor_id is not null
)
select u.id, u.first_name || ' ' || u.last_name as name
from known k inner join users u on u.id = k.actor_id
order by name, u.id
""")
_ENTITIES = text("""
with recursive known as (
    (select entity from audit_log order by entity limit 1)
    union all
    select (select a.entity from audit_log a where a.entity > k.entity order by a.entity limit 1)
    from known k
    where k.entity is not null
)
select entity from known where entity is not null
""")


def choices(db: Session) -> tuple[list[str], list[str], list[tuple[int, str]]]:
    """The entities and people that the log tells of, and the actions of its newest rows."""
    newest = select(AuditEntry.action).order_by(AuditEntry.id.desc()).limit(RECENT_ROWS).subquery()
    actions = select(newest.c.action).distinct().order_by(newest.c.action)
    return (
        list(db.scalars(_ENTITIES)),
        list(db.scalars(actions)),
        [(row.id, row.name) for row in db.execute(_ACTORS)],
    )


def moment_of(db: Session, entry_id: int) -> datetime | None:
    """When a row was written."""
    return db.scalar(select(AuditEntry.at).where(AuditEntry.id == entry_id))
