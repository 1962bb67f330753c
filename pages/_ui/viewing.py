"""What the browser tells about the person who looks: their time zone, and moments in it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from core.kit.dates import business_date, utc_now
from core.kit.errors import Invalid
from core.kit.settings import settings


def zone() -> str:
    """The viewer's IANA time zone, or the office's where the browser names none that is known."""
    named = st.context.timezone
    if not named:
        return settings().time_zone
    try:
        return ZoneInfo(named).key
    except (ZoneInfoNotFoundError, ValueError):
        return settings().time_zone


def today() -> date:
    """The office's date, which is the same for everybody."""
    return business_date(utc_now(), settings().time_zone)


def moment(day: date | None, clock: time | None, zone_name: str, *, field: str) -> datetime:
    """The UTC moment of a date and time as the viewer's clock shows them.

    Raises Invalid beside the field when either is missing, or when the clocks skip that time; of a
    time that comes twice the first is meant (quality.md R11).
    """
    if day is None or clock is None:
        raise Invalid({field: "Enter the date and the time."})
    local = datetime.combine(day, clock, ZoneInfo(zone_name))
    found = local.astimezone(UTC)
    if found.astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Invalid({field: "The clocks skip that time on that day: choose another."})
    return found


def local(at: datetime, zone_name: str) -> datetime:
    """A UTC moment as the viewer's clock shows it."""
    return at.astimezone(ZoneInfo(zone_name))
