"""Rows that go to another territory, whichever context they belong to."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from core import audit
from core.audit import Actor


def carry_rows(
    session: Session,
    table: type[Any],
    entity: str,
    *where: ColumnElement[bool],
    territory_id: int,
    actor: Actor,
) -> int:
    """Put the rows of a table that match all conditions into a territory; how many were elsewhere.

    The table has `id`, `territory_id` and `version`. Each row is locked, gets its next version, and is
    told of in the audit log as `<entity>.carry`.
    """
    before = session.execute(
        select(table.id, table.territory_id)
        .where(*where, table.territory_id.is_distinct_from(territory_id))
        .with_for_update()
    ).all()
    session.execute(
        update(table)
        .where(table.id.in_([row.id for row in before]))
        .values(territory_id=territory_id, version=table.version + 1)
    )
    changed = [(row.id, {"changed": {"territory_id": [row.territory_id, territory_id]}}) for row in before]
    audit.record_many(session, actor=actor, action=f"{entity}.carry", entity=entity, rows=changed)
    return len(before)
