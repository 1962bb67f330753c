"""Days and times of an invented business: when things happen, and how often.

Everything is simulated in local seconds since 1970 and converted to UTC when it is written. The
past ends with the beginning of today; what is planned begins there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from core.demo.columns import Floats, Ints
from core.kit.dates import add_months, us_federal_holidays

DAY = 86_400
HOUR = 3_600
OPENS = 8.5 * HOUR
OPEN_HOURS = 9

HISTORY_YEARS = 5
# Policies brought along from the time before this system, so that old cohorts can be followed.
LEGACY_YEARS = 2
YEARLY_GROWTH = 1.12

# Monday to Sunday: of leads (domain.md section 10), and of what the office does.
LEADS_BY_WEEKDAY = np.array([1.2, 1.0, 1.0, 1.0, 1.0, 0.5, 0.5])
OFFICE_BY_WEEKDAY = np.array([1.0, 1.0, 1.0, 1.0, 1.0, 0.12, 0.02])
ON_HOLIDAYS = 0.05

_LIFE = [1.08, 1.08, 1.08, 1, 1, 1, 1, 1, 1.10, 1, 1, 1]
# January to December (domain.md section 10); health: 45 % in November to January, whose many closed
# days take some of it again.
SEASONS = {
    "term": _LIFE,
    "whole_life": _LIFE,
    "endowment": _LIFE,
    "ulip": _LIFE,
    "health": [2.1, *[0.733] * 9, 2.1, 2.1],
    "auto": [1, 1, 1.10, 1.10, 1.10, 1, 1, 1, 1, 1, 1, 0.85],
    "property": [1, 1, 1, 1.15, 1.15, 1.15, 1.15, 1.15, 1, 1, 1, 1],
}


def days_since_1970(day: date) -> int:
    """The day as a number."""
    return day.toordinal() - date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Days:
    """The calendar of the simulation, all days as numbers since 1970."""

    today: date
    zone: str
    start: int = field(init=False)
    legacy_start: int = field(init=False)
    now: int = field(init=False)
    _first: int = field(init=False)
    _offsets: Ints = field(init=False)

    def __post_init__(self) -> None:
        set_ = object.__setattr__
        set_(self, "now", days_since_1970(self.today))
        set_(self, "start", days_since_1970(add_months(self.today, -12 * HISTORY_YEARS)))
        set_(
            self,
            "legacy_start",
            days_since_1970(add_months(self.today, -12 * (HISTORY_YEARS + LEGACY_YEARS))),
        )
        set_(self, "_first", self.legacy_start - 365 * 12)
        zone = ZoneInfo(self.zone)
        noons = (
            datetime.combine(date(1970, 1, 1) + timedelta(days=day), time(12), zone)
            for day in range(self._first, self.now + 3 * 365)
        )
        offsets = [
            int((n.astimezone(UTC).replace(tzinfo=None) - n.replace(tzinfo=None)).total_seconds())
            for n in noons
        ]
        set_(self, "_offsets", np.array(offsets, dtype=np.int64))

    @property
    def midnight(self) -> int:
        """The local second at which today begins."""
        return self.now * DAY

    def utc(self, local: Ints) -> Ints:
        """UTC seconds of local seconds; in office hours no clock is ever put forward or back."""
        index = np.clip(local // DAY - self._first, 0, len(self._offsets) - 1)
        return local + self._offsets[index]

    def years(self) -> range:
        """Every calendar year that anything may fall in."""
        first = date(1970, 1, 1) + timedelta(days=self.legacy_start)
        return range(first.year, self.today.year + 3)

    def holidays(self) -> list[tuple[date, str]]:
        """Federal holidays of those years."""
        return [found for year in self.years() for found in us_federal_holidays(year)]

    def sales_days(self, category: str, first: int, last: int) -> DayShares:
        """How sales of a category spread over [first, last): growth, season, weekday, holidays."""
        days = np.arange(first, last, dtype=np.int64)
        weight = YEARLY_GROWTH ** ((days - first) / 365.25)
        weight *= np.array(SEASONS[category])[months(days) % 12]
        weight *= OFFICE_BY_WEEKDAY[weekdays(days)]
        closed = [days_since_1970(day) for day, _ in self.holidays()]
        weight[np.isin(days, closed)] *= ON_HOLIDAYS
        return DayShares(first, np.cumsum(weight) / weight.sum())

    def in_season(self, category: Ints, days: Ints) -> Ints:
        """The days moved within their year, so that each category has its season."""
        first = (
            days.astype("datetime64[D]").astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
        )
        moved = days.copy()
        for one, season in enumerate(SEASONS.values()):
            rows = category == one
            cumulative = np.concatenate([[0.0], np.cumsum(season) / sum(season)])
            part = np.interp((days[rows] - first[rows]) / 366, cumulative, np.arange(13) / 12)
            moved[rows] = first[rows] + (part * 366).astype(np.int64)
        return moved

    def working_day(self, days: Ints, *, back: bool = False) -> Ints:
        """The day itself, or the next (last) one on which the office works."""
        closed = np.array([day for day, _ in self.holidays()], dtype="datetime64[D]")
        moved = np.busday_offset(
            days.astype("datetime64[D]"), 0, roll="backward" if back else "forward", holidays=closed
        )
        return moved.astype(np.int64)

    def after_working_days(self, days: Ints, count: Ints) -> Ints:
        """The day that many working days later."""
        closed = np.array([day for day, _ in self.holidays()], dtype="datetime64[D]")
        moved = np.busday_offset(days.astype("datetime64[D]"), count, roll="forward", holidays=closed)
        return moved.astype(np.int64)


@dataclass(frozen=True)
class DayShares:
    """A distribution over days from `first` on, as cumulative shares."""

    first: int
    cumulative: Floats

    def at(self, share: Floats) -> Ints:
        """The days by which those shares of everything have happened."""
        found = np.searchsorted(self.cumulative, share, side="right")
        return self.first + np.minimum(found, len(self.cumulative) - 1)


def weekdays(days: Ints) -> Ints:
    """0 is Monday; 1 January 1970 was a Thursday."""
    return (days + 3) % 7


def months(days: Ints) -> Ints:
    """Months since January 1970."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def in_office_hours(local: Ints) -> Ints:
    """The same days with their hours pressed into office hours; the order of moments is kept."""
    day, second = np.divmod(local, DAY)
    return day * DAY + (OPENS + second * OPEN_HOURS / 24).astype(np.int64)


def plus_months(days: Ints, count: Ints) -> Ints:
    """Days moved by whole months and cut to the month's length, as core.kit.dates.add_months does."""
    stamps = days.astype("datetime64[D]")
    first = stamps.astype("datetime64[M]")
    day_of_month = (stamps - first.astype("datetime64[D]")).astype(np.int64)
    target = first + count
    length = ((target + 1).astype("datetime64[D]") - target.astype("datetime64[D]")).astype(np.int64)
    first_day: Ints = target.astype("datetime64[D]").astype(np.int64)
    moved: Ints = first_day + np.minimum(day_of_month, length - 1)
    return moved


def whole_months_between(start: Ints, end: Ints) -> Ints:
    """Completed months from start to end; negative when end lies before."""
    guess: Ints = months(end) - months(start)
    return guess - (plus_months(start, guess) > end)
