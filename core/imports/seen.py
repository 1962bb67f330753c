"""The session beside a run: its lock, and the keys that its file has already used.

Both live in a database session of their own, so that memory stays flat however long the file is and
nothing is left behind when the process is killed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from psycopg import Connection, Error, sql
from psycopg.errors import LockNotAvailable

from core.db import engine, psycopg_of
from core.imports.errors import AlreadyRunning
from core.imports.fields import Entity
from core.imports.landing import Failure, Landed
from core.imports.standing import hold_run
from core.imports.store import copy_rows

# The server notices a killed process only a moment later, and keeps its lock so long.
PATIENCE = "2s"


class Seen:
    """Tells the first row of a key from its repetitions."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection
        connection.execute("create temp table seen (key text primary key, line bigint, digest bytea)")

    def hold(self, run_id: int) -> None:
        """Say that this process works on a run, as long as this session lasts."""
        hold_run(self._connection, run_id)

    def clear(self) -> None:
        """Forget every key, for a second pass over the file."""
        self._connection.execute("truncate seen")

    def sift(self, landed: Sequence[Landed]) -> tuple[list[Landed], int, list[Failure]]:
        """(first rows, count of rows repeated word for word, failures of those that contradict)."""
        rows = self._connection.execute(
            "select key, line, digest from seen where key = any(%s)", [[one.key for one in landed]]
        )
        before = {key: (line, digest) for key, line, digest in rows}
        known = dict(before)
        first: list[Landed] = []
        failures: list[Failure] = []
        repeated = 0
        for one in landed:
            line, digest = known.setdefault(one.key, (one.line, one.digest))
            if line == one.line:
                first.append(one)
            elif digest == one.digest:
                repeated += 1
            else:
                told = f"Line {line} has the same key and says something else."
                failures.append(Failure(one.line, None, one.key.replace("\x1f", ", "), told, one.cells))
        copy_rows(
            self._connection,
            sql.SQL("copy seen (key, line, digest) from stdin"),
            ((one.key, one.line, one.digest) for one in first if one.key not in before),
        )
        return first, repeated, failures


@contextmanager
def session_beside(spec: Entity, source: str) -> Iterator[Seen]:
    """Hold the lock of (entity, source) for the block. Raises AlreadyRunning when it is held."""
    pooled = engine().raw_connection()
    connection = psycopg_of(pooled)
    pooled.detach()  # its lock and its table must end with it, not go back to the pool
    try:
        connection.rollback()
        connection.autocommit = True
        try:
            connection.execute("select set_config('lock_timeout', %s, false)", [PATIENCE])
            connection.execute(
                "select pg_advisory_lock(hashtextextended(%s, 0))", [f"import:{spec.name}:{source}"]
            )
        except LockNotAvailable as error:
            raise AlreadyRunning(spec.plural, source) from error
        connection.execute("set lock_timeout to default")
        yield Seen(connection)
    finally:
        # Nor should the next run wait for the server to notice that this one has ended, whichever way
        # it did. A broken connection has given its locks back already.
        with suppress(Error):
            connection.execute("select pg_advisory_unlock_all()")
        connection.close()
