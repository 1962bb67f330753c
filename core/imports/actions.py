"""What people may do with imports: look at a file, preview, import, read results, revert.

Importing a kind of record takes the permission to enter it besides the one to import, and so does
each kind that the mapping creates on the way. Rows whose owner is outside the viewer's team fail.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from sqlalchemy import func, update

from core.access import Permission, Viewer, action, read, require
from core.audit import Actor, record
from core.db import unit_of_work
from core.imports import reader, runs, shipped, standing, store, uploads
from core.imports.entities import ENTITIES, entity_named
from core.imports.errors import NotRevertible
from core.imports.fields import Entity, Field, Kind
from core.imports.landing import Failure
from core.imports.permitted import allowed
from core.imports.reader import FileOptions, Inspected
from core.imports.reverting import take_back
from core.imports.samples import sample as sample_of
from core.imports.store import Run, Template
from core.imports.suggesting import suggest, suggest_key
from core.imports.tables import ImportRun
from core.kit.errors import Invalid, NotFound
from core.kit.fields import plain_text

# A cell that begins with one of these is a formula to a spreadsheet (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
MAX_DISTINCT = 40


@dataclass(frozen=True, slots=True)
class Preview:
    """How the first rows of a file land: values by field label, and what is wrong with the others."""

    labels: tuple[str, ...]
    rows: tuple[tuple[int, tuple[object, ...]], ...]
    failures: tuple[Failure, ...]


@read(Permission.IMPORT)
def importable(*, by: Viewer) -> list[Entity]:
    """The kinds of record that the viewer may import."""
    return [entity for entity in ENTITIES.values() if by.can(entity.permission)]


def stub_of(field: Field) -> Mapping[str, str] | None:
    """What a missing record needs to be created besides its name; None where it can't be."""
    return ENTITIES[field.of].stub if field.of else None


@read(Permission.IMPORT)
def templates(*, by: Viewer) -> list[Template]:
    """Saved and shipped mappings for what the viewer may import; a saved one hides its namesake."""
    with unit_of_work() as session:
        saved = store.templates(session)
    names = {one.name for one in saved}
    ours = [
        Template(name, mapping.entity, mapping.as_json())
        for name, mapping in shipped.mappings().items()
        if name not in names
    ]
    return [one for one in (*saved, *ours) if by.can(entity_named(one.entity).permission)]


@action(Permission.IMPORT)
def save_template(name: str, mapping: Mapping[str, Any], *, by: Viewer) -> int:
    """Keep a mapping under a name, in place of the one that had it."""
    checked = allowed(mapping, by)
    title = plain_text(name)
    if not 0 < len(title) <= 80:  # noqa: PLR2004  # import_templates.name
        raise Invalid({"name": "Give the template a name of at most 80 characters."})
    with unit_of_work() as session:
        template_id = store.save_template(session, title, checked.entity, checked.as_json(), by=by.user_id)
        record(
            session,
            actor=by,
            action="imports.save_template",
            entity="import_template",
            entity_id=template_id,
            details={"imported": checked.entity},
        )
    return template_id


@action(Permission.IMPORT)
def take_in(source: BinaryIO, name: str, *, by: Viewer) -> Path:
    """Keep a file that was sent until it has been imported. Raises Unreadable."""
    del by  # the gate has asked
    return uploads.take_in(source, name)


@read(Permission.IMPORT)
def look(path: Path, *, by: Viewer, name: str = "", options: FileOptions | None = None) -> Inspected:
    """Go through a file. Raises Unreadable in one sentence that says what to do."""
    del by  # the gate has asked
    return reader.inspect(path, options or FileOptions(), name=name)


@read(Permission.IMPORT)
def suggested(entity: str, header: Sequence[str], *, by: Viewer) -> dict[str, str]:
    """Field to column by name alone, to be confirmed by a person."""
    del by  # the gate has asked
    return suggest(entity_named(entity), header)


@read(Permission.IMPORT)
def suggested_key(entity: str, header: Sequence[str], *, by: Viewer) -> tuple[str, ...]:
    """The columns that may identify a row, by name alone; none where no column looks like it."""
    del by  # the gate has asked
    return suggest_key(entity_named(entity), header)


@read(Permission.IMPORT)
def sample(entity: str, *, by: Viewer) -> str:
    """A CSV file to start from: the headings that are recognised, and one invented row."""
    del by  # the gate has asked
    return sample_of(entity_named(entity))


@read(Permission.IMPORT)
def distinct(file: Inspected, column: str, *, by: Viewer) -> tuple[str, ...] | None:
    """The different texts of a column, sorted; None when there are more than anybody would map."""
    del by  # the gate has asked
    return _distinct(file, column)


@lru_cache(maxsize=128)
def _distinct(file: Inspected, column: str) -> tuple[str, ...] | None:
    """Remembered, because a page asks at every click; a changed file has another digest."""
    place = file.header.index(column)
    found: set[str] = set()
    for row in reader.rows(file):
        if row.problem is None:
            found.add(reader.as_text(row.cells[place]).strip())
        if len(found) > MAX_DISTINCT:
            return None
    return tuple(sorted(found - {""}))


@read(Permission.IMPORT)
def preview(path: Path, mapping: Mapping[str, Any], *, by: Viewer, name: str = "") -> Preview:
    """Land the first rows without writing. Raises Unreadable and BadMapping."""
    checked = allowed(mapping, by)
    job = runs.prepare(path, checked, actor=by, name=name)
    landing = runs.preview(job)
    spec = checked.spec
    fields = [one for one in spec.fields if one.name in checked.fields]
    rows = tuple(
        (
            one.line,
            tuple(
                one.texts.get(field.name) if field.kind is Kind.RECORD else one.record.get(field.name)
                for field in fields
            ),
        )
        for one in landing.landed
    )
    failures = sorted(landing.failures, key=lambda one: one.line)
    return Preview(tuple(field.label for field in fields), rows, tuple(failures))


@read(Permission.IMPORT)
def recent_runs(*, by: Viewer, limit: int = 50) -> list[Run]:
    """The newest runs: one's own, or everybody's for those who see all rows."""
    with unit_of_work() as session:
        return store.runs(session, by, limit)


@read(Permission.IMPORT)
def failures(run_id: int, *, by: Viewer, limit: int = 200) -> list[Failure]:
    """The first failures of a run."""
    with unit_of_work() as session:
        _run(run_id, by)
        return list(store.failures(session, run_id, limit))


@read(Permission.IMPORT)
def write_failures(run_id: int, target: TextIO, *, by: Viewer) -> None:
    """Write a run's failures as CSV: line, column, value, reason, then the row's own columns."""
    _run(run_id, by)
    failures_csv(run_id, target)


@action(Permission.IMPORT)
def stop(run_id: int, *, by: Viewer) -> bool:
    """Have a run end before its next chunk; what is stored by then stays. False when it has ended."""
    _run(run_id, by)
    with unit_of_work() as session:
        is_asked = standing.ask_to_stop(session, run_id)
        if is_asked:
            record(session, actor=by, action="imports.stop", entity="import_run", entity_id=run_id)
    return is_asked


@read(Permission.IMPORT)
def touched(run_id: int, *, by: Viewer) -> dict[str, int]:
    """How many records of each kind a run created or changed: what a revert would take back."""
    _run(run_id, by)
    with unit_of_work() as session:
        return store.touched(session, run_id)


def named(counts: Mapping[str, int]) -> str:
    """Counts by kind of record in words: 3 leads, 1 account."""
    kinds = ((count, ENTITIES[name]) for name, count in counts.items())
    return ", ".join(f"{count:,} {kind.noun if count == 1 else kind.plural}" for count, kind in kinds)


@action(Permission.IMPORT)
def revert(run_id: int, *, by: Viewer) -> dict[str, int]:
    """Take a run back. Raises NotRevertible when its records were changed or used since."""
    run = _run(run_id, by)
    require(by, entity_named(run.entity).permission)
    return revert_run(run, actor=by)


def revert_run(run: Run, *, actor: Actor) -> dict[str, int]:
    """Take a run back, whoever asks; returns how many records of each kind were put back."""
    if run.is_unfinished or run.state == standing.REVERTED:
        told = "has been reverted already" if run.state == standing.REVERTED else "is still running"
        raise NotRevertible(f"Run {run.id} {told}.")
    with unit_of_work() as session:
        counts = take_back(session, run.id)
        session.execute(
            update(ImportRun)
            .where(ImportRun.id == run.id)
            .values(state=standing.REVERTED, reverted_at=func.now(), reverted_by=actor.user_id)
        )
        record(
            session,
            actor=actor,
            action="imports.revert",
            entity="import_run",
            entity_id=run.id,
            details={"records": counts},
        )
    return counts


def failures_csv(run_id: int, target: TextIO) -> None:
    """The failures of a run as CSV; what a spreadsheet would take for a formula gets an apostrophe."""
    writer = csv.writer(target)
    with unit_of_work() as session:
        writer.writerow(
            [
                plain_cell(cell)
                for cell in ("line", "column", "value", "reason", *store.header(session, run_id))
            ]
        )
        for one in store.failures(session, run_id):
            cells = (one.column or "", one.value or "", one.reason, *one.cells)
            writer.writerow([one.line, *map(plain_cell, cells)])


def plain_cell(text: str) -> str:
    """The text so that no spreadsheet runs it; numbers stay as they are."""
    if not text.startswith(FORMULA_STARTS) or text[1:].replace(".", "", 1).replace(",", "").isdigit():
        return text
    return f"'{text}"


def _run(run_id: int, by: Viewer) -> Run:
    with unit_of_work() as session:
        found = store.run(session, run_id, by)
    if found is None:
        raise NotFound("import run", run_id)
    return found
