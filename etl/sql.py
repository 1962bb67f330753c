"""The SQL files of staging and marts, and what their headers declare.

A header is made of comment lines: prose, then `-- key:`, `-- refers:`, `-- holds:` and `-- sum:`,
which `etl/checks.py` holds the table to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
_DECLARATION = re.compile(r"--\s*(?P<name>key|refers|holds|sum):\s*(?P<value>.+)")


class BadHeader(ValueError):
    """A mart that does not say what one row is, or declares something that can't be read."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Columns that name a row of another table, unless one of them is null."""

    columns: tuple[str, ...]
    table: str
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SameSum:
    """A column that adds up to what these columns of other tables add up to together."""

    column: str
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Mart:
    """One published table: its SELECT, and what it has to keep."""

    name: str
    key: tuple[str, ...]
    references: tuple[Reference, ...]
    holds: tuple[str, ...]
    sums: tuple[SameSum, ...]
    select: str


# In the order in which they are built: a mart may read those before it.
MARTS = (
    "dim_stage",
    "dim_territory",
    "dim_territory_closure",
    "dim_agent",
    "dim_product",
    "dim_source",
    "dim_lost_reason",
    "dim_account",
    "dim_customer",
    "fct_deal",
    "fct_stage_change",
    "fct_followup",
    "fct_appointment",
    "fct_policy",
    "fct_claim",
    "fct_commission",
    "rpt_daily_sales_summary",
    "rpt_agent_performance",
)


def staging(name: str) -> str:
    """The SELECT from `extracted` that makes `stg_<name>`."""
    return (HERE / "staging" / f"stg_{name}.sql").read_text(encoding="utf-8")


@cache
def marts() -> tuple[Mart, ...]:
    """Every mart, in the order in which they are built."""
    return tuple(_read(HERE / "marts" / f"{name}.sql") for name in MARTS)


def _read(path: Path) -> Mart:
    text = path.read_text(encoding="utf-8")
    if not text.startswith("-- one row per "):
        raise BadHeader(f"{path.name}: begins by saying what one row is")
    declared: dict[str, list[str]] = {"key": [], "refers": [], "holds": [], "sum": []}
    for line in text.splitlines():
        found = _DECLARATION.fullmatch(line)
        if found:
            declared[found["name"]] += [part.strip() for part in found["value"].split(";")]
    if len(declared["key"]) != 1:
        raise BadHeader(f"{path.name}: has one key")
    return Mart(
        name=path.stem,
        key=_names(declared["key"][0]),
        references=tuple(_reference(path, part) for part in declared["refers"]),
        holds=tuple(name for part in declared["holds"] for name in _names(part)),
        sums=tuple(_sum(path, part) for part in declared["sum"]),
        select=text,
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


def _reference(path: Path, text: str) -> Reference:
    found = re.fullmatch(r"(?P<columns>[\w, ]+?) to (?P<table>\w+)\.(?P<rest>.+)", text)
    if found is None:
        raise BadHeader(f"{path.name}: a reference is “column to table.column”, not “{text}”")
    # Of several targets only the first need name the table.
    targets = tuple(name.rpartition(".")[2] for name in _names(found["rest"]))
    columns = _names(found["columns"])
    if len(columns) != len(targets):
        raise BadHeader(f"{path.name}: “{text}” does not pair its columns")
    return Reference(columns, found["table"], targets)


def _sum(path: Path, text: str) -> SameSum:
    column, _, rest = text.partition("=")
    parts = tuple(part.strip().partition(".")[::2] for part in rest.split("+"))
    if not all(table and name for table, name in parts):
        raise BadHeader(f"{path.name}: a sum is “column = table.column + ...”, not “{text}”")
    return SameSum(column.strip(), tuple((table, name) for table, name in parts))
