"""Runs an import: reads in chunks, lands, writes, counts, and says what went wrong.

Each chunk is one transaction with its rows, failures, figures and audit row, so that a run that is
killed leaves whole chunks; the next run of the same file finds them by their keys and goes on. A run
holds a lock on (entity, source), so that two can't double each other's rows.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg
from psycopg import Connection
from sqlalchemy.orm import Session

from core.audit import Actor, record
from core.db import Unavailable, psycopg_of, unit_of_work
from core.imports import reader, standing, store
from core.imports.errors import Stopped
from core.imports.landing import Failure, Lander, Landing
from core.imports.lookups import Lookups
from core.imports.mapping import ImportMapping, check_header
from core.imports.reader import Inspected, Row
from core.imports.reverting import take_back
from core.imports.seen import Seen, session_beside
from core.imports.store import Counts
from core.imports.writing import Writer
from core.kit.dates import utc_now
from core.kit.logs import logger
from core.kit.settings import settings

CHUNK = 5_000
PREVIEW_ROWS = 20
FIRST_FAILURES = 200

log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: rows done of all rows; `checking` is the pass that writes nothing."""

    done: int
    total: int
    is_checking: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """How a run ended. A trial has no run id; `failures` are the first ones only."""

    run_id: int | None
    state: str
    counts: Counts
    failures: tuple[Failure, ...]
    message: str = ""


Report = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Job:
    """A file with the mapping that it is imported by, and who imports it."""

    file: Inspected
    mapping: ImportMapping
    actor: Actor
    name: str
    template: str | None = None
    chunk: int = CHUNK
    now: datetime = field(default_factory=utc_now)


def prepare(
    path: Path, mapping: ImportMapping, *, actor: Actor, name: str = "", template: str | None = None
) -> Job:
    """Look through the file. Raises Unreadable, or BadMapping when a mapped column is not there."""
    called = name or path.name
    file = reader.inspect(path, mapping.file.options(), name=called)
    check_header(mapping, file.header, called)
    return Job(file, mapping, actor, called, template)


def execute(job: Job, *, report: Report = lambda _progress: None, begun: int | None = None) -> Result:
    """Import the file. Raises AlreadyRunning and Stopped; whatever stops it leaves whole chunks behind.

    `begun` is the run that was made for it, and whose lock the caller holds, if one was.
    """
    with session_beside(job.mapping.spec, job.mapping.source) as seen:
        run_id = _begin(job, seen, begun)
        try:
            result = _run(job, seen, report, run_id)
        except psycopg.OperationalError as error:
            _interrupted(job, run_id)
            raise Unavailable from error
        except Stopped as stopped:
            _interrupted(job, run_id, str(stopped))
            raise
        except BaseException:
            _interrupted(job, run_id)
            raise
        with unit_of_work() as session:
            store.end_run(session, run_id, result.state, result.message or None)
            _audit(session, job, run_id, "imports.end", {"state": result.state})
    log.info("import_ended", run=run_id, state=result.state, rows=result.counts.read)
    return result


def try_out(job: Job, *, report: Report = lambda _progress: None) -> Result:
    """Say what an import would do, without writing anything."""
    with session_beside(job.mapping.spec, job.mapping.source) as seen:
        return _pass(job, seen, report, run_id=None, writes=False)


def preview(job: Job, rows: int = PREVIEW_ROWS) -> Landing:
    """Land the first rows, without writing anything."""
    with unit_of_work() as session:
        lookups = _lookups(job, psycopg_of(session))
        lander = Lander(
            job.mapping,
            job.file.header,
            lookups,
            Writer(job.mapping, lookups, run_id=None).create_missing,
        )
        return lander.land(list(islice(reader.rows(job.file), rows)))


def new_run(session: Session, job: Job, *, state: str) -> int:
    """The row of a run that begins or waits; its id."""
    mapping = job.mapping
    return store.begin_run(
        session,
        entity=mapping.entity,
        source=mapping.source,
        template=job.template,
        file_name=job.name[:255],
        file_digest=job.file.digest,
        mapping=mapping.as_json(),
        header=list(job.file.header),
        rows_total=job.file.records,
        started_by=job.actor.user_id,
        state=state,
    )


def _begin(job: Job, seen: Seen, begun: int | None) -> int:
    mapping = job.mapping
    with unit_of_work() as session:
        standing.mark_superseded(
            session,
            mapping.entity,
            mapping.source,
            "It was killed; a later run went on from there.",
            but=begun,
        )
        if begun is None:
            run_id = new_run(session, job, state=standing.RUNNING)
            seen.hold(run_id)
        else:
            run_id = begun
            standing.get_going(session, run_id)
        _audit(session, job, run_id, "imports.start", {"rows": job.file.records, "file": job.file.digest})
    return run_id


def _interrupted(job: Job, run_id: int, told: str = standing.INTERRUPTED_SENTENCE) -> None:
    """Say so where that is still possible; a run that can't is found by its lock, which nobody holds."""
    with contextlib.suppress(Unavailable, psycopg.Error), unit_of_work() as session:
        store.end_run(session, run_id, standing.INTERRUPTED, told)
        _audit(session, job, run_id, "imports.end", {"state": standing.INTERRUPTED})


def _run(job: Job, seen: Seen, report: Report, run_id: int) -> Result:
    """The whole file: in one pass, or with a trial before it where all rows have to be good."""
    is_whole = job.mapping.on_error == "stop"
    if is_whole:
        trial = _pass(job, seen, report, run_id=run_id, writes=False)
        if trial.counts.failed:
            return _refused(run_id, trial)
        seen.clear()
    result = _pass(job, seen, report, run_id=run_id, writes=True)
    if is_whole and result.counts.failed:
        with unit_of_work() as session:
            take_back(session, run_id)
        return _refused(run_id, result)
    return result


def _refused(run_id: int, found: Result) -> Result:
    told = "Nothing was imported: some rows fail, and the file was to be taken whole or not at all."
    counts = Counts(found.counts.read, failed=found.counts.failed)
    with unit_of_work() as session:
        store.set_counts(session, run_id, counts)
    return Result(run_id, standing.REFUSED, counts, found.failures, told)


def _pass(job: Job, seen: Seen, report: Report, *, run_id: int | None, writes: bool) -> Result:
    """Go through the file once, chunk by chunk."""
    counts, first = Counts(), list[Failure]()
    worker: _Worker | None = None
    for number, rows in enumerate(_chunks(job), start=1):
        with unit_of_work() as session:
            if run_id is not None and standing.is_stopping(session, run_id):
                raise Stopped(standing.STOPPED_SENTENCE)
            connection = psycopg_of(session)
            if worker is None:
                worker = _Worker(job, connection, seen, run_id if writes else None)
            worker.lookups.connection = connection
            done, failures = worker.work(session, rows)
            if run_id is not None:
                store.add_failures(session, run_id, failures)
            if run_id is not None and writes:
                store.add_counts(session, run_id, done)
                span = {"chunk": number, "lines": [rows[0].line, rows[-1].line]}
                _audit(session, job, run_id, "imports.chunk", {**span, "created": done.created})
            elif run_id is not None:
                store.set_checked(session, run_id, counts.read + done.read)
        counts += done
        first += failures[: max(0, FIRST_FAILURES - len(first))]
        report(Progress(counts.read, job.file.records, is_checking=not writes))
    state = standing.DONE if writes else standing.TRIED
    return Result(run_id, state, counts, tuple(first))


def _chunks(job: Job) -> Iterator[list[Row]]:
    source = reader.rows(job.file)
    while rows := list(islice(source, job.chunk)):
        yield rows


class _Worker:
    """Lands and writes chunks of one pass."""

    def __init__(self, job: Job, connection: Connection[Any], seen: Seen, run_id: int | None) -> None:
        self.lookups = _lookups(job, connection)
        self._seen = seen
        self._writer = Writer(job.mapping, self.lookups, run_id=run_id)
        self._lander = Lander(job.mapping, job.file.header, self.lookups, self._writer.create_missing)

    def work(self, session: Session, rows: Sequence[Row]) -> tuple[Counts, list[Failure]]:
        """Land and write rows; a row that the database itself refuses is found by halving."""
        try:
            with session.begin_nested():
                session.connection()  # sets the savepoint, which is otherwise put off
                return self._write(rows)
        except (psycopg.IntegrityError, psycopg.DataError) as error:
            self.lookups.forget()
            if len(rows) == 1:
                return Counts(read=1, failed=1), [_refused_by_database(rows[0], error)]
        middle = len(rows) // 2
        left, left_failures = self.work(session, rows[:middle])
        right, right_failures = self.work(session, rows[middle:])
        return left + right, left_failures + right_failures

    def _write(self, rows: Sequence[Row]) -> tuple[Counts, list[Failure]]:
        landing = self._lander.land(rows)
        first, repeated, contradicting = self._seen.sift(landing.landed)
        written, failures = self._writer.write(first)
        failed = landing.failed_rows + len(contradicting)
        counts = Counts(read=len(rows), unchanged=repeated, failed=failed) + written
        return counts, sorted([*landing.failures, *contradicting, *failures], key=lambda one: one.line)


def _refused_by_database(row: Row, error: psycopg.Error) -> Failure:
    cells = tuple(reader.as_text(cell) for cell in row.cells)
    constraint = error.diag.constraint_name or ""
    if isinstance(error, psycopg.errors.UniqueViolation):
        column = constraint.split("_")[-1] or "value"
        return Failure(row.line, None, None, f"Another record has the same {column} ({constraint}).", cells)
    told = error.diag.message_primary or "unknown"
    return Failure(row.line, None, None, f"The database refuses it: {told}.", cells)


def _audit(session: Session, job: Job, run_id: int, action: str, details: dict[str, object]) -> None:
    record(
        session,
        actor=job.actor,
        action=action,
        entity="import_run",
        entity_id=run_id,
        details={"imported": job.mapping.entity, **details},
    )


def _lookups(job: Job, connection: Connection[object]) -> Lookups:
    return Lookups(job.actor, job.mapping.source, job.now, settings().time_zone, connection)
