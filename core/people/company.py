"""Agents and territories to choose from, in scope, and the days on which the company works."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.access import Permission, Viewer, read
from core.db import unit_of_work
from core.kit.dates import BusinessCalendar, us_calendar
from core.people import store
from core.people.records import AgentRecord, TerritoryRecord


@dataclass(frozen=True, slots=True)
class ManagerChoice:
    """An active manager, for agents to report to."""

    user_id: int
    name: str


@read(Permission.HOME_VIEW)
def agents(*, by: Viewer, with_former: bool = False) -> tuple[AgentRecord, ...]:
    """The agents in scope by name: oneself, one's line and subtree, or all; without former ones."""
    with unit_of_work() as db:
        rows = store.agents(db, with_former=with_former, by=by)
    return tuple(AgentRecord(**row._mapping) for row in rows)  # noqa: SLF001  # public in SQLAlchemy


@read(Permission.HOME_VIEW)
def territories(*, by: Viewer) -> tuple[TerritoryRecord, ...]:
    """The territory tree, depth first: all of it, or one's subtree and where one's line works."""
    with unit_of_work() as db:
        rows = store.territories(db)
        if not by.sees_all:
            seen = by.territory_ids | store.home_territories(db, by.agent_ids)
            rows = [row for row in rows if row.id in seen]
    return tuple(TerritoryRecord(**row._mapping) for row in rows)  # noqa: SLF001


@read(Permission.USERS_ADMIN)
def managers(*, by: Viewer) -> tuple[ManagerChoice, ...]:
    """The active managers by name."""
    del by
    with unit_of_work() as db:
        rows = store.managers(db)
    return tuple(ManagerChoice(row.id, row.name) for row in rows)


def calendar(years: Iterable[int]) -> BusinessCalendar:
    """The business calendar over whole years: federal holidays and the office's own closing days.

    The same for everybody, and asked by rules and jobs without a viewer.
    """
    wanted = sorted(set(years))
    with unit_of_work() as db:
        own = store.closing_days(db, date(wanted[0], 1, 1), date(wanted[-1], 12, 31))
    return us_calendar(wanted, own)
