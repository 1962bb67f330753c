from __future__ import annotations

from datetime import date

import pytest

from core.kit.dates import Period
from queries import Filters, from_query
from queries.filters import trend_period

TODAY = date(2026, 3, 10)
MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))


def test_an_empty_address_is_this_month_against_the_one_before():
    assert from_query({}, today=TODAY) == Filters(MARCH)


def test_filters_come_back_from_their_address():
    filters = Filters(
        Period(date(2025, 2, 1), date(2025, 3, 15)),
        kind="opportunity",
        comparison="year_before",
        grain="quarter",
        territory_id=4,
        agent_id=0,
        manager_id=8,
        product_id=15,
        category="whole_life",
        source_id=16,
        stage="closed_won",
        reached=3,
    )
    assert from_query(filters.to_query(), today=TODAY) == filters


@pytest.mark.parametrize(
    "query",
    [
        {"period": "drop table"},
        {"period": "custom"},
        {"period": "custom", "period_days": "2026-02-30.2026-03-01"},
        {"period": "custom", "period_days": "2026-03-02.2026-03-01"},
        {"period": "custom", "period_days": "0001-01-01.9999-12-31"},
        {"period": "custom", "period_days": "0001-01-01.0001-01-31"},
        {"kind": "policy", "grain": "day", "period_compare": "x"},
        {"territory": "1 or 1=1", "agent": "-1", "product": "٣", "source": "9" * 40},
        {"category": "x' or '1'='1", "stage": "A" * 50},
    ],
)
def test_what_an_address_says_wrongly_is_dropped(query):
    assert from_query(query, today=TODAY) == Filters(MARCH)


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
    period = from_query({"period": name}, today=TODAY).period
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
