"""Policies: when they are applied for, issued and in force, and how they end."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from core.demo.columns import Bools, Floats, Ints
from core.demo.days import DAY, in_office_hours, plus_months, whole_months_between
from core.demo.people import People
from core.demo.products import HEALTH, IS_LIFE, LIFE_LAPSE, RENEWS, TERM
from core.demo.terms import Terms
from core.demo.world import World

APPLIED, UNDERWRITING, ISSUED, ACTIVE, LAPSED, CANCELLED, MATURED, CLAIMED = range(8)
STATUSES = ("applied", "underwriting", "issued", "active", "lapsed", "cancelled", "matured", "claimed")
END_REASONS = (
    "free_look",
    "customer",
    "surrender",
    "expired",
    "maturity",
    "death",
    "grace_expired",
    "declined",
    "withdrawn",
)
(FREE_LOOK, CUSTOMER, SURRENDER, EXPIRED, MATURITY, DEATH, GRACE_EXPIRED, DECLINED, WITHDRAWN) = range(9)
GRACE_DAYS = 31
NONE = 10**7
# Yearly probability of death at ages 35, 45, 55 and 65 after selection (domain.md section 10).
_DEATH_AGES = np.array([18, 35, 45, 55, 65, 90])
_DEATH = np.array([0.0003, 0.0004, 0.0008, 0.0020, 0.0059, 0.08]) * 0.6


def _survival(step: int, factor: float) -> tuple[Ints, Floats]:
    """(months of the due dates, share still paying after each) for premiums every `step` months."""
    due = np.arange(step, len(LIFE_LAPSE) + 1, step)
    hazard = 1 - np.array([np.prod(1 - LIFE_LAPSE[d - step : d]) for d in due])
    if factor != 1.0:
        hazard = factor * np.array([LIFE_LAPSE[d - step : d].sum() for d in due])
    return due, np.cumprod(1 - hazard)


# Annual payers decide once a year, and fewer leave (domain.md section 10).
_SURVIVAL = {1: _survival(1, 1.0), 3: _survival(3, 1.0), 6: _survival(6, 1.0), 12: _survival(12, 0.8)}


@dataclass
class Policies:
    """One element per policy. Days since 1970, moments in local seconds, NONE for never."""

    people: People
    customer: Ints
    terms: Terms
    agent: Ints
    area: Ints
    lead: Ints  # id, or NOBODY
    applied: Ints
    issue: Ints = field(init=False)
    effective: Ints = field(init=False)
    ends: Ints = field(init=False)  # the day on which cover ends before its term is over
    ended_at: Ints = field(init=False)
    end_reason: Ints = field(init=False)
    death: Ints = field(init=False)
    is_issued: Bools = field(init=False)
    in_effect: Bools = field(init=False)
    id: Ints = field(init=False)

    def __len__(self) -> int:
        return len(self.customer)

    def cover_end(self, today: int) -> Ints:
        """The first day without cover, or today."""
        return np.minimum(self.ends, today)


def live(world: World, rng: np.random.Generator, policies: Policies, *, has_lead: Bools) -> None:
    """Decide when each is issued, takes effect and ends; `has_lead` are those that a lead was won for."""
    count, days = len(policies), world.days
    category = policies.terms.category
    applied = policies.applied // DAY
    wait = np.clip(rng.lognormal(1.1, 0.7, count), 1, 25).astype(np.int64)
    policies.issue = days.after_working_days(applied, wait)
    first_of_next = (policies.issue.astype("datetime64[D]").astype("datetime64[M]") + 1).astype(
        "datetime64[D]"
    )
    later = policies.issue + rng.integers(0, 12, count)
    policies.effective = np.where(category == HEALTH, first_of_next.astype(np.int64), later)
    policies.is_issued = policies.issue < days.now
    policies.in_effect = policies.is_issued & (policies.effective < days.now)
    policies.ends = np.full(count, NONE)
    policies.end_reason = np.full(count, -1)
    policies.ended_at = np.full(count, NONE * DAY)
    policies.death = np.full(count, NONE)
    _refuse_some(rng, policies, has_lead, days.now)
    _end_life(rng, policies)
    _end_other(rng, policies)
    _free_look(rng, policies)
    _die(rng, policies)
    policies.ended_at = np.where(
        policies.end_reason >= 0,
        in_office_hours(policies.ends * DAY + rng.integers(0, DAY, count)),
        policies.ended_at,
    )
    future = policies.ended_at >= days.midnight
    for name, value in (("ends", NONE), ("end_reason", -1), ("ended_at", NONE * DAY)):
        getattr(policies, name)[future] = value


def _end(policies: Policies, where: Bools, day: Ints, reason: Ints | int) -> None:
    where = where & (day < policies.ends)
    policies.ends = np.where(where, day, policies.ends)
    policies.end_reason = np.where(where, reason, policies.end_reason)


def _refuse_some(rng: np.random.Generator, policies: Policies, has_lead: Bools, today: int) -> None:
    """Applications without a won lead are sometimes declined or withdrawn."""
    count = len(policies)
    refused = ~has_lead & (rng.random(count) < 0.05) & (policies.applied // DAY < today - 20)
    reason = np.where(rng.random(count) < 0.6, DECLINED, WITHDRAWN)
    _end(policies, refused, policies.applied // DAY + rng.integers(3, 12, count), reason)
    policies.is_issued &= ~refused
    policies.in_effect &= ~refused


def _end_life(rng: np.random.Generator, policies: Policies) -> None:
    """Premiums stop by the hazards of domain.md section 10; some of it is told, most is not."""
    count, category = len(policies), policies.terms.category
    is_life = IS_LIFE[category] & policies.is_issued
    unpaid = np.full(count, NONE)
    chance = rng.random(count)
    for step, (due, surviving) in _SURVIVAL.items():
        rows = policies.terms.step == step
        position = np.searchsorted(-surviving, -chance[rows])
        unpaid[rows] = np.append(due, NONE // 400)[position]
    stops = is_life & (unpaid < NONE // 400)
    due_day = plus_months(policies.effective, np.where(stops, unpaid, 0))
    told = rng.random(count) < 0.2
    _end(policies, stops & told, due_day, np.where(category == TERM, CUSTOMER, SURRENDER))
    _end(policies, stops & ~told, due_day + GRACE_DAYS + 1, GRACE_EXPIRED)
    matures = is_life & np.isin(category, (2, 3))
    _end(policies, matures, plus_months(policies.effective, 12 * policies.terms.term_years), MATURITY)


def _end_other(rng: np.random.Generator, policies: Policies) -> None:
    """Yearly renewal of the other lines; some leave in between."""
    count = len(policies)
    other = ~IS_LIFE[policies.terms.category] & policies.is_issued
    years = rng.geometric(1 - RENEWS, count)
    anniversary = plus_months(policies.effective, 12 * years)
    told = rng.random(count) < 0.6
    _end(policies, other & told, anniversary, EXPIRED)
    _end(policies, other & ~told, anniversary + GRACE_DAYS + 1, GRACE_EXPIRED)
    leaves = policies.effective + (rng.exponential(365.25 / 0.025, count)).astype(np.int64) + 20
    _end(policies, other, leaves, CUSTOMER)


def _free_look(rng: np.random.Generator, policies: Policies) -> None:
    count = len(policies)
    sent_back = policies.is_issued & IS_LIFE[policies.terms.category] & (rng.random(count) < 0.012)
    _end(policies, sent_back, policies.effective + rng.integers(3, 25, count), FREE_LOOK)


def _die(rng: np.random.Generator, policies: Policies) -> None:
    """The day of death of the insured of life policies, while covered; the claim ends the policy."""
    count = len(policies)
    age = (policies.effective - policies.people.born) / 365.25 + 2.5
    yearly = np.interp(age, _DEATH_AGES, _DEATH)
    day = (
        policies.effective
        + 30
        + (rng.exponential(1.0, count) / yearly * 365.25).clip(0, NONE / 2).astype(np.int64)
    )
    dies = policies.is_issued & IS_LIFE[policies.terms.category] & (day < policies.ends)
    policies.death = np.where(dies, day, NONE)
    # Nobody pays on or cancels after that.
    policies.ends = np.where(dies, NONE, policies.ends)
    policies.end_reason = np.where(dies, -1, policies.end_reason)


def claimed(policies: Policies, paid_at: Ints) -> None:
    """End those whose death claim was paid, at the local seconds given (NONE * DAY: not paid)."""
    is_paid = paid_at < NONE * DAY
    policies.ends = np.where(is_paid, policies.death, policies.ends)
    policies.end_reason = np.where(is_paid, DEATH, policies.end_reason)
    policies.ended_at = np.where(is_paid, paid_at, policies.ended_at)


def status_of(policies: Policies, today: int) -> Ints:
    """The status at the beginning of today."""
    begun = np.where(policies.applied // DAY + 1 < today, UNDERWRITING, APPLIED)
    status = np.where(policies.is_issued, ISSUED, begun)
    status = np.where(policies.in_effect, ACTIVE, status)
    final = np.array(
        [CANCELLED, CANCELLED, CANCELLED, CANCELLED, MATURED, CLAIMED, LAPSED, CANCELLED, CANCELLED]
    )
    return np.where(policies.end_reason >= 0, final[policies.end_reason], status)


def expiry(policies: Policies, today: int) -> Ints:
    """The end of the term; of yearly policies the end of the year that runs, or was the last.

    A yearly policy that is renewed keeps its number and row, and its term moves on by a year.
    """
    last = np.minimum(policies.ends - 1, today)
    years = np.maximum(whole_months_between(policies.effective, last) // 12 + 1, 1)
    is_life = IS_LIFE[policies.terms.category]
    return plus_months(policies.effective, 12 * np.where(is_life, policies.terms.term_years, years))
