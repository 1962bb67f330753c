"""Claims: how often, how much, how long, and how they end; with events and documents.

Frequencies and severities per policy-year are those of domain.md section 10.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from core.demo.columns import (
    Bools,
    Floats,
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
from core.demo.days import DAY, in_office_hours
from core.demo.history import Steps
from core.demo.people import CITY
from core.demo.policies import NONE, Policies
from core.demo.products import AUTO, HEALTH, PROPERTY
from core.demo.world import MANAGER, NOBODY, SUPPORT, World

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
STATUS = words(STATUSES)
REASONS = (
    "",
    "Large amount soon after the start of cover.",
    "The claimant withdrew it.",
    "A further invoice was handed in.",
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

CODES = words(["not_covered", "below_deductible", "outside_cover", "late_report", "documents_missing"])
RELATIONS = words(["Self", "Spouse", "Child"])
EVENTS = words(
    ["reported", "reserve", "documents", "investigation", "assessment", "decision", "payment", "closed"]
)
(E_REPORTED, E_RESERVE, E_DOCUMENTS, E_INVESTIGATION, E_ASSESSMENT, E_DECISION, E_PAYMENT, E_CLOSED) = (
    range(8)
)
_PAID, _REJECTED, _WITHDRAWN = range(3)
SUPPORT_LIMIT, MANAGER_LIMIT = 250_000, 5_000_000  # cents (domain.md section 6)


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
    times: (
        Ints  # [:, k]: local second of entry into documents, investigation, assessed, decision, end, closed
    )
    id: Ints = field(default_factory=lambda: np.zeros(0, np.int64))

    def __len__(self) -> int:
        return len(self.policy)


def happen(world: World, rng: np.random.Generator, policies: Policies) -> Claims:
    """Every loss of the policies while they were covered, and every insured death."""
    today = world.days.now
    end = policies.cover_end(today)
    cover = np.where(policies.in_effect, end - policies.effective, 0)
    positions, perils, losses = [], [], []
    for number, peril in enumerate(PERILS):
        expected = np.where(policies.terms.category == peril.category, cover * peril.yearly / 365.25, 0.0)
        position = np.repeat(np.arange(len(policies)), rng.poisson(np.maximum(expected, 0)))
        positions.append(position)
        perils.append(np.full(len(position), number))
        losses.append(
            policies.effective[position] + (rng.random(len(position)) * cover[position]).astype(np.int64)
        )
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
    outcome = np.where(is_death & (chance < 0.975), _PAID, outcome)
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
    ends[outcome == _WITHDRAWN, 4] = 0.5 * total[outcome == _WITHDRAWN]
    start = reported * DAY + (rng.random(count) * 0.5 * DAY).astype(np.int64)
    return in_office_hours(start[:, None] + 3_600 + (ends * DAY).astype(np.int64))


def paid_deaths(claims: Claims, policies: Policies, midnight: int) -> Ints:
    """By policy, the local second at which its death claim was paid; NONE * DAY where it was not."""
    paid = np.full(len(policies), NONE * DAY)
    settled = (claims.peril == DEATH_PERIL) & (claims.outcome == _PAID) & (claims.times[:, 4] < midnight)
    paid[claims.policy[settled]] = claims.times[settled, 4]
    return paid


@dataclass
class _Desk:
    """Who handles, assesses and decides each claim: user ids, never the same for two of them."""

    handler: Ints
    assessor: Ints
    decider: Ints
    decider_role: Ints


def _desk(world: World, rng: np.random.Generator, claims: Claims, policies: Policies) -> _Desk:
    support = world.user_id[world.company.support]
    count, people = len(claims), len(support)
    handler = rng.integers(0, people, count)
    manager = world.user_id[world.manager_of(policies.agent[claims.policy], claims.reported)]
    above = claims.assessed > SUPPORT_LIMIT
    decider = np.where(above, manager, support[(handler + 2) % people])
    top = claims.assessed > MANAGER_LIMIT
    decider = np.where(top, world.user_id[world.company.head], decider)
    return _Desk(
        handler=support[handler],
        assessor=support[(handler + 1) % people],
        decider=decider,
        decider_role=np.where(above, MANAGER, SUPPORT),
    )


def write_claims(world: World, rng: np.random.Generator, claims: Claims, policies: Policies) -> None:
    """Write them with events, documents and history."""
    count, sink = len(claims), world.sink
    if count == 0:
        return
    claims.id = sink.ids("claims", count)
    desk = _desk(world, rng, claims, policies)
    steps = _steps(world, claims, policies, desk)
    status, changed = steps.last()
    amounts = _amounts(claims, status)
    _write_rows(world, rng, claims, policies, desk, status, changed, amounts)
    steps.write(world, "claim", claims.id, STATUSES, REASONS)
    _write_events(world, claims, desk, steps)


def _steps(world: World, claims: Claims, policies: Policies, desk: _Desk) -> Steps:
    midnight, times = world.days.midnight, claims.times
    agent = policies.agent[claims.policy]
    seller, seller_role = world.agent_user[agent], world.agent_role[agent]
    by_agent = claims.id % 3 == 0
    opened = in_office_hours(claims.reported * DAY)
    withdrawn = claims.outcome == _WITHDRAWN
    goes_on = ~withdrawn
    rejected = claims.outcome == _REJECTED
    steps = Steps(len(claims))
    steps.add(
        SUBMITTED,
        opened,
        actor=np.where(by_agent, seller, desk.handler),
        role=np.where(by_agent, seller_role, SUPPORT),
    )
    desk_work = {"actor": desk.handler, "role": SUPPORT}
    steps.add(DOCUMENTS, times[:, 0], where=times[:, 0] < midnight, **desk_work)
    looked_into = claims.investigated & goes_on & (times[:, 1] < midnight)
    steps.add(INVESTIGATION, times[:, 1], where=looked_into, reason=1, **desk_work)
    assessed = goes_on & (times[:, 2] < midnight)
    steps.add(ASSESSED, times[:, 2], where=assessed, actor=desk.assessor, role=SUPPORT)
    decided = goes_on & (times[:, 3] < midnight)
    steps.add(
        np.where(rejected, REJECTED, APPROVED),
        times[:, 3],
        where=decided,
        actor=desk.decider,
        role=desk.decider_role,
    )
    ended = times[:, 4] < midnight
    steps.add(SETTLED, times[:, 4], where=ended & goes_on & ~rejected, **desk_work)
    steps.add(WITHDRAWN, times[:, 4], where=ended & withdrawn, reason=2, **desk_work)
    closed = times[:, 5] < midnight
    steps.add(CLOSED, times[:, 5], where=closed & goes_on, **desk_work)
    # Now and then new evidence comes in; such a claim is open again with a reserve.
    again = times[:, 5] + 20 * DAY
    reopened = closed & goes_on & (claims.id % 211 == 7) & (again < midnight)
    manager = world.user_id[world.manager_of(agent, claims.reported)]
    steps.add(REOPENED, again, where=reopened, actor=manager, role=MANAGER, reason=3)
    return steps


@dataclass
class _Amounts:
    """Incurred = paid + reserve, in cents."""

    paid: Ints
    reserve: Ints
    is_assessed: Bools
    is_approved: Bools
    was_settled: Bools


def _amounts(claims: Claims, status: Ints) -> _Amounts:
    paid_out = claims.outcome == _PAID
    settled = paid_out & np.isin(status, (SETTLED, CLOSED, REOPENED))
    approved = settled | (status == APPROVED)
    rejected = (claims.outcome == _REJECTED) & np.isin(status, (REJECTED, CLOSED, REOPENED))
    assessed = approved | rejected | (status == ASSESSED)
    reserve = np.where(assessed, claims.assessed, claims.estimate)
    reserve = np.where(settled | rejected | (status == WITHDRAWN), 0, reserve)
    reserve = np.where(status == REOPENED, np.maximum(claims.assessed // 5, 5_000), reserve)
    return _Amounts(
        paid=np.where(settled, claims.assessed, 0),
        reserve=reserve,
        is_assessed=assessed,
        is_approved=approved,
        was_settled=settled,
    )


def _write_rows(
    world: World,
    rng: np.random.Generator,
    claims: Claims,
    policies: Policies,
    desk: _Desk,
    status: Ints,
    changed: Ints,
    amounts: _Amounts,
) -> None:
    count, midnight, utc = len(claims), world.days.midnight, world.days.utc
    at, times = claims.policy, claims.times
    days = times // DAY
    complete = (status != SUBMITTED) & (claims.outcome != _WITHDRAWN) & (days[:, 2] < world.days.now)
    decided = amounts.is_approved | ((claims.outcome == _REJECTED) & (times[:, 3] < midnight))
    is_death = claims.peril == DEATH_PERIL
    people = policies.people
    name = joined(people.first_name, " ", people.last_name)
    agent = policies.agent[at]
    opened = utc(in_office_hours(claims.reported * DAY))
    rejected = decided & ~amounts.is_approved
    points = np.where(claims.investigated, rng.integers(8, 13, count) * 5, rng.integers(0, 5, count) * 5)
    world.sink.write(
        "claims",
        {
            "id": claims.id,
            "claim_number": joined("CL-", digits(world.sink.codes("claim_number_seq", count), 6)),
            "policy_id": policies.id[at],
            "customer_id": policies.customer[at],
            "agent_id": world.agent_user[agent],
            "territory_id": world.territory_id[policies.area[at]],
            "claimant_name": pick(name, at, is_death),
            "claimant_relation": pick(RELATIONS, np.where(is_death, 1, 0)),
            "loss_date": dates(claims.loss),
            "reported_date": dates(claims.reported),
            "loss_type": pick(LOSS_TYPES, claims.peril),
            "loss_place": pick(CITY, people.city[at], rng.random(count) < 0.3),
            "description": pick(STORIES, claims.peril),
            "estimated_amount": money(claims.estimate),
            "assessed_amount": money(claims.assessed, ~amounts.is_assessed),
            "approved_amount": money(claims.assessed, ~amounts.is_approved),
            "paid_amount": money(amounts.paid),
            "reserve_amount": money(amounts.reserve),
            "status": pick(STATUS, status),
            "status_changed_at": moments(utc(changed)),
            "documents_complete_on": dates(days[:, 0], ~complete),
            "decided_on": dates(days[:, 3], ~decided),
            "settled_on": dates(days[:, 4], ~amounts.was_settled),
            "closed_on": dates(
                np.where(status == WITHDRAWN, days[:, 4], days[:, 5]), ~np.isin(status, (CLOSED, WITHDRAWN))
            ),
            "assigned_to": desk.handler,
            "assessed_by": optional(desk.assessor, ~amounts.is_assessed),
            "approved_by": optional(desk.decider, ~amounts.is_approved),
            "created_by": np.where(claims.id % 3 == 0, world.agent_user[agent], desk.handler),
            "rejection_code": pick(CODES, rng.integers(0, len(CODES), count), ~rejected),
            "fraud_points": points,
            "is_fraud_suspected": points >= 40,
            "created_at": moments(opened),
            "updated_at": moments(utc(changed)),
        },
    )


def _write_events(world: World, claims: Claims, desk: _Desk, steps: Steps) -> None:
    """Notes of every step, and every change of the reserve with its amount."""
    reached = {
        status: happens
        for status, happens in zip(
            ("s", "d", "i", "a", "x", "p", "w", "c", "r"), steps.happens, strict=True
        )
    }
    at = dict(zip(("s", "d", "i", "a", "x", "p", "w", "c", "r"), steps.at, strict=True))
    paid = claims.outcome == _PAID
    none = np.zeros(len(claims), dtype=np.int64)
    rejected = reached["x"] & ~paid
    kinds = [
        (E_REPORTED, reached["s"], at["s"], desk.handler, None),
        (E_RESERVE, reached["s"], at["s"], desk.handler, claims.estimate),
        (E_DOCUMENTS, reached["d"], at["d"], desk.handler, None),
        (E_INVESTIGATION, reached["i"], at["i"], desk.handler, None),
        (E_ASSESSMENT, reached["a"], at["a"], desk.assessor, claims.assessed),
        (
            E_RESERVE,
            reached["a"] & (claims.assessed != claims.estimate),
            at["a"],
            desk.assessor,
            claims.assessed,
        ),
        (E_DECISION, reached["x"], at["x"], desk.decider, np.where(paid, claims.assessed, 0)),
        (E_PAYMENT, reached["p"], at["p"], desk.handler, claims.assessed),
        (
            E_RESERVE,
            rejected | reached["p"] | reached["w"],
            np.where(rejected, at["x"], np.where(reached["w"], at["w"], at["p"])),
            desk.handler,
            none,
        ),
        (
            E_CLOSED,
            reached["c"] | reached["w"],
            np.where(reached["w"], at["w"], at["c"]),
            desk.handler,
            None,
        ),
        (E_RESERVE, reached["r"], at["r"], desk.handler, np.maximum(claims.assessed // 5, 5_000)),
    ]
    shape = (len(claims), len(kinds))
    happens = np.stack([k[1] for k in kinds], axis=1).ravel()
    amounts = np.stack([none if k[4] is None else k[4] for k in kinds], axis=1).ravel()[happens]
    has_none = np.broadcast_to(np.array([k[4] is None for k in kinds]), shape).ravel()[happens]
    kind = np.broadcast_to(np.array([k[0] for k in kinds]), shape).ravel()[happens]
    world.sink.write(
        "claim_events",
        {
            "id": world.sink.ids("claim_events", len(kind)),
            "claim_id": np.repeat(claims.id, len(kinds))[happens],
            "event_type": pick(EVENTS, kind),
            "at": moments(world.days.utc(np.stack([k[2] for k in kinds], axis=1).ravel()[happens])),
            "actor_id": np.stack([k[3] for k in kinds], axis=1).ravel()[happens],
            "amount": money(amounts, has_none),
        },
    )
