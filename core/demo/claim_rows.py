"""Rows of claims, with their status history and what was paid; the desk that worked on them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.demo import claims as c
from core.demo.claim_events import write_events, write_payments, write_tasks
from core.demo.claim_flags import Flags, raise_flags
from core.demo.claims import Claims
from core.demo.columns import Bools, Ints, dates, digits, joined, moments, money, optional, pick, words
from core.demo.days import DAY, in_office_hours
from core.demo.history import Steps
from core.demo.people import CITY
from core.demo.policies import Policies
from core.demo.products import IS_LIFE
from core.demo.world import ADMIN, MANAGER, SUPPORT, World

STATUS = words(c.STATUSES)
REASONS = (
    "",
    "Signs that call for a closer look.",
    "The claimant withdrew it.",
    "A further invoice was handed in.",
)
CODES = words(["NOT_COVERED", "EXCLUSION", "NO_PROOF", "NON_DISCLOSURE", "DUPLICATE"])
LETTER = "We have looked at your claim carefully. Your policy does not cover this loss."
RELATIONS = words(["Self", "Spouse", "Child"])
# In cents: support alone, a manager, an administrator; above that two of them (domain.md section 6).
SUPPORT_LIMIT, MANAGER_LIMIT, ADMIN_LIMIT = 250_000, 5_000_000, 25_000_000
TARGET_DAYS = 10


@dataclass
class Desk:
    """Who handles, assesses and decides each claim: user ids, never the same for two of them."""

    handler: Ints
    assessor: Ints
    decider: Ints
    decider_role: Ints
    first_decider: Ints  # of two; else the same as the decider


@dataclass
class Amounts:
    """Incurred = paid + reserve, in cents."""

    paid: Ints
    reserve: Ints
    is_assessed: Bools
    is_approved: Bools
    was_settled: Bools


def write_claims(world: World, rng: np.random.Generator, claims: Claims, policies: Policies) -> None:
    """Write them with flags, events, payments, tasks and history."""
    count = len(claims)
    if count == 0:
        return
    claims.id = world.sink.ids("claims", count)
    desk = _desk(world, rng, claims, policies)
    steps = _steps(world, claims, policies, desk)
    status, changed = steps.last()
    amounts = _amounts(claims, status)
    flags = Flags.of(claims, policies)
    _write_rows(world, rng, claims, policies, desk, status, changed, amounts, flags.points)
    steps.write(world, "claim", claims.id, c.STATUSES, REASONS)
    raise_flags(world, claims, flags)
    write_events(world, claims, steps, handler=desk.handler, assessor=desk.assessor, decider=desk.decider)
    write_payments(world, claims, policies, amounts.was_settled, desk.handler)
    write_tasks(world, claims, status, desk.handler)


def _desk(world: World, rng: np.random.Generator, claims: Claims, policies: Policies) -> Desk:
    support = world.user_id[world.company.support]
    admins = world.user_id[world.company.admins]
    count, people = len(claims), len(support)
    handler = rng.integers(0, people, count)
    manager = world.user_id[world.manager_of(policies.agent[claims.policy], claims.reported)]
    is_life = IS_LIFE[policies.terms.category[claims.policy]]
    above = (claims.assessed > SUPPORT_LIMIT) | is_life
    top = claims.assessed > MANAGER_LIMIT
    by_two = claims.assessed > ADMIN_LIMIT
    decider = np.where(above, manager, support[(handler + 2) % people])
    decider = np.where(top, admins[0], decider)
    return Desk(
        handler=support[handler],
        assessor=support[(handler + 1) % people],
        decider=decider,
        decider_role=np.select([top, above], [ADMIN, MANAGER], SUPPORT),
        first_decider=np.where(by_two, admins[1], decider),
    )


def _steps(world: World, claims: Claims, policies: Policies, desk: Desk) -> Steps:
    midnight, times = world.days.midnight, claims.times
    agent = policies.agent[claims.policy]
    seller, seller_role = world.agent_user[agent], world.agent_role[agent]
    by_agent = claims.id % 3 == 0
    opened = in_office_hours(claims.reported * DAY)
    withdrawn = claims.outcome == c.OUT_WITHDRAWN
    goes_on = ~withdrawn
    rejected = claims.outcome == c.OUT_REJECTED
    steps = Steps(len(claims))
    steps.add(
        c.SUBMITTED,
        opened,
        actor=np.where(by_agent, seller, desk.handler),
        role=np.where(by_agent, seller_role, SUPPORT),
    )

    def by_handler(to: int, at: Ints, where: Bools, reason: int = 0) -> None:
        steps.add(to, at, where=where, actor=desk.handler, role=SUPPORT, reason=reason)

    by_handler(c.DOCUMENTS, times[:, 0], times[:, 0] < midnight)
    by_handler(c.INVESTIGATION, times[:, 1], claims.investigated & goes_on & (times[:, 1] < midnight), 1)
    assessed = goes_on & (times[:, 2] < midnight)
    steps.add(c.ASSESSED, times[:, 2], where=assessed, actor=desk.assessor, role=SUPPORT)
    steps.add(
        np.where(rejected, c.REJECTED, c.APPROVED),
        times[:, 3],
        where=goes_on & (times[:, 3] < midnight),
        actor=desk.decider,
        role=desk.decider_role,
    )
    ended = times[:, 4] < midnight
    by_handler(c.SETTLED, times[:, 4], ended & goes_on & ~rejected)
    by_handler(c.WITHDRAWN, times[:, 4], ended & withdrawn, 2)
    closed = times[:, 5] < midnight
    by_handler(c.CLOSED, times[:, 5], closed & goes_on)
    # Now and then new evidence comes in; such a claim is open again with a reserve. What was reopened
    # longer ago has been closed again, and is told as if it had never been.
    again = times[:, 5] + 20 * DAY
    is_recent = (again < midnight) & (again > midnight - 12 * DAY)
    reopened = closed & goes_on & (claims.id % 23 == 7) & is_recent
    manager = world.user_id[world.manager_of(agent, claims.reported)]
    steps.add(c.REOPENED, again, where=reopened, actor=manager, role=MANAGER, reason=3)
    return steps


def _amounts(claims: Claims, status: Ints) -> Amounts:
    paid_out = claims.outcome == c.OUT_PAID
    settled = paid_out & np.isin(status, (c.SETTLED, c.CLOSED, c.REOPENED))
    approved = settled | (status == c.APPROVED)
    rejected = (claims.outcome == c.OUT_REJECTED) & np.isin(status, (c.REJECTED, c.CLOSED, c.REOPENED))
    assessed = approved | rejected | (status == c.ASSESSED)
    reserve = np.where(assessed, claims.assessed, claims.estimate)
    reserve = np.where(settled | rejected | (status == c.WITHDRAWN), 0, reserve)
    reserve = np.where(status == c.REOPENED, c.reopening_reserve(claims), reserve)
    return Amounts(
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
    desk: Desk,
    status: Ints,
    changed: Ints,
    amounts: Amounts,
    points: Ints,
) -> None:
    count, midnight, utc = len(claims), world.days.midnight, world.days.utc
    at, times = claims.policy, claims.times
    days = times // DAY
    complete = (status != c.SUBMITTED) & (claims.outcome != c.OUT_WITHDRAWN) & (times[:, 2] < midnight)
    rejected = (claims.outcome == c.OUT_REJECTED) & (times[:, 3] < midnight)
    decided = amounts.is_approved | rejected
    is_over = np.isin(status, (c.CLOSED, c.WITHDRAWN))
    is_death = claims.peril == c.DEATH_PERIL
    by_two = amounts.is_approved & (desk.first_decider != desk.decider)
    agent = policies.agent[at]
    since = np.where(status == c.REOPENED, changed // DAY, claims.reported)
    target = world.days.after_working_days(since, np.full(count, TARGET_DAYS))
    world.sink.write(
        "claims",
        {
            "id": claims.id,
            "claim_number": joined("CL-", digits(world.sink.codes("claim_number_seq", count), 6)),
            "policy_id": policies.id[at],
            "customer_id": policies.customer[at],
            "agent_id": world.agent_user[agent],
            "territory_id": world.territory_id[policies.area[at]],
            "claimant_name": pick(policies.people.name, at, is_death),
            "claimant_relation": pick(RELATIONS, np.where(is_death, 1, 0)),
            "loss_date": dates(claims.loss),
            "reported_date": dates(claims.reported),
            "loss_type": pick(c.LOSS_TYPES, claims.peril),
            "loss_place": pick(CITY, policies.people.city[at], rng.random(count) < 0.3),
            "description": pick(c.STORIES, claims.peril),
            "estimated_amount": money(claims.estimate),
            "assessed_amount": money(claims.assessed, ~amounts.is_assessed),
            "approved_amount": money(claims.assessed, ~amounts.is_approved),
            "paid_amount": money(amounts.paid),
            "reserve_amount": money(amounts.reserve),
            "status": pick(STATUS, status),
            "status_changed_at": moments(utc(changed)),
            "documents_complete_on": dates(days[:, 2], ~complete),
            "decided_on": dates(days[:, 3], ~decided),
            "settled_on": dates(days[:, 4], ~amounts.was_settled),
            "closed_on": dates(np.where(status == c.WITHDRAWN, days[:, 4], days[:, 5]), ~is_over),
            "target_on": dates(target),
            "assigned_to": desk.handler,
            "assessed_by": optional(desk.assessor, ~amounts.is_assessed),
            "first_approved_by": optional(desk.first_decider, ~by_two),
            "approved_by": optional(desk.decider, ~amounts.is_approved),
            "created_by": np.where(claims.id % 3 == 0, world.agent_user[agent], desk.handler),
            "rejection_code": pick(CODES, rng.integers(0, len(CODES), count), ~rejected),
            "rejection_letter": pick(words([LETTER]), np.zeros(count, dtype=np.int64), ~rejected),
            "fraud_points": points,
            "is_fraud_suspected": points >= c.SUSPICIOUS_POINTS,
            "created_at": moments(utc(in_office_hours(claims.reported * DAY))),
            "updated_at": moments(utc(changed)),
        },
    )
