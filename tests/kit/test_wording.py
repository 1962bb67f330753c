"""Dates, times of day and ranges in sentences for people."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest

from core.kit.settings import ROOT
from core.kit.wording import ages_told, clock_told, day_told, range_told, years_told

# The formats of dates in files that are read.
_READ = {"imports/dateforms.py", "imports/mapping.py"}


def test_a_date_has_the_month_by_name_and_no_leading_zero() -> None:
    assert day_told(date(2026, 10, 1)) == "Oct 1, 2026"
    assert day_told(date(2024, 2, 29)) == "Feb 29, 2024"


@pytest.mark.parametrize(
    ("hour", "shown"), [(0, "12:05 AM"), (9, "9:05 AM"), (12, "12:05 PM"), (23, "11:05 PM")]
)
def test_the_time_of_day_is_told_on_a_clock_of_twelve_hours(hour: int, shown: str) -> None:
    assert clock_told(datetime(2026, 10, 1, hour, 5)) == shown  # noqa: DTZ001 - a clock on a wall


def test_a_range_of_one_value_is_that_value() -> None:
    assert [range_told(18, 80), range_told("$5,000", "$5,000")] == ["18 to 80", "$5,000"]
    assert [ages_told(18, 22), ages_told(18, 18)] == ["ages 18 to 22", "age 18"]
    assert [years_told(1), years_told(20), years_told(0)] == ["1 year", "20 years", "0 years"]
    assert [years_told(1, 1), years_told(1, 5), years_told(5, 5)] == ["1 year", "1 to 5 years", "5 years"]


def test_nothing_else_in_core_writes_dates_for_people() -> None:
    core = ROOT / "core"
    own = {
        str(path.relative_to(core))
        for path in core.rglob("*.py")
        if re.search(r"%[bB]|%m/%d|%d/%m|%d\.%m", path.read_text())
    }
    assert own - _READ == {"kit/wording.py"}
