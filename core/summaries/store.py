"""Writes the two summary tables, by difference, and adds them up.

They are written by the refresh alone (docs/decisions/0008); pages and people only read them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.db import unit_of_work


@dataclass(frozen=True, slots=True)
class Summary:
    """One summary table: what a row is found by, what it holds, and what is added up to check it."""

    table: str
    key: tuple[str, ...]
    values: tuple[str, ...]
    # The unique index's expressions, in its words.
    unique: str

    @property
    def columns(self) -> tuple[str, ...]:
        """Key and values, in the order in which rows are given."""
        return (*self.key, *self.values)


@dataclass(frozen=True, slots=True)
class Totals:
    """The number of rows, and the sum of every value column in order."""

    rows: int
    sums: tuple[Decimal, ...]


DAILY_SALES = Summary(
    table="daily_sales_summary",
    key=("date", "agent_id", "territory_id", "product_id"),
    values=("policies_sold", "total_premium", "total_sum_assured"),
    unique="date, coalesce(agent_id, 0), coalesce(territory_id, 0), coalesce(product_id, 0)",
)
AGENT_PERFORMANCE = Summary(
    table="agent_performance_metrics",
    key=("agent_id", "metric_date"),
    values=(
        "leads_assigned",
        "leads_contacted",
        "appointments_scheduled",
        "appointments_completed",
        "proposals_sent",
        "policies_sold",
        "premium_collected",
        "commission_earned",
        "calls_made",
        "emails_sent",
        "conversion_rate",
    ),
    unique="agent_id, metric_date",
)


def write(
    summary: Summary, *, changed: Iterable[Sequence[object]], gone: Iterable[Sequence[object]]
) -> None:
    """Put the changed rows (key and values) in, and take those with the gone keys out.

    Joins the caller's unit of work, so that both tables change together or not at all.
    """
    with unit_of_work() as session:
        session.execute(text("set local statement_timeout = 0"))
        _copy(session, summary, "changed", summary.columns, changed)
        _copy(session, summary, "gone", summary.key, gone)
        same = " and ".join(f"kept.{name} is not distinct from gone.{name}" for name in summary.key)
        session.execute(text(f"delete from {summary.table} kept using gone where {same}"))  # noqa: S608 - names are ours
        names = ", ".join(summary.columns)
        updates = ", ".join(f"{name} = excluded.{name}" for name in summary.values)
        session.execute(
            text(
                f"insert into {summary.table} ({names}) select {names} from changed"  # noqa: S608
                f" on conflict ({summary.unique}) do update set {updates}"
            )
        )
        session.execute(text("drop table changed, gone"))


def totals(summary: Summary) -> Totals:
    """What the table holds now."""
    sums = ", ".join(f"coalesce(sum({name}), 0)" for name in summary.values)
    with unit_of_work() as session:
        row = session.execute(text(f"select count(*), {sums} from {summary.table}")).one()  # noqa: S608
    return Totals(row[0], tuple(Decimal(value) for value in row[1:]))


def _copy(
    session: Session,
    summary: Summary,
    name: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
) -> None:
    """A temporary table of the rows, for the length of the transaction."""
    names = ", ".join(columns)
    session.execute(
        text(
            f"create temporary table {name} on commit drop as"  # noqa: S608
            f" select {names} from {summary.table} limit 0"
        )
    )
    cursor = session.connection().connection.cursor()
    with cursor.copy(f"copy {name} ({names}) from stdin") as copy:
        for row in rows:
            copy.write_row(row)
