"""The DuckDB workspace in which a version is built: staging in memory, the marts in a file.

Nothing here is seen by readers: the workspace is a directory of its own until publication. Staging
that outgrows the memory spills into that directory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from core import claims, policies
from core.kit.lifecycle import Lifecycle
from core.policies import PaymentFrequency
from core.sales import APPOINTMENT, FOLLOWUP, LEAD, OPPORTUNITY, STAGE_WEIGHT
from etl import sql, zone

MEMORY = "1GB"
FILE = "marts.duckdb"
LIFECYCLES = (LEAD, OPPORTUNITY, FOLLOWUP, APPOINTMENT, policies.POLICY, claims.CLAIM)


@contextmanager
def workspace(directory: Path, *, time_zone: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty workspace in the directory: attached as `staging` and `marts`, macros defined.

    `cents` makes an exact amount of whole cents; `business_date` the company's date of a UTC moment.
    """
    options: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY,
        "temp_directory": str(directory / "spill"),
        "preserve_insertion_order": "true",
    }
    connection = duckdb.connect(":memory:", config=options)
    try:
        connection.execute("attach ':memory:' as staging")
        connection.execute(f"attach '{_quoted(directory / FILE)}' as marts")
        connection.execute("use marts")
        connection.execute("set search_path = 'marts,staging'")
        connection.execute("create temp macro cents(whole) as whole::decimal(16, 0) * 0.01::decimal(2, 2)")
        connection.execute(zone.business_date(time_zone))
        yield connection
    finally:
        connection.close()


def put_statuses(connection: duckdb.DuckDBPyConnection) -> None:
    """What core says of statuses and payment frequencies, as staging tables, so that no SQL does."""
    connection.execute(
        "create table staging.stg_status (entity varchar, status varchar, label varchar,"
        " rank integer, weight decimal(5, 4), flags varchar[])"
    )
    rows = [row for lifecycle in LIFECYCLES for row in _statuses(lifecycle)]
    connection.executemany("insert into staging.stg_status values (?, ?, ?, ?, ?, ?)", rows)
    connection.execute("create table staging.stg_frequency (frequency varchar, per_year integer)")
    connection.executemany(
        "insert into staging.stg_frequency values (?, ?)",
        [(each.value, each.per_year) for each in PaymentFrequency],
    )


def _statuses(lifecycle: Lifecycle) -> list[tuple[Any, ...]]:
    weights: Mapping[str, Decimal] = STAGE_WEIGHT.get(lifecycle.entity, {})
    return [
        (
            lifecycle.entity,
            status.value,
            status.label,
            rank,
            weights.get(status.value),
            sorted(status.flags),
        )
        for rank, status in enumerate(lifecycle.statuses, start=1)
    ]


def build_marts(
    connection: duckdb.DuckDBPyConnection, *, on_mart: Callable[[str, float], None]
) -> dict[str, int]:
    """Make every mart; their rows by name. `on_mart` hears which one begins, and the share done."""
    counts = {}
    every = sql.marts()
    for done, mart in enumerate(every):
        on_mart(mart.name, done / len(every))
        row = connection.execute(f"create table marts.{mart.name} as {mart.select}").fetchone()
        counts[mart.name] = row[0] if row else 0
    return counts


def put_meta(
    connection: duckdb.DuckDBPyConnection,
    *,
    version: str,
    snapshot_at: datetime,
    time_zone: str,
    source_rows: dict[str, int],
) -> None:
    """One row that says which version this is and what it was made of."""
    connection.execute(
        "create table marts.etl_meta as select ?::varchar as version,"
        " ?::timestamp as snapshot_at, ?::varchar as time_zone, ?::map(varchar, bigint) as source_rows",
        [version, snapshot_at.replace(tzinfo=None), time_zone, source_rows],
    )


def close_marts(connection: duckdb.DuckDBPyConnection) -> None:
    """Bring the marts' file to its final state and let go of it; staging stays."""
    connection.execute("use memory")
    connection.execute("set search_path = 'memory,staging'")
    connection.execute("checkpoint marts")
    connection.execute("detach marts")


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
