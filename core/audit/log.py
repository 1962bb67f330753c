"""Writes the audit log in the transaction of what it tells of, reads it, and checks its chain.

Rows name the changed fields and hold values only of fields that carry no personal data.
The chain is kept by a trigger: hash = SHA-256(previous hash ‖ canonical row) (domain.md 9).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from core.audit.tables import AuditEntry
from core.db import before_commit
from core.kit.logs import reference as log_reference
from core.kit.wording import day_told


class Actor(Protocol):
    """Who does something: a person, or the system with user_id None."""

    @property
    def user_id(self) -> int | None: ...
    @property
    def role_name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class SystemActor:
    """The clock, the importer at night, or the command line."""

    user_id: int | None = None
    role_name: str = "system"


def record(
    session: Session,
    *,
    actor: Actor,
    action: str,
    entity: str,
    entity_id: int | None,
    details: Mapping[str, object] | None = None,
) -> None:
    """Add an audit row to this transaction; written just before the commit.

    `action` reads like "leads.assign"; `details` must hold no personal data and no secret.
    """
    record_many(session, actor=actor, action=action, entity=entity, rows=[(entity_id, details or {})])


def record_many(
    session: Session,
    *,
    actor: Actor,
    action: str,
    entity: str,
    rows: Sequence[tuple[int | None, Mapping[str, object]]],
) -> None:
    """One audit row per (entity id, details) of a bulk action."""
    pending: list[dict[str, object]] | None = session.info.get("audit")
    if pending is None:
        pending = session.info["audit"] = []
        before_commit(session, _write)
    pending.extend(
        {
            "actor_id": actor.user_id,
            "actor_role": actor.role_name,
            "action": action,
            "entity": entity,
            "entity_id": entity_id,
            "reference": log_reference(),
            "details": dict(details),
            "hash": b"",
        }
        for entity_id, details in rows
    )


def _write(session: Session) -> None:
    rows = session.info.pop("audit", [])
    if rows:
        session.execute(insert(AuditEntry), rows)


@dataclass(frozen=True, slots=True)
class LastChange:
    """Who changed a record last, when, and what its fields are since; "" for what the log keeps back."""

    who: str
    at: datetime
    action: str
    now: Mapping[str, str]

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of what was changed."""
        return tuple(self.now)


# What is done beside a record and leaves it as it was: a document does too, unless its row says more.
_BESIDE, _PERHAPS_BESIDE = "_(note|task)$", "_document$"


def last_change(session: Session, entity: str, entity_id: int) -> LastChange | None:
    """The newest change of a record in the log; used to tell people whose change they ran into."""
    found = session.execute(
        text(
            "select coalesce(u.first_name || ' ' || u.last_name, 'The system') as who, a.at,"
            " a.action, a.details from audit_log a left join users u on u.id = a.actor_id"
            " where a.entity = :entity and a.entity_id = :id"
            " and a.action !~ :beside and (a.action !~ :perhaps or a.details ? 'changed')"
            " order by a.id desc limit 1"
        ),
        {"entity": entity, "id": entity_id, "beside": _BESIDE, "perhaps": _PERHAPS_BESIDE},
    ).one_or_none()
    if found is None:
        return None
    changed = found.details.get("changed", {})
    now = {name: _word(change[1]) if change else "" for name, change in changed.items()}
    return LastChange(found.who, found.at, found.action, now)


def _word(value: object) -> str:
    """A logged value as people read it; keys of other records say nothing to them."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {_word(one)}" for name, one in value.items() if not name.endswith("_id"))
    if not isinstance(value, str):
        return ""
    return day_told(date.fromisoformat(value)) if _DAY.fullmatch(value) else value.replace("_", " ")


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """The result of walking the chain: rows read, and the first row that does not fit."""

    rows: int
    broken_at: int | None

    @property
    def is_whole(self) -> bool:
        """Whether every row fits the one before it."""
        return self.broken_at is None


# How far one statement walks along the chain: it has to end before every time-out of a busy server.
CHAIN_STEP = 100_000
_CHAIN = text("""
with recomputed as (
    select
        a.id,
        a.hash,
        audit_hash(coalesce(lag(a.hash) over (order by a.id), :before), a) as expected
    from audit_log a
    where a.id > :after and a.id <= :until
)
select
    count(*) as rows,
    min(id) filter (where hash is distinct from expected) as broken_at,
    (array_agg(hash order by id desc))[1] as last_hash
from recomputed
""")


def check_chain(
    session: Session,
    *,
    step: int = CHAIN_STEP,
    report: Callable[[float], None] = lambda _share: None,
) -> ChainCheck:
    """Recompute every hash from the rows, inside the database, up to the first that does not fit.

    `report` hears the share that is done.
    """
    newest = session.scalar(select(func.max(AuditEntry.id))) or 0
    rows, before = 0, b""
    for after in range(0, newest, step):
        until = min(after + step, newest)
        found = session.execute(_CHAIN, {"after": after, "until": until, "before": before}).one()
        rows, before = rows + found.rows, found.last_hash or before
        report(until / newest)
        if found.broken_at is not None:
            return ChainCheck(rows, found.broken_at)
    return ChainCheck(rows, None)


def beginning(session: Session) -> str | None:
    """What no other database's log begins with, in hex; None while nothing is logged. A backup keeps it."""
    first = session.scalar(select(AuditEntry.hash).order_by(AuditEntry.id).limit(1))
    return first.hex() if first else None


def entries(session: Session, entity: str, entity_id: int) -> list[AuditEntry]:
    """Every audit row about one record, newest first."""
    return list(
        session.scalars(
            select(AuditEntry)
            .where(AuditEntry.entity == entity, AuditEntry.entity_id == entity_id)
            .order_by(AuditEntry.id.desc())
        )
    )
