"""One refresh from snapshot to publication, told to PostgreSQL step by step."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from core import jobs
from core.db import Unavailable, address
from core.db import migrate as migrations
from core.kit.dates import utc_now
from core.kit.errors import Refusal
from core.kit.locks import held
from core.kit.logs import bind_reference, logger
from core.kit.settings import settings
from etl import build, checks, extract, publish, write_back
from etl.failures import as_refusal
from etl.publish import Version
from etl.sources import SOURCES, Source

log = logger(__name__)

BEAT_SECONDS = 2.0
QUIET_SECONDS = 0.3

# Where each step ends on the way from 0 to 100 %.
OPENED, READ, COMPARED, SHAPED, CHECKED, PUBLISHED = 1, 55, 62, 80, 90, 93

OnProgress = Callable[[int, str], None]


@dataclass(slots=True)
class Progress:
    """How far the run is; a thread tells PostgreSQL, which is also the heartbeat."""

    run_id: int | None
    on_progress: OnProgress
    step: str = "Starting"
    percent: int = 0
    _ended: threading.Event = field(default_factory=threading.Event)
    _news: threading.Event = field(default_factory=threading.Event)

    def __call__(self, step: str, percent: float) -> None:
        """Say what is being done, and how much of the whole has been."""
        self.step, self.percent = step, max(self.percent, int(percent))
        self.on_progress(self.percent, step)
        self._news.set()

    def between(self, start: float, end: float) -> Callable[[str, float], None]:
        """A report of parts of a step: what is being done, and the share of the step that has been."""
        return lambda what, share: self(what, start + (end - start) * share)

    @contextmanager
    def beating(self) -> Iterator[None]:
        """Report what is new, and every two seconds that the run lives, for the length of the block."""
        thread = threading.Thread(target=self._beat, args=(self.run_id,), name="heartbeat", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._ended.set()
            self._news.set()
            thread.join()

    def _beat(self, run_id: int) -> None:
        while not self._ended.wait(QUIET_SECONDS):
            self._news.wait(BEAT_SECONDS)
            self._news.clear()
            # A beat that is missed is made up for by the next; enough missed ones tell a failure.
            with suppress(Unavailable):
                jobs.report_progress(run_id, step=self.step, progress=self.percent, now=utc_now())


def refresh(
    *, run_id: int | None = None, on_progress: OnProgress = lambda _percent, _step: None
) -> Version:
    """Copy PostgreSQL into a new version and publish it; the last one stays in use on any failure.

    `run_id` is the run that was made for this process, if one was. Raises AlreadyRunning, CheckFailed,
    DiskFull or Unavailable; whatever else rises is a defect and was written to the run by reference.
    """
    warehouse = settings().warehouse_dir
    progress = Progress(run_id, on_progress)
    with _failures_told(progress), jobs.alone(), _warehouse_alone(warehouse):
        _refuse_old_schema()
        publish.sweep(warehouse)
        progress.run_id = jobs.begin_run(run_id, now=utc_now())
        with progress.beating():
            version = _refresh(progress.run_id, warehouse, progress)
        jobs.finish_run(progress.run_id, now=utc_now())
        publish.sweep(warehouse)
    progress("Done", 100)
    return version


def _refresh(run_id: int, warehouse: Path, progress: Progress) -> Version:
    zone = settings().time_zone
    with (
        publish.place_to_build(warehouse) as building,
        build.workspace(building, time_zone=zone) as copy,
    ):
        with extract.snapshot(address()) as found:
            progress("Reading", OPENED)
            rows = _read(found, copy, progress)
            compared = checks.against_postgres(found, copy, on_table=progress.between(READ, COMPARED))
        checks.require(finding for each in compared for finding in each.findings)
        counts = _shape(copy, progress)
        version = Version(f"{utc_now():%Y%m%dT%H%M%SZ}-{run_id}", found.at, counts)
        source_rows = {each.table: each.here.rows for each in compared}
        build.put_meta(
            copy, version=version.name, snapshot_at=found.at, time_zone=zone, source_rows=source_rows
        )
        differences = write_back.prepare(copy)
        progress("Publishing", CHECKED)
        build.close_marts(copy)
        publish.publish(building / build.FILE, version, warehouse=warehouse, now=utc_now())
        progress("Writing the daily summaries", PUBLISHED)
        reports = {each.table: each.report for each in compared}
        jobs.note_published(run_id, version=version.name, rows_copied=rows, checks=reports)
        write_back.write(copy, differences)
    return version


def _read(found: extract.Snapshot, copy: duckdb.DuckDBPyConnection, progress: Progress) -> int:
    expected, places = found.expected_rows(), {source.name: at for at, source in enumerate(SOURCES)}
    tell = progress.between(OPENED, READ)

    def on_rows(source: Source, rows: int) -> None:
        # The planner's statistics may be old, so tables count as much as rows.
        share = (places[source.name] / len(SOURCES) + min(rows / expected, 1.0)) / 2
        place = f"table {places[source.name] + 1} of {len(SOURCES)}"
        tell(f"Reading {source.table.replace('_', ' ')}, {place}", share)

    build.put_statuses(copy)
    return extract.land(found, copy, on_rows=on_rows)


def _shape(copy: duckdb.DuckDBPyConnection, progress: Progress) -> dict[str, int]:
    built, checked = progress.between(COMPARED, SHAPED), progress.between(SHAPED, CHECKED)
    counts = build.build_marts(copy, on_mart=lambda name, share: built(f"Building {name}", share))
    checks.require(checks.of_marts(copy, on_mart=lambda name, share: checked(f"Checking {name}", share)))
    return counts


@contextmanager
def _failures_told(progress: Progress) -> Iterator[None]:
    """Write to the run why it failed: a refusal in its words, anything else by reference."""
    with bind_reference() as reference:
        try:
            yield
        except BaseException as error:
            refusal = as_refusal(error)
            if refusal is None:
                log.exception("refresh_failed", run_id=progress.run_id)
            message = str(refusal or f"Something unexpected happened. Reference {reference}.")
            if progress.run_id is not None:
                with suppress(Unavailable):
                    jobs.fail_run(progress.run_id, message=message, now=utc_now())
            if refusal is not None and refusal is not error:
                raise refusal from error
            raise


@contextmanager
def _warehouse_alone(warehouse: Path) -> Iterator[None]:
    """Keep out a run of another database that publishes to the same place."""
    warehouse.mkdir(parents=True, exist_ok=True)
    with held(warehouse / publish.LOCK, wait=False) as got:
        if not got:
            raise jobs.AlreadyRunning
        yield


def _refuse_old_schema() -> None:
    if migrations.current() != migrations.newest():
        raise Refusal(
            "The database's schema is not the one that this version of PolicyDesk expects.",
            remedy="Run ./run migrate first.",
        )
