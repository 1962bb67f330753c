"""Runs migrations on the bound engine, one runner at a time."""

from __future__ import annotations

import importlib
from pathlib import Path

from alembic import context
from sqlalchemy import Connection, text

from core.db.base import metadata
from core.db.engine import engine

LOCK = 7_249_001
CORE = Path(__file__).resolve().parents[2]


def load_tables() -> None:
    """Import the tables of every context, so that the metadata holds the whole schema."""
    for path in sorted([*CORE.glob("*/tables.py"), *CORE.glob("*/tables/__init__.py")]):
        importlib.import_module(f"core.{path.relative_to(CORE).parts[0]}.tables")


def include_object(
    _object: object,
    name: str | None,
    kind: str,
    _reflected: bool,  # noqa: FBT001  # Alembic passes it by position
    _compare_to: object,
) -> bool:
    """Indexes named xp_ are made by hand in SQL and compared by their own test."""
    return not (kind == "index" and (name or "").startswith("xp_"))


def run(connection: Connection) -> None:
    """Migrate inside one transaction, holding a lock that other runners wait for."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        compare_server_default=False,
        include_object=include_object,
    )
    with context.begin_transaction():
        connection.execute(text("set local lock_timeout = 0"))
        connection.execute(text("set local statement_timeout = 0"))
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK})
        context.run_migrations()


load_tables()
with engine().connect() as live:
    run(live)
    live.commit()
