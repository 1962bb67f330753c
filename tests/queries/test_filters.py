from __future__ import annotations

from datetime import date

import pytest

from core.kit.dates import Period
from queries import Filters
from queries.filters import NONE_ID, named_periods, parse_id, trend_period

TODAY = date(2026, 3, 10)
MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))


@pytest.mark.parametrize("text", [None, "", "1 or 1=1", "-1", "1.0", "٣", "9" * 40])
def test_what_an_address_says_wrongly_is_no_id(text):
    assert parse_id(text) is None


def test_an_id_of_nought_is_one_that_stands_for_none():
    assert (parse_id("0"), parse_id("16")) == (NONE_ID, 16)


@pytest.mark.parametrize(
    "changes",
    [
        {"period": Period(date(2026, 3, 1), date(2026, 3, 2))},
        {"kind": "opportunity"},
        {"territory_id": NONE_ID},
        {"own_territory_id": NONE_ID},
        {"reached": 3},
    ],
)
def test_filters_that_differ_have_keys_that_differ(changes):
    assert Filters(MARCH).narrowed(**changes).key != Filters(MARCH).key
    assert Filters(MARCH).narrowed(**changes).key == Filters(MARCH).narrowed(**changes).key


@pytest.mark.parametrize(
    ("name", "start", "last"),
    [
        ("last_month", date(2026, 2, 1), date(2026, 2, 28)),
        ("quarter", date(2026, 1, 1), date(2026, 3, 31)),
        ("last_quarter", date(2025, 10, 1), date(2025, 12, 31)),
        ("year", date(2026, 1, 1), date(2026, 12, 31)),
        ("last_year", date(2025, 1, 1), date(2025, 12, 31)),
        ("12_months", date(2025, 4, 1), date(2026, 3, 31)),
    ],
)
def test_named_periods_are_counted_from_today(name, start, last):
    period = named_periods(TODAY)[name]
    assert (period.start, period.last_day) == (start, last)


def test_a_comparison_to_date_covers_the_same_elapsed_days():
    assert Filters(MARCH).compared_with(TODAY) == Period(date(2026, 2, 1), date(2026, 2, 11))
    a_year = Filters(MARCH, comparison="year_before").compared_with(TODAY)
    assert a_year == Period(date(2025, 3, 1), date(2025, 3, 11))
    assert Filters(MARCH, comparison="none").compared_with(TODAY) is None


def test_a_trend_shows_at_least_a_year_in_whole_months():
    assert trend_period(Filters(MARCH), TODAY) == Period(date(2025, 4, 1), date(2026, 4, 1))
    long = Filters(Period(date(2024, 2, 10), date(2026, 3, 5)))
    assert trend_period(long, TODAY) == Period(date(2024, 2, 1), date(2026, 4, 1))
    quarters = Filters(MARCH, grain="quarter")
    assert trend_period(quarters, TODAY) == Period(date(2024, 4, 1), date(2026, 4, 1))


def test_a_trend_ends_with_the_month_of_today():
    year = Filters(Period(date(2026, 1, 1), date(2027, 1, 1)))
    assert trend_period(year, TODAY) == Period(date(2025, 4, 1), date(2026, 4, 1))
    to_come = Filters(Period(date(2026, 6, 1), date(2026, 7, 1)))
    assert trend_period(to_come, TODAY) == Period(date(2025, 7, 1), date(2026, 7, 1))
