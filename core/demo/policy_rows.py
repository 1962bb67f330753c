"""Rows of policies, with their riders and status history."""

from __future__ import annotations

import numpy as np

from core.demo.beneficiaries import Heirs, heirs_of, write_beneficiaries
from core.demo.changes import write_payment_changes
from core.demo.columns import Ints, choose, dates, digits, joined, moments, money, optional, pick, words
from core.demo.days import DAY, in_office_hours, plus_months, whole_months_between
from core.demo.history import Steps
from core.demo.people import RELATION
from core.demo.policies import (
    ACTIVE,
    APPLIED,
    CUSTOMER,
    DECLINED,
    END_REASONS,
    FREE_LOOK,
    GRACE_DAYS,
    ISSUED,
    LAPSED,
    STATUSES,
    SURRENDER,
    UNDERWRITING,
    WITHDRAWN,
    Policies,
    expiry,
    status_of,
)  # fmt: skip
from core.demo.products import FREQUENCIES, IS_LIFE
from core.demo.world import MANAGER, NOBODY, SYSTEM, UNDERWRITER, World
from core.policies.rules import DECIDES_UP_TO

REASON_OF = words(END_REASONS)
REASONS = (
    "",
    "Cancelled within the free look.",
    "The customer asked for it.",
    "Surrendered for its cash value.",
    "The term is over.",
    "Premium paid after the lapse.",
    "Not insurable on these terms.",
    "The applicant withdrew.",
)
# Position in REASONS by end reason.
_WHY = np.array([1, 2, 3, 4, 4, 0, 0, 6, 7])
# In cents: from above it on a manager issues.
_LARGE = int(DECIDES_UP_TO["underwriter"] * 100)
# Of all lapses, those that end in a reinstatement.
REINSTATED = 0.3
METHODS = words(["credit_card", "bank_transfer", "check", "cash"])
STATUS = words(STATUSES)
FREQUENCY = words(FREQUENCIES)
RIDERS = words(["accidental_death", "waiver_of_premium", "critical_illness"])
RIDER_NAMES = words(["Accidental death", "Waiver of premium", "Critical illness"])


def write_policies(world: World, rng: np.random.Generator, policies: Policies) -> Ints:
    """Write them with riders and history; their statuses."""
    count = len(policies)
    policies.id = world.sink.ids("policies", count)
    status = status_of(policies, world.days.now)
    steps = _steps(world, rng, policies, status)
    heirs = heirs_of(rng, policies)
    method = choose(rng, count, [0.45, 0.85, 0.97])
    _write_rows(world, policies, status, steps, heirs, method)
    write_payment_changes(world, rng, policies, status, method, (FREQUENCY, METHODS))
    _write_riders(world, rng, policies)
    write_beneficiaries(world, policies, heirs)
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
    # Above the limit of underwriters it is the seller's manager who decides.
    is_large = policies.terms.cover > _LARGE
    manager = world.users(world.manager_of(policies.agent, policies.issue))
    steps.add(
        ISSUED,
        issued_at,
        where=policies.is_issued,
        actor=np.where(is_large, manager, underwriter),
        role=np.where(is_large, MANAGER, UNDERWRITER),
    )
    active_at = np.maximum(in_office_hours(policies.effective * DAY), issued_at + 60)
    steps.add(ACTIVE, active_at, where=was_active)
    # Of all lapses some are made good (domain.md section 10).
    held = whole_months_between(policies.effective, np.full(count, today))
    may_have = (status == ACTIVE) & IS_LIFE[policies.terms.category] & (held > 8)
    wanted = (status == LAPSED).sum() * REINSTATED / (1 - REINSTATED)
    made_good = may_have & (rng.random(count) * max(may_have.sum(), 1) < wanted)
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


def _write_rows(
    world: World, policies: Policies, status: Ints, steps: Steps, heirs: Heirs, method: Ints
) -> None:
    count, utc = len(policies), world.days.utc
    is_life = IS_LIFE[policies.terms.category]
    pending = ~policies.is_issued
    ended = policies.end_reason >= 0
    _, changed = steps.last()
    world.sink.write(
        "policies",
        {
            "id": policies.id,
            "policy_number": joined("P-", digits(world.sink.numbers("policy", count), 8)),
            "customer_id": policies.customer,
            "product_id": world.product_id[policies.terms.product],
            "agent_id": world.agent_user[policies.agent],
            "territory_id": world.territory_id[policies.area],
            "lead_id": optional(policies.lead, policies.lead == NOBODY),
            "application_date": dates(policies.applied // DAY),
            "issue_date": dates(policies.issue, pending),
            "effective_date": dates(policies.effective, pending),
            "expiry_date": dates(expiry(policies, world.days.now), pending),
            "sum_assured": money(policies.terms.cover),
            "premium_amount": money(policies.terms.instalment),
            "payment_frequency": pick(FREQUENCY, policies.terms.frequency),
            "payment_method": pick(METHODS, method),
            "status": pick(STATUS, status),
            "status_changed_at": moments(utc(changed)),
            "end_date": dates(policies.ends, ~ended),
            "end_reason": pick(REASON_OF, np.maximum(policies.end_reason, 0), ~ended),
            "beneficiary_name": pick(heirs.name, np.arange(count), ~is_life),
            "beneficiary_relation": pick(RELATION, heirs.relation, ~is_life),
            "riders_count": policies.terms.rider_count,
            "total_rider_premium": money(policies.terms.rider_premium),
            "created_by": world.agent_user[policies.agent],
            "created_at": moments(utc(policies.applied)),
            "updated_at": moments(utc(changed)),
        },
    )


def _write_riders(world: World, rng: np.random.Generator, policies: Policies) -> None:
    terms = policies.terms
    until = expiry(policies, world.days.now)
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
                "end_date": dates(until[row]),
                "is_active": (policies.end_reason[row] < 0),
                "created_at": moments(world.days.utc(policies.applied[row])),
            },
        )
