"""Who is paid when the insured of a life policy dies: shares per class add up to 100 %."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.demo.columns import Bools, Column, Ints, dates, joined, moments, money, optional, pick, words
from core.demo.days import DAY
from core.demo.people import FAMILY, GIVEN, RELATION
from core.demo.policies import Policies
from core.demo.products import IS_LIFE
from core.demo.world import World

SPOUSE, CHILD, ESTATE = 0, 1, len(RELATION) - 1
PRIMARY, CONTINGENT = range(2)
CLASSES = words(["primary", "contingent"])
_RELATION_SHARES = (0.6, 0.85, 0.92, 0.96, 0.98)


@dataclass
class Heirs:
    """The first primary beneficiary of each policy; most bear the family's name."""

    name: Column
    relation: Ints
    second: Column


def heirs_of(rng: np.random.Generator, policies: Policies) -> Heirs:
    """Name somebody for every policy."""
    count = len(policies)
    family = pick(FAMILY, policies.people.family)

    def relative() -> Column:
        return joined(pick(GIVEN, rng.integers(0, len(GIVEN), count)), " ", family)

    name = relative()
    relation = np.searchsorted(_RELATION_SHARES, rng.random(count), side="right")
    return Heirs(name=_or_estate(name, relation, policies), relation=relation, second=relative())


def _or_estate(name: Column, relation: Ints, policies: Policies) -> Column:
    """The names, of the estate for those whose heir is nobody in particular."""
    has_estate = relation == ESTATE
    rows = np.flatnonzero(has_estate)
    people = policies.people
    given, family = pick(GIVEN, people.given[rows]), pick(FAMILY, people.family[rows])
    return pc.replace_with_mask(name, pa.array(has_estate), joined("Estate of ", given, " ", family))


def write_beneficiaries(world: World, policies: Policies, heirs: Heirs) -> None:
    """One primary, or two who share, and for some a contingent one."""
    is_life = IS_LIFE[policies.terms.category]
    pays_two = is_life & (policies.id % 4 == 0)
    _write(world, policies, is_life, heirs.name, heirs.relation, np.where(pays_two, 6_000, 10_000), PRIMARY)
    children = np.full(len(policies), CHILD)
    _write(world, policies, pays_two, heirs.second, children, np.full(len(policies), 4_000), PRIMARY)
    has_second = is_life & (policies.id % 3 == 1)
    _write(
        world,
        policies,
        has_second & ~pays_two,
        heirs.second,
        children,
        np.full(len(policies), 10_000),
        CONTINGENT,
    )


def _write(
    world: World, policies: Policies, where: Bools, name: Column, relation: Ints, share: Ints, kind: int
) -> None:
    row = np.flatnonzero(where)
    applied = policies.applied[row]
    adult = policies.people.born[row] + (policies.id[row] % 12 - 6) * 365
    born = np.where(relation[row] == CHILD, np.minimum(adult + 26 * 365, applied // DAY - 30), adult)
    world.sink.write(
        "policy_beneficiaries",
        {
            "id": world.sink.ids("policy_beneficiaries", len(row)),
            "policy_id": policies.id[row],
            "beneficiary_class": pick(CLASSES, np.full(len(row), kind)),
            "name": name.take(row),
            "relation": pick(RELATION, relation[row]),
            "date_of_birth": optional(born.astype("datetime64[D]"), relation[row] == ESTATE),
            "share_pct": money(share[row]),
            "valid_from": dates(applied // DAY),
            "created_by": world.agent_user[policies.agent[row]],
            "created_at": moments(world.days.utc(applied)),
        },
    )
