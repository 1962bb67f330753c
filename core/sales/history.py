"""What happened to a lead or opportunity: its moves and edits, as sentences, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.access import Permission, Viewer
from core.sales import rules
from core.sales.detail_records import HistoryEntry
from core.sales.shapes import Shape

MOST = 200
_ALL = text("""
select h.at, coalesce(u.first_name || ' ' || u.last_name, 'The system') as who,
    'move' as kind, h.from_status, h.to_status, coalesce(h.reason, '') as reason, null::jsonb as details
from status_history h left join users u on u.id = h.actor_id
where h.entity = :entity and h.entity_id = :id
union all
select a.at, coalesce(u.first_name || ' ' || u.last_name, 'The system'),
    a.action, null, null, coalesce(a.details ->> 'reason', ''), a.details
from audit_log a left join users u on u.id = a.actor_id
where a.entity = :entity and a.entity_id = :id and a.action not in (:moved, :created)
order by at desc
limit :most
""")


def of(session: Session, shape: Shape, deal_id: int, *, by: Viewer) -> tuple[HistoryEntry, ...]:
    """The newest 200 things that happened; reasons are shown to those who see personal data."""
    rows = session.execute(
        _ALL,
        {
            "entity": shape.kind,
            "id": deal_id,
            "moved": f"{shape.kind}.move",
            "created": f"{shape.kind}.create",
            "most": MOST,
        },
    )
    with_reason = by.can(Permission.PII_VIEW)
    return tuple(
        HistoryEntry(row.at, row.who, _sentence(shape, row), row.reason if with_reason else "")
        for row in rows
    )


def _sentence(shape: Shape, row: Any) -> str:
    lifecycle = shape.lifecycle
    if row.kind == "move":
        if row.from_status is None:
            return f"entered it as {lifecycle.label(row.to_status)}"
        return f"moved it from {lifecycle.label(row.from_status)} to {lifecycle.label(row.to_status)}"
    changed: Mapping[str, object] = (row.details or {}).get("changed", {})
    if row.kind == f"{shape.kind}.assign":
        return "handed it to another owner"
    labels = rules.labels(shape.kind)
    what = ", ".join(labels.get(name, name.replace("_", " ")).lower() for name in changed)
    return f"changed {what}" if what else row.kind.replace(".", " ").replace("_", " ")
