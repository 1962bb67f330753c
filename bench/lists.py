"""How quick a page of the policies and of the claims is among 10,000 and 1,000,000 customers.

    python -m bench.lists [--customers 10000 1000000] [--data-dir DIR]

Without DATABASE_URL it starts a server of its own in DIR. Makes a database per size and drops it;
every customer has two policies, every fifth a claim with a task, nineteen of twenty of them done.
Prints the median and longest of whole calls in milliseconds for everybody's rows, with one handler in
twenty who asks, and for one agent's book: a page as it opens, one found by a name and by a part of a
number, and the claims that wait for who asks, with the totals that stand above it, and how many fit.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sqlalchemy import text

import core.db
from bench import _database
from bench.search import SIZES, fill
from core import claims, policies
from core.access import Role, Viewer
from core.claims import ClaimFilter, ClaimPage
from core.db import unit_of_work
from core.kit.dates import business_date, utc_now
from core.kit.settings import settings
from core.policies import PolicyFilter, PolicyPage

ROUNDS = 7
ROWS = (
    """
    insert into users (username, email, password_hash, first_name, last_name, role)
    select 'h' || n, 'h' || n || '@example.com', '-', 'Sue', 'Support' || n, 'support'
    from generate_series(1, 20) n
    """,
    """
    insert into products (
        product_code, name, category, min_sum_assured, max_sum_assured, min_age, max_age,
        commission_year1, commission_year2, commission_renewal
    ) values ('A1', 'Auto', 'auto', 1, 1000000, 18, 99, 1, 1, 1)
    """,
    """
    insert into policies (
        policy_number, customer_id, product_id, agent_id, application_date, issue_date, effective_date,
        expiry_date, sum_assured, premium_amount, payment_frequency, payment_method, status
    )
    select
        'PD-' || lpad((c.id * 2 + k)::text, 8, '0'), c.id, (select min(id) from products), c.agent_id,
        date '2020-01-01' + (c.id % 2000)::int, date '2020-01-05' + (c.id % 2000)::int,
        date '2020-01-05' + (c.id % 2000)::int, date '2036-01-05' + (c.id % 2000)::int,
        10000 + c.id % 90000, 100 + c.id % 900, 'annual', 'check',
        case when c.id % 10 = 0 then 'lapsed' else 'active' end::policy_status
    from customers c, generate_series(0, 1) k
    """,
    """
    insert into claims (
        policy_id, customer_id, agent_id, loss_date, reported_date, loss_type, estimated_amount, status,
        target_on, closed_on, assigned_to
    )
    select
        p.id, p.customer_id, p.agent_id, p.issue_date + 30, p.issue_date + 33, 'collision', 2500,
        case when p.id % 100 = 0 then 'submitted' else 'closed' end::claim_status,
        p.issue_date + 60, case when p.id % 100 > 0 then p.issue_date + 50 end,
        (select min(id) from users where role = 'support') + p.id / 100 % 20
    from policies p
    where p.id % 10 = 0
    """,
    """
    insert into claim_tasks (claim_id, title, assigned_to, done_at)
    select
        c.id, 'Call the garage',
        case when c.id % 40 = 0 then
            (select min(id) from users where role = 'support') + c.id / 40 % 20
        end,
        case when c.id % 20 > 0 then now() end
    from claims c
    """,
)


def main() -> None:
    """Measure every size."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--customers", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--data-dir", type=Path)
    chosen = parser.parse_args()
    with _database.server(chosen.data_dir) as url:
        for size in chosen.customers:
            with _database.migrated(url, f"lists_{size}"):
                fill(size)
                _add_policies_and_claims()
                _call_all()


def _add_policies_and_claims() -> None:
    with unit_of_work() as session:
        session.execute(text("set local statement_timeout = 0"))
        for statement in ROWS:
            session.execute(text(statement))
    with core.db.engine().connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("vacuum analyze")


def _call_all() -> None:
    today = business_date(utc_now(), settings().time_zone)
    with unit_of_work() as session:
        last, number, claim, owner, handler = session.execute(
            text(
                "select c.last_name, p.policy_number, claim_number, p.agent_id, claims.assigned_to"
                " from claims"
                " join policies p on p.id = policy_id join customers c on c.id = p.customer_id"
                " order by claims.id limit 1"
            )
        ).one()
    everybody = Viewer(user_id=handler, username="x", name="Support", role=Role.SUPPORT)
    agent = Viewer(user_id=owner, username="y", name="Agent", role=Role.AGENT, agent_ids=frozenset({owner}))
    print(f"{'rows':<10} {'call':<34} {'median ms':>10} {'longest':>8} {'fit':>10}")
    for viewer, whose in ((everybody, "all"), (agent, "a book")):
        for typed, found_by in (("", "as it opens"), (last, "by a name"), (number[-6:], "by a number")):
            _time(
                whose, f"policies, {found_by}", partial(policies.policies, PolicyFilter(typed), by=viewer)
            )
        for typed, found_by in (("", "as it opens"), (last, "by a name"), (claim[-6:], "by a number")):
            queued = partial(claims.queue, ClaimFilter(typed), by=viewer, today=today)
            _time(whose, f"claims, {found_by}", queued)
        mine = ClaimFilter(waits_for_me=True)
        _time(whose, "claims, waits for me", partial(claims.queue, mine, by=viewer, today=today))


def _time(whose: str, label: str, call: Callable[[], PolicyPage | ClaimPage]) -> None:
    taken, count = [], 0
    for _ in range(ROUNDS):
        began = time.perf_counter()
        count = call().total
        taken.append((time.perf_counter() - began) * 1000)
    print(f"{whose:<10} {label:<34} {statistics.median(taken):>10.1f} {max(taken):>8.1f} {count:>10,}")


if __name__ == "__main__":
    main()
