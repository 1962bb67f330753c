"""What moving a territory would change, told before it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core import people
from core.access import Permission, Viewer, read
from core.db import unit_of_work
from core.kit.errors import NotFound
from core.organisation import store


@dataclass(frozen=True, slots=True)
class TerritoryMove:
    """How much moves with a territory, and whose managers get to see it or see it no more."""

    territories: int
    agents: int
    open_leads: int
    open_opportunities: int
    customers: int
    gaining: tuple[str, ...]
    losing: tuple[str, ...]


@read(Permission.REFERENCE_ADMIN)
def preview_territory_move(territory_id: int, parent_id: int | None, *, by: Viewer) -> TerritoryMove:
    """What hanging the territory under another one, or at the top, would change. Raises NotFound."""
    tree = {one.id: one for one in people.territory_tree(by=by)}
    if territory_id not in tree or (parent_id is not None and parent_id not in tree):
        raise NotFound("territory", territory_id if territory_id not in tree else parent_id)
    moved = tree[territory_id]
    below = {one.id for one in tree.values() if territory_id in _line(tree, one.id)}
    before, after = _leaders(tree, moved.parent_id), _leaders(tree, parent_id)
    with unit_of_work() as db:
        counts = store.counts_of_territories(db, below)
    return TerritoryMove(
        len(below),
        moved.agents_below,
        *counts,
        gaining=tuple(sorted(after[one] for one in after.keys() - before.keys())),
        losing=tuple(sorted(before[one] for one in before.keys() - after.keys())),
    )


def _line(tree: Mapping[int, people.TerritoryNode], start: int | None) -> list[int]:
    """A territory and everything above it."""
    found: list[int] = []
    while start is not None and start not in found:
        found.append(start)
        start = tree[start].parent_id
    return found


def _leaders(tree: Mapping[int, people.TerritoryNode], start: int | None) -> dict[int, str]:
    above = (tree[one] for one in _line(tree, start))
    return {one.manager_id: one.manager or "" for one in above if one.manager_id is not None}
