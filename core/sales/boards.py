"""Boards and lists of leads and opportunities, from the same code for both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import Row, func

from core.access import Permission, Viewer, read
from core.db import unit_of_work
from core.kit.dates import utc_now
from core.kit.errors import Refusal
from core.kit.masking import initial
from core.sales import deal_store, rules
from core.sales.deal_store import Order, Total
from core.sales.records import Board, BoardColumn, Card, DealFilter, DealPage, Kind
from core.sales.shapes import SHAPES, Shape
from core.sales.status import OPEN

Sort = Literal["newest", "oldest", "value", "next_followup", "stage_age"]
MAX_CARDS = 200
MAX_ROWS = 1000
ALL = DealFilter()
_LAST = datetime(9999, 1, 1, tzinfo=UTC)


@read(Permission.LEADS_VIEW)
def board(
    kind: Kind, where: DealFilter = ALL, *, limit: int = 50, by: Viewer, now: datetime | None = None
) -> Board:
    """Every status with its totals over all matching deals, and its newest cards (quality.md D2).

    Two statements, whatever the number of deals.
    """
    at, shape, size = now or utc_now(), SHAPES[kind], min(limit, MAX_CARDS)
    conditions = deal_store.matching(shape, where, by=by, now=at)
    with unit_of_work() as session:
        totals = deal_store.totals(session, shape, conditions)
        cards = deal_store.first_cards(session, shape, conditions, limit=size)
    columns = tuple(
        _column(shape, status, totals.get(status), cards[status], where=where, size=size, by=by, now=at)
        for status in shape.lifecycle.values
        if not where.statuses or status in where.statuses
    )
    return Board(kind, columns, at)


@read(Permission.LEADS_VIEW)
def column_cards(
    kind: Kind,
    status: str,
    where: DealFilter = ALL,
    *,
    after: str | None,
    limit: int = 50,
    by: Viewer,
    now: datetime | None = None,
) -> tuple[tuple[Card, ...], str | None]:
    """The cards of one status after a cursor, and the cursor of the next ones when there are more."""
    at, shape, size = now or utc_now(), SHAPES[kind], min(limit, MAX_CARDS)
    if status not in shape.lifecycle.values:
        raise Refusal(f"There is no status “{status}”.", remedy="Load the board again.")
    conditions = [
        *deal_store.matching(shape, where, by=by, now=at),
        shape.status == shape.stage(status),
    ]
    order = Order(shape.model.status_changed_at)
    with unit_of_work() as session:
        rows = deal_store.page(session, shape, conditions, order=order, after=after, limit=size)
    cards = tuple(_card(shape, row, by=by, now=at) for row in rows[:size])
    return cards, _entered_cursor(rows, size)


@read(Permission.LEADS_VIEW)
def deals(
    kind: Kind,
    where: DealFilter = ALL,
    *,
    sort: Sort = "newest",
    after: str | None = None,
    limit: int = 100,
    by: Viewer,
    now: datetime | None = None,
) -> DealPage:
    """A page of the list, with the number of all that match; `after` is the cursor of the last page."""
    at, shape, size = now or utc_now(), SHAPES[kind], min(limit, MAX_ROWS)
    conditions = deal_store.matching(shape, where, by=by, now=at)
    order = _order(shape, sort)
    with unit_of_work() as session:
        total = deal_store.count(session, shape, conditions)
        rows = deal_store.page(session, shape, conditions, order=order, after=after, limit=size)
    more = f"{rows[size - 1].sort_key}~{rows[size - 1].id}" if len(rows) > size else None
    return DealPage(tuple(_card(shape, row, by=by, now=at) for row in rows[:size]), total, more)


def _order(shape: Shape, sort: Sort) -> Order:
    if sort == "value":
        return Order(func.coalesce(shape.value, Decimal(-1)))
    if sort == "next_followup":
        return Order(func.coalesce(shape.next_followup, _LAST), descending=False)
    if sort == "stage_age":
        return Order(shape.model.status_changed_at, descending=False)
    return Order(shape.model.created_at, descending=sort != "oldest")


def _column(
    shape: Shape,
    status: str,
    total: Total | None,
    rows: Sequence[Row[Any]],
    *,
    where: DealFilter,
    size: int,
    by: Viewer,
    now: datetime,
) -> BoardColumn:
    described = shape.lifecycle[status]
    value = total.value if total else Decimal(0)
    is_closed = OPEN not in described.flags
    note = f"Closed in the last {where.closed_days} days" if is_closed and where.closed_days else ""
    return BoardColumn(
        status=status,
        label=described.label,
        tone=described.tone,
        note=note,
        count=total.count if total else 0,
        value_sum=value,
        weighted_sum=rules.weighted(value, shape.weight(status)),
        without_value=total.without_value if total else 0,
        cards=tuple(_card(shape, row, by=by, now=now) for row in rows[:size]),
        after=_entered_cursor(rows, size),
    )


def _entered_cursor(rows: Sequence[Row[Any]], size: int) -> str | None:
    if len(rows) <= size:
        return None
    last = rows[size - 1]
    return f"{last.status_changed_at.isoformat()}~{last.id}"


def _card(shape: Shape, row: Row[Any], *, by: Viewer, now: datetime) -> Card:
    status = row.status.value
    described = shape.lifecycle[status]
    is_open = OPEN in described.flags
    return Card(
        id=row.id,
        code=row.code,
        status=status,
        status_label=described.label,
        tone=described.tone,
        title=_title(shape, row, by=by),
        product=row.product,
        source=row.source,
        value=row.value,
        priority=row.priority.value,
        days_in_stage=rules.days_in_stage(row.status_changed_at, now),
        is_rotting=rules.is_rotting(shape.lifecycle, status, row.status_changed_at, now),
        next_followup_at=row.next_followup_at,
        is_overdue=is_open and rules.is_overdue(row.next_followup_at, now),
        owner_id=row.assigned_to,
        owner=row.owner,
        territory=row.territory,
        created_at=row.created_at,
        version=row.version,
        moves=tuple(move.to for move in shape.lifecycle.moves(status, by.role_name)),
    )


def _title(shape: Shape, row: Row[Any], *, by: Viewer) -> str:
    if shape.kind == "opportunity":
        if not by.can(Permission.PII_VIEW):
            return row.account or "Opportunity"
        is_named = not row.account or row.account in row.name
        return str(row.name) if is_named else f"{row.name} ({row.account})"
    if by.can(Permission.PII_VIEW):
        person = f"{row.first_name} {row.last_name}"
    else:
        person = f"{initial(row.first_name)} {initial(row.last_name)}"
    return f"{person} ({row.company_name})" if row.company_name else person
