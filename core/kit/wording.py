"""How dates, times of day and ranges are written for people, in sentences as on the pages."""

from __future__ import annotations

from datetime import date, datetime


def day_told(value: date) -> str:
    """A date, such as "Nov 21, 2025"."""
    return f"{value:%b} {value.day}, {value.year}"


def clock_told(value: datetime) -> str:
    """The time of day of a moment in its own zone, such as "4:05 PM"."""
    return f"{value:%I:%M %p}".removeprefix("0")


def range_told(first: object, last: object) -> str:
    """From one value to another, such as "18 to 80"; one alone where both are the same."""
    return f"{first}" if first == last else f"{first} to {last}"


def ages_told(first: int, last: int) -> str:
    """Some ages, such as "ages 18 to 22" or "age 18"."""
    return f"{'age' if first == last else 'ages'} {range_told(first, last)}"


def years_told(least: int, most: int | None = None) -> str:
    """A length in years, such as "1 year", or from the least to the most, such as "10 to 30 years"."""
    last = least if most is None else most
    return f"{range_told(least, last)} year{'' if last == 1 else 's'}"
