"""A refresh is started, watched, one at a time, and never silent about how it ended."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import text

from core import jobs
from core.access import Role
from core.db import Unavailable, unit_of_work
from core.jobs import AlreadyRunning
from core.kit.dates import utc_now
from core.kit.errors import NotAllowed, Refusal
from core.kit.settings import ROOT
from etl import extract, publish
from tests import factories as make

SECONDS = 60


@pytest.fixture
def admin(database):
    return make.viewer(make.user(Role.ADMIN, name="Adam Admin"))


@pytest.fixture
def not_launched(monkeypatch):
    """Runs are made, but no process is started for them."""
    monkeypatch.setattr("core.jobs.actions._launch", lambda _run_id: None)


def test_a_refresh_started_by_a_person_publishes_and_says_so(admin, published):
    run_id = jobs.start_refresh(by=admin)
    give_up_at = time.monotonic() + SECONDS
    while jobs.current_refresh(by=admin):
        assert time.monotonic() < give_up_at
        time.sleep(0.05)
    run = jobs.refresh_runs(by=admin)[0]
    assert (run.id, run.state, run.started_by, run.progress) == (run_id, "succeeded", "Adam Admin", 100)
    assert run.version == published.pointer["version"]


def test_a_second_refresh_is_refused_while_one_runs(admin, not_launched):
    jobs.start_refresh(by=admin)
    with pytest.raises(AlreadyRunning):
        jobs.start_refresh(by=admin)


def test_a_refresh_on_the_command_line_is_refused_while_one_runs(run_etl, published):
    with jobs.alone(), pytest.raises(AlreadyRunning):
        run_etl()
    assert run_etl().name == published.pointer["version"]


def test_a_run_whose_process_found_another_at_work_has_failed(admin, not_launched, run_etl):
    run_id = jobs.start_refresh(by=admin)
    with jobs.alone(), pytest.raises(AlreadyRunning):
        run_etl(run_id=run_id)
    run = jobs.refresh_runs(by=admin)[0]
    assert (run.state, run.message) == ("failed", str(AlreadyRunning()))


def test_two_databases_do_not_publish_to_one_place_at_once(run_etl, published):
    published.directory.mkdir()
    lock = publish.LOCK
    holder = (
        "import sys; from pathlib import Path; from core.kit.locks import held\n"
        f"with held(Path(sys.argv[1]) / '{lock}'): print('held', flush=True); sys.stdin.readline()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(published.directory)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(AlreadyRunning):
            run_etl()
        other.communicate("\n")
    assert run_etl()


def test_a_run_that_was_not_heard_of_for_half_a_minute_has_failed(admin, not_launched):
    now = utc_now()
    jobs.start_refresh(by=admin, now=now)
    alive, late = now + timedelta(seconds=30), now + timedelta(seconds=31)
    assert jobs.current_refresh(by=admin, now=alive) is not None
    assert jobs.current_refresh(by=admin, now=late) is None
    assert jobs.refresh_runs(by=admin, now=late)[0].is_failed
    assert jobs.freshness(by=admin, now=late).failed_at is not None


def test_after_a_run_that_died_the_next_may_start_and_buries_it(admin, not_launched, run_etl):
    jobs.start_refresh(by=admin, now=utc_now() - timedelta(minutes=5))
    run_etl()
    newest, died = jobs.refresh_runs(by=admin)
    assert (newest.state, died.state) == ("succeeded", "failed")
    with unit_of_work() as session:
        assert session.scalar(text("select count(*) from refresh_runs where state = 'running'")) == 0


def test_the_figures_are_not_stale_after_a_refresh_that_succeeded(admin, run_etl):
    assert jobs.freshness(by=admin).refreshed_at is None
    run_etl()
    freshness = jobs.freshness(by=admin)
    assert freshness.failed_at is None
    assert freshness.refreshed_at is not None


def test_a_refresh_tells_how_far_it_is(run_etl, published):
    told = []
    run_etl(on_progress=lambda percent, step: told.append((percent, step)))
    percents = [percent for percent, _ in told]
    assert percents == sorted(percents)
    assert told[-1] == (100, "Done")
    steps = {step for _, step in told}
    assert {"Comparing customers with PostgreSQL", "Building fct_deal", "Publishing"} <= steps
    tables = {step.partition(",")[0]: percent for percent, step in told if step.startswith("Reading ")}
    assert tables["Reading users"] < tables["Reading leads"] < tables["Reading status history"]


def test_a_connection_cut_while_reading_fails_the_run_and_keeps_the_last_version(
    admin, run_etl, published, database, monkeypatch
):
    run_etl()
    before = published.pointer
    land_one = extract._land_one

    def cut(source, *rest):
        if source.name == "policy":
            address = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
            with psycopg.connect(address, autocommit=True) as other:
                other.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where pid <> pg_backend_pid() and datname = current_database()"
                )
        land_one(source, *rest)

    monkeypatch.setattr(extract, "_land_one", cut)
    with pytest.raises(Unavailable):
        run_etl()
    assert published.pointer == before
    run = jobs.refresh_runs(by=admin)[0]
    assert (run.state, run.message) == ("failed", str(Unavailable()))


def test_a_defect_is_told_by_reference_only(admin, run_etl, monkeypatch):
    def broken(*_args, **_kwargs):
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(extract, "land", broken)
    with pytest.raises(ZeroDivisionError):
        run_etl()
    run = jobs.refresh_runs(by=admin)[0]
    assert run.message.startswith("Something unexpected happened. Reference ")
    assert "secret" not in run.message


def test_a_database_of_another_version_is_refused(run_etl, database):
    with unit_of_work() as session:
        session.execute(text("update alembic_version set version_num = '0001'"))
    with pytest.raises(Refusal, match="schema"):
        run_etl()


def test_starting_a_refresh_is_in_the_audit_log(admin, not_launched):
    run_id = jobs.start_refresh(by=admin)
    with unit_of_work() as session:
        row = session.execute(text("select actor_id, action, entity_id from audit_log")).one()
    assert tuple(row) == (admin.user_id, "refresh.start", run_id)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMIN}))
def test_only_administrators_refresh(database, not_launched, role):
    viewer = make.viewer(make.user(role))
    for refused in (jobs.start_refresh, jobs.refresh_runs, jobs.current_refresh):
        with pytest.raises(NotAllowed):
            refused(by=viewer)
