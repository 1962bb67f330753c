"""How dates and times of day are written for people, in sentences as on the pages."""

from __future__ import annotations

from datetime import date, datetime


def day_told(value: date) -> str:
    """A date, such as "Nov 21, 2025"."""
    return f"{value:%b} {value.day}, {value.year}"


def clock_told(value: datetime) -> str:
    """The time of day of a moment in its own zone, such as "4:05 PM"."""
    return f"{value:%I:%M %p}".removeprefix("0")
