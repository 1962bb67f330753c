"""Dates and times of day in sentences for people."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest

from core.kit.settings import ROOT
from core.kit.wording import clock_told, day_told

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


def test_nothing_else_in_core_writes_dates_for_people() -> None:
    core = ROOT / "core"
    own = {
        str(path.relative_to(core))
        for path in core.rglob("*.py")
        if re.search(r"%[bB]|%m/%d|%d/%m|%d\.%m", path.read_text())
    }
    assert own - _READ == {"kit/wording.py"}
