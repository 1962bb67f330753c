"""What was sold to whom: a stretch of the company's history, with all that followed from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.demo import policies as book
from core.demo.claim_rows import write_claims
from core.demo.claims import Claims, happen, paid_deaths
from core.demo.columns import Bools, Floats, Ints
from core.demo.commissions import write_commissions
from core.demo.customers import write_customers
from core.demo.days import DAY, DayShares, in_office_hours
from core.demo.documents import write_claim_papers, write_contracts
from core.demo.doubles import entered_again
from core.demo.drafts import write_drafts
from core.demo.lead_rows import write_leads
from core.demo.leads import WON as LEAD_WON
from core.demo.leads import Leads, build, draw_sources, furthest_of_lost, lost_for, merged
from core.demo.meetings import write_meetings
from core.demo.people import OLDEST, People, born_for, invent
from core.demo.policy_rows import write_policies
from core.demo.products import CATEGORIES
from core.demo.risks import Book
from core.demo.terms import draw, draw_categories
from core.demo.world import NOBODY, World

# Of all customers, those who were here before the five years of history.
LEGACY = 0.24
# Further policies that a customer will ever buy: none, one, two; and after how many days on average.
_FURTHER = np.array([0.52, 0.84])
_FURTHER_AFTER = 800
_WITH_LEAD, _FURTHER_WITH_LEAD = 0.93, 0.55


@dataclass
class Sales:
    """One element per policy to be; `customer` is a position among the customers of the stretch."""

    customer: Ints
    category: Ints
    day: Ints
    has_lead: Bools

    def __len__(self) -> int:
        return len(self.customer)


@dataclass(frozen=True)
class Calendar:
    """When sales of each category happen, before and within the history."""

    legacy: tuple[DayShares, ...]
    window: tuple[DayShares, ...]

    @staticmethod
    def of(world: World) -> Calendar:
        """The calendar of the company."""
        days = world.days
        return Calendar(
            tuple(days.sales_days(c, days.legacy_start, days.start) for c in CATEGORIES),
            tuple(days.sales_days(c, days.start, days.now) for c in CATEGORIES),
        )

    def day(self, category: Ints, share: Floats) -> Ints:
        """The day by which that share of all customers has come."""
        found = np.zeros(len(category), dtype=np.int64)
        for one in range(len(CATEGORIES)):
            rows = category == one
            early = self.legacy[one].at(share[rows] / LEGACY)
            late = self.window[one].at(np.maximum(share[rows] - LEGACY, 0) / (1 - LEGACY))
            found[rows] = np.where(share[rows] < LEGACY, early, late)
        return found


def write_stretch(
    world: World,
    rng: np.random.Generator,
    calendar: Calendar,
    *,
    count: int,
    shares: tuple[float, float],
    accounts: Ints,
    numbers: Ints,
) -> int:
    """Write the customers who come in a span of shares of the whole history, and all about them.

    `numbers` are the first free number for people who become no customers, in an array that is
    moved on. Returns how many leads were closed.
    """
    category = draw_categories(rng, count)
    share = np.sort(rng.uniform(*shares, count))
    day = calendar.day(category, share)
    order = np.argsort(day, kind="stable")
    category, day = category[order], day[order]
    agent = world.company.seller(rng, day, won=True)
    area = world.company.agents.area_on(agent, day)
    ids = world.sink.ids("customers", count)
    people, *_ = entered_again(invent(rng, ids, area, born_for(rng, category, day)), area, day)
    sales = _sales(world, rng, category, day, people.born)
    closed = _write_sales(world, rng, people, ids, agent, sales, accounts, numbers)
    if shares[1] >= 1:  # entries are begun with those who came last
        write_drafts(world, rng, ids, world.company.present(agent))
    return closed


def _sales(world: World, rng: np.random.Generator, category: Ints, day: Ints, born: Ints) -> Sales:
    count, days = len(category), world.days
    further = np.repeat(np.arange(count), np.searchsorted(_FURTHER, rng.random(count), side="right"))
    later = day[further] + 10 + rng.exponential(_FURTHER_AFTER, len(further)).astype(np.int64)
    what = draw_categories(rng, len(further))
    later = days.working_day(np.maximum(days.in_season(what, later), day[further] + 10))
    fits = (later < days.now) & ((later - born[further]) / 365.25 < OLDEST)
    further, later, what = further[fits], later[fits], what[fits]
    has_lead = np.concatenate(
        [rng.random(count) < _WITH_LEAD, rng.random(len(further)) < _FURTHER_WITH_LEAD]
    )
    every_day = np.concatenate([day, later])
    return Sales(
        customer=np.concatenate([np.arange(count), further]),
        category=np.concatenate([category, what]),
        day=every_day,
        has_lead=has_lead & (every_day >= days.start),
    )


def _write_sales(
    world: World,
    rng: np.random.Generator,
    people: People,
    ids: Ints,
    agent: Ints,
    sales: Sales,
    accounts: Ints,
    numbers: Ints,
) -> int:
    made = _applications(world, rng, people, ids, agent, sales)
    source = draw_sources(rng, len(sales), won=True)
    with_lead = np.flatnonzero(sales.has_lead)
    won = _won(world, rng, made, source, with_lead)
    made.applied[with_lead] = won.closed
    # What becomes of the policies comes first: the risks of their holders follow from it.
    book.live(world, rng, made, has_lead=sales.has_lead)
    claims = happen(world, rng, made)
    book.claimed(made, paid_deaths(claims, made, world.days.midnight))
    held = Book.of(world.days, ids, made, claims)
    first = slice(0, len(ids))
    write_customers(world, rng, people, ids, agent, source[first], made.applied[first], accounts, held)
    leads = merged([won, _lost(world, rng, won.source, won.closed, numbers)])
    stage, _ = write_leads(world, rng, leads)
    write_meetings(world, rng, leads, stage)
    made.lead[with_lead] = _ids_of_won(leads, won)
    _write_book(world, rng, made, claims)
    return len(leads)


def _applications(
    world: World, rng: np.random.Generator, people: People, ids: Ints, agent: Ints, sales: Sales
) -> book.Policies:
    """What is applied for in each sale, sold by the customer's agent or by who came after them."""
    company = world.company
    seller = agent[sales.customer]
    gone = company.agents.left[seller] <= sales.day
    seller = np.where(gone, company.seller(rng, sales.day, won=True), seller)
    area = company.agents.area_on(seller, sales.day)
    buyers = people.select(sales.customer)
    return book.Policies(
        people=buyers,
        customer=ids[sales.customer],
        terms=draw(rng, sales.category, area, ((sales.day + 2 - buyers.born) / 365.25).astype(np.int64)),
        agent=seller,
        area=area,
        lead=np.full(len(sales), NOBODY),
        applied=in_office_hours(sales.day * DAY + rng.integers(0, DAY, len(sales))),
    )


def _won(world: World, rng: np.random.Generator, made: book.Policies, source: Ints, row: Ints) -> Leads:
    """The leads that some of the applications came from, won on the day of the application."""
    won = build(
        rng,
        world.company,
        people=made.people.select(row),
        source=source[row],
        terms=made.terms.select(row),
        agent=made.agent[row],
        area=made.area[row],
        furthest=np.full(len(row), LEAD_WON),
        closed=made.applied[row] // DAY * DAY + rng.integers(0, DAY, len(row)),
    )
    won.customer = made.customer[row]
    return won


def _ids_of_won(leads: Leads, won: Leads) -> Ints:
    """Ids of won leads in their own order: people and moments tell them apart."""
    rows = np.flatnonzero(leads.furthest == LEAD_WON)
    # Sorting is stable, so equal moments keep their order on both sides.
    found = np.zeros(len(won), dtype=np.int64)
    found[np.argsort(won.created, kind="stable")] = leads.id[rows]
    return found


def _lost(
    world: World,
    rng: np.random.Generator,
    won: Ints,
    closed: Ints,
    numbers: Ints,
) -> Leads:
    """The leads that were lost for those won (by source and when), at each source's win rate."""
    company, days = world.company, world.days
    source = rng.permutation(lost_for(rng, won))
    count = len(source)
    category = draw_categories(rng, count)
    # Some weeks before or after a sale, so that every period has its wins and its losses.
    near = closed[rng.integers(0, max(len(closed), 1), count)] // DAY
    day = near + 7 * np.rint(rng.normal(0, 3, count)).astype(np.int64)
    # What would lie ahead is folded back, or all of it would fall on the last day.
    last = days.now - 1
    day = np.clip(np.minimum(day, 2 * last - day), days.start, last)
    agent = company.seller(rng, day, won=False)
    area = company.agents.area_on(agent, day)
    first = int(numbers[0])
    numbers[0] += count
    born = born_for(rng, category, day)
    people = invent(rng, np.arange(first, first + count), area, born)
    return build(
        rng,
        company,
        people=people,
        source=source,
        terms=draw(rng, category, area, ((day - born) / 365.25).astype(np.int64)),
        agent=agent,
        area=area,
        furthest=furthest_of_lost(rng, source),
        closed=day * DAY + rng.integers(0, DAY, count),
    )


def _write_book(world: World, rng: np.random.Generator, made: book.Policies, claims: Claims) -> None:
    write_policies(world, rng, made)
    write_claims(world, rng, claims, made)
    write_claim_papers(world, rng, claims)
    write_commissions(world, rng, made)
    write_contracts(world, rng, made)
