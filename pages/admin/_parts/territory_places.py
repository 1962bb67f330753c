"""The places in the tree of territories: what belongs to one, and where it may hang."""

from __future__ import annotations

from core import people
from core.kit.errors import Invalid
from pages._ui import filters

TOP = "top"
Tree = tuple[people.TerritoryNode, ...]


def below(one: people.TerritoryNode, tree: Tree) -> int:
    """How many territories hang below this one."""
    return len(subtree(one, tree)) - 1


def subtree(one: people.TerritoryNode, tree: Tree) -> set[int]:
    """The ids of the territory and of all below it."""
    found = {one.id}
    for other in tree:  # depth first: parents come before their children
        if other.parent_id in found:
            found.add(other.id)
    return found


def places(tree: Tree, *, but: set[int] | None = None) -> list[filters.Option]:
    """The top, and every territory in use but some."""
    return [filters.Option(TOP, "The top of the tree")] + [
        filters.Option(str(one.id), f"{one.path} ({one.code})")
        for one in tree
        if one.is_active and one.id not in (but or set())
    ]


def parent(chosen: str | None) -> int | None:
    """The id of the place that was chosen, None for the top. Raises Invalid when none was."""
    if chosen is None:
        raise Invalid({"parent_id": "Choose where it belongs."})
    return None if chosen == TOP else int(chosen)
