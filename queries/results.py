"""What the queries answer: values, points in time, groups, rows. Money and ratios are Decimals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from queries.catalogue import Metric, ReportColumn


@dataclass(frozen=True, slots=True)
class Value:
    """One metric's value. `value` is None for a rate of nothing (quality.md D24).

    `n` is what a rate is out of, or how many rows a sum has; `missing` how many of those rows
    carry no amount (D2). `applies` is False when a filter is set that the metric does not know.
    """

    value: Decimal | None
    n: int
    missing: int = 0
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    applies: bool = True


NOT_APPLICABLE = Value(None, 0, applies=False)


@dataclass(frozen=True, slots=True)
class Compared:
    """A value with that of the comparison; `before` is None for a stock or without comparison."""

    now: Value
    before: Value | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """A metric's value in the month or quarter that begins on `start`."""

    start: date
    value: Value


@dataclass(frozen=True, slots=True)
class Group:
    """One member of a dimension with its values by metric; key None is "none", depth the level.

    `before` has the values of the comparison; it is empty without one, and has no stocks.
    """

    key: int | str | None
    label: str
    values: Mapping[str, Value]
    depth: int = 0
    before: Mapping[str, Value] = field(default_factory=dict)

    def of(self, slug: str) -> Decimal | None:
        """The value of one metric."""
        return self.values[slug].value

    def was(self, slug: str) -> Decimal | None:
        """The value of one metric in the comparison; None without one."""
        found = self.before.get(slug)
        return found.value if found else None


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a funnel: how many got at least so far."""

    stage: str
    label: str
    rank: int
    reached: int


@dataclass(frozen=True, slots=True)
class RowSet:
    """The records behind a number: the newest first, at most `limit` of `total`."""

    label: str
    columns: tuple[ReportColumn, ...]
    records: tuple[Mapping[str, object], ...]
    total: int

    @property
    def is_cut(self) -> bool:
        """Whether there are more than are here."""
        return len(self.records) < self.total


def answer(
    metric: Metric, numerator: Decimal | None, denominator: Decimal | None, rows: int, valued: int
) -> Value:
    """The value out of the sums: divided here, after summing (domain.md section 8).

    `rows` counts the metric's rows, `valued` those with a numerator.
    """
    if metric.aggregate == "sum":
        total = Decimal(0) if rows == 0 else numerator
        return Value(total, rows, rows - valued, numerator, None)
    n = int(denominator or 0)
    if metric.aggregate == "median":
        return Value(numerator, n, rows - valued, numerator, denominator)
    ratio = None if not denominator or numerator is None else numerator / denominator
    return Value(ratio, n, rows - valued, numerator, denominator)
