"""Failed sign-ins make people wait, whatever process counts them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

import core.db
from core.access import throttle
from core.access.throttle import TooManyAttempts, attempt, succeeded
from core.kit.settings import settings

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def fail(times, account="user 1", address="198.51.100.7", at=NOON):
    for number in range(times):
        attempt(account, address, now=at + timedelta(seconds=number))


def test_the_sixth_try_after_five_failures_has_to_wait(database):
    fail(5)
    with pytest.raises(TooManyAttempts) as refused:
        attempt("user 1", "203.0.113.9", now=NOON + timedelta(minutes=1))
    assert refused.value.wait == timedelta(minutes=14)
    assert refused.value.remedy == "Try again in 14 minutes."


def test_the_count_survives_a_restart(database, db_url):
    fail(5)
    core.db.bind(None)
    core.db.bind(db_url)
    with pytest.raises(TooManyAttempts):
        attempt("user 1", "203.0.113.9", now=NOON)


def test_another_account_is_not_held_up(database):
    fail(5)
    attempt("user 2", "198.51.100.7", now=NOON)


def test_the_first_failure_is_forgotten_after_the_window(database):
    fail(5)
    attempt("user 1", "198.51.100.7", now=NOON + timedelta(minutes=15))


def test_a_refused_try_does_not_prolong_the_wait(database):
    fail(5)
    for minute in range(1, 15):
        with pytest.raises(TooManyAttempts):
            attempt("user 1", "198.51.100.7", now=NOON + timedelta(minutes=minute))
    attempt("user 1", "198.51.100.7", now=NOON + timedelta(minutes=15))


def test_a_success_clears_the_account_s_failures(database):
    fail(4)
    succeeded(attempt("user 1", "198.51.100.7", now=NOON), now=NOON)
    fail(5, at=NOON + timedelta(minutes=1))


def test_one_address_can_t_try_many_accounts(database, monkeypatch):
    monkeypatch.setenv("POLICYDESK_SIGN_IN_ATTEMPTS_PER_ADDRESS", "10")
    settings.cache_clear()
    for number in range(10):
        attempt(f"name {number}", "198.51.100.7", now=NOON)
    with pytest.raises(TooManyAttempts):
        attempt("name 11", "198.51.100.7", now=NOON)
    attempt("name 11", "203.0.113.9", now=NOON)
    settings.cache_clear()


def test_sixteen_tries_at_once_are_no_more_than_five(database):
    def one(_number):
        try:
            attempt("user 1", "198.51.100.7", now=NOON)
        except TooManyAttempts:
            return 0
        return 1

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(one, range(16))) == 5


def test_neither_names_nor_addresses_are_in_the_table(database):
    attempt("name ann.agent", "198.51.100.7", now=NOON)
    with database.connect() as connection:
        row = str(connection.execute(text("select a::text from sign_in_attempts a")).scalar_one())
    assert "ann" not in row
    assert "198.51" not in row


def test_the_key_is_ours_alone(database):
    attempt("name ann", "", now=NOON)
    key = settings().data_dir / throttle.KEY_FILE
    assert key.stat().st_mode & 0o077 == 0
    assert len(key.read_bytes()) == 32


def test_attempts_older_than_a_day_are_swept(database):
    fail(3)
    later = NOON + timedelta(days=2)
    succeeded(attempt("user 9", "", now=later), now=later)
    with database.connect() as connection:
        assert connection.execute(text("select count(*) from sign_in_attempts")).scalar_one() == 1
