"""How an import of opportunities goes: rows a second, peak memory, and the same file once more.

    python -m bench.imports [--rows 20000 200000]

Makes a database of its own on the server of DATABASE_URL, and drops it. The yardstick of the same
run is Python's csv module reading the file and a COPY of its columns as text into a table without
indexes; "times COPY" is how much longer the import takes, which also checks, looks up, and writes
history, keys and audit. Memory is the highest resident size of a process of its own per size.
"""

from __future__ import annotations

import argparse
import csv
import multiprocessing
import os
import random
import resource
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url, text

import core.db
from core.audit import SystemActor
from core.db import migrate, unit_of_work
from core.imports import runs
from core.imports.mapping import read_mapping
from core.kit.settings import settings

SIZES = (20_000, 200_000)
STAGES = ("Open", "Talks", "Won", "Lost")
PEOPLE = (
    "insert into territories (name, code) values ('Everywhere', 'ALL')",
    """
    insert into users (username, email, password_hash, first_name, last_name, role)
    select 'u' || n, 'u' || n || '@example.com', '-', 'Ann', 'Agent' || n, 'agent'
    from generate_series(1, 200) n
    """,
    """
    insert into agents (user_id, agent_code, territory_id, joined_on)
    select u.id, 'AG' || u.id, (select min(id) from territories), '2020-01-01' from users u
    """,
)
MAPPING = read_mapping(
    {
        "entity": "opportunity",
        "source": "bench",
        "key": ["id"],
        "fields": {
            "name": {"compose": "{product} {id}"},
            "stage": {
                "column": "stage",
                "values": {
                    "Open": "prospecting",
                    "Talks": "qualification",
                    "Won": "closed_won",
                    "Lost": "closed_lost",
                },
            },
            "account": {"column": "account", "create": {}},
            "owner": {"column": "owner"},
            "opened_on": {"column": "opened", "date_format": "%Y-%m-%d"},
            "closed_on": {"column": "closed", "date_format": "%Y-%m-%d"},
            "won_value": {"column": "value", "when": {"stage": ["closed_won"]}},
            "lost_reason": {"column": "why", "when": {"stage": ["closed_lost"]}},
        },
    }
)


def generate(path: Path, rows: int) -> None:
    """A file of deals of all stages, the same for the same size."""
    dice = random.Random(rows)
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(["id", "product", "stage", "account", "owner", "opened", "closed", "value", "why"])
        for n in range(rows):
            stage = dice.choice(STAGES)
            opened = date(2015, 1, 1) + timedelta(days=dice.randrange(3000))
            is_closed = stage in {"Won", "Lost"}
            writer.writerow(
                [
                    f"D{n}",
                    f"Product {dice.randrange(20)}",
                    stage,
                    f"Account {dice.randrange(max(rows // 20, 1))}",
                    f"Ann Agent{1 + dice.randrange(200)}",
                    "" if stage == "Open" else opened.isoformat(),
                    (opened + timedelta(days=dice.randrange(90))).isoformat() if is_closed else "",
                    f"{dice.randrange(100, 10_000)}.50" if stage == "Won" else "",
                    "Not now" if stage == "Lost" else "",
                ]
            )


def plain_copy(path: Path) -> float:
    """Seconds that the same bytes take through the csv module into a table of texts."""
    began = time.perf_counter()
    with unit_of_work() as session, path.open(encoding="utf-8", newline="") as source:
        driver: Any = session.connection().connection.driver_connection
        columns = ", ".join(f"c{n} text" for n in range(9))
        driver.execute(f"create temp table plain ({columns})")
        with driver.cursor() as cursor, cursor.copy("copy plain from stdin") as copy:
            for row in csv.reader(source):
                copy.write_row(row)
    return time.perf_counter() - began


def measure(url: str, rows: int, answer: multiprocessing.queues.Queue) -> None:
    """In a process of its own: the copy, the first import, the second, and the peak memory."""
    core.db.bind(url)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "deals.csv"
        generate(path, rows)
        copied = plain_copy(path)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        times = []
        for _ in range(2):
            began = time.perf_counter()
            result = runs.execute(runs.prepare(path, MAPPING, actor=SystemActor()))
            times.append(time.perf_counter() - began)
            if result.counts.failed:
                raise SystemExit(f"rows failed: {result.failures[:3]}")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        answer.put((copied, *times, before // 1024, peak // 1024))


def main() -> None:
    """Print one line per size."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, nargs="+", default=SIZES)
    sizes = parser.parse_args().rows
    server = make_url(settings().require_database_url())
    name = f"bench_imports_{os.getpid()}"
    maintenance = server.render_as_string(hide_password=False)
    print(
        f"{'rows':>10} {'s':>7} {'rows/s':>8} {'x COPY':>7} {'again s':>8} {'MB before':>10} {'MB peak':>8}"
    )
    for rows in sizes:
        url = server.set(database=name).render_as_string(hide_password=False)
        with psycopg.connect(maintenance, autocommit=True) as connection:
            connection.execute(f"create database {name}".encode())
        try:
            core.db.bind(url)
            migrate.upgrade()
            with unit_of_work() as session:
                for statement in PEOPLE:
                    session.execute(text(statement))
            core.db.bind(None)
            context = multiprocessing.get_context("spawn")
            answer = context.Queue()
            process = context.Process(target=measure, args=(url, rows, answer))
            process.start()
            copied, first, again, before, peak = answer.get()
            process.join()
        finally:
            with psycopg.connect(maintenance, autocommit=True) as connection:
                connection.execute(f"drop database if exists {name} with (force)".encode())
        print(
            f"{rows:>10,} {first:>7.1f} {rows / first:>8,.0f} {first / copied:>7.1f} {again:>8.1f}"
            f" {before:>10,} {peak:>8,}"
        )


if __name__ == "__main__":
    main()
