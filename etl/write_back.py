"""Takes the two summaries back to PostgreSQL: only what differs, and then both sides are added up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import duckdb

from core import summaries
from core.db import unit_of_work
from core.kit.errors import Refusal
from core.summaries import AGENT_PERFORMANCE, DAILY_SALES, Summary, Totals

# Summary table, the mart that it is written from, and what the last refresh had written.
WRITTEN = MappingProxyType(
    {
        "rpt_daily_sales_summary": (DAILY_SALES, "stg_written_sales"),
        "rpt_agent_performance": (AGENT_PERFORMANCE, "stg_written_performance"),
    }
)
_CHUNK = 10_000


class NotReconciled(Refusal):
    """The summaries in PostgreSQL do not add up to the published figures; they were not written."""

    code = "not_reconciled"

    def __init__(self, summary: Summary, *, found: Totals, expected: Totals) -> None:
        super().__init__(
            f"The new figures are in use, but {summary.table} could not be brought up to them:"
            f" {found.rows:,} rows instead of {expected.rows:,}, sums {_told(found)} instead of"
            f" {_told(expected)}.",
            remedy="Refresh again; if it stays, tell your administrator.",
        )


def _told(totals: Totals) -> str:
    return ", ".join(f"{amount:,}" for amount in totals.sums)


@dataclass(frozen=True, slots=True)
class Difference:
    """What has to be written of one summary, kept in staging, and what it then adds up to."""

    summary: Summary
    changed: str
    gone: str
    expected: Totals


def prepare(connection: duckdb.DuckDBPyConnection) -> list[Difference]:
    """Work the differences out while the marts are at hand."""
    return [_difference(connection, mart, summary, written) for mart, (summary, written) in WRITTEN.items()]


def _difference(
    connection: duckdb.DuckDBPyConnection, mart: str, summary: Summary, written: str
) -> Difference:
    columns, keys = ", ".join(summary.columns), ", ".join(summary.key)
    changed, gone = f"staging.changed_{summary.table}", f"staging.gone_{summary.table}"
    connection.execute(
        f"create table {changed} as select {columns} from {mart}"  # noqa: S608 - names are ours
        f" except select {columns} from {written}"
    )
    connection.execute(
        f"create table {gone} as select {keys} from {written} except select {keys} from {mart}"  # noqa: S608
    )
    sums = ", ".join(f"coalesce(sum({name}), 0)" for name in summary.values)
    row = connection.execute(f"select count(*), {sums} from {mart}").fetchone()  # noqa: S608
    if row is None:
        raise RuntimeError("an aggregate has one row")
    expected = Totals(row[0], tuple(Decimal(value) for value in row[1:]))
    return Difference(summary, changed, gone, expected)


def write(connection: duckdb.DuckDBPyConnection, differences: list[Difference]) -> None:
    """Write every difference in one transaction, then compare.

    Raises NotReconciled, with nothing written, when PostgreSQL does not add up to the same.
    """
    with unit_of_work():
        for each in differences:
            summaries.write(
                each.summary,
                changed=_rows(connection, each.changed),
                gone=_rows(connection, each.gone),
            )
            found = summaries.totals(each.summary)
            if found != each.expected:
                raise NotReconciled(each.summary, found=found, expected=each.expected)


def _rows(connection: duckdb.DuckDBPyConnection, table: str) -> Iterator[tuple[Any, ...]]:
    cursor = connection.cursor()
    try:
        cursor.execute(f"select * from {table}")  # noqa: S608 - names are ours
        while rows := cursor.fetchmany(_CHUNK):
            yield from rows
    finally:
        cursor.close()
