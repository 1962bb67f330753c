"""Rows of the company itself: users, territories, agents, products, holidays."""

from __future__ import annotations

import numpy as np
import psycopg

from core.access import passwords
from core.demo.columns import Ints, Sink, dates, digits, joined, moments, money, optional, pick, words
from core.demo.company import DEMO_AGENT, DEMO_SENIOR, NEVER, Company
from core.demo.days import DAY
from core.demo.lead_rows import LOST_REASONS
from core.demo.leads import SOURCES
from core.demo.products import CATEGORIES, COMMISSION, PRODUCTS
from core.demo.rates import write_rates
from core.demo.sign_ins import PASSWORD, USERNAMES
from core.demo.world import NOBODY, ROLES, World

TIERS = words(["bronze", "silver", "gold", "platinum"])
QUALIFICATIONS = words(
    ["Bachelor of Business", "Licensed since college", "Chartered Life Underwriter", "MBA"]
)


def settle_in(
    sink: Sink, connection: psycopg.Connection[tuple[object, ...]], company: Company, seed: int
) -> World:
    """Write them and return the world that customers are invented for."""
    rng = np.random.default_rng([seed, 2])
    _give_demo_names(company)
    user_id = sink.ids("users", len(company.people))
    _write_users(sink, company, user_id)
    tree = sink.ids("territories", len(company.territories))
    _write_territories(sink, company, user_id, tree)
    _write_agents(sink, rng, company, user_id, tree)
    product_id = _write_products(sink, company)
    write_rates(sink, company, user_id, product_id)
    world = World(
        company=company,
        sink=sink,
        user_id=user_id,
        role=np.array([ROLES.index(p.role) if p.role in ROLES else 0 for p in company.people]),
        territory_id=tree[company.area_territory],
        product_id=product_id,
        source_id=_known(connection, "lead_sources", [s.name for s in SOURCES]),
        lost_reason_id=_known(connection, "lost_reasons", list(LOST_REASONS)),
        agent_user=user_id[company.agents.person],
        agent_role=np.where(company.agents.is_senior, ROLES.index("senior_agent"), ROLES.index("agent")),
    )
    _write_holidays(connection, company)
    return world


def _give_demo_names(company: Company) -> None:
    """Give one person per role its sign-in."""
    chosen = {
        "agent": int(company.agents.person[DEMO_AGENT]),
        "senior_agent": int(company.agents.person[DEMO_SENIOR]),
        "manager": company.demo_manager,
    }
    for position, person in enumerate(company.people):
        chosen.setdefault(person.role, position)
    for role, position in chosen.items():
        company.people[position].username = USERNAMES[role]


def _write_users(sink: Sink, company: Company, user_id: Ints) -> None:
    people, days = company.people, company.days
    joined_on = np.full(len(people), days.legacy_start - 400)
    joined_on[company.agents.person] = company.agents.joined
    at = moments(days.utc(joined_on * DAY + 14 * 3_600))
    sink.write(
        "users",
        {
            "id": user_id,
            "username": words([p.username for p in people]),
            "email": words([f"{p.username}@policydesk.example" for p in people]),
            "password_hash": passwords.hash_password(PASSWORD),
            "first_name": words([p.first_name for p in people]),
            "last_name": words([p.last_name for p in people]),
            "phone": joined("(555) 555-", digits(np.arange(len(people)) % 10_000, 4)),
            "role": words([p.role for p in people]),
            "is_active": np.array([p.is_active for p in people]),
            "must_change_password": False,
            "is_demo": True,
            "password_changed_at": at,
            "created_at": at,
            "updated_at": at,
        },
    )


def _write_territories(sink: Sink, company: Company, user_id: Ints, tree: Ints) -> None:
    nodes = company.territories
    parent = np.array([NOBODY if t.parent is None else tree[t.parent] for t in nodes])
    manager = np.array([NOBODY if t.manager is None else user_id[t.manager] for t in nodes])
    at = moments(np.full(len(nodes), (company.days.legacy_start - 400) * DAY))
    sink.write(
        "territories",
        {
            "id": tree,
            "name": words([t.name for t in nodes]),
            "code": words([t.code for t in nodes]),
            "manager_id": optional(manager, manager == NOBODY),
            "parent_territory_id": optional(parent, parent == NOBODY),
            "created_at": at,
            "updated_at": at,
        },
    )


def _write_agents(
    sink: Sink, rng: np.random.Generator, company: Company, user_id: Ints, tree: Ints
) -> None:
    """Agents, and managers with their place in the reporting line; who belonged where and when."""
    agents, days = company.agents, company.days
    managers = np.array([i for i, p in enumerate(company.people) if p.role == "manager"])
    person = np.concatenate([agents.person, managers])
    count, sellers = len(person), len(agents.person)
    code = np.arange(1, count + 1)
    long_ago = np.full(len(managers), days.legacy_start - 300)
    joined_on = np.concatenate([agents.joined, long_ago])
    left = np.concatenate([agents.left, np.full(len(managers), NEVER)])
    place = np.array([company.people[p].area or 0 for p in person])
    boss = np.array(
        [
            NOBODY if company.people[p].reports_to is None else user_id[company.people[p].reports_to]
            for p in person
        ]
    )
    on_leave = np.concatenate([agents.on_leave, np.zeros(len(managers), dtype=bool)])
    gone = left != NEVER
    status = np.where(gone, 2 + (person % 2), np.where(on_leave, 1, 0))
    target = np.zeros(count, dtype=np.int64)
    target[:sellers] = (
        np.maximum(np.rint(6_500 * agents.strength**0.7 / 500) * 500, 1_500).astype(np.int64) * 100
    )
    tier = np.concatenate([agents.tier, np.zeros(len(managers), dtype=np.int64)])
    ids = sink.ids("agents", count)
    made = moments(days.utc(joined_on * DAY + 14 * 3_600))
    sink.write(
        "agents",
        {
            "id": ids,
            "user_id": user_id[person],
            "agent_code": joined("AG-", digits(code, 4)),
            "license_number": joined("NPN", digits(7_000_000 + ids * 37, 8)),
            "qualification": pick(QUALIFICATIONS, rng.integers(0, 4, count), rng.random(count) < 0.2),
            "experience_years": (days.now - joined_on) // 365 + rng.integers(0, 12, count),
            "territory_id": tree[place],
            "reporting_manager_id": optional(boss, boss == NOBODY),
            "commission_tier": pick(TIERS, tier),
            "target_monthly": money(target),
            "rating": money(rng.integers(310, 495, count)),
            "joined_on": dates(joined_on),
            "status": pick(words(["active", "on_leave", "terminated", "resigned"]), status),
            "archived_at": moments(np.where(gone, left, 0) * DAY + 20 * 3_600, ~gone),
            "created_at": made,
            "updated_at": made,
        },
    )
    _write_assignments(sink, company, user_id, tree, ids, place, boss, joined_on, left)


def _write_assignments(
    sink: Sink,
    company: Company,
    user_id: Ints,
    tree: Ints,
    ids: Ints,
    place: Ints,
    boss: Ints,
    joined_on: Ints,
    left: Ints,
) -> None:
    agents, sellers = company.agents, len(company.agents.person)
    moved = np.flatnonzero(agents.moved != NEVER)
    earlier = {
        "agent_id": ids[moved],
        "territory_id": tree[company.area_territory[agents.area[moved]]],
        "boss": user_id[agents.manager[moved]],
        "from": joined_on[moved],
        "to": agents.moved[moved],
    }
    since = joined_on.copy()
    since[:sellers] = np.where(agents.moved != NEVER, agents.moved, joined_on[:sellers])
    latest = {"agent_id": ids, "territory_id": tree[place], "boss": boss, "from": since, "to": left}
    for spans in (earlier, latest):
        open_ended = spans["to"] == NEVER
        sink.write(
            "agent_assignments",
            {
                "id": sink.ids("agent_assignments", len(spans["agent_id"])),
                "agent_id": spans["agent_id"],
                "territory_id": spans["territory_id"],
                "reporting_manager_id": optional(spans["boss"], spans["boss"] == NOBODY),
                "valid_from": dates(spans["from"]),
                "valid_to": dates(np.where(open_ended, 0, spans["to"]), open_ended),
            },
        )


def _write_products(sink: Sink, company: Company) -> Ints:
    ids = sink.ids("products", len(PRODUCTS))
    rates = COMMISSION[[CATEGORIES.index(p.category) for p in PRODUCTS]]
    launched = np.array([company.days.now - 365 * p.years_on_sale for p in PRODUCTS])
    sink.write(
        "products",
        {
            "id": ids,
            "product_code": words([p.code for p in PRODUCTS]),
            "name": words([p.name for p in PRODUCTS]),
            "category": words([p.category for p in PRODUCTS]),
            "description": words([p.description for p in PRODUCTS]),
            "min_sum_assured": money(np.array([p.min_cover * 100 for p in PRODUCTS])),
            "max_sum_assured": money(np.array([p.max_cover * 100 for p in PRODUCTS])),
            "min_term": np.array([min(p.terms) if p.category != "whole_life" else 20 for p in PRODUCTS]),
            "max_term": np.array([max(p.terms) for p in PRODUCTS]),
            "min_age": np.array([p.min_age for p in PRODUCTS]),
            "max_age": np.array([p.max_age for p in PRODUCTS]),
            "premium_type": words([p.premium_type for p in PRODUCTS]),
            "commission_year1": money(rates[:, 0]),
            "commission_year2": money(rates[:, 1]),
            "commission_renewal": money(rates[:, 2]),
            "launch_date": dates(launched),
            "created_at": moments(launched * DAY),
            "updated_at": moments(launched * DAY),
        },
    )
    return ids


def _known(connection: psycopg.Connection[tuple[object, ...]], table: str, names: list[str]) -> Ints:
    """Ids of reference data by name."""
    # The name of the table is a constant of this module.
    rows = connection.execute(f"select name, id from {table}".encode()).fetchall()  # noqa: S608
    id_of = {str(row[0]): int(str(row[1])) for row in rows}
    return np.array([id_of[name] for name in names], dtype=np.int64)


def _write_holidays(connection: psycopg.Connection[tuple[object, ...]], company: Company) -> None:
    connection.cursor().executemany(
        "insert into holidays (day, name, is_federal) values (%s, %s, true) on conflict (day) do nothing",
        [(day, name[:100]) for day, name in company.days.holidays()],
    )
