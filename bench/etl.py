"""How long a refresh takes, against what PostgreSQL needs to hand the same tables out.

    python -m bench.etl [--rows 5000000] [--rounds 3]

Makes a database of its own on the server of DATABASE_URL, and drops it. The floor is `COPY table TO
STDOUT (format binary)` of every table that the refresh reads, thrown away as it arrives. Floor and
refresh take turns; medians and their ratio are printed, then where the time went. The first refresh
writes every summary row back, the later ones only what has changed.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

import core.db
from core.db import migrate
from core.kit.settings import settings
from etl.run import refresh
from etl.sources import SOURCES

NAME = f"policydesk_bench_{os.getpid()}"

# Share of the rows by table, as in the demo company.
SHARES = {
    "customers": 0.08,
    "leads": 0.16,
    "status_history": 0.32,
    "followups": 0.24,
    "appointments": 0.05,
    "policies": 0.07,
    "claims": 0.02,
    "commissions": 0.06,
}

# Filling without them is quick, and reading whole tables uses none of them.
UNBURDEN = """
do $$ declare found record; begin
    for found in select conrelid::regclass as of, conname from pg_constraint
        where contype in ('f', 'x') and connamespace = 'public'::regnamespace loop
        execute format('alter table %s drop constraint %I', found.of, found.conname);
    end loop;
    for found in select indexrelid::regclass as name from pg_index join pg_class on pg_class.oid = indrelid
        where not indisunique and relnamespace = 'public'::regnamespace loop
        execute format('drop index %s', found.name);
    end loop;
end $$
"""

FILL = {
    "staff": """
        insert into users (username, email, password_hash, first_name, last_name, role)
        select 'u' || i, 'u' || i || '@example.com', '-', 'First' || i, 'Last' || i, 'agent'
        from generate_series(1, 400) i""",
    "territories": """
        insert into territories (name, code, parent_territory_id)
        select 'Territory ' || i, 'T' || i, case when i > 1 then 1 end from generate_series(1, 60) i""",
    "agents": """
        insert into agents (user_id, agent_code, territory_id, joined_on)
        select i, 'AG' || i, 1 + i % 60, '2019-01-01' from generate_series(1, 400) i""",
    "products": """
        insert into products (product_code, name, category, min_sum_assured, max_sum_assured, min_age,
            max_age, commission_year1, commission_year2, commission_renewal)
        select 'P' || i, 'Product ' || i, 'term', 1, 1000000, 18, 65, 50, 10, 5
        from generate_series(1, 20) i""",
    "customers": """
        insert into customers (first_name, last_name, date_of_birth, gender, phone_primary,
            address_line1, city, state, postal_code, agent_id, territory_id, created_at)
        select 'First' || i, 'Last' || i, '1980-01-01', 'female', '+1 202 555 ' || i, i || ' Main Street',
            'Columbus', 'OH', '43085', 1 + i % 400, 1 + i % 60, {moment}
        from generate_series(1, {n}) i""",
    "leads": """
        insert into leads (first_name, last_name, email, phone, source_id, product_interest,
            expected_premium, status, furthest_status, closed_at, lost_reason_id, assigned_to,
            territory_id, created_at)
        select 'First' || i, 'Last' || i, 'l' || i || '@example.com', '+1 202 555 ' || i, 1 + i % 8,
            1 + i % 20, (i % 900000) / 100.0, s.status, case s.status when 'lost' then 'qualified'
            else s.status end, case when s.status in ('won', 'lost') then {moment} + interval '20 days' end,
            case when s.status = 'lost' then 1 + i % 9 end, 1 + i % 400, 1 + i % 60, {moment}
        from generate_series(1, {n}) i
        cross join lateral (select (array['new', 'contacted', 'qualified', 'proposal', 'won', 'lost',
            'lost', 'lost'])[1 + i % 8]::lead_status as status) s""",
    "status_history": """
        insert into status_history (entity, entity_id, from_status, to_status, actor_id, actor_role, at)
        select 'lead', 1 + i % {leads}, 'new', (array['contacted', 'qualified', 'proposal'])[1 + i % 3],
            1 + i % 400, 'agent', {moment}
        from generate_series(1, {n}) i""",
    "followups": """
        insert into followups (lead_id, agent_id, type, direction, status, scheduled_at, completed_at,
            duration_minutes, notes)
        select 1 + i % {leads}, 1 + i % 400, (array['call', 'email', 'meeting'])[1 + i % 3]::followup_type,
            'outbound', 'completed', {moment}, {moment}, i % 60, 'Spoke about cover and price.'
        from generate_series(1, {n}) i""",
    "appointments": """
        insert into appointments (lead_id, agent_id, appointment_type, scheduled_datetime, ends_at, mode,
            status)
        select 1 + i % {leads}, 1 + i % 400, 'demo', {moment}, {moment} + interval '1 hour', 'phone',
            'completed'
        from generate_series(1, {n}) i""",
    "policies": """
        insert into policies (policy_number, customer_id, product_id, agent_id, territory_id,
            application_date, issue_date, effective_date, expiry_date, sum_assured, premium_amount,
            payment_frequency, payment_method, status)
        select 'PD-' || i, 1 + i % {customers}, 1 + i % 20, 1 + i % 400, 1 + i % 60, {day}, {day}, {day},
            {day} + 365, 100000, (i % 90000) / 100.0, 'monthly', 'check', 'active'
        from generate_series(1, {n}) i""",
    "claims": """
        insert into claims (policy_id, customer_id, agent_id, territory_id, loss_date, reported_date,
            loss_type, estimated_amount, paid_amount)
        select 1 + i % {policies}, 1 + i % {customers}, 1 + i % 400, 1 + i % 60, {day}, {day} + 2, 'fire',
            (i % 9000000) / 100.0, (i % 900000) / 100.0
        from generate_series(1, {n}) i""",
    "commissions": """
        insert into commissions (policy_id, agent_id, commission_type, period_start, period_end,
            premium_amount, commission_rate, commission_amount)
        select 1 + i % {policies}, 1 + i % 400, 'new_business', {day}, {day} + 30, 100, 50,
            (i % 9000) / 100.0
        from generate_series(1, {n}) i""",
}


@contextmanager
def scratch() -> Iterator[str]:
    """A migrated database of the bench's own."""
    home = settings().require_database_url()
    with psycopg.connect(home, autocommit=True) as connection:
        connection.execute(f"create database {NAME}".encode())
    core.db.bind(home)
    url = core.db.engine().url.set(drivername="postgresql", database=NAME)
    address = url.render_as_string(hide_password=False)
    core.db.bind(address)
    try:
        migrate.upgrade()
        yield address
    finally:
        core.db.bind(None)
        with psycopg.connect(home, autocommit=True) as connection:
            connection.execute(f"drop database {NAME} with (force)".encode())


def fill(address: str, rows: int) -> None:
    """So many rows over five years, in the demo company's proportions."""
    numbers = {name: max(int(rows * share), 10) for name, share in SHARES.items()}
    words = {
        **numbers,
        "moment": "(timestamptz '2021-01-01' + i % 1826 * interval '1 day' + i % 86400 * interval '1 s')",
        "day": "(date '2021-01-01' + i % 1826)",
    }
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("set synchronous_commit = off")
        connection.execute(UNBURDEN)
        for name, statement in FILL.items():
            connection.execute(statement.format(n=numbers.get(name, 0), **words).encode())
        connection.execute("vacuum analyze")


def floor(address: str) -> float:
    """Seconds in which PostgreSQL hands every table out, all columns, to nobody."""
    began = time.perf_counter()
    with psycopg.connect(address) as connection, connection.cursor() as cursor:
        for source in SOURCES:
            with cursor.copy(f"copy {source.table} to stdout (format binary)".encode()) as copy:
                for _ in copy:
                    pass
    return time.perf_counter() - began


def timed_refresh() -> tuple[float, dict[str, float]]:
    """Seconds of one refresh, and of each of its phases."""
    phases: dict[str, float] = {}
    last = began = time.perf_counter()
    current = "Starting"

    def on_progress(_percent: int, step: str) -> None:
        nonlocal last, current
        now = time.perf_counter()
        phases[current] = phases.get(current, 0.0) + now - last
        last, current = now, step

    refresh(on_progress=on_progress)
    return time.perf_counter() - began, phases


def main() -> None:
    """Fill, take turns, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.etl")
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory, scratch() as address:
        os.environ["POLICYDESK_WAREHOUSE_DIR"] = directory
        settings.cache_clear()
        print(f"Filling {chosen.rows:,} rows ...", flush=True)
        fill(address, chosen.rows)
        floors, refreshes = [floor(address)], [timed_refresh()]
        first = refreshes[0][0]
        for _ in range(chosen.rounds):
            floors.append(floor(address))
            refreshes.append(timed_refresh())
        low, full = statistics.median(floors), statistics.median(each[0] for each in refreshes[1:])
        size = max(path.stat().st_size for path in Path(directory).glob("*.duckdb"))
        print(f"COPY (binary) of the same tables   {low:7.2f} s")
        print(f"full refresh, median of {chosen.rounds:<2}         {full:7.2f} s   x {full / low:.2f}")
        print(f"first refresh, all summaries new   {first:7.2f} s   x {first / low:.2f}")
        print(f"published file {size / 1e6:.0f} MB, peak memory {_peak_mb():.0f} MB")
        print("\nWhere the last refresh spent its time (s):")
        for step, seconds in sorted(refreshes[-1][1].items(), key=lambda item: -item[1])[:16]:
            print(f"  {seconds:7.2f}  {step}")


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
