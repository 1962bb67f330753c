"""Levels of the tree of territories: each adds up."""

from __future__ import annotations

from pages._ui import levels
from queries import Group


def group(key, label, depth=0):
    return Group(key, label, {}, depth)


COUNTRY, EAST, BOSTON, WEST = (
    group(1, "Country"),
    group(2, "East", 1),
    group(3, "Boston", 2),
    group(4, "West", 1),
)
NOWHERE = group(None, "No territory")


def told(found):
    return [
        (level.label, [f"{bar.group.label}{' itself' * bar.is_own}" for bar in level.bars])
        for level in found
    ]


def test_regions_come_first_and_a_level_of_one_bar_is_left_out():
    tree = [COUNTRY, EAST, BOSTON, WEST]
    assert told(levels.levels(tree, {})) == [("Country", ["East", "West"])]
    assert told(levels.levels(tree, {2: EAST, 3: BOSTON})) == [
        ("Country", ["East", "West"]),
        ("East", ["Boston", "East itself"]),
    ]


def test_what_has_no_territory_stands_beside_the_top():
    found = levels.levels([COUNTRY, EAST, WEST, NOWHERE], {})
    assert told(found) == [("All", ["Country", "No territory"]), ("Country", ["East", "West"])]


def test_a_single_territory_and_none_at_all():
    assert told(levels.levels([COUNTRY, EAST], {})) == [("Country", ["East"])]
    assert told(levels.levels([EAST, BOSTON], {})) == [("East", ["Boston"])]
    assert levels.levels([], {}) == []
