"""Rows of leads: themselves, their status history and their follow-ups."""

from __future__ import annotations

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
from core.demo.days import DAY
from core.demo.followups import Planned, plan, write_followups
from core.demo.history import Steps
from core.demo.leads import CONTACTED, LOST, NEW, QUALIFIED, STAGES, WON, Leads, value_cents
from core.demo.people import STATE
from core.demo.world import MANAGER, NOBODY, SYSTEM, World

LOST_REASONS = (
    "Premium too high",
    "Cheaper offer elsewhere",
    "Stayed with current insurer",
    "Cover does not fit",
    "Not eligible",
    "Not now",
    "Could not be reached",
    "Unhappy with the service",
    "Other",
)
OTHER = LOST_REASONS.index("Other")
# Why leads are lost, by the stage that they had reached.
_WHY = np.array(
    [
        [0.02, 0.03, 0.10, 0.02, 0.03, 0.20, 0.55, 0.01, 0.04],
        [0.10, 0.12, 0.24, 0.08, 0.08, 0.28, 0.04, 0.02, 0.04],
        [0.22, 0.20, 0.18, 0.14, 0.10, 0.10, 0.01, 0.02, 0.03],
        [0.30, 0.28, 0.18, 0.08, 0.05, 0.06, 0.01, 0.02, 0.02],
    ]
)
OTHER_NOTES = words(
    [
        "Moving abroad.",
        "A relative sells insurance.",
        "Wants to speak to us again after the house is sold.",
        "Only collected quotes for a course.",
        "Company was sold.",
    ]
)
NOTES = words(
    [
        "Prefers to be called after five.",
        "Asked for a comparison with the current policy.",
        "Two cars in the household.",
        "New baby, thinks about life cover.",
        "Referred by a colleague.",
        "Bought a house in spring.",
        "Wants everything by e-mail.",
        "Interested in bundling home and auto.",
    ]
)
PRIORITY = words(["low", "medium", "high"])
COMPANIES = words(
    [
        "Bluewater Dental",
        "Summit Roofing",
        "Oak Street Bakery",
        "Lakeside Motors",
        "Redwood Studio",
        "Prairie Logistics",
        "Harbor Fitness",
        "Cedar Grove Pharmacy",
        "Sunrise Daycare",
        "Ironworks Gym",
    ]
)
REASONS = ("", "Called back and asked for a new offer.")
STATUS = words(STAGES)


def write_leads(world: World, rng: np.random.Generator, leads: Leads) -> tuple[Ints, Planned]:
    """Write them; the stage each is at, and the follow-ups that are planned with open ones."""
    count = len(leads)
    if count == 0:
        return np.zeros(0, np.int64), Planned.none()
    leads.id = world.sink.ids("leads", count)
    stage = leads.stage_at(world.days.midnight)
    is_open = stage < WON
    leads.agent = np.where(is_open, world.company.present(leads.agent), leads.agent)
    planned = plan(world, rng, leads, np.flatnonzero(is_open & (rng.random(count) < 0.88)))
    steps = _steps(world, leads, stage)
    _write_rows(world, rng, leads, stage, steps, planned)
    steps.write(world, "lead", leads.id, STAGES, REASONS)
    write_followups(world, rng, leads, stage, planned)
    return stage, planned


def _steps(world: World, leads: Leads, stage: Ints) -> Steps:
    user, role = world.agent_user[leads.agent], world.agent_role[leads.agent]
    by_hand = np.isin(leads.source, (0, 1, 2, 4))  # the others arrive by themselves
    steps = Steps(len(leads))
    steps.add(
        NEW, leads.created, actor=np.where(by_hand, user, NOBODY), role=np.where(by_hand, role, SYSTEM)
    )
    for entered in (1, 2, 3):
        was_there = (leads.furthest >= entered) & (leads.entered[:, entered] < world.days.midnight)
        steps.add(entered, leads.entered[:, entered], where=was_there, actor=user, role=role)
    last = leads.entered[np.arange(len(leads)), np.minimum(leads.furthest, 3)]
    left = leads.closed - last
    manager = world.user_id[world.manager_of(leads.agent, leads.closed // DAY)]
    again = leads.is_reopened
    steps.add(LOST, last + left * 2 // 5, where=again, actor=user, role=role)
    steps.add(CONTACTED, last + left * 3 // 5, where=again, actor=manager, role=MANAGER, reason=1)
    is_closed = stage >= WON
    steps.add(stage, leads.closed, where=is_closed, actor=user, role=role)
    return steps


def _write_rows(
    world: World, rng: np.random.Generator, leads: Leads, stage: Ints, steps: Steps, planned: Planned
) -> None:
    count, utc = len(leads), world.days.utc
    cents, has_none = value_cents(leads, stage)
    is_lost, is_closed = stage == LOST, stage >= WON
    reason = _lost_reasons(rng, leads)
    user = world.agent_user[leads.agent]
    consents = (leads.furthest >= QUALIFIED) & (leads.entered[:, 2] < world.days.midnight)
    consented_at = np.minimum(leads.entered[:, 2], leads.closed) - 60
    _, changed = steps.last()
    furthest = np.where(is_closed, leads.furthest, stage)
    is_company = rng.random(count) < 0.04
    knows_product = leads.has_value | (rng.random(count) < 0.75)
    world.sink.write(
        "leads",
        {
            "id": leads.id,
            "lead_code": joined("L-", digits(world.sink.codes("lead_code_seq", count), 6)),
            "customer_id": optional(leads.customer, stage != WON),
            "first_name": leads.people.first_name,
            "last_name": leads.people.last_name,
            "company_name": pick(COMPANIES, rng.integers(0, len(COMPANIES), count), ~is_company),
            "email": _some(leads.people.email, rng.random(count) < 0.93),
            "phone": _some(leads.people.phone, rng.random(count) < 0.97),
            "date_of_birth": dates(leads.people.born, rng.random(count) > 0.6),
            "state": pick(STATE, leads.people.city),
            "contact_consent": consents,
            "contact_consent_at": moments(utc(consented_at), ~consents),
            "source_id": world.source_id[leads.source],
            "product_interest": optional(world.product_id[leads.terms.product], ~knows_product),
            "expected_premium": money(cents, has_none),
            "expected_sum_assured": money(leads.terms.cover, has_none | (leads.terms.category >= 4)),
            "status": pick(STATUS, stage),
            "status_changed_at": moments(utc(changed)),
            "furthest_status": pick(STATUS, furthest),
            "reopen_count": leads.is_reopened.astype(np.int64),
            "closed_at": moments(utc(leads.closed), ~is_closed),
            "priority": pick(PRIORITY, _priorities(rng, cents)),
            "assigned_to": user,
            "territory_id": world.territory_id[leads.area],
            "lost_reason_id": optional(world.lost_reason_id[reason], ~is_lost),
            "lost_note": pick(
                OTHER_NOTES, rng.integers(0, len(OTHER_NOTES), count), ~(is_lost & (reason == OTHER))
            ),
            "next_followup": moments(utc(planned.at_of(count)), planned.is_missing(count)),
            "notes": pick(NOTES, rng.integers(0, len(NOTES), count), rng.random(count) > 0.25),
            "created_by": optional(steps.actor[0], steps.actor[0] == NOBODY),
            "created_at": moments(utc(leads.created)),
            "updated_at": moments(utc(changed)),
        },
    )


def _lost_reasons(rng: np.random.Generator, leads: Leads) -> Ints:
    cumulative = np.cumsum(_WHY, axis=1)[np.minimum(leads.furthest, 3)]
    passed: Ints = (rng.random(len(leads))[:, None] >= cumulative).sum(axis=1)
    return np.minimum(passed, OTHER)


def _priorities(rng: np.random.Generator, cents: Ints) -> Ints:
    """Dearer leads are more urgent, more or less."""
    return np.searchsorted([90_000, 300_000], cents * np.exp(0.5 * rng.standard_normal(len(cents))))


def _some(column: Column, kept: Bools) -> Column:
    return pick(column, np.arange(len(kept)), ~kept)
