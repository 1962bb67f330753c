"""What the browser tells about the person who looks: time zone, and light or dark."""

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


def is_dark() -> bool:
    """Whether the page is shown dark; light until the browser has said so."""
    return bool(st.context.theme.type == "dark")
