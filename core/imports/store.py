"""Every statement to the tables of imports: templates, runs, failures, touched rows and keys."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection, sql
from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from core.access import Viewer
from core.db import psycopg_of
from core.imports.landing import Failure
from core.imports.standing import INTERRUPTED, INTERRUPTED_SENTENCE, UNFINISHED, is_alive
from core.imports.tables import ImportedRow, ImportFailure, ImportKey, ImportRun, ImportTemplate


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of a file by what became of them."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.read + other.read,
            self.created + other.created,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.failed + other.failed,
        )


@dataclass(frozen=True, slots=True)
class Run:
    """One import of a file, as people see it."""

    id: int
    entity: str
    source: str
    template: str | None
    file_name: str
    state: str
    total: int
    checked: int
    counts: Counts
    message: str | None
    started_by: int | None
    started_at: datetime
    finished_at: datetime | None
    reverted_at: datetime | None

    @property
    def is_unfinished(self) -> bool:
        """Whether it waits or is at work."""
        return self.state in UNFINISHED

    @property
    def is_checking(self) -> bool:
        """Whether it is in the pass that writes nothing."""
        return self.checked > 0 and self.counts.read == 0


@dataclass(frozen=True, slots=True)
class Template:
    """A saved mapping. Those that ship with the program have no id."""

    name: str
    entity: str
    mapping: Mapping[str, Any]
    id: int | None = None


def begin_run(session: Session, **values: object) -> int:
    """A new running run; returns its id."""
    return session.execute(insert(ImportRun).values(**values).returning(ImportRun.id)).scalar_one()


def set_checked(session: Session, run_id: int, rows: int) -> None:
    """How far the pass is that writes nothing."""
    session.execute(update(ImportRun).where(ImportRun.id == run_id).values(rows_checked=rows))


def add_counts(session: Session, run_id: int, counts: Counts) -> None:
    """Add a chunk to the run's figures."""
    session.execute(
        update(ImportRun)
        .where(ImportRun.id == run_id)
        .values(
            rows_read=ImportRun.rows_read + counts.read,
            rows_created=ImportRun.rows_created + counts.created,
            rows_updated=ImportRun.rows_updated + counts.updated,
            rows_unchanged=ImportRun.rows_unchanged + counts.unchanged,
            rows_failed=ImportRun.rows_failed + counts.failed,
        )
    )


def set_counts(session: Session, run_id: int, counts: Counts) -> None:
    """Replace the run's figures."""
    session.execute(
        update(ImportRun)
        .where(ImportRun.id == run_id)
        .values(
            rows_read=counts.read,
            rows_created=counts.created,
            rows_updated=counts.updated,
            rows_unchanged=counts.unchanged,
            rows_failed=counts.failed,
        )
    )


def end_run(session: Session, run_id: int, state: str, message: str | None = None) -> None:
    """Set how a run ended."""
    session.execute(
        update(ImportRun)
        .where(ImportRun.id == run_id)
        .values(state=state, message=message, finished_at=func.now())
    )


def add_failures(session: Session, run_id: int, failures: Sequence[Failure]) -> None:
    """Keep what was wrong with rows, with the rows themselves."""
    if not failures:
        return
    with (
        psycopg_of(session).cursor() as cursor,
        cursor.copy('copy import_errors (run_id, line, "column", value, reason, cells) from stdin') as copy,
    ):
        for one in failures:
            value = one.value[:1000] if one.value is not None else None
            column = one.column[:120] if one.column else None
            copy.write_row((run_id, one.line, column, value, one.reason, json.dumps(one.cells)))


def run(session: Session, run_id: int, by: Viewer | None) -> Run | None:
    """A run that the viewer may see: their own, or any for those who see everything."""
    found = session.execute(_runs(by).where(ImportRun.id == run_id)).one_or_none()
    return _run(*found) if found else None


def runs(session: Session, by: Viewer | None, limit: int) -> list[Run]:
    """The newest runs first; one that nobody works on any more reads as interrupted."""
    statement = _runs(by).order_by(ImportRun.id.desc()).limit(limit)
    return [_run(*row) for row in session.execute(statement)]


def unfinished(session: Session, by: Viewer | None) -> list[Run]:
    """The runs that wait or are at work, in their order."""
    statement = _runs(by).where(ImportRun.state.in_(UNFINISHED), is_alive()).order_by(ImportRun.id)
    return [_run(*row) for row in session.execute(statement)]


def _runs(by: Viewer | None) -> Any:
    statement = select(ImportRun, or_(ImportRun.state.not_in(UNFINISHED), is_alive()))
    return statement if by is None or by.sees_all else statement.where(ImportRun.started_by == by.user_id)


def _run(row: ImportRun, is_alive: bool) -> Run:  # noqa: FBT001  # a column of the row
    return Run(
        id=row.id,
        entity=row.entity,
        source=row.source,
        template=row.template,
        file_name=row.file_name,
        state=row.state if is_alive else INTERRUPTED,
        total=row.rows_total,
        checked=row.rows_checked,
        counts=Counts(
            row.rows_read, row.rows_created, row.rows_updated, row.rows_unchanged, row.rows_failed
        ),
        message=row.message if is_alive else INTERRUPTED_SENTENCE,
        started_by=row.started_by,
        started_at=row.started_at,
        finished_at=row.finished_at,
        reverted_at=row.reverted_at,
    )


def failures(session: Session, run_id: int, limit: int | None = None) -> Iterator[Failure]:
    """The failures of a run in the order of its file."""
    statement = (
        select(ImportFailure)
        .where(ImportFailure.run_id == run_id)
        .order_by(ImportFailure.line, ImportFailure.id)
        .limit(limit)
    )
    for row in session.execute(statement, execution_options={"yield_per": 1000}).scalars():
        yield Failure(row.line, row.column, row.value, row.reason, tuple(row.cells))


def header(session: Session, run_id: int) -> list[str]:
    """The header of a run's file."""
    found: list[str] = session.execute(select(ImportRun.header).where(ImportRun.id == run_id)).scalar_one()
    return found


def touched(session: Session, run_id: int) -> dict[str, int]:
    """How many records of each entity a run created or changed, the last kind first."""
    rows = session.execute(
        select(ImportedRow.entity, func.count(), func.max(ImportedRow.id))
        .where(ImportedRow.run_id == run_id)
        .group_by(ImportedRow.entity)
        .order_by(func.max(ImportedRow.id).desc())
    )
    return {entity: count for entity, count, _last in rows}


def forget_run(session: Session, run_id: int) -> None:
    """Remove what a reverted run had noted; the run itself and its failures stay."""
    session.execute(delete(ImportKey).where(ImportKey.run_id == run_id))
    session.execute(delete(ImportedRow).where(ImportedRow.run_id == run_id))


def templates(session: Session) -> list[Template]:
    """The saved templates by name."""
    rows = session.execute(select(ImportTemplate).order_by(ImportTemplate.name)).scalars()
    return [Template(row.name, row.entity, row.mapping, row.id) for row in rows]


def save_template(
    session: Session, name: str, entity: str, mapping: Mapping[str, Any], *, by: int | None
) -> int:
    """Save a mapping under a name, in place of the one that had it; returns its id."""
    found = session.execute(select(ImportTemplate).where(ImportTemplate.name == name)).scalar_one_or_none()
    if found is None:
        found = ImportTemplate(name=name, created_by=by)
        session.add(found)
    found.entity, found.mapping = entity, dict(mapping)
    session.flush()
    return found.id


def copy_rows(
    connection: Connection[Any], statement: sql.SQL | sql.Composed, rows: Iterable[Sequence[object]]
) -> None:
    """COPY a chunk of rows into a table by a `copy ... from stdin` statement."""
    made = list(rows)  # making a row may ask the database, which can't answer during a COPY
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in made:
            copy.write_row(row)
