"""Commissions on the premiums that were paid: sellers', and overrides of their managers.

Rates are those of domain.md section 5: by product category and policy year, times the seller's
tier; overrides are 5 % and 1 % of premium to the direct manager, 2 % and 0.5 % to the next.
"""

from __future__ import annotations

import numpy as np

from core.demo.columns import Ints, dates, moments, money, pick, words
from core.demo.days import DAY, plus_months, whole_months_between
from core.demo.policies import FREE_LOOK, GRACE_DAYS, GRACE_EXPIRED, Policies
from core.demo.products import COMMISSION
from core.demo.world import NOBODY, World

TYPES = words(["new_business", "renewal", "override"])
STATUSES = words(["calculated", "approved", "paid", "disputed"])
NEW_BUSINESS, RENEWAL, OVERRIDE = range(3)
CALCULATED, APPROVED, PAID, DISPUTED = range(4)
TIERS = np.array([100, 105, 110, 120])
# In hundredths of a percent: first year, later years; for the direct and the next manager.
_OVERRIDE = ((500, 100), (200, 50))


def write_commissions(world: World, rng: np.random.Generator, policies: Policies) -> None:
    """One row per policy year that began and was paid for, and one per manager above the seller."""
    instalments = _instalments(policies, world.days.now)
    per_year = 12 // policies.terms.step
    years = -(-instalments // per_year)
    for year in range(int(years.max(initial=0))):
        row = np.flatnonzero(years > year)
        count = np.minimum(instalments[row] - year * per_year[row], per_year[row])
        premium = count * policies.terms.instalment[row]
        rate = COMMISSION[policies.terms.category[row], min(year, 2)]
        rate = (rate * TIERS[world.company.agents.tier[policies.agent[row]]] + 50) // 100
        kind = NEW_BUSINESS if year == 0 else RENEWAL
        sold = policies.applied[row] // DAY
        _write(world, rng, policies, row, world.agent_user[policies.agent[row]], kind, year, premium, rate)
        manager = world.manager_of(policies.agent[row], sold)
        for first, later in _OVERRIDE:
            has = np.flatnonzero(manager != NOBODY)
            rates = np.full(len(has), first if year == 0 else later)
            users = world.user_id[manager[has]]
            _write(world, rng, policies, row[has], users, OVERRIDE, year, premium[has], rates)
            manager = _next(world, manager)
    _take_back(world, rng, policies)


def _instalments(policies: Policies, today: int) -> Ints:
    """How many premiums were paid: all that fell due, but for the one that a lapse is about."""
    lapsed = policies.end_reason == GRACE_EXPIRED
    until = np.minimum(np.where(lapsed, policies.ends - GRACE_DAYS - 2, policies.ends - 1), today - 1)
    months = whole_months_between(policies.effective, until)
    paid = np.maximum(months, 0) // policies.terms.step + 1
    return np.where(policies.in_effect & (policies.end_reason != FREE_LOOK), paid, 0)


def _next(world: World, manager: Ints) -> Ints:
    above = np.array([NOBODY if p.reports_to is None else p.reports_to for p in world.company.people])
    return np.where(manager == NOBODY, NOBODY, above[manager])


def _take_back(world: World, rng: np.random.Generator, policies: Policies) -> None:
    """The first premium's commission of policies sent back in the free look, and its reversal."""
    row = np.flatnonzero(policies.end_reason == FREE_LOOK)
    rate = COMMISSION[policies.terms.category[row], 0]
    users, premium = world.agent_user[policies.agent[row]], policies.terms.instalment[row]
    _write(world, rng, policies, row, users, NEW_BUSINESS, 0, premium, rate)
    _write(
        world,
        rng,
        policies,
        row,
        users,
        NEW_BUSINESS,
        0,
        -premium,
        rate,
        note="Sent back in the free look.",
    )


def _write(
    world: World,
    rng: np.random.Generator,
    policies: Policies,
    row: Ints,
    user: Ints,
    kind: int,
    year: int,
    premium: Ints,
    rate: Ints,
    note: str | None = None,
) -> None:
    count, today = len(row), world.days.now
    start = plus_months(policies.effective[row], np.full(count, 12 * year))
    end = plus_months(policies.effective[row], np.full(count, 12 * year + 12)) - 1
    # Halves of a cent away from zero, as core.kit.money rounds.
    amount = np.sign(premium) * ((np.abs(premium) * rate + 5_000) // 10_000)
    age = today - start
    status = np.select([age > 60, age > 25], [PAID, APPROVED], CALCULATED)
    status = np.where((status == APPROVED) & (rng.random(count) < 0.02), DISPUTED, status)
    paid_on = world.days.working_day(plus_months(start, np.ones(count, dtype=np.int64)) + 10)
    changed = np.select([status == PAID, status == CALCULATED], [paid_on, start], start + 20)
    at = world.days.utc(np.minimum(changed, today - 1) * DAY + 14 * 3_600)
    columns = {
        "id": world.sink.ids("commissions", count),
        "policy_id": policies.id[row],
        "agent_id": user,
        "commission_type": pick(TYPES, np.full(count, kind)),
        "period_start": dates(start),
        "period_end": dates(end),
        "premium_amount": money(premium),
        "commission_rate": money(rate),
        "commission_amount": money(amount),
        "status": pick(STATUSES, status),
        "status_changed_at": moments(at),
        "payment_date": dates(np.minimum(paid_on, today - 1), status != PAID),
        "created_at": moments(world.days.utc(start * DAY + 12 * 3_600)),
        "updated_at": moments(at),
    }
    world.sink.write("commissions", columns if note is None else {**columns, "notes": note})
