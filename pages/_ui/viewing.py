"""What the browser tells about the person who looks: their time zone."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

FALLBACK_ZONE = "America/New_York"


def zone() -> str:
    """The viewer's IANA time zone, or the office's where the browser names none that is known."""
    named = st.context.timezone
    if not named:
        return FALLBACK_ZONE
    try:
        return ZoneInfo(named).key
    except (ZoneInfoNotFoundError, ValueError):
        return FALLBACK_ZONE
