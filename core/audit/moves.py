"""Performs a checked change of status: the new status, its history row and its audit row.

This is the only code in the system that writes a status column after a record's birth.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from core.audit.log import Actor, last_change, record
from core.audit.tables import StatusChange
from core.kit.errors import Conflict
from core.kit.fields import plain_text
from core.kit.lifecycle import Lifecycle


class HasVersion(Protocol):
    """A model whose changes are counted."""

    id: Any
    version: Any


class HasStatus(HasVersion, Protocol):
    """A model with a lifecycle: status (any column name) and the time of entry besides."""

    status_changed_at: Any


def born(
    session: Session, lifecycle: Lifecycle, entity_id: int, *, status: str, actor: Actor, at: datetime
) -> None:
    """The first history row of a new record."""
    session.add(
        StatusChange(
            entity=lifecycle.entity,
            entity_id=entity_id,
            from_status=None,
            to_status=status,
            actor_id=actor.user_id,
            actor_role=actor.role_name,
            at=at,
        )
    )


def move(
    session: Session,
    lifecycle: Lifecycle,
    row: HasStatus,
    *,
    to: str,
    actor: Actor,
    at: datetime,
    given: Mapping[str, object] | None = None,
    reason: str = "",
    expected_version: int | None = None,
    status_column: str = "status",
    details: Mapping[str, object] | None = None,
) -> bool:
    """Move a locked row to another status; False when it is there already (nothing is written).

    `given` holds what the move's needs are looked up in, by name. The row must have been loaded
    `for update`. Raises Conflict when expected_version is not the row's, and what
    `Lifecycle.check` raises.
    """
    frm, why = str(getattr(row, status_column)), plain_text(reason, lines=True)
    check_version(session, lifecycle.entity, lifecycle.noun, row, expected_version)
    if frm == to:
        return False
    lifecycle.check(frm, to, role=actor.role_name, given=given or {}, reason=why)
    enum_type = type(getattr(row, status_column))
    setattr(row, status_column, enum_type(to))
    row.status_changed_at = at
    session.add(
        StatusChange(
            entity=lifecycle.entity,
            entity_id=row.id,
            from_status=frm,
            to_status=to,
            actor_id=actor.user_id,
            actor_role=actor.role_name,
            at=at,
            reason=why or None,
        )
    )
    record(
        session,
        actor=actor,
        action=f"{lifecycle.entity}.move",
        entity=lifecycle.entity,
        entity_id=row.id,
        details={"changed": {status_column: [frm, to]}, **(details or {})},
    )
    return True


def check_version(session: Session, entity: str, noun: str, row: HasVersion, expected: int | None) -> None:
    """Raises Conflict, telling who changed what and when, when the row has moved on."""
    if expected is None or row.version == expected:
        return
    last = last_change(session, entity, row.id)
    who, at = (last.who, last.at) if last else ("Somebody", None)
    what = ", ".join(name.replace("_", " ") for name in last.fields) if last else ""
    changed = f"changed its {what}" if what else "changed it"
    raise Conflict(
        f"{who} {changed} since you opened this {noun}. Nothing was overwritten.",
        who=who,
        at=at,
        changes=[(name.replace("_", " "), value) for name, value in last.now.items()] if last else [],
    )
