"""Refreshes that the server starts by itself."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from core import jobs
from core.access import Role
from core.kit.settings import settings
from tests import factories as make

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def admin(database):
    return make.viewer(make.user(Role.ADMIN, name="Adam Admin"))


@pytest.fixture(autouse=True)
def launched(monkeypatch):
    """The runs for which a process would have been started."""
    ids = []
    monkeypatch.setattr("core.jobs.actions._launch", ids.append)
    return ids


@pytest.fixture
def every(monkeypatch):
    """Set the interval in minutes."""

    def chosen(minutes):
        monkeypatch.setenv("POLICYDESK_REFRESH_EVERY_MINUTES", str(minutes))
        settings.cache_clear()

    yield chosen
    monkeypatch.undo()
    settings.cache_clear()


def run_at(moment):
    """A refresh that the clock has started, and that has succeeded."""
    assert jobs.start_due_refresh(now=moment) == 1


def test_the_first_refresh_is_due_at_once(admin, launched):
    run_at(NOON)
    [run] = jobs.refresh_runs(by=admin, now=NOON)
    assert (run.id, run.started_by) == (launched[0], "The system")


def test_the_next_is_due_an_hour_after_the_last_began_however_it_ended(admin, launched):
    run_id = jobs.start_refresh(by=admin, now=NOON)
    jobs.fail_run(run_id, message="The disk is full.", now=NOON + timedelta(minutes=10))
    assert jobs.next_refresh_at(by=admin, now=NOON + timedelta(minutes=10)) == NOON + HOUR
    assert jobs.start_due_refresh(now=NOON + HOUR - timedelta(seconds=1)) == 0
    assert jobs.start_due_refresh(now=NOON + HOUR) == 1
    assert len(launched) == 2


def test_what_three_hours_have_missed_is_made_up_for_by_one(admin, launched):
    jobs.finish_run(jobs.start_refresh(by=admin, now=NOON), now=NOON)
    later = NOON + 3 * HOUR
    assert [jobs.start_due_refresh(now=later) for _ in range(3)] == [1, 0, 0]
    assert jobs.next_refresh_at(by=admin, now=later) is None
    jobs.finish_run(launched[-1], now=later)
    assert jobs.next_refresh_at(by=admin, now=later) == later + HOUR


def test_none_is_started_while_one_is_at_work(admin):
    run_id = jobs.start_refresh(by=admin, now=NOON)
    jobs.report_progress(run_id, step="Reading", progress=10, now=NOON + 2 * HOUR)
    assert jobs.start_due_refresh(now=NOON + 2 * HOUR) == 0


def test_two_servers_start_one_between_them(admin, launched):
    together = threading.Barrier(4)

    def tick():
        together.wait()
        jobs.start_due_refresh(now=NOON)

    clocks = [threading.Thread(target=tick) for _ in range(4)]
    for one in clocks:
        one.start()
    for one in clocks:
        one.join()
    assert len(launched) == 1


def test_the_interval_is_a_setting(admin, every):
    every(15)
    jobs.finish_run(jobs.start_refresh(by=admin, now=NOON), now=NOON)
    assert jobs.next_refresh_at(by=admin, now=NOON) == NOON + timedelta(minutes=15)


def test_an_interval_of_0_switches_it_off(admin, every, launched):
    every(0)
    assert jobs.next_refresh_at(by=admin, now=NOON) is None
    assert jobs.start_due_refresh(now=NOON) == 0
    assert launched == []
