"""Business dates in DuckDB are those of the zone, at every turn of its clocks."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import duckdb
import pytest

from etl import zone

ZONES = ("America/New_York", "UTC", "Europe/London", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia")


@pytest.mark.parametrize("name", ZONES)
def test_a_business_date_is_the_zones_own(name):
    chance = random.Random(name)
    turns = [turn for turn, _ in zone.offsets(name)]
    moments = [turn + timedelta(seconds=each) for turn in turns for each in (-1, 0, 1)]
    moments += [datetime.fromtimestamp(chance.randrange(4_000_000_000), UTC) for _ in range(500)]
    with duckdb.connect() as connection:
        connection.execute(zone.business_date(name))
        connection.execute(
            "create table moments as select unnest(?::timestamp[]) as utc",
            [[moment.replace(tzinfo=None) for moment in moments]],
        )
        found = connection.execute("select utc, business_date(utc) from moments").fetchall()
    there = ZoneInfo(name)
    wrong = [at for at, day in found if at.replace(tzinfo=UTC).astimezone(there).date() != day]
    assert wrong == []


def test_offsets_change_when_the_clocks_do():
    turns = [turn for turn, _ in zone.offsets("America/New_York")]
    assert datetime(2026, 3, 8, 7, 0, tzinfo=UTC) in turns
    assert datetime(2026, 11, 1, 6, 0, tzinfo=UTC) in turns
    assert all(earlier < later for earlier, later in pairwise(turns))
