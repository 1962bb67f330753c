"""Company customers (accounts) and the opportunities with them."""

from __future__ import annotations

import numpy as np

from core.demo import names
from core.demo.columns import Ints, dates, digits, joined, moments, money, optional, pick, words
from core.demo.days import DAY, in_office_hours
from core.demo.history import Steps
from core.demo.lead_rows import OTHER, OTHER_NOTES, PRIORITY
from core.demo.people import AREA_CODE, CITY, POSTAL, STATE, invent
from core.demo.products import PRODUCTS
from core.demo.world import MANAGER, World

CUSTOMERS_PER_ACCOUNT = 40
DEALS_PER_ACCOUNT = 3.5
PROSPECTING, QUALIFICATION, PROPOSAL, NEGOTIATION, WON, LOST = range(6)
STAGES = ("prospecting", "qualification", "proposal", "negotiation", "closed_won", "closed_lost")
STAGE = words(STAGES)
# Of all that come to an end.
WIN_RATE = 0.42
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
_KIND = ("Inc.", "LLC", "Group", "& Sons", "Partners")
_FOR = (
    "employee health cover",
    "fleet insurance",
    "property cover",
    "group life",
    "renewal",
    "key person cover",
)
# The product that each of these is about.
_ABOUT = ("HLT-F", "AUT-P", "HOM-O", "TRM-L", "HLT-G", "TRM-L")
REASONS = ("", "The board asked for a new offer.")
_REASON_CHOICE = np.array([0, 1, 2, 3, 5, 7])


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
    name = joined(
        pick(words(names.FAMILY), place.family),
        " ",
        pick(words(_FIRST), rng.integers(0, len(_FIRST), count)),
        " ",
        pick(words(_SECOND), kind),
        " ",
        pick(words(_KIND), rng.integers(0, len(_KIND), count)),
    )
    staff = np.clip(rng.lognormal(3.6, 1.2, count), 3, 20_000).astype(np.int64)
    ids = world.sink.ids("accounts", count)
    code = joined("A-", digits(world.sink.codes("account_code_seq", count), 6))
    at = moments(days.utc(in_office_hours(since * DAY + DAY // 3)))
    street = pick(words(names.STREETS), rng.integers(0, len(names.STREETS), count))
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
            "address": joined(
                digits(rng.integers(1, 900, count), 1),
                " ",
                street,
                " St, ",
                pick(CITY, place.city),
                ", ",
                pick(STATE, place.city),
                " ",
                pick(POSTAL, place.city),
                "01",
            ),
            "created_at": at,
            "updated_at": at,
        },
    )
    _negotiate(world, rng, ids, name, agent, area, since)
    return ids


def _negotiate(
    world: World, rng: np.random.Generator, ids: Ints, name: object, agent: Ints, area: Ints, since: Ints
) -> None:
    days, midnight = world.days, world.days.midnight
    per = rng.poisson(DEALS_PER_ACCOUNT, len(ids))
    account = np.repeat(np.arange(len(ids)), per)
    count = len(account)
    first = np.maximum(since, days.start)[account]
    start = days.working_day(first + (rng.random(count) ** 0.8 * (days.now - first - 5)).astype(np.int64))
    start = np.minimum(start, days.now - 1)
    length = np.clip(rng.lognormal(4.0, 0.6, count), 5, 400)
    furthest = np.searchsorted([0.2, 0.45, 0.75], rng.random(count), side="right")
    won = rng.random(count) < WIN_RATE
    furthest = np.where(won, NEGOTIATION, furthest)
    share = np.sort(rng.random((count, 3)), axis=1) * 0.9
    begun = start * DAY + (rng.random(count) * DAY / 3).astype(np.int64)
    entered = begun[:, None] + (
        np.hstack([np.zeros((count, 1)), share, np.ones((count, 1))]) * length[:, None] * DAY
    ).astype(np.int64)
    entered = in_office_hours(entered)
    end = entered[:, 4]
    opportunity = world.sink.ids("opportunities", count)
    user, role = world.agent_user[agent[account]], world.agent_role[agent[account]]
    steps = Steps(count)
    steps.add(PROSPECTING, entered[:, 0], actor=user, role=role)
    for stage in (QUALIFICATION, PROPOSAL, NEGOTIATION):
        there = (entered[:, stage] < midnight) & (furthest >= stage)
        steps.add(stage, entered[:, stage], where=there, actor=user, role=role)
    is_over = end < midnight
    reopened = is_over & ~won & (furthest >= QUALIFICATION) & (rng.random(count) < 0.03)
    last = entered[np.arange(count), furthest]
    manager = world.user_id[world.manager_of(agent[account], start)]
    steps.add(LOST, last + (end - last) * 2 // 5, where=reopened, actor=user, role=role)
    steps.add(
        QUALIFICATION, last + (end - last) * 3 // 5, where=reopened, actor=manager, role=MANAGER, reason=1
    )
    steps.add(np.where(won, WON, LOST), end, where=is_over, actor=user, role=role)
    at_stage, changed = steps.last()
    reached = np.where(is_over, furthest, at_stage)
    value = np.rint(rng.lognormal(9.6, 0.9, count) / 100).clip(5).astype(np.int64) * 10_000
    topic = rng.integers(0, len(_FOR), count)
    about = np.array([[p.code for p in PRODUCTS].index(code) for code in _ABOUT])
    lost = is_over & ~won
    why = _REASON_CHOICE[rng.integers(0, len(_REASON_CHOICE), count)]
    why = np.where(rng.random(count) < 0.04, OTHER, why)
    engaged = reached >= QUALIFICATION
    world.sink.write(
        "opportunities",
        {
            "id": opportunity,
            "opportunity_code": joined("O-", digits(world.sink.codes("opportunity_code_seq", count), 6)),
            "name": joined(pick(name, account), ": ", pick(words(_FOR), topic)),
            "account_id": ids[account],
            "product_id": world.product_id[about[topic]],
            "source_id": world.source_id[rng.integers(0, 3, count)],
            "stage": pick(STAGE, at_stage),
            "status_changed_at": moments(days.utc(changed)),
            "furthest_stage": pick(STAGE, np.minimum(reached, NEGOTIATION)),
            "estimated_value": money(value, ~engaged & (rng.random(count) < 0.5)),
            "won_value": money((value * rng.integers(80, 116, count)) // 100, ~(is_over & won)),
            "expected_close_date": dates(
                np.where(is_over, end // DAY, np.maximum(end // DAY, days.now + 3)), ~engaged
            ),
            "opened_on": dates(
                entered[:, 1] // DAY, ~(entered[:, 1] < midnight) | (reached < QUALIFICATION)
            ),
            "closed_on": dates(end // DAY, ~is_over),
            "priority": pick(PRIORITY, np.searchsorted([1_000_000, 4_000_000], value)),
            "assigned_to": user,
            "territory_id": world.territory_id[area[account]],
            "lost_reason_id": optional(world.lost_reason_id[why], ~lost),
            "lost_note": pick(
                OTHER_NOTES, rng.integers(0, len(OTHER_NOTES), count), ~(lost & (why == OTHER))
            ),
            "reopen_count": reopened.astype(np.int64),
            "created_by": user,
            "created_at": moments(days.utc(entered[:, 0])),
            "updated_at": moments(days.utc(changed)),
        },
    )
    steps.write(world, "opportunity", opportunity, STAGES, REASONS)
