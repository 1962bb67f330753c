"""Whose rows a viewer sees, walked in the database over the reporting line and the territories."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import text, update

from core import people
from core.access import Role, sessions
from core.db import unit_of_work
from core.people.tables import Agent, Territory
from core.people.viewers import _VIEWER
from tests import factories as make

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def viewer(person):
    return people.viewer_of(sessions.claim(sessions.begin(person.id, now=NOON), now=NOON), now=NOON)


def test_an_agent_has_their_own_book(database):
    company = make.company()
    ann = viewer(company.ann_in_east)
    assert ann.agent_ids == {company.ann_in_east.id}
    assert ann.territory_ids == frozenset()


def test_a_manager_has_the_line_and_the_subtree(database):
    company = make.company()
    erin = viewer(company.erin_manages_east)
    assert erin.agent_ids == {
        company.erin_manages_east.id,
        company.ann_in_east.id,
        company.dan_in_district.id,
    }
    assert erin.territory_ids == {company.east.id, company.district.id}


def test_the_line_is_walked_to_its_end(database):
    top, middle = make.user(Role.MANAGER), make.agent(Role.MANAGER)
    leaf = make.agent(manager=middle)
    with unit_of_work() as db:
        db.execute(update(Agent).where(Agent.user_id == middle.id).values(reporting_manager_id=top.id))
    assert viewer(top).agent_ids == {top.id, middle.id, leaf.id}


def test_a_circle_of_managers_and_territories_ends(database):
    first, second = make.agent(Role.MANAGER), make.agent(Role.MANAGER)
    upper = make.territory(manager=first)
    lower = make.territory(parent=upper)
    with unit_of_work() as db:
        for one, other in ((first, second), (second, first)):
            db.execute(update(Agent).where(Agent.user_id == one.id).values(reporting_manager_id=other.id))
        db.execute(update(Territory).where(Territory.id == upper.id).values(parent_territory_id=lower.id))
    assert viewer(first).agent_ids == {first.id, second.id}
    assert viewer(first).territory_ids == {upper.id, lower.id}


def test_who_manages_a_territory_without_being_manager_sees_no_more_for_it(database):
    ann = make.agent()
    make.territory(manager=ann)
    assert viewer(ann).territory_ids == frozenset()


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.ANALYST, Role.ADMIN])
def test_who_sees_all_needs_no_lists(database, role):
    found = viewer(make.user(role))
    assert found.sees_all
    assert found.agent_ids == frozenset()


def test_the_walk_uses_the_indexes(database):
    """With 5,000 agents, territories and sessions, a viewer is found by index scans alone."""
    company = make.company()
    with unit_of_work() as db:
        db.execute(
            text(
                "insert into users (username, email, password_hash, first_name, last_name, role)"
                " select 'u' || n, 'u' || n || '@example.com', '!', 'U', 'N', 'agent'"
                " from generate_series(1, 5000) n"
            )
        )
        db.execute(
            text(
                "insert into agents (user_id, agent_code, territory_id, joined_on)"
                " select id, 'X' || id, :area, '2020-01-01' from users where username like 'u_%'"
                " and id not in (select user_id from agents)"
            ),
            {"area": company.west.id},
        )
        db.execute(
            text(
                "insert into territories (name, code, parent_territory_id, manager_id)"
                " select 'T', 'Z' || n, :area, :boss from generate_series(1, 5000) n"
            ),
            {"area": company.west.id, "boss": company.admin.id},
        )
        db.execute(
            text(
                "insert into user_sessions (user_id, token_hash, expires_at)"
                " select id, 'h' || id, now() from users"
            )
        )
    with unit_of_work() as db:
        for table in ("user_sessions", "users", "agents", "territories"):
            db.execute(text(f"analyze {table}"))
        values = {"token_hash": "x", "now": NOON, "idle_since": NOON, "is_demo": False}
        plan = "\n".join(db.scalars(text(f"explain {_VIEWER.text}"), values))
    for index in (
        "uq_user_sessions_token_hash",
        "ix_agents_reporting_manager_id",
        "ix_territories_manager_id",
        "ix_territories_parent_territory_id",
    ):
        assert index in plan
