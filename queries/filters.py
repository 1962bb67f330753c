"""Filters: what every analytic page and its exports are narrowed to. One value object.

Pages keep it in their address; what comes from there is checked and never trusted. Row scope is no
filter; queries/run.py adds it.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, replace
from datetime import date
from typing import Literal

from core.kit.dates import Period, add_months, month_of, quarter_of, year_of
from queries.catalogue import Kind

Comparison = Literal["none", "previous", "year_before"]
Grain = Literal["month", "quarter"]

KINDS: tuple[Kind, ...] = ("lead", "opportunity")
COMPARISONS: tuple[Comparison, ...] = ("none", "previous", "year_before")
# An id that stands for "has none": no agent, no territory, no product. Real ids begin at 1.
NONE_ID = 0

_MAX_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked at. Ids of None mean all, NONE_ID those that have none.

    `territory_id` stands for its whole subtree, `own_territory_id` for what belongs to a territory
    itself and to none below it, `manager_id` for those who report to them,
    `reached` for deals that got at least as far as the stage of that rank.
    """

    period: Period
    kind: Kind = "lead"
    comparison: Comparison = "previous"
    grain: Grain = "month"
    territory_id: int | None = None
    own_territory_id: int | None = None
    agent_id: int | None = None
    manager_id: int | None = None
    product_id: int | None = None
    category: str | None = None
    source_id: int | None = None
    stage: str | None = None
    reached: int | None = None

    def compared_with(self, today: date) -> Period | None:
        """The period to compare with, cut to the same elapsed days (quality.md D24)."""
        return compared_period(self.period, self.comparison, today=today)

    def narrowed(self, **changes: object) -> Filters:
        """The same filters with some of them set."""
        return replace(self, **changes)  # type: ignore[arg-type]  # the names are those of the fields

    @property
    def key(self) -> tuple[object, ...]:
        """What tells these filters from all others, for caches."""
        return astuple(self)


def compared_period(period: Period, comparison: str, *, today: date) -> Period | None:
    """What a period is compared with, cut to the same elapsed days; None for no comparison."""
    match comparison:
        case "previous":
            return period.previous(today=today)
        case "year_before":
            return period.year_before(today=today)
    return None


def parse_id(text: str | None) -> int | None:
    """A key from an address; None when it is none."""
    if not text or not text.isascii() or not text.isdigit():
        return None
    number = int(text[:20])
    return number if number <= _MAX_ID else None


def named_periods(today: date) -> dict[str, Period]:
    """The periods that have a name, as of today."""
    month, quarter, year = month_of(today), quarter_of(today), year_of(today)
    return {
        "month": month,
        "last_month": month.previous(),
        "quarter": quarter,
        "last_quarter": quarter.previous(),
        "year": year,
        "last_year": year.previous(),
        "12_months": Period(add_months(month.start, -11), month.end),
    }


def trend_period(filters: Filters, today: date) -> Period:
    """The whole months or quarters that a trend shows: the period, or the year up to its end.

    A trend ends with today's month: what is to come is not drawn as nothing.
    """
    span = month_of if filters.grain == "month" else quarter_of
    start, last = filters.period.start, min(filters.period.last_day, today)
    end = span(max(start, last)).end
    return Period(min(span(start).start, add_months(end, -12 if filters.grain == "month" else -24)), end)


def bucket_period(start: date, grain: Grain) -> Period:
    """The month or quarter that a trend's bar stands for."""
    return month_of(start) if grain == "month" else quarter_of(start)


def as_kind(value: str | None) -> Kind:
    """The kind of deal named in an address; leads when it is none."""
    return value if value in KINDS else "lead"
