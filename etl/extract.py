"""Reads PostgreSQL in one snapshot and lands every table in DuckDB as staging.

This is the only part that knows that everything is copied every time. What follows (marts, checks,
publication) asks nothing but that the staging tables are there and agree with the snapshot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import adbc_driver_postgresql.dbapi as adbc
import duckdb
import psycopg
import pyarrow as pa

from etl import sql
from etl.sources import SOURCES, Source

# The table that is being read, and how many rows of all tables have been.
OnRows = Callable[[Source, int], None]

# A long read is what this is for, whatever limits pages have.
_UNLIMITED = (
    "set statement_timeout = 0",
    "set lock_timeout = 0",
    "set idle_in_transaction_session_timeout = 0",
)


@dataclass(frozen=True, slots=True)
class Totals:
    """Rows of one table, and the sum of each of its amounts."""

    rows: int
    sums: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One moment in PostgreSQL that any number of connections can see; open while the block runs."""

    url: str
    id: str
    at: datetime
    connection: psycopg.Connection

    def totals(self, source: Source) -> Totals:
        """What PostgreSQL itself counts and adds up."""
        row = self.connection.execute(source.totals_query.encode()).fetchone()
        if row is None:
            raise RuntimeError("an aggregate has one row")
        return Totals(row[0], dict(zip(source.hundredths, row[1:], strict=True)))

    def expected_rows(self) -> int:
        """About how many rows there are to read, from the planner's statistics; for progress only."""
        row = self.connection.execute(
            "select coalesce(sum(greatest(reltuples, 0)), 0)::int8 from pg_class"
            " where oid = any(%s::regclass[])",
            ([source.table for source in SOURCES],),
        ).fetchone()
        return max(row[0] if row else 0, 1)


@contextmanager
def snapshot(url: str) -> Iterator[Snapshot]:
    """Open a read-only transaction that sees one moment, and make that moment shareable."""
    with psycopg.connect(url, application_name="policydesk etl", autocommit=True) as connection:
        for statement in _UNLIMITED:
            connection.execute(statement)
        connection.execute("begin isolation level repeatable read read only")
        row = connection.execute("select pg_export_snapshot(), now()").fetchone()
        if row is None:
            raise RuntimeError("a snapshot has a name")
        try:
            yield Snapshot(url, row[0], row[1], connection)
        finally:
            if not connection.closed:
                connection.execute("rollback")


def land(found: Snapshot, into: duckdb.DuckDBPyConnection, *, on_rows: OnRows) -> int:
    """Copy every source of the snapshot into its staging table; returns the rows that were read.

    Record batches stream from one side to the other, so memory does not grow with the tables.
    """
    read = 0

    def count(source: Source, rows: int) -> None:
        nonlocal read
        read += rows
        on_rows(source, read)

    with closing(adbc.connect(found.url)) as connection, closing(connection.cursor()) as cursor:
        # The driver has begun the transaction; these still come before its first query.
        for statement in (*_UNLIMITED, "set transaction isolation level repeatable read read only"):
            cursor.execute(statement)
        cursor.execute(f"set transaction snapshot '{found.id}'")
        for source in SOURCES:
            _land_one(source, cursor, into, count)
    return read


def _land_one(source: Source, cursor: Any, into: duckdb.DuckDBPyConnection, count: OnRows) -> None:
    count(source, 0)
    cursor.execute(source.query)
    with closing(_utc_without_zone(cursor.fetch_record_batch(), source, count)) as reader:
        into.register("extracted", reader)
        try:
            into.execute(f"create table staging.stg_{source.name} as {sql.staging(source.name)}")
        finally:
            into.unregister("extracted")


def _utc_without_zone(reader: pa.RecordBatchReader, source: Source, count: OnRows) -> pa.RecordBatchReader:
    """The same batches with UTC moments as plain timestamps (no copy), counted as they pass."""
    plain = pa.schema(
        [
            field.with_type(pa.timestamp("us")) if pa.types.is_timestamp(field.type) else field
            for field in reader.schema
        ]
    )

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in reader:
            count(source, batch.num_rows)
            yield batch.cast(plain)

    return pa.RecordBatchReader.from_batches(plain, batches())
