"""Levels of the tree of territories: those right below one of them, which add up to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from queries import Group
from queries.dimensions import Name

Key = int | str | None
TOP = "top"


@dataclass(frozen=True, slots=True)
class Bar:
    """A territory with all below it, or what belongs to it itself and to none below."""

    group: Group
    is_own: bool = False

    @property
    def dimension(self) -> Name:
        """By what its rows are found."""
        return "own_territory" if self.is_own else "territory"


@dataclass(frozen=True, slots=True)
class Level:
    """What lies right below one territory, and what belongs to that one itself."""

    key: Key
    label: str
    depth: int
    bars: tuple[Bar, ...]


def levels(tree: Sequence[Group], own: Mapping[Key, Group]) -> list[Level]:
    """Every level that can be looked at, from the top; one of a single bar tells nothing and is left out
    where another is open. `tree` is in the tree's order, `own` has what belongs to each itself.
    """
    roots = tuple(Bar(one) for one in tree if one.depth == 0)
    found = [Level(TOP, "All", 0, roots)] if roots else []
    for at, one in enumerate(tree):
        below = _below(tree, at)
        if one.key is not None and below:
            mine = [Bar(own[one.key], is_own=True)] if one.key in own else []
            found.append(Level(one.key, one.label, one.depth, (*(Bar(child) for child in below), *mine)))
    return [one for one in found if len(one.bars) > 1] or found[-1:]


def _below(tree: Sequence[Group], at: int) -> list[Group]:
    depth, found = tree[at].depth, []
    for one in tree[at + 1 :]:
        if one.depth <= depth:
            break
        if one.depth == depth + 1:
            found.append(one)
    return found
