"""Statements that read leads and opportunities alike: totals, cards, pages of the list, one row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.access import Permission, Viewer, in_scope
from core.kit.dates import business_date, start_of_day
from core.kit.errors import Refusal
from core.kit.fields import like_anywhere, plain_text
from core.kit.ids import business_code
from core.kit.settings import settings
from core.people import territories_within
from core.sales import neighbours
from core.sales.records import DealFilter, Waiting
from core.sales.shapes import Expression, Shape, open_stages
from core.sales.tables import Lead, LeadSource, Priority

DAY = timedelta(days=1)
MAX_WORDS = 6
MIN_DIGITS = 4


@dataclass(frozen=True)
class Order:
    """How a list is sorted: an expression that is never null, and its direction."""

    by: Expression
    descending: bool = True


def visible(shape: Shape, viewer: Viewer) -> ColumnElement[bool]:
    """Deals in the viewer's scope."""
    return in_scope(viewer, shape.model.assigned_to, shape.model.territory_id)


def matching(shape: Shape, where: DealFilter, *, by: Viewer, now: datetime) -> list[ColumnElement[bool]]:
    """The conditions of a filter, the viewer's scope first."""
    found = [visible(shape, by), *_chosen(shape, where), *_created(shape, where)]
    if where.waiting is not None:
        found.append(_waiting(shape, where.waiting, now))
    if where.closed_days is not None:
        since = now - timedelta(days=where.closed_days)
        found.append(or_(shape.status.in_(open_stages(shape)), shape.closed_since(since)))
    return found + _holding(shape, where.text, by=by)


def _chosen(shape: Shape, where: DealFilter) -> list[ColumnElement[bool]]:
    """The lists of the filter that name something."""
    model = shape.model
    stages = [shape.stage(value) for value in where.statuses if value in shape.lifecycle.values]
    lists: list[tuple[Sequence[object], ColumnElement[bool]]] = [
        (where.owner_ids, model.assigned_to.in_(where.owner_ids)),
        (where.territory_ids, model.territory_id.in_(territories_within(where.territory_ids))),
        (where.source_ids, model.source_id.in_(where.source_ids)),
        (where.product_ids, shape.product_id.in_(where.product_ids)),
        (where.priorities, model.priority.in_(_known(Priority, where.priorities))),
        (where.statuses, shape.status.in_(stages)),
    ]
    found = [condition for named, condition in lists if named]
    return [*found, model.assigned_to.is_(None)] if where.unassigned else found


def _created(shape: Shape, where: DealFilter) -> list[ColumnElement[bool]]:
    zone, created_at = settings().time_zone, shape.model.created_at
    found = []
    if where.created_from:
        found.append(created_at >= start_of_day(where.created_from, zone))
    if where.created_to:
        found.append(created_at < start_of_day(where.created_to + timedelta(days=1), zone))
    return found


def standing_still(shape: Shape, now: datetime) -> ColumnElement[bool]:
    """Open deals that stand in their status for as long as it allows, or longer (quality.md D3)."""
    limits = case(
        *(
            (shape.status == shape.stage(s.value), now - s.rots_after_days * DAY)
            for s in shape.lifecycle.statuses
            if s.rots_after_days is not None
        )
    )
    return and_(shape.status.in_(open_stages(shape)), shape.model.status_changed_at <= limits)


def _waiting(shape: Shape, what: Waiting, now: datetime) -> ColumnElement[bool]:
    if what is Waiting.STANDING:
        return standing_still(shape, now)
    zone, due = settings().time_zone, shape.next_followup
    tomorrow = start_of_day(business_date(now, zone) + DAY, zone)
    is_so = {
        Waiting.OVERDUE: due < now,
        Waiting.TODAY: and_(due >= now, due < tomorrow),
        Waiting.UNPLANNED: due.is_(None),
    }
    return and_(shape.status.in_(open_stages(shape)), is_so[what])


def _known(options: type[Priority], values: Sequence[str]) -> list[Priority]:
    return [option for option in options if option.value in values]


def _holding(shape: Shape, text: str, *, by: Viewer) -> list[ColumnElement[bool]]:
    """Every word is the code or in a searched text; without personal data, the code alone."""
    words = plain_text(text)[:100].split()[:MAX_WORDS]
    sees_people = by.can(Permission.PII_VIEW)
    conditions: list[ColumnElement[bool]] = []
    for word in words:
        options: list[ColumnElement[bool]] = [shape.code.in_(_codes(shape, word))]
        if sees_people:
            options += shape.holding(func.plain_text(like_anywhere(word)))
        conditions.append(or_(*options))
    digits = "".join(c for c in text if c.isascii() and c.isdigit())
    if (
        shape.kind == "lead"
        and sees_people
        and len(digits) >= MIN_DIGITS
        and not any(map(str.isalpha, text))
    ):
        return [or_(Lead.phone_digits.contains(digits[-10:]), and_(*conditions))]
    return conditions


def _codes(shape: Shape, word: str) -> list[str]:
    """The codes that a word may stand for: "L-000123", "l-123" and "123" are lead 123."""
    found = re.fullmatch(r"(?:[a-z]+-)?0*([0-9]{1,15})", word.lower())
    return [word.upper(), business_code(shape.prefix, int(found[1]))] if found else []


@dataclass(frozen=True)
class Total:
    """One status: all matching rows, their value, and how many have none."""

    status: str
    count: int
    value: Any
    without_value: int


def totals(session: Session, shape: Shape, conditions: Sequence[ColumnElement[bool]]) -> dict[str, Total]:
    """Totals by status over all matching rows, in one statement (quality.md D2)."""
    statement = (
        select(
            shape.status,
            func.count(),
            func.coalesce(func.sum(shape.value), 0),
            func.count().filter(shape.value.is_(None)),
        )
        .where(*conditions)
        .group_by(shape.status)
    )
    return {row[0].value: Total(row[0].value, row[1], row[2], row[3]) for row in session.execute(statement)}


def first_cards(
    session: Session, shape: Shape, conditions: Sequence[ColumnElement[bool]], *, limit: int
) -> dict[str, list[Row[Any]]]:
    """The newest cards of every status, one more than `limit` each, in one statement."""
    entered = shape.model.status_changed_at
    parts = [
        select(shape.model.id)
        .where(shape.status == shape.stage(status), *conditions)
        .order_by(entered.desc(), shape.model.id.desc())
        .limit(limit + 1)
        .subquery()
        for status in shape.lifecycle.values
    ]
    picked = union_all(*(select(part.c.id) for part in parts)).subquery("picked")
    statement = (
        _cards(shape)
        .join(picked, picked.c.id == shape.model.id)
        .order_by(entered.desc(), shape.model.id.desc())
    )
    found: dict[str, list[Row[Any]]] = {status: [] for status in shape.lifecycle.values}
    for row in session.execute(statement):
        found[row.status.value].append(row)
    return found


def page(
    session: Session,
    shape: Shape,
    conditions: Sequence[ColumnElement[bool]],
    *,
    order: Order,
    after: str | None,
    limit: int,
) -> list[Row[Any]]:
    """The next rows in an order, one more than `limit`; `after` is the cursor of the last one shown."""
    ident = shape.model.id
    found = select(ident, order.by.label("sort_key")).where(*conditions)
    if after is not None:
        key, _, last = after.rpartition("~")
        if not last.isdecimal():
            raise Refusal("This list has moved on.", remedy="Load it again from the top.")
        bound = cast(literal(key), order.by.type)
        place = tuple_(order.by, ident)
        mark = tuple_(bound, literal(int(last)))
        found = found.where(place < mark if order.descending else place > mark)
    # The rows are picked before names are looked up for them.
    picked = found.order_by(*_in_order(order, order.by, ident)).limit(limit + 1).subquery("picked")
    statement = (
        _cards(shape)
        .add_columns(cast(picked.c.sort_key, String).label("sort_key"))
        .join(picked, picked.c.id == ident)
        .order_by(*_in_order(order, picked.c.sort_key, ident))
    )
    return list(session.execute(statement))


def _in_order(order: Order, *columns: Any) -> list[ColumnElement[Any]]:
    return [column.desc() if order.descending else column.asc() for column in columns]


def count(session: Session, shape: Shape, conditions: Sequence[ColumnElement[bool]]) -> int:
    """How many rows match."""
    return session.scalar(select(func.count()).select_from(shape.model).where(*conditions)) or 0


def _cards(shape: Shape) -> Select[Any]:
    """One row per deal with what a card shows."""
    model = shape.model
    names: list[InstrumentedAttribute[Any] | ColumnElement[Any]]
    if shape.kind == "lead":
        names = [model.first_name, model.last_name, model.company_name]
    else:
        names = [model.name, func.coalesce(neighbours.accounts.c.name, "").label("account")]
    statement = (
        select(
            model.id,
            shape.code.label("code"),
            shape.status.label("status"),
            *names,
            func.coalesce(neighbours.products.c.name, "").label("product"),
            func.coalesce(LeadSource.name, "").label("source"),
            shape.value.label("value"),
            model.priority,
            model.status_changed_at,
            shape.next_followup.label("next_followup_at"),
            model.assigned_to,
            func.coalesce(neighbours.user_name, "").label("owner"),
            func.coalesce(neighbours.territories.c.name, "").label("territory"),
            model.created_at,
            model.version,
        )
        .select_from(model)
        .outerjoin(neighbours.products, neighbours.products.c.id == shape.product_id)
        .outerjoin(LeadSource, LeadSource.id == model.source_id)
        .outerjoin(neighbours.users, neighbours.users.c.id == model.assigned_to)
        .outerjoin(neighbours.territories, neighbours.territories.c.id == model.territory_id)
    )
    if shape.kind == "opportunity":
        statement = statement.outerjoin(neighbours.accounts, neighbours.accounts.c.id == model.account_id)
    return statement
