"""Row scope for PostgreSQL: the one condition that every store adds."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, false, or_, true

from core.access.viewer import Viewer


def in_scope(
    viewer: Viewer, owner: ColumnElement[Any] | Any, territory: ColumnElement[Any] | Any | None = None
) -> ColumnElement[bool]:
    """Rows whose owner is in the viewer's line, or whose territory is in their subtree."""
    if viewer.sees_all:
        return true()
    conditions = []
    if len(viewer.agent_ids) == 1:
        conditions.append(owner == next(iter(viewer.agent_ids)))
    elif viewer.agent_ids:
        conditions.append(owner.in_(sorted(viewer.agent_ids)))
    if territory is not None and viewer.territory_ids:
        conditions.append(territory.in_(sorted(viewer.territory_ids)))
    return or_(*conditions) if conditions else false()


def is_in_scope(viewer: Viewer, owner_id: int | None, territory_id: int | None = None) -> bool:
    """The same rule for a row at hand."""
    return (
        viewer.sees_all
        or (owner_id is not None and owner_id in viewer.agent_ids)
        or (territory_id is not None and territory_id in viewer.territory_ids)
    )
