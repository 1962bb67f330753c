"""Who may be the same person: two records are held for one when the evidence outweighs the odds.

The odds against a random pair grow with the number of people (Fellegi and Sunter 1969).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from core.customers.blocks import candidates
from core.customers.compared import People, Person
from core.customers.evidence import Evidence, Pairs, explained, total

# How much the evidence has to exceed the odds against a random pair: 4 bits are 16 to 1.
MARGIN_BITS = 4.0


@dataclass(frozen=True, slots=True)
class Match:
    """Two records that are probably one person, with the evidence, strongest first."""

    first: int
    second: int
    bits: float
    evidence: tuple[Evidence, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """What speaks for it, in words."""
        return tuple(one.label for one in self.evidence if one.bits > 0)


def threshold(people: int) -> float:
    """Bits that two records of so many people have to reach to count as one person."""
    return math.log2(max(people, 2)) + MARGIN_BITS


def matches(
    people: Iterable[Person] | People, tell: Callable[[float], None] = lambda _: None
) -> list[Match]:
    """Every pair that is probably one person, the surest first; `tell` hears how far it is (0 to 1)."""
    everybody = people if isinstance(people, People) else People.of(people)
    least = threshold(len(everybody))
    found: list[Match] = []
    for pairs in candidates(everybody, tell):
        bits = total(pairs, least)
        reached = bits >= least
        if reached.any():
            found += described(pairs.only(reached))
    return sorted(found, key=lambda one: (-one.bits, one.first, one.second))


def described(pairs: Pairs) -> list[Match]:
    """The pairs with everything that speaks for and against them."""
    keys = pairs.people.keys
    ends = np.sort(np.stack([keys[pairs.first], keys[pairs.second]], axis=1), axis=1).tolist()
    return [
        Match(first, second, sum(one.bits for one in evidence), tuple(evidence))
        for (first, second), evidence in zip(ends, explained(pairs), strict=True)
    ]
