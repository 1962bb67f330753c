"""Agents, territories and their moves: administrators' alone."""

from __future__ import annotations

from core import organisation, people
from core.access import Permission, Viewer
from core.kit.dates import business_date, utc_now
from core.kit.ids import new_request_id
from core.kit.settings import settings
from tests import factories as make
from tests.access_cases.world import Case, Owner, about, everybodys, for_all
from tests.factories.rows import number

USERS, REFERENCE = Permission.USERS_ADMIN, Permission.REFERENCE_ADMIN


def agent(owner: Owner) -> int:
    return make.agent(area=owner.area).id


def territory(owner: Owner) -> int:
    return make.territory(parent=owner.area).id


def create(by: Viewer) -> int:
    values = {"code": f"N{number()}", "name": "New"}
    return people.create_territory(values, request_id=new_request_id(), by=by)


def move(key: int, by: Viewer) -> None:
    today = business_date(utc_now(), settings().time_zone)
    organisation.move_agent(key, people.Place(make.territory().id, None, today), version=1, by=by)


CASES: dict[str, Case] = {
    "people.agent_profiles": for_all(USERS, lambda by: people.agent_profiles(by=by)),
    "people.agent_profile": about(USERS, agent, lambda key, by: people.agent_profile(key, by=by)),
    "people.assignments": for_all(USERS, lambda by: people.assignments(by.user_id, by=by)),
    "people.edit_agent": about(
        USERS, agent, lambda key, by: people.edit_agent(key, {"status": "on_leave"}, version=1, by=by)
    ),
    "people.territory_tree": for_all(REFERENCE, lambda by: people.territory_tree(by=by)),
    "people.create_territory": for_all(REFERENCE, create),
    "people.edit_territory": about(
        REFERENCE,
        territory,
        lambda key, by: people.edit_territory(key, {"name": "Other"}, version=1, by=by),
        is_visible=everybodys,
    ),
    "people.move_territory": about(
        REFERENCE,
        territory,
        lambda key, by: people.move_territory(key, None, version=1, by=by),
        is_visible=everybodys,
    ),
    "people.reactivate_territory": about(
        REFERENCE,
        territory,
        lambda key, by: people.reactivate_territory(key, version=1, by=by),
        is_visible=everybodys,
    ),
    "organisation.book_of": about(USERS, agent, lambda key, by: organisation.book_of(key, by=by)),
    "organisation.move_agent": about(USERS, agent, move),
    "organisation.keep_agent": about(
        USERS, agent, lambda key, by: organisation.keep_agent(key, version=1, by=by)
    ),
    "organisation.leftovers_of": for_all(REFERENCE, lambda by: organisation.leftovers_of(1, by=by)),
    "organisation.retire_territory": about(
        REFERENCE,
        territory,
        lambda key, by: organisation.retire_territory(key, version=1, by=by),
        is_visible=everybodys,
    ),
    "organisation.preview_territory_move": about(
        REFERENCE,
        territory,
        lambda key, by: organisation.preview_territory_move(key, None, by=by),
        is_visible=everybodys,
    ),
}
