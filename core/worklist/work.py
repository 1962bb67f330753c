"""What waits for the viewer across sales, policies, claims and customers, with why and by when.

Sales' own part comes from `core.sales.my_day`; the rest is asked here, one bounded statement per
kind, each with the count of all that match.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import aliased

from core import sales
from core.access import Permission, Viewer, ViewerKind, bound, kind_of, read
from core.access.tables import User
from core.db import unit_of_work
from core.kit.dates import business_date, start_of_day, utc_now
from core.kit.settings import settings
from core.sales import MyDay, WorkItem
from core.worklist import cover, persons
from core.worklist.asking import Asked, Asking, Kind


@read(Permission.HOME_VIEW)
def worklist(*, by: Viewer, now: datetime | None = None, limit: int = 30) -> MyDay:
    """The most urgent things of every kind, at most `limit` each, and how many there are of each."""
    at = now or utc_now()
    asking = Asking(by, at, business_date(at, settings().time_zone))
    day = sales.my_day(by=by, now=at, limit=limit)
    items, counts = list(day.items), dict(day.counts)
    with unit_of_work() as session:
        for kind, statement in _statements(kind_of(by), asking.today, limit):
            rows = list(session.execute(statement, bound(by)))
            counts[kind.name] = rows[0].of_all if rows else 0
            items += [_told(kind, asking, row) for row in rows]
    return MyDay(tuple(items), counts)


# Built once a kind of viewer and day, because building them all takes longer than running them.
@lru_cache(maxsize=30)
def _statements(by: ViewerKind, today: date, limit: int) -> tuple[tuple[Kind, Asked], ...]:
    asking = Asking(by, start_of_day(today, settings().time_zone), today)
    kinds = (kind for kind in (*cover.KINDS, *persons.KINDS) if by.can(kind.permission))
    return tuple((kind, _statement(kind, asking).limit(limit)) for kind in kinds)


def _statement(kind: Kind, asking: Asking) -> Asked:
    statement: Asked = kind.statement(asking).add_columns(func.count().over().label("of_all"))
    if kind.whose is None:
        return statement
    somebody = aliased(User)
    name = func.coalesce(somebody.first_name + " " + somebody.last_name, "")
    return statement.add_columns(kind.whose.label("owner_id"), name.label("owner")).outerjoin(
        somebody, somebody.id == kind.whose
    )


def _told(kind: Kind, asking: Asking, row: Any) -> WorkItem:
    item = kind.present(asking, row)
    if kind.whose is None or row.owner_id == asking.by.user_id:
        return item
    return replace(item, owner=row.owner)
