"""How long the KPI page's queries take, at 10,000 and at 1,000,000 customers.

    python -m bench.kpis [--customers 10000 1000000] [--rounds 20]

Writes a warehouse in the shape of the marts for each size, then asks what one view of the page asks,
as an executive (all rows), a manager (a subtree) and an agent (a book), each round with another
period. Nothing is cached. Prints p50 and p95 in milliseconds and how the sizes compare.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType

import duckdb

import queries
from core.access import Role, Viewer
from core.kit.dates import Period, add_months
from core.kit.settings import settings
from queries import Filters, warehouse
from tests.factories.warehouse import Warehouse

TODAY = date(2026, 1, 31)
SIZES = (10_000, 1_000_000)
TABLE = ("new_deals", "won_count", "lost_count", "win_rate", "won_value", "average_won", "days_to_win")

# How many rows a customer stands for, as in the demo company.
_PER_CUSTOMER = MappingProxyType({"deal": 2.5, "followup": 5, "policy": 1.4, "claim": 0.4})
_OFFICES, _MANAGERS = 6, 60
_FILL: Mapping[str, str] = MappingProxyType(
    {
        "fct_deal": """
            insert into fct_deal by name
            with raw as (
                select i, hash(1, i) % 100 as fate, hash(2, i) % 90 as days,
                    (date '2021-02-01' + (i * 1826 // $n)::integer) as created_on,
                    if(hash(3, i) % 8 = 0, 'opportunity', 'lead') as kind
                from range($n) as numbers(i)
            ),
            staged as (
                select *, case when created_on + days::integer > date '2026-01-31' or fate < 4 then 'open'
                    when fate < 16 then 'won' else 'lost' end as outcome
                from raw
            )
            select kind, i as deal_id, kind[1].upper() || '-' || i as code, 'Term 20' as title,
                1 + hash(4, i) % $agents as agent_id, 1 + hash(4, i) % $agents % 60 as territory_id,
                1 + hash(5, i) % 20 as product_id, 1 + hash(6, i) % 9 as source_id,
                case outcome when 'open' then if(kind = 'lead', 'contacted', 'qualification')
                    when 'won' then if(kind = 'lead', 'won', 'closed_won')
                    else if(kind = 'lead', 'lost', 'closed_lost') end as stage,
                if(outcome = 'won', 5, 1 + hash(7, i) % 4) as furthest_rank,
                outcome = 'open' as is_open, outcome = 'won' as is_won, outcome = 'lost' as is_lost,
                created_on, created_on as opened_on,
                if(outcome = 'open', null, created_on + days::integer) as closed_on,
                if(hash(8, i) % 10 = 0, null, (200 + hash(9, i) % 400000 / 100)::decimal(18, 2))
                    as expected_value,
                if(outcome = 'won', expected_value, null) as won_value,
                if(outcome = 'open', expected_value * 0.10, null) as weighted_value,
                if(outcome = 'open', null, days) as days_to_close
            from staged order by created_on, kind, i
        """,
        "fct_followup": """
            insert into fct_followup by name
            select i as followup_id, if(hash(3, i) % 8 = 0, 'opportunity', 'lead') as deal_kind,
                hash(1, i) % $n as deal_id, 1 + hash(4, i) % $agents as agent_id,
                1 + hash(4, i) % $agents % 60 as territory_id, 'call' as type, 'outbound' as direction,
                'completed' as status,
                (date '2021-02-01' + (i * 1826 // $n)::integer) as completed_on,
                hash(2, i) % 10 > 1 as is_completed
            from range($n) as numbers(i)
        """,
        "fct_policy": """
            insert into fct_policy by name
            select i as policy_id, 'P-' || i as policy_number, 1 + hash(5, i) % 20 as product_id,
                1 + hash(4, i) % $agents as agent_id, 1 + hash(4, i) % $agents % 60 as territory_id,
                (date '2021-02-01' + (i * 1826 // $n)::integer) as issue_date,
                hash(2, i) % 10 > 0 as is_sale,
                (100 + hash(9, i) % 400000 / 100)::decimal(18, 2) as annual_premium
            from range($n) as numbers(i)
        """,
        "fct_claim": """
            insert into fct_claim by name
            select i as claim_id, 'C-' || i as claim_number, 1 + hash(5, i) % 20 as product_id,
                1 + hash(4, i) % $agents as agent_id, 1 + hash(4, i) % $agents % 60 as territory_id,
                (date '2021-02-01' + (i * 1826 // $n)::integer) as reported_date,
                (hash(9, i) % 900000 / 100)::decimal(18, 2) as paid_amount
            from range($n) as numbers(i)
        """,
    }
)


def main() -> None:
    """Measure every size and print them side by side."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--customers", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--rounds", type=int, default=20)
    given = parser.parse_args()
    found = {}
    for customers in given.customers:
        with tempfile.TemporaryDirectory(prefix="policydesk-bench-") as directory:
            os.environ["POLICYDESK_WAREHOUSE_DIR"] = directory
            settings.cache_clear()
            write(Path(directory), customers)
            found[customers] = measure(agents_of(customers), given.rounds)
            warehouse.close()
    show(found)


def agents_of(customers: int) -> int:
    """How many agents look after so many customers."""
    return max(20, customers // 400)


def write(directory: Path, customers: int) -> None:
    """Publish a warehouse of a size, with dimensions from the tests' factory."""
    small = Warehouse(directory)
    agents = agents_of(customers)
    for number in range(1, 61):
        small.territory(
            number, f"Territory {number}", parent=None if number <= _OFFICES else 1 + number % 6
        )
    for number in range(1, agents + 1):
        manager = None if number <= _MANAGERS else 1 + number % 60
        small.add("dim_agent", user_id=number, name=f"Agent {number}", territory_id=1 + number % 60,
                  manager_user_id=manager, manager_name=manager and f"Agent {manager}")  # fmt: skip
    for number in range(1, 21):
        small.product(number, f"Product {number}", category=("term", "auto", "health")[number % 3])
    for number in range(1, 10):
        small.source(number, f"Source {number}")
    path = small.publish().path
    warehouse.close()
    with duckdb.connect(path) as connection:
        for table, statement in _FILL.items():
            rows = int(customers * _PER_CUSTOMER[table.removeprefix("fct_")])
            bound = {"n": rows, "agents": agents}
            used = {name: value for name, value in bound.items() if f"${name}" in statement}
            connection.execute(statement, used)
    print(f"{customers:>9,} customers: {path.stat().st_size / 1e6:,.0f} MB, {datetime.now(UTC):%H:%M:%S}")


Times = dict[str, list[float]]


def measure(agents: int, rounds: int) -> Times:
    """Milliseconds by question, over all rounds."""
    times: Times = {}
    team = frozenset(range(1, agents + 1, 60))
    viewers = {
        "executive": Viewer(1, "e", "E", Role.EXECUTIVE),
        "manager": Viewer(1, "m", "M", Role.MANAGER, agent_ids=team, territory_ids=frozenset(range(1, 11))),
        "agent": Viewer(7, "a", "A", Role.AGENT, agent_ids=frozenset({7})),
    }
    every = tuple(queries.metrics())
    for number in range(rounds):
        start = add_months(date(2023, 1, 1), number % 34)
        filters = Filters(Period(start, add_months(start, 3)))
        for who, viewer in viewers.items():
            for question, ask in questions(every, filters, viewer).items():
                clock(times, f"{who}: {question}", ask)
            clock(times, f"{who}: whole page", lambda f=filters, v=viewer: whole(every, f, v))
        for slug in every:
            ask_one = lambda s=slug, f=filters: queries.value(s, f, today=TODAY, by=viewers["executive"])  # noqa: E731
            clock(times, f"metric {slug}", ask_one)
    return times


def questions(every: tuple[str, ...], filters: Filters, viewer: Viewer) -> dict[str, Callable[[], object]]:
    """What one view of the page asks."""
    return {
        "all tiles with comparison": lambda: queries.values(every, filters, today=TODAY, by=viewer),
        "all tiles by month": lambda: queries.series(every, filters, today=TODAY, by=viewer),
        "funnel": lambda: queries.funnel(filters, by=viewer),
        "agent ranking, 7 metrics": lambda: queries.breakdown(TABLE, "agent", filters, by=viewer),
        "territory tree, 7 metrics": lambda: queries.breakdown(TABLE, "territory", filters, by=viewer),
        "by source, 7 metrics": lambda: queries.breakdown(TABLE, "source", filters, by=viewer),
        "rows behind a tile": lambda: queries.rows("won_value", filters, by=viewer),
    }


def whole(every: tuple[str, ...], filters: Filters, viewer: Viewer) -> None:
    """One first view: tiles, lines, funnel, who and where, where from."""
    asked = questions(every, filters, viewer)
    for question in (*list(asked)[:4], "by source, 7 metrics"):
        asked[question]()


def clock(times: Times, name: str, ask: Callable[[], object]) -> None:
    """Add the time that a question took."""
    begun = time.perf_counter()
    ask()
    times.setdefault(name, []).append((time.perf_counter() - begun) * 1000)


def show(found: dict[int, Times]) -> None:
    """A line a question: p50 and p95 by size, and the ratio of the last p50 to the first."""
    sizes = list(found)
    head = "".join(f"{size:>12,} p50     p95" for size in sizes)
    print(f"\n{'milliseconds':38}{head}   ratio")
    for name in found[sizes[0]]:
        p50 = [statistics.median(found[size][name]) for size in sizes]
        p95 = [statistics.quantiles(found[size][name], n=20)[-1] for size in sizes]
        cells = "".join(f"{mid:>16.1f}{high:>8.1f}" for mid, high in zip(p50, p95, strict=True))
        print(f"{name:38}{cells}{p50[-1] / p50[0]:>8.1f}")


if __name__ == "__main__":
    main()
