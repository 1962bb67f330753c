"""Filters: what every analytic page, export and subscription is narrowed to. One value object.

It is kept in the address of the page, so whatever comes from there is checked and never trusted:
what can't be read falls back to the default. Row scope is no filter; queries/run.py adds it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, cast

from core.kit.dates import Period, add_months, month_of, quarter_of, year_of
from queries.catalogue import Kind

Comparison = Literal["none", "previous", "year_before"]
Grain = Literal["month", "quarter"]

KINDS: tuple[Kind, ...] = ("lead", "opportunity")
COMPARISONS: tuple[Comparison, ...] = ("none", "previous", "year_before")
GRAINS: tuple[Grain, ...] = ("month", "quarter")
# An id that stands for "has none": no agent, no territory, no product. Real ids begin at 1.
NONE_ID = 0

_MAX_ID = 2**63 - 1
_CUSTOM = "custom"
# Beyond these a year before, or a list of months, makes no sense.
_EARLIEST, _LATEST = date(1950, 1, 1), date(2150, 1, 1)
_WORD = re.compile(r"[a-z_]{1,40}")
_WORDS = ("category", "stage")
_IDS = ("territory_id", "own_territory_id", "agent_id", "manager_id", "product_id", "source_id", "reached")


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
        match self.comparison:
            case "previous":
                return self.period.previous(today=today)
            case "year_before":
                return self.period.year_before(today=today)
            case "none":
                return None

    def narrowed(self, **changes: object) -> Filters:
        """The same filters with some of them set."""
        return replace(self, **changes)  # type: ignore[arg-type]  # the names are those of the fields

    def to_query(self) -> dict[str, str]:
        """The address parameters that `from_query` reads back to the same filters, on any day."""
        query = {
            "period": _CUSTOM,
            "period_days": f"{self.period.start.isoformat()}.{self.period.last_day.isoformat()}",
            "period_compare": self.comparison,
            "kind": self.kind,
            "grain": self.grain,
        }
        for name in (*_IDS, *_WORDS):
            value = getattr(self, name)
            if value is not None:
                query[name.removesuffix("_id")] = str(value)
        return query


def from_query(query: Mapping[str, str], *, today: date) -> Filters:
    """The filters that address parameters name; unknown ones and bad values are dropped."""
    found: dict[str, object] = {
        "period": parse_period(query.get("period", ""), query.get("period_days", ""), today=today),
        "comparison": _option(query.get("period_compare"), COMPARISONS, "previous"),
        "kind": as_kind(query.get("kind")),
        "grain": _option(query.get("grain"), GRAINS, "month"),
    }
    for name in _IDS:
        found[name] = parse_id(query.get(name.removesuffix("_id")))
    for name in _WORDS:
        text = query.get(name, "")
        found[name] = text if _WORD.fullmatch(text) else None
    return Filters(**found)  # type: ignore[arg-type]  # each was checked above


def parse_id(text: str | None) -> int | None:
    """A key from an address; None when it is none."""
    if not text or not text.isascii() or not text.isdigit():
        return None
    number = int(text[:20])
    return number if number <= _MAX_ID else None


def parse_period(name: str, days: str, *, today: date) -> Period:
    """A named period, or for "custom" the days "2026-01-01.2026-03-31"; else the current month."""
    named = named_periods(today)
    if name != _CUSTOM:
        return named.get(name, named["month"])
    first, _, last = days.partition(".")
    try:
        found = Period(date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1))
    except (ValueError, OverflowError):
        return named["month"]
    return found if found.start >= _EARLIEST and found.end <= _LATEST else named["month"]


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


def _option(value: str | None, options: tuple[str, ...], default: str) -> str:
    return value if value in options else default


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
    return cast(Kind, _option(value, KINDS, "lead"))
