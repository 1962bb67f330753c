"""Opportunities with company customers: how they are negotiated, won and lost."""

from __future__ import annotations

from dataclasses import dataclass

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
from core.demo.days import DAY, in_office_hours
from core.demo.followups import Whose, write_contacts_of_deals
from core.demo.history import Steps
from core.demo.lead_rows import OTHER, OTHER_NOTES, PRIORITY
from core.demo.products import PRODUCTS
from core.demo.world import MANAGER, World

DEALS_PER_ACCOUNT = 3.5
PROSPECTING, QUALIFICATION, PROPOSAL, NEGOTIATION, WON, LOST = range(6)
STAGES = ("prospecting", "qualification", "proposal", "negotiation", "closed_won", "closed_lost")
STAGE = words(STAGES)
# Of all that come to an end.
WIN_RATE = 0.42
_FOR = (
    "Employee health cover",
    "Fleet insurance",
    "Property cover",
    "Group life",
    "Renewal",
    "Key person cover",
)
# The product that each of these is about.
_ABOUT = ("HLT-F", "AUT-P", "HOM-O", "TRM-L", "HLT-G", "TRM-L")
REASONS = ("", "The board asked for a new offer.")
_REASON_CHOICE = np.array([0, 1, 2, 3, 5, 7])


@dataclass
class Accounts:
    """One element per account: positions in AREAS and of agents, days since 1970."""

    id: Ints
    name: Column
    agent: Ints
    area: Ints
    since: Ints


@dataclass
class Deals:
    """One element per opportunity; moments in local seconds."""

    account: Ints  # position in Accounts
    agent: Ints
    furthest: Ints
    is_won: Bools  # as it will turn out
    is_reopened: Bools
    entered: Ints  # [:, stage], and the end as the last column
    value: Ints  # cents

    def __len__(self) -> int:
        return len(self.account)

    @property
    def end(self) -> Ints:
        """When it is won or lost."""
        return self.entered[:, -1]


def negotiate(world: World, rng: np.random.Generator, accounts: Accounts) -> None:
    """Write everything that was and is negotiated with the accounts."""
    deals = _draw(world, rng, accounts)
    ids = world.sink.ids("opportunities", len(deals))
    steps = _steps(world, deals)
    _write_rows(world, rng, accounts, deals, ids, steps)
    steps.write(world, "opportunity", ids, STAGES, REASONS)
    _write_contacts(world, rng, deals, ids)


def _draw(world: World, rng: np.random.Generator, accounts: Accounts) -> Deals:
    days = world.days
    account = np.repeat(np.arange(len(accounts.id)), rng.poisson(DEALS_PER_ACCOUNT, len(accounts.id)))
    count = len(account)
    first = np.maximum(accounts.since, days.start)[account]
    start = days.working_day(first + (rng.random(count) ** 0.8 * (days.now - first - 5)).astype(np.int64))
    start = np.minimum(start, days.now - 1)
    length = np.clip(rng.lognormal(4.0, 0.6, count), 5, 400)[:, None] * DAY
    won = rng.random(count) < WIN_RATE
    furthest = np.searchsorted([0.2, 0.45, 0.75], rng.random(count), side="right")
    furthest = np.where(won, NEGOTIATION, furthest)
    share = np.sort(rng.random((count, 3)), axis=1) * 0.9
    share = np.hstack([np.zeros((count, 1)), share, np.ones((count, 1))])
    begun = start * DAY + (rng.random(count) * DAY / 3).astype(np.int64)
    entered = in_office_hours(begun[:, None] + (share * length).astype(np.int64))
    is_lost = ~won & (entered[:, -1] < days.midnight)
    return Deals(
        account=account,
        agent=accounts.agent[account],
        furthest=furthest,
        is_won=won,
        is_reopened=is_lost & (furthest >= QUALIFICATION) & (rng.random(count) < 0.03),
        entered=entered,
        value=np.rint(rng.lognormal(9.6, 0.9, count) / 100).clip(5).astype(np.int64) * 10_000,
    )


def _steps(world: World, deals: Deals) -> Steps:
    midnight, end = world.days.midnight, deals.end
    user, role = world.agent_user[deals.agent], world.agent_role[deals.agent]
    steps = Steps(len(deals))
    steps.add(PROSPECTING, deals.entered[:, 0], actor=user, role=role)
    for stage in (QUALIFICATION, PROPOSAL, NEGOTIATION):
        there = (deals.entered[:, stage] < midnight) & (deals.furthest >= stage)
        steps.add(stage, deals.entered[:, stage], where=there, actor=user, role=role)
    last = deals.entered[np.arange(len(deals)), deals.furthest]
    lost_at, again_at = last + (end - last) * 2 // 5, last + (end - last) * 3 // 5
    manager = world.user_id[world.manager_of(deals.agent, end // DAY)]
    again = deals.is_reopened
    steps.add(LOST, lost_at, where=again, actor=user, role=role)
    steps.add(QUALIFICATION, again_at, where=again, actor=manager, role=MANAGER, reason=1)
    steps.add(np.where(deals.is_won, WON, LOST), end, where=end < midnight, actor=user, role=role)
    return steps


def _write_contacts(world: World, rng: np.random.Generator, deals: Deals, ids: Ints) -> None:
    midnight = world.days.midnight
    stages = np.arange(WON)[None, :]
    there = (deals.entered[:, :WON] < midnight) & (stages <= deals.furthest[:, None])
    entered = np.where(there, deals.entered[:, :WON], 0)
    open_at = np.where(deals.end < midnight, 0, entered.max(axis=1))
    # Those of one agent stand together, so that each has some that are due.
    order = np.argsort(deals.agent, kind="stable")
    whose = Whose("opportunity_id", ids[order], deals.agent[order])
    write_contacts_of_deals(world, rng, whose, entered[order], open_at[order])


def _write_rows(
    world: World, rng: np.random.Generator, accounts: Accounts, deals: Deals, ids: Ints, steps: Steps
) -> None:
    count, days, utc = len(deals), world.days, world.days.utc
    stage, changed = steps.last()
    is_over = deals.end < days.midnight
    won, lost = is_over & deals.is_won, is_over & ~deals.is_won
    reached = np.where(is_over, deals.furthest, stage)
    engaged = reached >= QUALIFICATION
    topic = rng.integers(0, len(_FOR), count)
    about = np.array([[p.code for p in PRODUCTS].index(code) for code in _ABOUT])
    why = _REASON_CHOICE[rng.integers(0, len(_REASON_CHOICE), count)]
    why = np.where(rng.random(count) < 0.04, OTHER, why)
    last_day = deals.end // DAY
    user = world.agent_user[deals.agent]
    world.sink.write(
        "opportunities",
        {
            "id": ids,
            "opportunity_code": joined("O-", digits(world.sink.codes("opportunity_code_seq", count), 6)),
            "name": joined(pick(words(_FOR), topic), " for ", pick(accounts.name, deals.account)),
            "account_id": accounts.id[deals.account],
            "product_id": world.product_id[about[topic]],
            "source_id": world.source_id[rng.integers(0, 3, count)],
            "stage": pick(STAGE, stage),
            "status_changed_at": moments(utc(changed)),
            "furthest_stage": pick(STAGE, reached),
            "estimated_value": money(deals.value, ~engaged & (rng.random(count) < 0.5)),
            "won_value": money((deals.value * rng.integers(80, 116, count)) // 100, ~won),
            "expected_close_date": dates(
                np.where(is_over, last_day, np.maximum(last_day, days.now + 3)), ~engaged
            ),
            "opened_on": dates(deals.entered[:, QUALIFICATION] // DAY, ~engaged),
            "closed_on": dates(last_day, ~is_over),
            "priority": pick(PRIORITY, np.searchsorted([1_000_000, 4_000_000], deals.value)),
            "assigned_to": user,
            "territory_id": world.territory_id[accounts.area[deals.account]],
            "lost_reason_id": optional(world.lost_reason_id[why], ~lost),
            "lost_note": pick(
                OTHER_NOTES, rng.integers(0, len(OTHER_NOTES), count), ~(lost & (why == OTHER))
            ),
            "reopen_count": deals.is_reopened.astype(np.int64),
            "created_by": user,
            "created_at": moments(utc(deals.entered[:, 0])),
            "updated_at": moments(utc(changed)),
        },
    )
