"""The database is away, busy or full of others (quality.md R9): a refusal in time, and then on again."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Event

import psycopg
import pytest
from sqlalchemy import text

import core.db
from core.db import (
    Busy,
    Crowded,
    Unavailable,
    Uncertain,
    embedded,
    migrate,
    next_number,
    once,
    unit_of_work,
)
from core.kit.errors import Refusal
from core.kit.ids import new_request_id
from core.kit.settings import settings

USERS = 10


@pytest.fixture
def impatient(db_url, monkeypatch):
    """Core on a pool of one connection and one more at peaks, and with little patience."""
    for name, value in {
        "POOL_SIZE": "1",
        "POOL_TIMEOUT_SECONDS": "0.2",
        "LOCK_TIMEOUT_MS": "100",
        "STATEMENT_TIMEOUT_MS": "1500",
    }.items():
        monkeypatch.setenv(f"POLICYDESK_{name}", value)
    settings.cache_clear()
    core.db.bind(db_url)
    yield
    core.db.bind(None)
    monkeypatch.undo()
    settings.cache_clear()


def ask():
    with unit_of_work() as session:
        return session.scalar(text("select 1"))


def test_when_every_connection_is_in_use_the_next_is_told_in_time_and_served_later(impatient):
    release, busy = Event(), [Event(), Event()]

    def hold(taken):
        with unit_of_work() as session:
            session.scalar(text("select 1"))
            taken.set()
            assert release.wait(10)

    with ThreadPoolExecutor(2) as pool:
        holders = [pool.submit(hold, taken) for taken in busy]
        assert all(taken.wait(10) for taken in busy)
        began = time.monotonic()
        with pytest.raises(Crowded, match="Nothing was changed"):
            ask()
        assert time.monotonic() - began < 5
        release.set()
        for holder in holders:
            holder.result()
    assert ask() == 1


def test_a_row_that_somebody_holds_for_long_is_not_waited_for(impatient, db_url):
    with unit_of_work() as session:
        next_number(session, "held")
    with psycopg.connect(db_url) as other:
        other.execute("update code_counters set last_number = last_number")
        with pytest.raises(Busy) as told, unit_of_work() as session:
            next_number(session, "held")
    assert isinstance(told.value.__cause__.orig, psycopg.errors.LockNotAvailable)
    with unit_of_work() as session:
        assert next_number(session, "held") == 2


def test_a_statement_that_takes_too_long_is_cancelled(impatient):
    with pytest.raises(Busy), unit_of_work() as session:
        session.execute(text("select pg_sleep(20)"))
    assert ask() == 1


def test_of_two_who_wait_for_each_other_one_is_told_to_try_again(database):
    with unit_of_work() as session:
        for series in ("a", "b"):
            next_number(session, series)
    first = {"a": Event(), "b": Event()}

    def both(series, other):
        with unit_of_work() as session:
            next_number(session, series)
            first[series].set()
            assert first[other].wait(10)
            next_number(session, other)

    with ThreadPoolExecutor(2) as pool:
        sent = [pool.submit(both, "a", "b"), pool.submit(both, "b", "a")]
    assert [type(error) for one in sent if (error := one.exception())] == [Busy]


def test_a_connection_that_was_cut_is_told_and_the_next_one_works(database, db_url):
    with pytest.raises(Unavailable, match="Nothing was changed"), unit_of_work() as session:
        mine = session.scalar(text("select pg_backend_pid()"))
        with psycopg.connect(db_url) as other:
            other.execute("select pg_terminate_backend(%s)", [mine])
        session.execute(text("select 1"))
    assert ask() == 1


def test_a_connection_that_was_cut_while_nobody_used_it_is_not_noticed(database, db_url):
    with unit_of_work() as session:
        idle = session.scalar(text("select pg_backend_pid()"))
    with psycopg.connect(db_url) as other:
        other.execute("select pg_terminate_backend(%s, 5000)", [idle])
    assert ask() == 1


def test_when_it_goes_away_at_the_commit_nobody_claims_that_nothing_was_changed(database):
    with unit_of_work() as session:
        session.execute(
            text("""
                create function cut() returns trigger language plpgsql
                as $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$
            """)
        )
        session.execute(
            text("""
                create constraint trigger cut after insert on code_counters
                initially deferred for each row execute function cut()
            """)
        )
    with pytest.raises(Uncertain) as told, unit_of_work() as session:
        next_number(session, "cut")
    assert "Nothing" not in str(told.value)


def test_a_defect_of_ours_is_not_told_as_an_outage(database):
    with pytest.raises(Exception, match="no_such_table") as told, unit_of_work() as session:
        session.execute(text("select * from no_such_table"))
    assert not isinstance(told.value, Refusal)


@pytest.fixture
def own_server(data_dir):
    """Core on a server of this test's own, which it may restart."""
    core.db.bind(embedded.start(data_dir))
    migrate.upgrade()
    yield data_dir
    core.db.bind(None)


def restart(data_dir):
    """`pg_ctl restart -m immediate`: as a crash, with recovery."""
    place = embedded.software(data_dir)
    cluster = str(place.home / "data")
    done = place.run("pg_ctl", ["restart", "-w", "-m", "immediate", "-D", cluster], quiet=True)
    assert done.returncode == 0


def test_ten_users_live_through_an_immediate_restart(own_server):
    told, answers, enough, is_over = [], [], Event(), Event()

    def work(user):
        """Numbers, one after the other; what is refused is sent again as it was."""
        while not is_over.is_set() or len(mine[user]) < 20:
            form = new_request_id()
            while True:
                try:
                    with unit_of_work() as session:
                        number = once(
                            session,
                            form,
                            action="test.number",
                            content={"user": user},
                            actor_id=None,
                            make=lambda session=session: next_number(session, "numbers"),
                        )
                except Refusal as refusal:
                    told.append(refusal)
                    is_over.wait(0.01)
                else:
                    break
            mine[user].append(number)
            answers.append(number)
            if len(answers) > 5 * USERS:
                enough.set()

    mine = {user: [] for user in range(USERS)}
    with ExitStack() as ending:
        pool = ending.enter_context(ThreadPoolExecutor(USERS))
        ending.callback(is_over.set)
        users = [pool.submit(work, user) for user in mine]
        assert enough.wait(30)
        restart(own_server)
        is_over.set()
        for user in users:
            user.result(timeout=60)
    assert {type(refusal) for refusal in told} <= {Unavailable, Uncertain}
    assert told, "nobody noticed"
    # Every acknowledged number was given once, and none was lost on the way.
    assert sorted(answers) == list(range(1, len(answers) + 1))
