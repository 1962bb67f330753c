"""How the board feels with 50, 5,000 and 100,000 open leads, for an agent, a manager and everybody.

    python -m bench.board [--leads 50 5000 100000]

Without DATABASE_URL it starts a server of its own. Makes a database per size and drops it. A tenth as
many leads again are closed, an agent owns 200 leads or fewer, a manager leads a tenth of the agents.
Prints the median and 95th percentile of whole calls of `sales.board` in milliseconds, and of the next cards
of a column, a page of the list, a search by name, and a check for duplicates.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import date

from sqlalchemy import text

import core.db
from bench import _database
from core import sales
from core.access import Role, Viewer
from core.db import unit_of_work
from core.sales import duplicates

SIZES = (50, 5_000, 100_000)
LEADS_AN_AGENT = 200
ROUNDS = 30
LENA = sales.NewLead(
    first_name="Lena",
    last_name="Lang",
    source_id=1,
    phone="2120010000",
    email="LEAD7@example.com",
    date_of_birth=date(1980, 5, 1),
)

PEOPLE = (
    "insert into territories (name, code) select 'Area ' || n, 'A' || n from generate_series(1, 10) n",
    """
    insert into users (username, email, password_hash, first_name, last_name, role)
    select 'u' || n, 'u' || n || '@example.com', '-', 'Ann', 'Agent' || n, 'agent'
    from generate_series(1, greatest(:agents, 10)) n
    """,
    """
    insert into agents (user_id, agent_code, territory_id, joined_on)
    select u.id, 'AG' || u.id, (select min(id) from territories) + u.id % 10, '2020-01-01' from users u
    """,
)
LEADS = """
insert into leads (
    first_name, last_name, email, phone, date_of_birth, source_id, expected_premium,
    status, furthest_status, status_changed_at, closed_at, lost_reason_id,
    assigned_to, territory_id, created_at
)
select
    (array['Lena','Jürgen','Mary','Ahmed','Inge'])[1 + n % 5],
    (array['Lang','Müller','Smith','Khan','Jones','O''Neil'])[1 + n % 6] || n,
    'lead' || n || '@example.com',
    '+1 212-' || lpad((n % 1000)::text, 3, '0') || '-' || lpad((n / 10)::text, 4, '0'),
    date '1950-01-01' + n % 18000,
    (select min(id) from lead_sources) + n % 5,
    case when n % 7 > 0 then 500 + n % 3000 end,
    s.status,
    case when s.status = 'lost' then 'new' else s.status end,
    now() - make_interval(mins => n % 500000),
    case when s.status in ('won', 'lost') then now() - make_interval(mins => n % 500000) end,
    case when s.status = 'lost' then (select min(id) from lost_reasons) end,
    u.user_id,
    u.territory_id,
    now() - make_interval(mins => n % 900000)
from generate_series(1, :leads * 11 / 10) n
cross join lateral (
    select (
        case when n % 11 < 10 then (array['new','contacted','qualified','proposal'])[1 + n % 4]
        else (array['won','lost'])[1 + n % 2] end
    )::lead_status as status
) s
inner join (
    select user_id, territory_id, row_number() over (order by user_id) - 1 as place,
    count(*) over () as of_all from agents
) u on u.place = n % u.of_all
"""


def main() -> None:
    """Measure every size."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--leads", type=int, nargs="+", default=list(SIZES))
    chosen = parser.parse_args()
    print(f"{'open leads':>10}  {'call':<28} {'p50 ms':>8} {'p95 ms':>8}")
    with _database.server() as url:
        for size in chosen.leads:
            with _database.migrated(url, f"board_{size}"):
                _measure(size)


def _measure(size: int) -> None:
    viewers = _fill(size)
    for label, call in _calls(viewers):
        taken = sorted(_time(call) for _ in range(ROUNDS))
        p95 = taken[int(len(taken) * 0.95)]
        print(f"{size:>10,}  {label:<28} {statistics.median(taken):>8.1f} {p95:>8.1f}")


def _fill(size: int) -> dict[str, Viewer]:
    with unit_of_work() as session:
        session.execute(text("set local statement_timeout = 0"))
        for statement in PEOPLE:
            session.execute(
                text(statement), {"agents": size // LEADS_AN_AGENT} if ":agents" in statement else {}
            )
        session.execute(text(LEADS), {"leads": size})
    with core.db.engine().connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("vacuum analyze")
        ids = list(connection.execute(text("select user_id from agents order by user_id")).scalars())
        area = connection.execute(text("select min(id) from territories")).scalar_one()
    line = frozenset(ids[::10])

    def viewer(role: Role, agents: frozenset[int], areas: frozenset[int] = frozenset()) -> Viewer:
        return Viewer(ids[0], "bench", "Bench", role, agents, areas)

    return {
        "agent": viewer(Role.AGENT, frozenset({ids[0]})),
        "manager": viewer(Role.MANAGER, line, frozenset({area})),
        "everybody": viewer(Role.ADMIN, frozenset()),
    }


def _alike(by: Viewer) -> object:
    with unit_of_work() as session:
        return duplicates.matches(session, duplicates.Person.of(LENA), by=by)


def _calls(viewers: dict[str, Viewer]) -> list[tuple[str, Callable[[], object]]]:
    calls: list[tuple[str, Callable[[], object]]] = []
    for who, by in viewers.items():
        calls.append((f"board, {who}", lambda by=by: sales.board("lead", by=by)))
    by = viewers["everybody"]
    after = sales.board("lead", by=by).columns[0].after
    search = sales.DealFilter(text="müller1")
    calls += [
        ("next cards", lambda: sales.column_cards("lead", "new", after=after, by=by)),
        ("list by value", lambda: sales.deals("lead", sort="value", by=by)),
        ("board, search by name", lambda: sales.board("lead", search, by=by)),
        ("duplicates", lambda: _alike(by)),
        ("my day, manager", lambda: sales.my_day(by=viewers["manager"])),
    ]
    return calls


def _time(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main()
