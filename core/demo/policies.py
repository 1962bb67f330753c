"""Policies: applied for, issued, in force, and how they end; with riders and status history."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from core.demo.columns import (
    Bools,
    Column,
    Ints,
    dates,
    digits,
    joined,
    moments,
    money,
    optional,
    pick,
    words,
)
from core.demo.days import DAY, in_office_hours, plus_months, whole_months_between
from core.demo.history import Steps
from core.demo.people import RELATION, People
from core.demo.products import FREQUENCIES, HEALTH, IS_LIFE, LIFE_LAPSE, RENEWS, TERM
from core.demo.terms import Terms
from core.demo.world import NOBODY, SYSTEM, UNDERWRITER, World

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
REASON_OF = words(END_REASONS)
REASONS = (
    "",
    "Cancelled within the free look.",
    "The customer asked for it.",
    "Surrendered for its cash value.",
    "Not renewed.",
    "Premium paid after the lapse.",
    "Not insurable on these terms.",
    "The applicant withdrew.",
)
# Position in REASONS by end reason.
_WHY = np.array([1, 2, 3, 4, 0, 0, 0, 6, 7])
GRACE_DAYS = 31
NONE = 10**7
# Yearly probability of death at ages 35, 45, 55 and 65 after selection (domain.md section 10).
_DEATH_AGES = np.array([18, 35, 45, 55, 65, 90])
_DEATH = np.array([0.0003, 0.0004, 0.0008, 0.0020, 0.0059, 0.08]) * 0.6

METHODS = words(["credit_card", "bank_transfer", "check", "cash"])
STATUS = words(STATUSES)
FREQUENCY = words(FREQUENCIES)
RIDERS = words(["accidental_death", "waiver_of_premium", "critical_illness"])
RIDER_NAMES = words(["Accidental death", "Waiver of premium", "Critical illness"])


def _survival(step: int, factor: float) -> tuple[Ints, np.ndarray]:
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


def live(world: World, rng: np.random.Generator, policies: Policies) -> None:
    """Decide when each is issued, takes effect and ends."""
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
    _refuse_some(rng, policies, days.now)
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


def _refuse_some(rng: np.random.Generator, policies: Policies, today: int) -> None:
    """Applications without a won lead are sometimes declined or withdrawn."""
    count = len(policies)
    refused = (
        (policies.lead == NOBODY) & (rng.random(count) < 0.05) & (policies.applied // DAY < today - 20)
    )
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


def write_policies(world: World, rng: np.random.Generator, policies: Policies) -> Ints:
    """Write them with riders and history; their statuses."""
    count = len(policies)
    policies.id = world.sink.ids("policies", count)
    status = status_of(policies, world.days.now)
    steps = _steps(world, rng, policies, status)
    _write_rows(world, rng, policies, status, steps)
    _write_riders(world, rng, policies)
    steps.write(world, "policy", policies.id, STATUSES, REASONS)
    return status


def _steps(world: World, rng: np.random.Generator, policies: Policies, status: Ints) -> Steps:
    count, today = len(policies), world.days.now
    seller, role = world.agent_user[policies.agent], world.agent_role[policies.agent]
    desk = world.company.underwriters
    underwriter = world.user_id[desk[rng.integers(0, len(desk), count)]]
    refused = (policies.end_reason == DECLINED) | (policies.end_reason == WITHDRAWN)
    passed_on = in_office_hours((policies.applied // DAY + 1) * DAY)
    was_active = policies.in_effect
    steps = Steps(count)
    steps.add(APPLIED, policies.applied, actor=seller, role=role)
    steps.add(UNDERWRITING, passed_on, where=status > APPLIED, actor=seller, role=role)
    issued_at = np.maximum(in_office_hours(policies.issue * DAY + DAY // 3), passed_on + 3_600)
    steps.add(ISSUED, issued_at, where=policies.is_issued, actor=underwriter, role=UNDERWRITER)
    active_at = np.maximum(in_office_hours(policies.effective * DAY), issued_at + 60)
    steps.add(ACTIVE, active_at, where=was_active)
    # A lapse that was made good: as many again as three in seven of the final ones.
    held = whole_months_between(policies.effective, np.full(count, today))
    made_good = (
        (status == ACTIVE) & IS_LIFE[policies.terms.category] & (held > 8) & (rng.random(count) < 0.07)
    )
    month = (1 + rng.random(count) * np.maximum(held - 5, 1)).astype(np.int64)
    lapse = plus_months(policies.effective, np.where(made_good, month, 0)) + GRACE_DAYS + 1
    steps.add(LAPSED, in_office_hours(lapse * DAY), where=made_good)
    back = in_office_hours((lapse + rng.integers(5, 60, count)) * DAY)
    steps.add(ACTIVE, back, where=made_good, actor=underwriter, role=UNDERWRITER, reason=5)
    ended = policies.end_reason >= 0
    by_seller = np.isin(policies.end_reason, (FREE_LOOK, CUSTOMER, SURRENDER, WITHDRAWN))
    by_desk = policies.end_reason == DECLINED
    end_actor = np.select([by_seller, by_desk], [seller, underwriter], NOBODY)
    end_role = np.select([by_seller, by_desk], [role, np.full(count, UNDERWRITER)], SYSTEM)
    # Cancelling is nobody's automatism: what is not renewed is closed by the underwriters.
    expired = policies.end_reason == EXPIRED
    end_actor, end_role = (
        np.where(expired, underwriter, end_actor),
        np.where(expired, UNDERWRITER, end_role),
    )
    last = np.where(was_active, active_at, np.where(refused, passed_on, issued_at))
    steps.add(
        status,
        np.where(ended, np.maximum(policies.ended_at, last + 600), 0),
        where=ended,
        actor=end_actor,
        role=end_role,
        reason=np.where(ended, _WHY[policies.end_reason], 0),
    )
    return steps


def _expiry(policies: Policies, today: int) -> Ints:
    """The end of the term; of yearly policies the end of the year that runs, or was the last."""
    until = np.minimum(policies.ends, today)
    years = whole_months_between(policies.effective, until - 1) // 12 + 1
    is_life = IS_LIFE[policies.terms.category]
    return plus_months(
        policies.effective, 12 * np.where(is_life, policies.terms.term_years, np.maximum(years, 1))
    )


def _write_rows(
    world: World, rng: np.random.Generator, policies: Policies, status: Ints, steps: Steps
) -> None:
    count, utc = len(policies), world.days.utc
    is_life = IS_LIFE[policies.terms.category]
    pending = ~policies.is_issued
    ended = policies.end_reason >= 0
    _, changed = steps.last()
    heir: Column = joined(policies.people.first_name, " ", policies.people.last_name)
    spouse = pick(heir, rng.permutation(count), ~is_life)
    world.sink.write(
        "policies",
        {
            "id": policies.id,
            "policy_number": joined("P-", digits(world.sink.numbers("policy", count), 6)),
            "customer_id": policies.customer,
            "product_id": world.product_id[policies.terms.product],
            "agent_id": world.agent_user[policies.agent],
            "territory_id": world.territory_id[policies.area],
            "lead_id": optional(policies.lead, policies.lead == NOBODY),
            "application_date": dates(policies.applied // DAY),
            "issue_date": dates(policies.issue, pending),
            "effective_date": dates(policies.effective, pending),
            "expiry_date": dates(_expiry(policies, world.days.now), pending),
            "sum_assured": money(policies.terms.cover),
            "premium_amount": money(policies.terms.instalment),
            "payment_frequency": pick(FREQUENCY, policies.terms.frequency),
            "payment_method": pick(METHODS, np.searchsorted([0.45, 0.85, 0.97], rng.random(count))),
            "status": pick(STATUS, status),
            "status_changed_at": moments(utc(changed)),
            "end_date": dates(policies.ends, ~ended),
            "end_reason": pick(REASON_OF, np.maximum(policies.end_reason, 0), ~ended),
            "beneficiary_name": spouse,
            "beneficiary_relation": pick(
                RELATION, np.searchsorted([0.6, 0.85, 0.92, 0.96, 0.98], rng.random(count)), ~is_life
            ),
            "riders_count": policies.terms.rider_count,
            "total_rider_premium": money(policies.terms.rider_premium),
            "created_by": world.agent_user[policies.agent],
            "created_at": moments(utc(policies.applied)),
            "updated_at": moments(utc(changed)),
        },
    )


def _write_riders(world: World, rng: np.random.Generator, policies: Policies) -> None:
    terms, today = policies.terms, world.days.now
    expiry = _expiry(policies, today)
    for number in (1, 2):
        row = np.flatnonzero((terms.rider_count >= number) & policies.is_issued)
        # Of two riders the second takes half of the premium, the first what is left.
        half = terms.rider_premium[row] // 2
        whole = np.where(
            terms.rider_count[row] == 2, terms.rider_premium[row] - half, terms.rider_premium[row]
        )
        kind = np.where(IS_LIFE[terms.category[row]], rng.integers(0, 2, len(row)), 2)
        kind = np.where(terms.rider_count[row] == 2, np.where(kind == 2, 2, number - 1), kind)
        world.sink.write(
            "policy_riders",
            {
                "id": world.sink.ids("policy_riders", len(row)),
                "policy_id": policies.id[row],
                "rider_name": pick(RIDER_NAMES, kind),
                "rider_type": pick(RIDERS, kind),
                "sum_assured": money(np.minimum(terms.cover[row], 50_000_000)),
                "premium_amount": money(whole if number == 1 else half),
                "start_date": dates(policies.effective[row]),
                "end_date": dates(expiry[row]),
                "is_active": (policies.end_reason[row] < 0),
                "created_at": moments(world.days.utc(policies.applied[row])),
            },
        )
