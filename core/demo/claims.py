"""Claims: how often losses happen, how much they cost, how long they take and how they end.

Frequencies and severities per policy-year are those of domain.md section 10.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from core.demo.columns import Bools, Floats, Ints, words
from core.demo.days import DAY, in_office_hours
from core.demo.policies import NONE, Policies
from core.demo.products import AUTO, HEALTH, PROPERTY
from core.demo.world import World

SUBMITTED, DOCUMENTS, INVESTIGATION, ASSESSED, APPROVED, REJECTED, SETTLED, CLOSED, REOPENED, WITHDRAWN = (
    range(10)
)
STATUSES = (
    "submitted",
    "documents",
    "investigation",
    "assessed",
    "approved",
    "rejected",
    "settled",
    "closed",
    "reopened",
    "withdrawn",
)


@dataclass(frozen=True, slots=True)
class Peril:
    """A kind of loss of a category: how often a year, its mean in dollars, the spread of its log."""

    category: int
    loss_type: str
    yearly: float
    mean: float
    spread: float
    told: str


PERILS = (
    Peril(AUTO, "bodily_injury", 0.0077, 26_501, 1.0, "Somebody was hurt in an accident."),
    Peril(AUTO, "property_damage", 0.0258, 6_551, 1.0, "Damage to another car at a crossing."),
    Peril(AUTO, "collision", 0.0454, 5_470, 1.0, "Collision in slow traffic."),
    Peril(AUTO, "comprehensive", 0.0406, 2_306, 1.0, "Windscreen and body damaged by hail."),
    Peril(PROPERTY, "weather", 0.0300, 9_779, 1.3, "Roof damaged by a storm."),
    Peril(PROPERTY, "water", 0.0220, 9_779, 1.3, "A pipe burst in the kitchen."),
    Peril(PROPERTY, "fire", 0.0060, 9_779, 1.3, "Fire in the garage."),
    Peril(PROPERTY, "theft", 0.0098, 9_779, 1.3, "Burglary while nobody was at home."),
    Peril(HEALTH, "outpatient", 2.1, 900, 1.0, "Visits and tests."),
    Peril(HEALTH, "hospitalisation", 0.4, 7_150, 1.2, "Stay in hospital."),
)
DEATH_PERIL = len(PERILS)
LOSS_TYPES = words([*(p.loss_type for p in PERILS), "death"])
STORIES = words([*(p.told for p in PERILS), "Death of the insured."])
_MEAN = np.array([p.mean for p in PERILS] + [0.0])
_SPREAD = np.array([p.spread for p in PERILS] + [0.0])

OUT_PAID, OUT_REJECTED, OUT_WITHDRAWN = range(3)
SUSPICIOUS_POINTS = 40
# Nobody claims in the days in which health policies do not pay yet.
HEALTH_WAITING_DAYS = 30


@dataclass
class Claims:
    """One element per claim; `policy` is a position in Policies, money in cents."""

    policy: Ints
    peril: Ints
    loss: Ints
    reported: Ints
    estimate: Ints
    assessed: Ints
    outcome: Ints
    investigated: Bools
    # Local seconds of entry into documents, investigation, assessed, decision, end and closed.
    times: Ints
    id: Ints = field(default_factory=lambda: np.zeros(0, np.int64))

    def __len__(self) -> int:
        return len(self.policy)


def happen(world: World, rng: np.random.Generator, policies: Policies) -> Claims:
    """Every loss of the policies while they were covered, and every insured death."""
    today = world.days.now
    end = policies.cover_end(today)
    is_health = policies.terms.category == HEALTH
    start = policies.effective + np.where(is_health, HEALTH_WAITING_DAYS, 0)
    cover = np.where(policies.in_effect, np.maximum(end - start, 0), 0)
    positions, perils, losses = [], [], []
    for number, peril in enumerate(PERILS):
        expected = np.where(policies.terms.category == peril.category, cover * peril.yearly / 365.25, 0.0)
        position = np.repeat(np.arange(len(policies)), rng.poisson(np.maximum(expected, 0)))
        positions.append(position)
        perils.append(np.full(len(position), number))
        losses.append(start[position] + (rng.random(len(position)) * cover[position]).astype(np.int64))
    died = np.flatnonzero(policies.death < today)
    positions.append(died)
    perils.append(np.full(len(died), DEATH_PERIL))
    losses.append(policies.death[died])
    position, peril_of, loss = np.concatenate(positions), np.concatenate(perils), np.concatenate(losses)
    lag = np.clip(rng.lognormal(0.7, 1.1, len(loss)), 0, 120).astype(np.int64)
    reported = world.days.working_day(loss + lag)
    known = np.flatnonzero(reported < today)
    order = known[np.argsort(reported[known], kind="stable")]
    return _settle(rng, policies, position[order], peril_of[order], loss[order], reported[order])


def _settle(
    rng: np.random.Generator, policies: Policies, policy: Ints, peril: Ints, loss: Ints, reported: Ints
) -> Claims:
    count = len(policy)
    is_death = peril == DEATH_PERIL
    severity = _MEAN[peril] * np.exp(_SPREAD[peril] * rng.standard_normal(count) - _SPREAD[peril] ** 2 / 2)
    limit = policies.terms.cover[policy]
    assessed = np.clip(np.rint(severity * 100).astype(np.int64), 5_000, limit)
    assessed = np.where(is_death, limit, assessed)
    guess = (assessed * np.exp(0.25 * rng.standard_normal(count)) / 5_000).astype(np.int64) * 5_000
    chance = rng.random(count)
    outcome = np.searchsorted([0.90, 0.97], chance, side="right")
    outcome = np.where(is_death & (chance < 0.975), OUT_PAID, outcome)
    investigated = rng.random(count) < 0.08
    return Claims(
        policy=policy,
        peril=peril,
        loss=loss,
        reported=reported,
        estimate=np.where(is_death, limit, np.clip(guess, 5_000, limit)),
        assessed=assessed,
        outcome=outcome,
        investigated=investigated,
        times=_times(rng, reported, investigated, outcome),
    )


def _times(rng: np.random.Generator, reported: Ints, investigated: Bools, outcome: Ints) -> Ints:
    """Working days, median 6 and p90 14, from the report to the end; 15 to 30 more under investigation."""
    count = len(reported)
    total: Floats = np.clip(rng.lognormal(np.log(6), 0.66, count), 1, 60) * 1.4
    total = total + np.where(investigated, rng.uniform(15, 30, count) * 1.4, 0)
    share = np.stack(
        [
            np.full(count, 0.12),
            np.full(count, 0.25),
            np.full(count, 0.6),
            np.full(count, 0.8),
            np.ones(count),
        ],
        axis=1,
    )
    share[investigated, 2] = 0.8
    share[investigated, 3] = 0.9
    ends = np.concatenate([share * total[:, None], (total + rng.uniform(0.5, 5, count))[:, None]], axis=1)
    # Withdrawn ones end while documents are collected.
    ends[outcome == OUT_WITHDRAWN, 4] = 0.5 * total[outcome == OUT_WITHDRAWN]
    start = reported * DAY + (rng.random(count) * 0.5 * DAY).astype(np.int64)
    return in_office_hours(start[:, None] + 3_600 + (ends * DAY).astype(np.int64))


def paid_deaths(claims: Claims, policies: Policies, midnight: int) -> Ints:
    """By policy, the local second at which its death claim was paid; NONE * DAY where it was not."""
    paid = np.full(len(policies), NONE * DAY)
    settled = (claims.peril == DEATH_PERIL) & (claims.outcome == OUT_PAID) & (claims.times[:, 4] < midnight)
    paid[claims.policy[settled]] = claims.times[settled, 4]
    return paid


def reopening_reserve(claims: Claims) -> Ints:
    """What is set aside when a claim is opened again."""
    return np.maximum(claims.assessed // 5, 5_000)
