"""How long the demo data takes, and whether its memory grows with the company.

    python -m bench.demo [--customers 2000 10000 50000]

Makes a database of its own per size on the server of DATABASE_URL, and drops it. Each size is filled
in a process of its own, so that the peak of its memory is its own. Prints seconds, rows a second, the
peak, and how time and memory of each size compare with the first: time should grow like the size,
memory should not grow beyond the first stretch.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time

import psycopg
from sqlalchemy import make_url

import core.db
from core import demo
from core.db import migrate
from core.kit.settings import ROOT, settings

SIZES = (2_000, 10_000, 50_000)


def main() -> None:
    """Measure, or fill one size for the measuring process."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--customers", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one is not None:
        _fill(chosen.one)
    else:
        _compare(chosen.customers)


def _compare(sizes: list[int]) -> None:
    first: tuple[float, float] | None = None
    print(f"{'customers':>10} {'rows':>11} {'seconds':>8} {'rows/s':>8} {'peak MB':>8}   time x, memory x")
    for size in sizes:
        rows, seconds, peak = _measure(size)
        first = first or (seconds, peak)
        print(
            f"{size:>10,} {rows:>11,} {seconds:>8.1f} {rows / seconds:>8,.0f} {peak:>8.0f}"
            f"   {seconds / first[0]:.1f}, {peak / first[1]:.2f}  (size {size / sizes[0]:.1f})"
        )


def _measure(size: int) -> tuple[int, float, float]:
    url = make_url(settings().require_database_url())
    name = f"policydesk_bench_demo_{os.getpid()}_{size}"
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(f"create database {name}".encode())
        try:
            with tempfile.TemporaryDirectory() as folder:
                environment = {
                    **os.environ,
                    "DATABASE_URL": url.set(database=name).render_as_string(hide_password=False),
                    "POLICYDESK_STORAGE_DIR": folder,
                    "POLICYDESK_DEMO": "true",
                }
                command = [sys.executable, "-m", "bench.demo", "--one", str(size)]
                told = subprocess.run(
                    command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
                )
        finally:
            connection.execute(f"drop database {name} with (force)".encode())
    rows, seconds, peak = told.stdout.split()
    return int(rows), float(seconds), float(peak)


def _fill(size: int) -> None:
    migrate.upgrade()
    begun = time.perf_counter()
    demo.fill(size)
    seconds = time.perf_counter() - begun
    with core.db.engine().connect() as connection:
        details = connection.exec_driver_sql(
            "select details from audit_log where entity = 'demo'"
        ).scalar_one()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(sum(details["rows"].values()), seconds, peak)


if __name__ == "__main__":
    main()
