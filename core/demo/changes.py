"""Dated changes of policies: customers who pay by another method than they began with."""

from __future__ import annotations

import numpy as np

from core.demo.columns import Column, Ints, dates, digits, joined, moments, pick
from core.demo.days import DAY, HOUR
from core.demo.policies import ACTIVE, Policies
from core.demo.world import World

SHARE = 0.05
# Nobody changes anything in the first months, or in the last ones.
_FIRST, _LAST = 60, 30


def write_payment_changes(
    world: World,
    rng: np.random.Generator,
    policies: Policies,
    status: Ints,
    method: Ints,
    words: tuple[Column, Column],
) -> None:
    """What some of those in force paid by before `method`; `words` are frequencies and methods."""
    frequencies, methods = words
    since = world.days.now - policies.effective
    chosen = (status == ACTIVE) & (since > _FIRST + _LAST) & (rng.random(len(policies)) < SHARE)
    row = np.flatnonzero(chosen)
    on = policies.effective[row] + _FIRST
    on += (rng.random(len(row)) * (since[row] - _FIRST - _LAST)).astype(np.int64)
    on = world.days.working_day(on)
    before = (method[row] + rng.integers(1, 3, len(row))) % len(methods)
    frequency = pick(frequencies, policies.terms.frequency[row])
    amount = _plain(policies.terms.instalment[row])
    world.sink.write(
        "policy_changes",
        {
            "id": world.sink.ids("policy_changes", len(row)),
            "policy_id": policies.id[row],
            "kind": "payment",
            "effective_date": dates(on),
            "before": _terms(frequency, pick(methods, before), amount),
            "after": _terms(frequency, pick(methods, method[row]), amount),
            "created_by": world.agent_user[world.company.present(policies.agent[row])],
            "created_at": moments(world.days.utc(on * DAY + 14 * HOUR)),
        },
    )


def _terms(frequency: Column, method: Column, amount: Column) -> Column:
    return joined(
        '{"frequency": "', frequency, '", "method": "', method, '", "instalment": "', amount, '"}'
    )


def _plain(cents: Ints) -> Column:
    dollars, rest = np.divmod(cents, 100)
    return joined(digits(dollars, 1), ".", digits(rest, 2))
