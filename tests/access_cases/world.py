"""The company that the access matrix plays in, and how a case of it is written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.access import SEES_ALL_ROWS, Permission, Role, Viewer
from core.access.tables import User
from core.people.tables import Territory
from tests import factories as make

POSITIONS = ("own", "subtree", "foreign", "missing")
MISSING = 999_999_999


@dataclass(frozen=True)
class Owner:
    """Whose record it is, and where."""

    user: User
    area: Territory

    @property
    def row(self) -> dict[str, int]:
        """The columns by which an agent's row (policy, customer, account, claim) is owned."""
        return {"agent_id": self.user.id, "territory_id": self.area.id}


@dataclass(frozen=True)
class World:
    company: make.Company
    people: dict[Role, User]

    def viewer(self, role: Role) -> Viewer:
        """Erin manages East and its district, where others report to somebody else; all are alone."""
        if role is Role.MANAGER:
            company = self.company
            return make.viewer(company.erin_manages_east, areas=(company.east, company.district))
        return make.viewer(self.people[role])

    def owner(self, role: Role, position: str) -> Owner:
        """The viewer themself, an agent in the manager's district, or an agent in the West."""
        company = self.company
        if position == "own":
            return Owner(self.people[role], company.country)
        if position == "subtree":
            return Owner(company.dan_in_district, company.district)
        return Owner(company.walt_in_west, company.west)


def world() -> World:
    company = make.company()
    people = {
        Role.AGENT: company.ann_in_east,
        Role.MANAGER: company.erin_manages_east,
        Role.ADMIN: company.admin,
        Role.EXECUTIVE: company.executive,
        Role.SENIOR_AGENT: make.agent(Role.SENIOR_AGENT, name="Sue Senior", area=company.west),
    }
    for role in Role:
        if role not in people:
            people[role] = make.user(role, name=f"{role.label} Person")
    return World(company, people)


def by_scope(role: Role, position: str) -> bool:
    """Own book, own subtree, or all rows (design.md, Viewer)."""
    if role in SEES_ALL_ROWS:
        return True
    return position == "own" or (position == "subtree" and role is Role.MANAGER)


def may_own(role: Role, position: str) -> bool:
    """Within the scope, but only who sells or leads owns anything."""
    if position == "own":
        return role in {Role.AGENT, Role.SENIOR_AGENT, Role.MANAGER}
    return by_scope(role, position)


def only_own(_: Role, position: str) -> bool:
    """Nobody's but the viewer's, whatever their role."""
    return position == "own"


def everybodys(_: Role, __: str) -> bool:
    """No row of this kind belongs to anybody."""
    return True


@dataclass(frozen=True)
class Case:
    """One front-door function: its permission, a record of an owner, and a call about that record.

    `call` gets the record's key. It answers whether the record was found, or raises: NotFound, and
    Invalid at one of `fields`, are a "no"; every other Refusal comes after the record was found.
    """

    permission: Permission
    call: Callable[[Any, Viewer], object]
    make: Callable[[Owner], Any] | None = None
    missing: Any = MISSING
    fields: frozenset[str] = frozenset()
    is_visible: Callable[[Role, str], bool] = by_scope


def about(
    permission: Permission,
    make_record: Callable[[Owner], Any],
    call: Callable[[Any, Viewer], object],
    *,
    fields: tuple[str, ...] = (),
    missing: Any = MISSING,
    is_visible: Callable[[Role, str], bool] = by_scope,
) -> Case:
    """A function about one record."""
    return Case(permission, call, make_record, missing, frozenset(fields), is_visible)


def for_all(permission: Permission, call: Callable[[Viewer], object]) -> Case:
    """A function about nobody's rows: the permission alone decides."""
    return Case(permission, lambda _, by: call(by), is_visible=everybodys)
