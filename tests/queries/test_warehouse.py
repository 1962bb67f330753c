from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import duckdb
import pytest

from core.kit.dates import Period
from queries import Filters, NoWarehouse, value, warehouse
from tests.factories.warehouse import SNAPSHOT

JANUARY = Filters(Period(date(2026, 1, 1), date(2026, 2, 1)))
TODAY = date(2026, 1, 31)


def counted(viewer, at=None):
    return value("new_deals", JANUARY, today=TODAY, by=viewer, at=at).now.value


def test_before_the_first_refresh_there_are_no_figures(store, executive):
    with pytest.raises(NoWarehouse, match="no figures yet"):
        counted(executive)


def test_the_published_version_tells_its_moment(store):
    found = store.publish("2026a")
    assert (found.version, found.snapshot_at) == ("2026a", SNAPSHOT)


def test_a_new_version_is_seen_at_once_and_the_old_one_can_still_be_named(store, executive):
    old = store.publish()
    assert counted(executive) == 0
    store.deal("new", date(2026, 1, 2))
    new = store.publish()
    assert counted(executive) == 1
    assert counted(executive, old) == 0
    assert counted(executive, new) == 1


def test_a_version_that_was_removed_while_open_is_still_read(store, executive):
    old = store.publish()
    assert counted(executive) == 0
    old.path.unlink()
    assert counted(executive) == 0


def test_a_version_that_is_gone_is_refused(store, executive):
    old = store.publish()
    old.path.unlink()
    with pytest.raises(NoWarehouse):
        counted(executive)


def test_one_instance_is_opened_for_a_version_and_two_are_kept(store, executive):
    for _ in range(4):
        store.publish()
        counted(executive)
        counted(executive)
    assert len(warehouse._held.opened) == 2


def test_threads_read_at_the_same_time_while_versions_change(store, executive):
    store.publish()
    stop = threading.Event()

    def read() -> int:
        answers = 0
        while not stop.is_set():
            assert counted(executive) is not None
            answers += 1
        return answers

    with ThreadPoolExecutor(8) as pool:
        readers = [pool.submit(read) for _ in range(8)]
        for _ in range(5):
            store.deal("new", date(2026, 1, 2))
            store.publish()
        stop.set()
        assert all(one.result() > 0 for one in readers)


@pytest.mark.parametrize(
    "statement",
    [
        "insert into dim_source values (1, 'x', 'y', 1)",
        "select * from read_csv('/etc/passwd')",
        "copy dim_source to '/tmp/policydesk-stolen.csv'",
        "attach '/tmp/policydesk-other.duckdb'",
        "set enable_external_access = true",
        "install httpfs",
    ],
)
def test_a_reading_connection_neither_writes_nor_leaves_the_file(store, statement):
    store.publish()
    with warehouse.reading() as cursor, pytest.raises(duckdb.Error):
        cursor.execute(statement)
