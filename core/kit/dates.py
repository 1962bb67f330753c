"""Dates: the business calendar, ages, months and periods. The clock is always a parameter.

Dates are business-local, timestamps are UTC (domain.md opening).
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays as holiday_data
import numpy as np


def utc_now() -> datetime:
    """The present moment in UTC; the only place that reads the clock."""
    return datetime.now(UTC)


def business_date(at: datetime, zone: str) -> date:
    """The calendar date in the business zone at a moment."""
    return at.astimezone(ZoneInfo(zone)).date()


def start_of_day(day: date, zone: str) -> datetime:
    """The UTC moment at which a business date begins."""
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)


def add_months(anchor: date, months: int) -> date:
    """The anchor moved by whole months; its day is cut to the length of the target month.

    31 January plus one month is 28 or 29 February; always count from the anchor, never from the
    previous due date (domain.md section 3).
    """
    index = anchor.year * 12 + anchor.month - 1 + months
    year, month = divmod(index, 12)
    day = min(anchor.day, calendar.monthrange(year, month + 1)[1])
    return date(year, month + 1, day)


def age_last_birthday(born: date, on: date) -> int:
    """Completed years; who was born on 29 February turns a year older on 1 March (domain.md 2)."""
    had_birthday = (on.month, on.day) >= (born.month, born.day)
    return on.year - born.year - (0 if had_birthday else 1)


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """Working days: Monday to Friday without the holidays given.

    Counts are start-inclusive and end-exclusive, so the same day counts 0 (domain.md section 8).
    """

    holidays: frozenset[date]

    def _closed(self) -> np.ndarray:
        return _as_array(self.holidays)

    def days_between(self, start: date, end: date) -> int:
        """Business days in [start, end); negative when end lies before start."""
        return int(np.busday_count(np.datetime64(start), np.datetime64(end), holidays=self._closed()))

    def add_days(self, start: date, days: int) -> date:
        """The date that many business days after start, which first rolls on to a working day."""
        moved = np.busday_offset(np.datetime64(start), days, roll="forward", holidays=self._closed())
        result: date = moved.astype(date)
        return result


# A list of claims counts days twice a row, all over the same holidays.
@lru_cache(maxsize=64)
def _as_array(holidays: frozenset[date]) -> np.ndarray:
    return np.array(sorted(holidays), dtype="datetime64[D]")


@lru_cache(maxsize=256)
def us_federal_holidays(year: int) -> tuple[tuple[date, str], ...]:
    """(date, name) of the US federal holidays observed in a year (5 U.S.C. 6103)."""
    found = holiday_data.country_holidays("US", years=year)
    return tuple(sorted((day, name) for day, name in found.items() if day.year == year))


def us_calendar(years: Iterable[int], extra: Iterable[date] = ()) -> BusinessCalendar:
    """The business calendar over the years: federal holidays and the company's own closing days."""
    federal = {day for year in years for day, _ in us_federal_holidays(year)}
    return BusinessCalendar(frozenset(federal | set(extra)))


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open span of dates [start, end)."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError("a period ends after it starts")

    @property
    def days(self) -> int:
        """Length in days."""
        return (self.end - self.start).days

    @property
    def last_day(self) -> date:
        """The last date inside."""
        return self.end - timedelta(days=1)

    def until(self, today: date) -> Period:
        """The part that has passed by the end of today; the whole when it is over."""
        return Period(self.start, max(min(self.end, today + timedelta(days=1)), self.start + _DAY))

    def previous(self, *, today: date | None = None) -> Period:
        """The span before of the same length; calendar months, quarters and years stay whole.

        With today inside the period, the same elapsed part of the span before is returned
        (quality.md D24: month-to-date compares with the same elapsed days).
        """
        months = _whole_months(self)
        start = add_months(self.start, -months) if months else self.start - (self.end - self.start)
        return _elapsed_like(Period(start, self.start), self, today)

    def year_before(self, *, today: date | None = None) -> Period:
        """The same span one year earlier, cut to the same elapsed days like `previous`."""
        shifted = Period(add_months(self.start, -12), add_months(self.end, -12))
        return _elapsed_like(shifted, self, today)


_DAY = timedelta(days=1)


def _whole_months(period: Period) -> int:
    if period.start.day != 1 or period.end.day != 1:
        return 0
    return (period.end.year - period.start.year) * 12 + period.end.month - period.start.month


def _elapsed_like(earlier: Period, now: Period, today: date | None) -> Period:
    if today is None or not now.start <= today < now.last_day:
        return earlier
    elapsed = (today - now.start).days + 1
    return Period(earlier.start, min(earlier.end, earlier.start + timedelta(days=elapsed)))


def month_of(day: date) -> Period:
    """The calendar month that holds the day."""
    first = day.replace(day=1)
    return Period(first, add_months(first, 1))


def quarter_of(day: date) -> Period:
    """The calendar quarter that holds the day."""
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return Period(first, add_months(first, 3))


def year_of(day: date) -> Period:
    """The calendar year that holds the day."""
    return Period(date(day.year, 1, 1), date(day.year + 1, 1, 1))
