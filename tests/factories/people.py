"""Users, agents, territories, the viewers that they are, and a small company of all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.access import Role, Viewer
from core.access.tables import User
from core.db import unit_of_work
from core.people.tables import Agent, AgentAssignment, Territory
from tests.factories.rows import number, put


def user(role: Role = Role.AGENT, *, name: str = "Pat Person", **columns: object) -> User:
    first, _, last = name.partition(" ")
    n = number()
    given = {
        "username": f"user{n}",
        "email": f"user{n}@example.com",
        "password_hash": "not a hash",
        "first_name": first,
        "last_name": last or "Person",
        "role": role,
    }
    return put(User(**{**given, **columns}))


def territory(
    name: str = "Everywhere",
    *,
    parent: Territory | None = None,
    manager: User | None = None,
    **columns: object,
) -> Territory:
    given = {
        "name": name,
        "code": f"T{number()}",
        "parent_territory_id": parent.id if parent else None,
        "manager_id": manager.id if manager else None,
    }
    return put(Territory(**{**given, **columns}))


def agent(
    role: Role = Role.AGENT,
    *,
    name: str = "Ann Agent",
    area: Territory | None = None,
    manager: User | None = None,
    **columns: object,
) -> User:
    """A user with an agent profile and its open assignment."""
    person = user(role, name=name)
    given = {
        "user_id": person.id,
        "agent_code": f"AG{number()}",
        "territory_id": (area or territory()).id,
        "reporting_manager_id": manager.id if manager else None,
        "joined_on": date(2020, 1, 6),
    }
    profile = put(Agent(**{**given, **columns}))
    put(
        AgentAssignment(
            agent_id=profile.id,
            territory_id=profile.territory_id,
            reporting_manager_id=profile.reporting_manager_id,
            valid_from=profile.joined_on,
        )
    )
    return person


def viewer(person: User, *, line: Iterable[User] = (), areas: Iterable[Territory] = ()) -> Viewer:
    """The person as a viewer: their own rows, those of the line, and those of the areas."""
    return Viewer(
        user_id=person.id,
        username=person.username,
        name=f"{person.first_name} {person.last_name}",
        role=person.role,
        agent_ids=frozenset({person.id, *(other.id for other in line)}),
        territory_ids=frozenset(area.id for area in areas),
        customer_id=person.customer_id,
    )


@dataclass(frozen=True)
class Company:
    """East has a manager, a district, and two agents; West a manager and one agent."""

    country: Territory
    east: Territory
    district: Territory
    west: Territory
    erin_manages_east: User
    ann_in_east: User
    dan_in_district: User
    wade_manages_west: User
    walt_in_west: User
    admin: User
    executive: User

    @property
    def erin(self) -> Viewer:
        return viewer(
            self.erin_manages_east,
            line=(self.ann_in_east, self.dan_in_district),
            areas=(self.east, self.district),
        )

    @property
    def ann(self) -> Viewer:
        return viewer(self.ann_in_east)

    @property
    def dan(self) -> Viewer:
        return viewer(self.dan_in_district)

    @property
    def wade(self) -> Viewer:
        return viewer(self.wade_manages_west, line=(self.walt_in_west,), areas=(self.west,))

    @property
    def walt(self) -> Viewer:
        return viewer(self.walt_in_west)

    @property
    def adam(self) -> Viewer:
        return viewer(self.admin)

    @property
    def eve(self) -> Viewer:
        return viewer(self.executive)


def company() -> Company:
    with unit_of_work():  # one transaction of eighteen rows
        erin = user(Role.MANAGER, name="Erin East")
        wade = user(Role.MANAGER, name="Wade West")
        country = territory("Country")
        east = territory("East", parent=country, manager=erin)
        district = territory("East district", parent=east)
        west = territory("West", parent=country, manager=wade)
        return Company(
            country=country,
            east=east,
            district=district,
            west=west,
            erin_manages_east=erin,
            ann_in_east=agent(name="Ann Agent", area=east, manager=erin),
            dan_in_district=agent(Role.SENIOR_AGENT, name="Dan District", area=district, manager=erin),
            wade_manages_west=wade,
            walt_in_west=agent(name="Walt Western", area=west, manager=wade),
            admin=user(Role.ADMIN, name="Adam Admin"),
            executive=user(Role.EXECUTIVE, name="Eve Executive"),
        )
