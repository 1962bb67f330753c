"""How near a moment is, as people say it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pages._ui import nearness

ZONE = "America/New_York"
NOON = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


def test_moments_are_said_as_near_as_people_say_them():
    def said(hours):
        return nearness.when(NOON + timedelta(hours=hours), NOON, ZONE)

    assert said(3) == "Today 3:00 PM"
    assert said(24) == "Tomorrow 12:00 PM"
    assert said(72) == "Mon 12:00 PM"
    assert said(24 * 10) == "Nov 30"
    assert said(-24) == "Yesterday"


def test_a_card_says_how_late_a_follow_up_is():
    assert nearness.soon(NOON - timedelta(days=2), NOON, ZONE) == "2 d late"
    assert nearness.soon(NOON + timedelta(hours=1), NOON, ZONE) == "1:00 PM"
    assert nearness.soon(None, NOON, ZONE) == ""
