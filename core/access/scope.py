"""Row scope for PostgreSQL: the one condition that every store adds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import BigInteger, ColumnElement, bindparam, false, or_, true

from core.access.viewer import Viewer

_WHO = bindparam("viewer_id", type_=BigInteger)
_LINE = bindparam("viewer_line", expanding=True, type_=BigInteger)
_AREA = bindparam("viewer_area", expanding=True, type_=BigInteger)


@dataclass(frozen=True, slots=True)
class ViewerKind(Viewer):
    """All viewers of a role who have, or lack, a line and an area; who it is is bound when asking.

    Statements that are built once and kept are built for a kind (`kind_of`) and run with the
    viewer's own ids (`bound`). It stands in statements alone: nobody is signed in as a kind.
    """


def kind_of(viewer: Viewer) -> ViewerKind:
    """The kind of a viewer."""
    return ViewerKind(
        user_id=cast(int, _WHO),
        username="",
        name="",
        role=viewer.role,
        agent_ids=frozenset({0} if viewer.agent_ids else ()),
        territory_ids=frozenset({0} if viewer.territory_ids else ()),
    )


def bound(viewer: Viewer) -> dict[str, object]:
    """What a statement that was built for the viewer's kind is run with."""
    return {
        _WHO.key: viewer.user_id,
        _LINE.key: sorted(viewer.agent_ids),
        _AREA.key: sorted(viewer.territory_ids),
    }


def in_scope(
    viewer: Viewer, owner: ColumnElement[Any] | Any, territory: ColumnElement[Any] | Any | None = None
) -> ColumnElement[bool]:
    """Rows whose owner is in the viewer's line, or whose territory is in their subtree."""
    if viewer.sees_all:
        return true()
    conditions: list[ColumnElement[bool]] = []
    if isinstance(viewer, ViewerKind):
        conditions += [owner.in_(_LINE)] if viewer.agent_ids else []
        conditions += [territory.in_(_AREA)] if territory is not None and viewer.territory_ids else []
        return or_(*conditions) if conditions else false()
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
