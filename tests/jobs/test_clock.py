"""What the clock does by itself."""

from __future__ import annotations

import errno
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine

import core.db
from core.db import unit_of_work
from core.jobs import clock
from core.policies.tables import PolicyStatus
from core.sales.tables import FollowupStatus
from tests import factories

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def not_launched(monkeypatch):
    """Refreshes are started, but no process for them."""
    monkeypatch.setattr("core.jobs.actions._launch", lambda _run_id: None)


def statuses(table: str) -> list[str]:
    with unit_of_work() as session:
        return list(session.scalars(text(f"select status::text from {table} order by id")))


def test_a_follow_up_a_day_late_is_missed_and_cover_whose_day_has_come_begins(
    database: Engine,
) -> None:
    firm = factories.company()
    lead = factories.lead(firm.ann_in_east)
    for hour in (14, 16):
        when = datetime(2026, 11, 20, hour, tzinfo=UTC)
        factories.followup(lead, status=FollowupStatus.PLANNED, scheduled_at=when)
    for day in (21, 22):
        factories.policy(
            firm.ann_in_east,
            status=PolicyStatus.ISSUED,
            effective_date=date(2026, 11, day),
            expiry_date=date(2027, 11, day),
        )
    assert clock.run_due(NOW) == {
        "missed_followups": 1,
        "policies_in_force": 1,
        "terms_over": 0,
        "policy_changes_in_force": 0,
        "reviews_follow_cover": 0,
        "identities_expired": 0,
        "agents_moved": 0,
        "files_swept": 0,
        "refreshes_started": 1,
    }
    assert statuses("followups") == ["missed", "planned"]
    assert statuses("policies") == ["active", "issued"]
    assert clock.run_due(NOW) == {
        "missed_followups": 0,
        "policies_in_force": 0,
        "terms_over": 0,
        "policy_changes_in_force": 0,
        "reviews_follow_cover": 0,
        "identities_expired": 0,
        "agents_moved": 0,
        "files_swept": 0,
        "refreshes_started": 0,
    }


def test_a_database_that_is_away_does_not_stop_the_clock(database: Engine) -> None:
    core.db.bind("postgresql://nobody:x@127.0.0.1:9/nothing")
    assert clock.run_due(NOW) == {}


def test_a_process_that_can_not_be_started_does_not_stop_the_clock(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_run_id: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("core.jobs.actions._launch", full)
    assert list(clock.run_due(NOW)) == [name for name in clock.DUE if name != "refreshes_started"]
