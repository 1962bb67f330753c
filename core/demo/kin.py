"""Customers who belong together: namesakes of one town, as couples, parents and siblings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.demo.columns import Bools, Ints, moments, pick, words
from core.demo.people import People
from core.demo.world import World

KINDS = words(["spouse", "child", "sibling", "household"])
SPOUSE, CHILD, SIBLING, HOUSEHOLD = range(4)
# Years between two namesakes that make them a generation, or one of it.
_GENERATION, _COUPLE = 18, 9
_ONE_PERSON = 30  # days


@dataclass
class Kin:
    """Pairs of positions among the people; `second` is the kind of `first`, and the younger one."""

    first: Ints
    second: Ints
    kind: Ints

    def couples(self) -> Ints:
        """Positions of the married."""
        married = self.kind == SPOUSE
        return np.concatenate([self.first[married], self.second[married]])

    def homes(self, count: int) -> Ints:
        """Whose address each of the people has: their own, or that of whom they live with."""
        whose = np.arange(count)
        together = (self.kind == SPOUSE) | (self.kind == HOUSEHOLD)
        whose[self.second[together]] = self.first[together]
        return whose


def families(people: People) -> Kin:
    """Two and two of those who share a town and a family name."""
    order = np.lexsort((people.born, people.family, people.city))
    group = people.city[order] * (people.family.max(initial=0) + 1) + people.family[order]
    starts = np.r_[True, group[1:] != group[:-1]]
    rank = np.arange(len(order)) - np.maximum.accumulate(np.where(starts, np.arange(len(order)), 0))
    pairs: Bools = (group[1:] == group[:-1]) & (rank[:-1] % 2 == 0)
    first, second = order[:-1][pairs], order[1:][pairs]
    # Those of nearly one birth date are one person who was entered twice (core/demo/doubles.py).
    two = people.born[second] - people.born[first] > _ONE_PERSON
    first, second = first[two], second[two]
    years = (people.born[second] - people.born[first]) / 365.25
    differ = people.gender[first] != people.gender[second]
    kind = np.select(
        [years >= _GENERATION, differ & (years <= _COUPLE), years <= _COUPLE],
        [CHILD, SPOUSE, SIBLING],
        HOUSEHOLD,
    )
    return Kin(first, second, kind)


def write_relations(world: World, kin: Kin, ids: Ints, since: Ints) -> None:
    """Write them as of the later of the two entries."""
    at = np.maximum(since[kin.first], since[kin.second])
    world.sink.write(
        "customer_relations",
        {
            "id": world.sink.ids("customer_relations", len(kin.first)),
            "customer_id": ids[kin.first],
            "related_customer_id": ids[kin.second],
            "kind": pick(KINDS, kin.kind),
            "created_at": moments(world.days.utc(at)),
        },
    )
