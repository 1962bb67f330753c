"""In which state runs are, and whether anybody works on them.

A process that works on a run holds a lock of PostgreSQL with the run's number. The lock ends with the
process, so a run that calls itself unfinished while nobody holds its lock was interrupted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from psycopg import Connection
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    and_,
    cast,
    column,
    exists,
    func,
    or_,
    select,
    table,
    update,
)
from sqlalchemy.orm import Session

from core.imports.tables import ImportRun

WAITING = "waiting"
RUNNING = "running"
STOPPING = "stopping"
UNFINISHED = (WAITING, RUNNING, STOPPING)
DONE = "done"
REFUSED = "refused"
INTERRUPTED = "interrupted"
REVERTED = "reverted"
TRIED = "tried"

_LOCKS = table(
    "pg_locks", *map(column, ("locktype", "granted", "database", "classid", "objid", "objsubid"))
)
_DATABASES = table("pg_database", column("oid"), column("datname"))
# What holds a run's lock works on it; two numbers make another space of locks than refreshes have.
_AT_WORK = 7_204_103
# A run that was just asked for: its process is still being loaded.
STARTING_SECONDS = 60
_AND_NOW = "What it had stored by then is whole: import the same file again to go on, or revert the run."
INTERRUPTED_SENTENCE = f"It was interrupted. {_AND_NOW}"
STOPPED_SENTENCE = f"Somebody stopped it. {_AND_NOW}"


def hold_run(connection: Connection[Any], run_id: int) -> None:
    """Say that this database session works on a run, until the session ends."""
    connection.execute("select pg_advisory_lock(%s, %s::int)", [_AT_WORK, run_id])


def get_going(session: Session, run_id: int) -> None:
    """A run that waited is at work."""
    session.execute(
        update(ImportRun).where(ImportRun.id == run_id, ImportRun.state == WAITING).values(state=RUNNING)
    )


def ask_to_stop(session: Session, run_id: int) -> bool:
    """Have a run end before its next chunk; False when it has ended already."""
    asked = session.execute(
        update(ImportRun)
        .where(ImportRun.id == run_id, ImportRun.state.in_((WAITING, RUNNING)))
        .values(state=STOPPING)
        .returning(ImportRun.id)
    )
    return asked.one_or_none() is not None


def is_stopping(session: Session, run_id: int) -> bool:
    """Whether somebody wants the run to end."""
    return session.scalar(select(ImportRun.state).where(ImportRun.id == run_id)) == STOPPING


def end_dead_runs(session: Session, run_ids: Sequence[int] | None = None) -> int:
    """Mark unfinished runs as interrupted: those that nobody works on, or some whose process has ended."""
    which = ~is_alive() if run_ids is None else ImportRun.id.in_(run_ids)
    ended = session.execute(
        update(ImportRun)
        .where(ImportRun.state.in_(UNFINISHED), which)
        .values(state=INTERRUPTED, message=INTERRUPTED_SENTENCE, finished_at=func.now())
        .returning(ImportRun.id)
        .execution_options(synchronize_session=False)
    )
    return len(ended.all())


def is_alive() -> ColumnElement[bool]:
    """Whether some process holds the run's lock, or may not have come to it yet."""
    here = select(_DATABASES.c.oid).where(_DATABASES.c.datname == func.current_database())
    is_held = exists().where(
        _LOCKS.c.locktype == "advisory",
        _LOCKS.c.granted,
        _LOCKS.c.database == here.scalar_subquery(),
        cast(_LOCKS.c.classid, BigInteger) == _AT_WORK,
        cast(_LOCKS.c.objid, BigInteger) == ImportRun.id,
        _LOCKS.c.objsubid == 2,  # noqa: PLR2004 - a lock that is named by two numbers
    )
    is_starting = ImportRun.started_at > func.now() - timedelta(seconds=STARTING_SECONDS)
    return or_(is_held.correlate(ImportRun), and_(ImportRun.state == WAITING, is_starting))


def is_under_way(session: Session, entity: str, source: str) -> bool:
    """Whether records of this kind from this source are being imported just now."""
    same = (ImportRun.entity == entity, ImportRun.source == source)
    return bool(session.scalar(select(exists().where(*same, ImportRun.state.in_(UNFINISHED), is_alive()))))


def mark_superseded(session: Session, entity: str, source: str, message: str, *, but: int | None) -> None:
    """Runs that are said to be running while the caller holds what they would hold were killed."""
    session.execute(
        update(ImportRun)
        .where(
            ImportRun.entity == entity,
            ImportRun.source == source,
            ImportRun.state.in_((RUNNING, STOPPING)),
            ImportRun.id.is_distinct_from(but),
        )
        .values(state=INTERRUPTED, message=message, finished_at=func.now())
    )


def refuse_waiting(session: Session, run_ids: Sequence[int], message: str) -> None:
    """Say why some runs were never begun."""
    session.execute(
        update(ImportRun)
        .where(ImportRun.id.in_(run_ids), ImportRun.state.in_((WAITING, STOPPING)))
        .values(state=REFUSED, message=message, finished_at=func.now())
    )
