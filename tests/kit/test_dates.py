"""The business calendar, ages, months and periods."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from core.kit.dates import (
    Period,
    add_months,
    age_last_birthday,
    business_date,
    month_of,
    quarter_of,
    start_of_day,
    us_calendar,
    year_of,
)

CALENDAR = us_calendar([2025, 2026])


def test_monthly_due_dates_from_31_january_come_back_to_the_31st() -> None:
    anchor = date(2024, 1, 31)
    assert [add_months(anchor, k) for k in (1, 2, 3)] == [
        date(2024, 2, 29),
        date(2024, 3, 31),
        date(2024, 4, 30),
    ]


def test_who_was_born_on_29_february_turns_older_on_1_march_in_common_years() -> None:
    born = date(2000, 2, 29)
    assert age_last_birthday(born, date(2023, 2, 28)) == 22
    assert age_last_birthday(born, date(2023, 3, 1)) == 23
    assert age_last_birthday(born, date(2024, 2, 29)) == 24


def test_business_days_skip_the_weekend_and_thanksgiving() -> None:
    wednesday = date(2026, 11, 25)
    assert CALENDAR.add_days(wednesday, 1) == date(2026, 11, 27)
    assert CALENDAR.add_days(wednesday, 2) == date(2026, 11, 30)
    assert CALENDAR.days_between(wednesday, date(2026, 11, 30)) == 2


def test_the_same_day_counts_no_business_day() -> None:
    assert CALENDAR.days_between(date(2026, 11, 24), date(2026, 11, 24)) == 0


def test_ten_business_days_from_a_saturday_start_on_monday() -> None:
    assert CALENDAR.add_days(date(2026, 11, 7), 10) == date(2026, 11, 24)  # Veterans Day is closed


def test_a_closing_day_of_our_own_is_no_business_day() -> None:
    own = us_calendar([2026], extra=[date(2026, 12, 24)])
    assert CALENDAR.days_between(date(2026, 12, 24), date(2026, 12, 25)) == 1
    assert own.days_between(date(2026, 12, 24), date(2026, 12, 25)) == 0


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 3, 8, 4, 59, tzinfo=UTC), date(2026, 3, 7)),
        (datetime(2026, 3, 8, 5, 0, tzinfo=UTC), date(2026, 3, 8)),
        (datetime(2026, 3, 9, 3, 59, tzinfo=UTC), date(2026, 3, 8)),
        (datetime(2026, 3, 9, 4, 0, tzinfo=UTC), date(2026, 3, 9)),
    ],
)
def test_the_business_day_begins_at_local_midnight_on_both_sides_of_the_clock_change(
    at: datetime, day: date
) -> None:
    assert business_date(at, "America/New_York") == day


def test_a_day_begins_at_its_own_utc_hour() -> None:
    assert start_of_day(date(2026, 7, 1), "America/New_York") == datetime(2026, 7, 1, 4, tzinfo=UTC)


def test_month_to_date_compares_with_the_same_elapsed_days() -> None:
    month = month_of(date(2026, 11, 21))
    assert month.previous(today=date(2026, 11, 21)) == Period(date(2026, 10, 1), date(2026, 10, 22))
    assert month.year_before(today=date(2026, 11, 21)) == Period(date(2025, 11, 1), date(2025, 11, 22))


def test_march_to_date_on_the_31st_compares_with_the_whole_of_february() -> None:
    assert month_of(date(2026, 3, 31)).previous(today=date(2026, 3, 30)) == Period(
        date(2026, 2, 1), date(2026, 3, 1)
    )


def test_a_period_that_is_over_compares_with_the_whole_one_before() -> None:
    quarter = quarter_of(date(2026, 8, 15))
    assert quarter.previous(today=date(2026, 11, 21)) == quarter_of(date(2026, 5, 1))
    assert year_of(date(2025, 6, 1)).previous() == year_of(date(2024, 1, 1))


def test_spans_of_days_compare_with_as_many_days_before() -> None:
    week = Period(date(2026, 11, 9), date(2026, 11, 16))
    assert week.previous() == Period(date(2026, 11, 2), date(2026, 11, 9))


def test_a_period_without_a_day_is_refused() -> None:
    with pytest.raises(ValueError, match="ends after it starts"):
        Period(date(2026, 1, 1), date(2026, 1, 1))
