"""Moments and dates as near as people say them; without one, an empty text."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from pages._ui import format as fmt
from pages._ui import viewing

_NEAR = timedelta(days=6)


def when(at: datetime | None, now: datetime, zone: str) -> str:
    """A moment as near as one says it: "Today 3:05 PM", "Tomorrow", "Fri 9:00 AM", "Nov 24"."""
    if at is None:
        return ""
    local, today = viewing.local(at, zone), viewing.local(now, zone).date()
    clock = fmt.clock(at, zone)
    distance = local.date() - today
    if distance == timedelta(0):
        return f"Today {clock}"
    if distance == timedelta(days=1):
        return f"Tomorrow {clock}"
    if distance == timedelta(days=-1):
        return "Yesterday"
    if timedelta(0) < distance <= _NEAR:
        return f"{local:%a} {clock}"
    return short_day(local.date(), today)


def exactly(at: datetime | None, now: datetime, zone: str) -> str:
    """A moment with its time, however far: "Today 3:05 PM", "Fri 9:00 AM", "Nov 24, 9:00 AM"."""
    near, clock = when(at, now, zone), fmt.clock(at, zone)
    return near if not near or near.endswith(clock) else f"{near}, {clock}"


def soon(at: datetime | None, now: datetime, zone: str) -> str:
    """A moment in the few signs of a card: "2 d late", "3:05 PM" (today), "Tomorrow", "Fri", "Nov 24"."""
    if at is None:
        return ""
    local, today = viewing.local(at, zone).date(), viewing.local(now, zone).date()
    distance = local - today
    if distance < timedelta(0):
        return f"{fmt.number(-distance.days)} d late"
    if distance == timedelta(0):
        return fmt.clock(at, zone)
    if distance == timedelta(days=1):
        return "Tomorrow"
    return f"{local:%a}" if distance <= _NEAR else short_day(local, today)


def short_day(day: date, today: date) -> str:
    """A date without its year when that is this one: "Nov 24", "Nov 24, 2024"."""
    return fmt.day(day) if day.year != today.year else fmt.day(day).rsplit(",", 1)[0]
