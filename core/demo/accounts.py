"""Company customers (accounts)."""

from __future__ import annotations

import numpy as np

from core.demo.columns import Column, Ints, digits, joined, moments, money, pick, words
from core.demo.days import DAY, in_office_hours
from core.demo.deals import Accounts, negotiate
from core.demo.people import AREA_CODE, CITY, FAMILY, POSTAL, STATE, STREET, People, invent
from core.demo.world import World

CUSTOMERS_PER_ACCOUNT = 40
_FIRST = (
    "Blue",
    "Silver",
    "Golden",
    "North",
    "Pacific",
    "Atlantic",
    "Summit",
    "Harbor",
    "Prairie",
    "Red Oak",
    "Cedar",
    "Iron",
    "Bright",
    "Union",
    "Liberty",
    "Pioneer",
    "Lakeshore",
    "Evergreen",
    "Granite",
    "Beacon",
)
_SECOND = (
    "Logistics",
    "Dental Group",
    "Manufacturing",
    "Software",
    "Foods",
    "Construction",
    "Clinic",
    "Motors",
    "Hospitality",
    "Energy",
    "Schools",
    "Textiles",
    "Printing",
    "Farms",
    "Analytics",
    "Shipping",
)
_INDUSTRY = (
    "Transport",
    "Health care",
    "Manufacturing",
    "Technology",
    "Food",
    "Construction",
    "Health care",
    "Retail",
    "Hospitality",
    "Energy",
    "Education",
    "Manufacturing",
    "Media",
    "Agriculture",
    "Technology",
    "Transport",
)
_ROLES = ("decision_maker", "contact", "signatory", "billing", "staff_office")
_KIND = ("Inc.", "LLC", "Group", "& Sons", "Partners")


def open_accounts(world: World, customers: int, seed: int) -> Ints:
    """Write the accounts and everything that was and is negotiated with them; their ids."""
    rng = np.random.default_rng([seed, 3])
    count = max(6, customers // CUSTOMERS_PER_ACCOUNT)
    days = world.days
    since = days.legacy_start + (rng.random(count) * (days.now - days.legacy_start - 40)).astype(np.int64)
    since.sort()
    agent = world.company.seller(rng, np.maximum(since, days.start), won=True)
    agent = world.company.present(agent)
    area = world.company.agents.area_on(agent, np.full(count, days.now))
    place = invent(rng, np.arange(count), area, since)
    kind = rng.integers(0, len(_SECOND), count)
    name = _names(rng, place, kind)
    staff = np.clip(rng.lognormal(3.6, 1.2, count), 3, 20_000).astype(np.int64)
    ids = world.sink.ids("accounts", count)
    code = joined("A-", digits(world.sink.codes("account_code_seq", count), 6))
    at = moments(days.utc(in_office_hours(since * DAY + DAY // 3)))
    world.sink.write(
        "accounts",
        {
            "id": ids,
            "account_code": code,
            "name": name,
            "industry": pick(words(_INDUSTRY), kind),
            "year_established": rng.integers(1950, days.today.year - 7, count),
            "annual_revenue": money(staff * rng.integers(6_000_000, 30_000_000, count)),
            "employee_count": staff,
            "country": "USA",
            "agent_id": world.agent_user[agent],
            "territory_id": world.territory_id[area],
            "email": joined("office", digits(ids, 1), "@example.com"),
            "phone": joined("(", pick(AREA_CODE, place.city), ") 555-", digits(place.line, 4)),
            "address": _addresses(rng, place),
            "created_at": at,
            "updated_at": at,
        },
    )
    _name_people(world, rng, ids, area, at)
    negotiate(world, rng, Accounts(ids, name, agent, area, since))
    return ids


def _name_people(world: World, rng: np.random.Generator, accounts: Ints, area: Ints, at: Column) -> None:
    """Who decides at each account, and for some who signs, bills or looks after the staff."""
    more = np.flatnonzero(rng.random(len(accounts)) < 0.5)
    whose = np.concatenate([np.arange(len(accounts)), more])
    role = np.concatenate(
        [np.zeros(len(accounts), dtype=np.int64), rng.integers(1, len(_ROLES), len(more))]
    )
    people = invent(rng, np.arange(len(whose)), area[whose], np.zeros(len(whose), dtype=np.int64))
    since = at.take(whose)
    world.sink.write(
        "account_people",
        {
            "id": world.sink.ids("account_people", len(whose)),
            "account_id": accounts[whose],
            "name": people.name,
            "role": pick(words(_ROLES), role),
            "email": people.email,
            "phone": people.phone,
            "created_at": since,
            "updated_at": since,
        },
    )


def _names(rng: np.random.Generator, place: People, kind: Ints) -> Column:
    count = len(kind)
    first = pick(words(_FIRST), rng.integers(0, len(_FIRST), count))
    form = pick(words(_KIND), rng.integers(0, len(_KIND), count))
    return joined(pick(FAMILY, place.family), " ", first, " ", pick(words(_SECOND), kind), " ", form)


def _addresses(rng: np.random.Generator, place: People) -> Column:
    count = len(place)
    number = digits(rng.integers(1, 900, count), 1)
    street = pick(STREET, rng.integers(0, len(STREET), count))
    city, state = pick(CITY, place.city), pick(STATE, place.city)
    return joined(number, " ", street, " St, ", city, ", ", state, " ", pick(POSTAL, place.city), "01")
