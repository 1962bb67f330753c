"""What crosses the front door of people; times are UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from core.access import Role
from core.people.tables import AgentStatus


@dataclass(frozen=True, slots=True)
class NewUser:
    """What a new user is made from; `territory_id` and `manager_id` are for those who sell."""

    username: str
    email: str
    first_name: str
    last_name: str
    role: Role | None
    phone: str = ""
    territory_id: int | None = None
    manager_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewSignIn:
    """A user with an initial password, which is shown once and kept nowhere in the clear.

    The password is None when the same request came again: it was shown the first time.
    """

    user_id: int
    username: str
    password: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class UserRecord:
    """One user, as administrators see them. `open_sessions` counts their live sessions."""

    id: int
    version: int
    username: str
    name: str
    email: str
    role: Role
    is_active: bool
    must_change_password: bool
    last_login: datetime | None
    agent_code: str | None
    territory_id: int | None
    territory: str | None
    manager_id: int | None
    manager: str | None
    open_sessions: int


@dataclass(frozen=True, slots=True)
class UserPage:
    """The first users that match, and how many match in all."""

    rows: tuple[UserRecord, ...]
    total: int


@dataclass(frozen=True, slots=True)
class AgentRecord:
    """One agent profile in scope, for choices and filters; `user_id` is what owner columns hold."""

    user_id: int
    agent_code: str
    name: str
    role: Role
    territory_id: int
    territory: str
    manager_user_id: int | None
    manager: str | None
    joined_on: date
    status: AgentStatus
    is_active: bool
    target_monthly: Decimal


@dataclass(frozen=True, slots=True)
class TerritoryRecord:
    """One territory of the tree, in the order of the tree; `depth` 0 is a root."""

    id: int
    code: str
    name: str
    parent_id: int | None
    depth: int
    path: str
    manager_user_id: int | None
    is_active: bool


@dataclass(frozen=True, slots=True)
class SavedView:
    """A named set of filters of a page; `is_own` ones can be changed and deleted."""

    id: int
    page: str
    name: str
    owner: str
    is_own: bool
    is_shared: bool
    state: Mapping[str, str]
