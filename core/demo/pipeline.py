"""The leads that are open today: what the board shows, and the work that is due."""

from __future__ import annotations

import math

import numpy as np

from core.demo.columns import Ints
from core.demo.company import DEMO_AGENT, DEMO_SENIOR, NEVER
from core.demo.days import DAY, HISTORY_YEARS, YEARLY_GROWTH
from core.demo.lead_rows import write_leads
from core.demo.leads import LONGEST_CYCLE, WIN_RATE, WON, Leads, build, draw_sources, furthest_of_lost
from core.demo.meetings import plan_meetings
from core.demo.people import born_for, invent
from core.demo.terms import draw, draw_categories
from core.demo.world import World

STRETCH = 20_000
# Nobody's board is empty, whatever the size of the company.
LEAST_OPEN, LEAST_OPEN_DEMO = 6, 30


def write_pipeline(world: World, rng: np.random.Generator, closed: int, numbers: Ints) -> int:
    """Write open leads with what is planned, given how many were closed in the history."""
    growth = YEARLY_GROWTH**HISTORY_YEARS
    a_day = closed * math.log(YEARLY_GROWTH) * growth / (growth - 1) / 365.25
    left = round(a_day * LONGEST_CYCLE)
    agents = world.company.agents
    taken: dict[int, set[int]] = {}
    per_agent = np.zeros(len(agents.person), dtype=np.int64)
    written = 0
    while left > 0:
        count = min(left, STRETCH)
        left -= count
        end = (world.days.now + rng.random(count) * LONGEST_CYCLE).astype(np.int64)
        agent = world.company.seller(rng, np.full(count, world.days.now - 1), won=False)
        written += _write(world, rng, _open(world, rng, agent, end, numbers), taken, per_agent)
    least = np.where(agents.left == NEVER, LEAST_OPEN, 0)
    least[[DEMO_AGENT, DEMO_SENIOR]] = LEAST_OPEN_DEMO
    # Some candidates turn out not to have come in yet; the rest is cut to what is missing.
    missing = np.maximum(least - per_agent, 0)
    agent = np.repeat(np.arange(len(missing)), missing * 4)
    leads = _open(world, rng, agent, world.days.now + rng.integers(1, 20, len(agent)), numbers)
    return written + _write(
        world, rng, leads.select(_first_of_each(leads.agent, missing)), taken, per_agent
    )


def _open(world: World, rng: np.random.Generator, agent: Ints, end: Ints, numbers: Ints) -> Leads:
    """Leads that would end on those days and have come in already."""
    count = len(agent)
    category = draw_categories(rng, count)
    area = world.company.agents.area_on(agent, np.full(count, world.days.now))
    source = draw_sources(rng, count, won=False)
    wins = rng.random(count) < WIN_RATE[source]
    born = born_for(rng, category, end)
    first = int(numbers[0])
    numbers[0] += count
    leads = build(
        rng,
        world.company,
        people=invent(rng, np.arange(first, first + count), area, born),
        source=source,
        terms=draw(rng, category, area, ((end - born) / 365.25).astype(np.int64)),
        agent=agent,
        area=area,
        furthest=np.where(wins, WON, furthest_of_lost(rng, source)),
        closed=end * DAY + rng.integers(0, DAY, count),
    )
    here = (leads.created < world.days.midnight) & (leads.closed >= world.days.midnight)
    leads = leads.select(here)
    return leads.select(np.argsort(leads.created, kind="stable"))


def _first_of_each(agent: Ints, wanted: Ints) -> Ints:
    order = np.argsort(agent, kind="stable")
    grouped = agent[order]
    starts = np.searchsorted(grouped, grouped, side="left")
    chosen = order[np.arange(len(order)) - starts < wanted[grouped]]
    chosen.sort()
    return chosen


def _write(
    world: World, rng: np.random.Generator, leads: Leads, taken: dict[int, set[int]], per_agent: Ints
) -> int:
    stage, _ = write_leads(world, rng, leads)
    plan_meetings(world, rng, leads, stage, taken)
    np.add.at(per_agent, leads.agent, 1)
    return len(leads)
