"""What has to hold before a version may be published; a failing check fails the run.

Staging is held against PostgreSQL's own counts and sums in the same snapshot, and every mart against
what its SQL file declares: its key is unique, its references lead somewhere, and nothing was lost or
doubled on the way from staging.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

from core.kit.errors import Refusal
from etl import sql
from etl.extract import Snapshot, Totals
from etl.sources import SOURCES, Source


class CheckFailed(Refusal):
    """The copy is not what it has to be; nothing was published. `findings` lists every breach."""

    code = "check_failed"

    def __init__(self, findings: list[str]) -> None:
        super().__init__(
            f"The new copy did not pass its checks: {findings[0]}",
            remedy="The last one stays in use. Refresh again; if it stays, tell your administrator.",
        )
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True)
class Compared:
    """One table of the snapshot as both sides counted and added it up."""

    table: str
    there: Totals
    here: Totals

    @property
    def findings(self) -> Iterator[str]:
        """Each figure that differs, in a sentence."""
        there, here = self.there, self.here
        if there.rows != here.rows:
            yield f"{self.table} has {there.rows:,} rows in PostgreSQL, {here.rows:,} in the copy."
        for name, amount in there.sums.items():
            copied = here.sums[name]
            if amount != copied:
                yield f"{self.table}.{name} is {amount:,} in PostgreSQL, {copied:,} in the copy."

    @property
    def report(self) -> dict[str, Any]:
        """What is kept with the run."""
        sums = {name: str(amount) for name, amount in self.here.sums.items()}
        return {"rows": self.here.rows, "sums": sums}


def against_postgres(
    found: Snapshot,
    copy: duckdb.DuckDBPyConnection,
    *,
    on_table: Callable[[str, float], None] = lambda _what, _share: None,
) -> list[Compared]:
    """Every source table, counted and added up on both sides."""
    compared = []
    for done, source in enumerate(SOURCES):
        on_table(f"Comparing {source.table.replace('_', ' ')} with PostgreSQL", done / len(SOURCES))
        compared.append(Compared(source.table, found.totals(source), _totals(source, copy)))
    return compared


def _totals(source: Source, copy: duckdb.DuckDBPyConnection) -> Totals:
    sums = (_sum(name) for name in source.hundredths)
    row = _one(copy, f"select {', '.join(('count(*)', *sums))} from staging.stg_{source.name}")  # noqa: S608
    amounts = (Decimal(amount) for amount in row[1:])
    return Totals(row[0], dict(zip(source.hundredths, amounts, strict=True)))


def of_marts(copy: duckdb.DuckDBPyConnection, *, on_mart: Callable[[str, float], None]) -> list[str]:
    """Every breach of what the marts declare, in sentences."""
    findings: list[str] = []
    every = sql.marts()
    for done, mart in enumerate(every):
        on_mart(mart.name, done / len(every))
        findings += _of_mart(mart, copy)
    return findings


def _of_mart(mart: sql.Mart, copy: duckdb.DuckDBPyConnection) -> Iterator[str]:
    keys = ", ".join(mart.key)
    doubled = _one(
        copy,
        "select count(*) from"  # noqa: S608 - names come from our own files
        f" (select 1 from {mart.name} group by {keys} having count(*) > 1)",
    )[0]
    if doubled:
        yield f"{mart.name} has {doubled:,} values of {keys} more than once."
    for reference in mart.references:
        dangling = _one(copy, _dangling(mart.name, reference))[0]
        if dangling:
            yield (
                f"{mart.name} has {dangling:,} rows whose {', '.join(reference.columns)}"
                f" is not in {reference.table}."
            )
    if mart.holds:
        parts = " + ".join(f"(select count(*) from {table})" for table in mart.holds)  # noqa: S608
        here, there = _one(copy, f"select (select count(*) from {mart.name}), {parts}")  # noqa: S608
        if here != there:
            yield f"{mart.name} has {here:,} rows and {' and '.join(mart.holds)} {there:,}."
    for same in mart.sums:
        parts = " + ".join(f"(select {_sum(name)} from {table})" for table, name in same.parts)  # noqa: S608
        here, there = _one(copy, f"select (select {_sum(same.column)} from {mart.name}), {parts}")  # noqa: S608
        if here != there:
            yield f"{mart.name}.{same.column} adds up to {here:,}, and its sources to {there:,}."


def _dangling(mart: str, reference: sql.Reference) -> str:
    pairs = " and ".join(
        f"here.{name} = there.{target}"
        for name, target in zip(reference.columns, reference.targets, strict=True)
    )
    named = " and ".join(f"here.{name} is not null" for name in reference.columns)
    return (
        f"select count(*) from {mart} as here anti join {reference.table} as there on {pairs}"  # noqa: S608
        f" where {named}"
    )


def _sum(column: str) -> str:
    # A flag adds up as 0 and 1, an amount stays the exact decimal that it is.
    return f"coalesce(sum({column}), 0)"


def _one(copy: duckdb.DuckDBPyConnection, statement: str) -> tuple[Any, ...]:
    row = copy.execute(statement).fetchone()
    if row is None:
        raise RuntimeError("an aggregate has one row")
    return row


def require(findings: Iterable[str]) -> None:
    """Raises CheckFailed when there are any."""
    found = list(findings)
    if found:
        raise CheckFailed(found)
