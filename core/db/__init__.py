"""PostgreSQL: the engine, units of work, once-only ids, migrations and the embedded server."""

from core.db.base import Base, CreatedAt, Key, UpdatedAt, Versioned, metadata, pg_enum, reference
from core.db.engine import (
    address,
    before_commit,
    bind,
    engine,
    psycopg_of,
    sqlalchemy_url,
    unit_of_work,
)
from core.db.errors import Busy, Crowded, Unavailable, Uncertain
from core.db.once import next_number, once

__all__ = [
    "Base",
    "Busy",
    "CreatedAt",
    "Crowded",
    "Key",
    "Unavailable",
    "Uncertain",
    "UpdatedAt",
    "Versioned",
    "address",
    "before_commit",
    "bind",
    "engine",
    "metadata",
    "next_number",
    "once",
    "pg_enum",
    "psycopg_of",
    "reference",
    "sqlalchemy_url",
    "unit_of_work",
]
