"""The invented company: territories, its people with their reporting line, products.

A head of sales, a manager per region, per state and per team, agents below them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import NormalDist

import numpy as np

from core.demo import names
from core.demo.columns import Bools, Floats, Ints
from core.demo.days import Days, months
from core.demo.places import AREAS, REGIONS, STATES

CUSTOMERS_PER_AGENT = 250
FEWEST_AGENTS, MOST_AGENTS = 8, 1_500
TEAM = 12
NEVER = 10**6
# The first two agents are those of the demo sign-ins: always there, and in the same team.
DEMO_AGENT, DEMO_SENIOR = 0, 1
RAMP_MONTHS = 12
# Sigma of the lognormal of what agents sell: the top fifth makes about half of it (domain.md section 10).
STRENGTH_SPREAD = 0.8
DEMO_STRENGTHS = (2.2, 2.6)
STATE_OF = np.array([next(i for i, s in enumerate(STATES) if s.code == a.state) for a in AREAS])
STATE_SHARES = np.array([state.share for state in STATES]) / sum(state.share for state in STATES)


@dataclass
class Person:
    """Somebody with a sign-in, before the row is written."""

    role: str
    first_name: str
    last_name: str
    username: str = ""
    reports_to: int | None = None  # position in Company.people
    area: int | None = None  # position in Company.territories
    is_active: bool = True


@dataclass
class Territory:
    """A node of the tree; parents stand before their children."""

    code: str
    name: str
    parent: int | None
    manager: int | None = None


@dataclass
class Agents:
    """One element per agent; `person` and managers are positions in Company.people."""

    person: Ints
    strength: Floats  # what they sell against the average
    is_senior: Bools
    joined: Ints
    left: Ints  # NEVER while they work here
    on_leave: Bools
    area: Ints  # position in AREAS: first, and after the move
    next_area: Ints
    moved: Ints
    manager: Ints
    next_manager: Ints
    tier: Ints

    def area_on(self, agent: Ints, day: Ints) -> Ints:
        """Where they belonged on a day."""
        return np.where(day >= self.moved[agent], self.next_area[agent], self.area[agent])

    def manager_on(self, agent: Ints, day: Ints) -> Ints:
        """To whom they reported on a day."""
        return np.where(day >= self.moved[agent], self.next_manager[agent], self.manager[agent])


@dataclass
class Company:
    """Everybody and everything that customers are told apart by."""

    days: Days
    people: list[Person] = field(default_factory=list)
    territories: list[Territory] = field(default_factory=list)
    area_territory: Ints = field(default_factory=lambda: np.zeros(len(AREAS), np.int64))
    agents: Agents = field(init=False)
    head: int = 0
    demo_manager: int = 0
    support: Ints = field(init=False)
    underwriters: Ints = field(init=False)
    admins: Ints = field(init=False)
    # A colleague in the same area, or nearest to it, for each agent who has left.
    successor: Ints = field(init=False)
    # Cumulative over agents, one row per month.
    won_weights: Floats = field(init=False)
    worked_weights: Floats = field(init=False)
    first_month: int = field(init=False)

    def seller(self, rng: np.random.Generator, day: Ints, *, won: bool) -> Ints:
        """Who sold (or worked on and lost) something on each day: skewed, ramping, employed."""
        table = self.won_weights if won else self.worked_weights
        month = np.clip(months(day) - self.first_month, 0, len(table) - 1)
        chance = rng.random(len(day))
        chosen = np.zeros(len(day), dtype=np.int64)
        for one in np.unique(month):
            rows = month == one
            chosen[rows] = np.searchsorted(table[one], chance[rows] * table[one][-1], side="right")
        return chosen

    def present(self, agent: Ints) -> Ints:
        """The agent, or who took over from them."""
        return self.successor[agent]


def found(days: Days, customers: int, rng: np.random.Generator) -> Company:
    """Invent the company for so many customers."""
    company = Company(days)
    _draw_map(company)
    count = int(np.clip(round(customers / CUSTOMERS_PER_AGENT), FEWEST_AGENTS, MOST_AGENTS))
    area = _spread(count)
    _hire_managers(company, area, rng)
    _hire_agents(company, area, rng)
    _hire_staff(company, count, rng)
    _name_everybody(company)
    _weigh(company)
    return company


def _draw_map(company: Company) -> None:
    tree = company.territories
    tree.append(Territory("US", "United States", None))
    place: dict[str, int] = {}
    for code, name in REGIONS:
        place[code] = len(tree)
        tree.append(Territory(code, name, 0))
    for state in STATES:
        place[state.code] = len(tree)
        tree.append(Territory(f"US-{state.code}", state.name, place[state.region]))
    for index, area in enumerate(AREAS):
        if area.code != area.state:
            place[area.code] = len(tree)
            tree.append(Territory(f"US-{area.code}", area.name, place[area.state]))
        company.area_territory[index] = place[area.code]


def _spread(count: int) -> Ints:
    """Agents over areas in proportion to the people who live there; the first two together."""
    share = np.array([area.share for area in AREAS]) * STATE_SHARES[STATE_OF]
    cumulative = np.cumsum(share) / share.sum()
    area = np.searchsorted(cumulative, (np.arange(count) + 0.5) / count, side="right")
    area[:2] = 0
    return np.sort(area)


def _hire(company: Company, role: str, rng: np.random.Generator, **more: int | None) -> int:
    given = names.FEMALE if rng.random() < 0.5 else names.MALE
    first, last = given[int(rng.random() ** 1.6 * len(given))], _family(rng)
    company.people.append(Person(role, first, last, **more))  # type: ignore[arg-type]  # places in lists
    return len(company.people) - 1


def _family(rng: np.random.Generator) -> str:
    return names.FAMILY[int(rng.random() ** 1.8 * len(names.FAMILY))]


def _hire_managers(company: Company, area: Ints, rng: np.random.Generator) -> None:
    """Head, regions, states with four agents or more, and teams in areas with more than a team."""
    tree = company.territories
    company.head = _hire(company, "manager", rng, area=0)
    tree[0].manager = company.head
    for index, territory in enumerate(tree):
        if territory.parent == 0:
            territory.manager = _hire(company, "manager", rng, reports_to=company.head, area=index)
    for index, state in enumerate(STATES):
        place = next(i for i, t in enumerate(tree) if t.code == f"US-{state.code}")
        if (STATE_OF[area] == index).sum() >= 4:
            parent = tree[place].parent or 0
            tree[place].manager = _hire(
                company, "manager", rng, reports_to=tree[parent].manager, area=place
            )
    company.demo_manager = _boss(company, int(company.area_territory[0]))
    for index in np.unique(area):
        place = int(company.area_territory[index])
        if (area == index).sum() > TEAM:
            boss = _boss(company, place)
            for team in range(-(-int((area == index).sum()) // TEAM)):
                hired = _hire(company, "manager", rng, reports_to=boss, area=place)
                if team == 0 and tree[place].manager is None:
                    tree[place].manager = hired


def _boss(company: Company, place: int) -> int:
    """Who leads the territory, or the nearest above it that anybody leads."""
    at: int | None = place
    while at is not None:
        if company.territories[at].manager is not None:
            return int(company.territories[at].manager or 0)
        at = company.territories[at].parent
    return company.head


def _leaders(company: Company, area: int) -> list[int]:
    """Who agents of an area may report to: its team managers, else whoever leads it."""
    place = int(company.area_territory[area])
    boss = _boss(company, place)
    teams = [
        i
        for i, person in enumerate(company.people)
        if person.role == "manager" and person.area == place and i != boss
    ]
    return teams or [boss]


def _hire_agents(company: Company, area: Ints, rng: np.random.Generator) -> None:
    count, days = len(area), company.days
    span = days.now - days.start
    joined = np.where(
        rng.random(count) < 0.5,
        days.legacy_start - rng.integers(0, 3_000, count),
        days.start + rng.integers(0, max(span - 90, 1), count),
    )
    position = np.arange(count)
    # Whoever comes first in a state stays there, so that every state is sold in at all times.
    _, stays = np.unique(STATE_OF[area], return_index=True)
    joined[stays] = np.minimum(joined[stays], days.legacy_start - RAMP_MONTHS * 31)
    earliest = np.maximum(joined + 300, days.start + 180)
    leaves = (position % 7 == 3) & (earliest < days.now - 60) & ~np.isin(position, stays)
    left = earliest + (rng.random(count) * (days.now - 30 - earliest)).astype(np.int64)
    left = np.where(leaves, left, NEVER)
    strength = _strengths(area, rng)
    joined[:2], left[:2] = days.legacy_start - 200, NEVER
    leaders = {int(a): _leaders(company, int(a)) for a in range(len(AREAS))}
    manager = np.array([leaders[int(a)][i % len(leaders[int(a)])] for i, a in enumerate(area)])
    # The team of the demo agents is that of the demo manager, whatever the size of the company.
    company.demo_manager = int(manager[0])
    manager[1] = manager[0]
    moves = (position % 8 == 5) & (joined < days.now - 700) & ~leaves & ~np.isin(position, stays)
    next_area = np.where(moves, rng.permutation(area), area)
    moves &= next_area != area
    moved = np.where(moves, days.now - rng.integers(120, 600, count), NEVER)
    next_manager = np.where(moves, [leaders[int(a)][0] for a in next_area], manager)
    is_senior = rng.random(count) < 0.15
    is_senior[:2] = False, True
    person = np.zeros(count, dtype=np.int64)
    for i in range(count):
        role = "senior_agent" if is_senior[i] else "agent"
        place = int(company.area_territory[next_area[i]])
        person[i] = _hire(company, role, rng, reports_to=int(next_manager[i]), area=place)
        company.people[person[i]].is_active = bool(left[i] == NEVER)
    company.agents = Agents(
        person=person,
        strength=strength,
        is_senior=is_senior,
        joined=joined.astype(np.int64),
        left=left,
        on_leave=(position % 33 == 9) & ~leaves,
        area=area,
        next_area=next_area,
        moved=moved,
        manager=manager,
        next_manager=next_manager,
        tier=np.searchsorted([0.8, 1.6, 3.0], strength),
    )
    company.successor = _successors(company)


def _strengths(area: Ints, rng: np.random.Generator) -> Floats:
    """What each agent sells against the others: lognormal by rank and not by luck.

    The strong are dealt out so that every state has its share of them.
    """
    ranks = (np.arange(len(area)) + 0.5) / len(area)
    left = [float(np.exp(STRENGTH_SPREAD * NormalDist().inv_cdf(rank))) for rank in ranks]
    wanted = STATE_SHARES * sum(left)
    strength = np.zeros(len(area))

    def give(agent: int, value: float) -> None:
        left.remove(value)
        strength[agent] = value
        wanted[STATE_OF[area[agent]]] -= value

    for agent, value in zip((DEMO_AGENT, DEMO_SENIOR), DEMO_STRENGTHS, strict=True):
        give(agent, min(left, key=lambda one: abs(one - value)))
    free = [int(agent) for agent in rng.permutation(len(area)) if not strength[agent]]
    for value in sorted(left, reverse=True):
        agent = max(free, key=lambda one: wanted[STATE_OF[area[one]]])
        free.remove(agent)
        give(agent, value)
    return strength


def _successors(company: Company) -> Ints:
    agents = company.agents
    working = np.flatnonzero((agents.left == NEVER) & ~agents.on_leave)
    successor = np.arange(len(agents.person))
    for agent in np.flatnonzero(agents.left != NEVER):
        # Areas of a state stand beside one another.
        nearest = np.argmin(np.abs(agents.next_area[working] - agents.next_area[agent]))
        successor[agent] = working[nearest]
    return successor


def _hire_staff(company: Company, agents: int, rng: np.random.Generator) -> None:
    def several(role: str, count: int) -> Ints:
        return np.array([_hire(company, role, rng) for _ in range(count)], dtype=np.int64)

    company.support = several("support", max(3, agents // 30))
    company.underwriters = several("underwriter", max(2, agents // 60))
    company.admins = several("admin", 2)
    several("executive", 2)
    several("analyst", 2)


def _name_everybody(company: Company) -> None:
    """Usernames are first.last in plain letters, numbered where two are the same."""
    taken: set[str] = set()
    for person in company.people:
        plain = f"{names.plain(person.first_name)}.{names.plain(person.last_name)}"
        username, number = plain, 2
        while username in taken:
            username, number = f"{plain}{number}", number + 1
        taken.add(username)
        person.username = username


def _weigh(company: Company) -> None:
    """Cumulative weight of every agent in every month, for what is won and what is worked on."""
    agents, days = company.agents, company.days
    first = int(months(np.array([days.legacy_start - 250]))[0])
    last = int(months(np.array([days.now]))[0])
    month = np.arange(first, last + 1)[:, None]
    joined, left = months(agents.joined), months(agents.left)
    served = month - joined[None, :]
    ramp = np.clip(0.4 + 0.6 * served / RAMP_MONTHS, 0.4, 1.0)
    works = (served >= 0) & (month < left[None, :]) & ~((month >= last - 1) & agents.on_leave[None, :])
    has_moved = month >= months(agents.moved)[None, :]
    state = np.where(has_moved, STATE_OF[agents.next_area], STATE_OF[agents.area])
    company.first_month = first
    company.won_weights = _by_state(agents.strength * ramp * works, state)
    # Who sells more works on more, and wins more of it.
    company.worked_weights = _by_state(agents.strength**0.8 * ramp * works, state)


def _by_state(weight: Floats, state: Ints) -> Floats:
    """Cumulative weights (months x agents) in which every state has its share of what is sold."""
    shared = np.zeros_like(weight)
    for index, share in enumerate(STATE_SHARES):
        here = np.where(state == index, weight, 0)
        total = here.sum(axis=1, keepdims=True)
        shared += np.divide(here * share, total, out=np.zeros_like(here), where=total > 0)
    cumulative: Floats = np.cumsum(shared, axis=1)
    return cumulative
