"""What people may do with imports: look at a file, preview, import, read results, revert.

Importing a kind of record takes the permission to enter it besides the one to import, and so does
each kind that the mapping creates on the way. Rows whose owner is outside the viewer's team fail.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from sqlalchemy import func, update

from core.access import Permission, Viewer, action, read, require
from core.audit import Actor, record
from core.db import unit_of_work
from core.imports import reader, runs, shipped, store, uploads
from core.imports.entities import ENTITIES, entity_named
from core.imports.errors import NotRevertible
from core.imports.fields import Entity, Field, Kind
from core.imports.landing import Failure
from core.imports.mapping import ImportMapping, read_mapping
from core.imports.reader import FileOptions, Inspected
from core.imports.reverting import take_back
from core.imports.runs import Report, Result
from core.imports.store import Run, Template
from core.imports.suggesting import suggest
from core.imports.tables import ImportRun
from core.kit.errors import Invalid, NotFound

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
    checked = _allowed(mapping, by)
    title = name.strip()
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
def distinct(file: Inspected, column: str, *, by: Viewer) -> tuple[str, ...] | None:
    """The different texts of a column, sorted; None when there are more than anybody would map."""
    del by  # the gate has asked
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
    checked = _allowed(mapping, by)
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


@action(Permission.IMPORT)
def start(
    path: Path,
    mapping: Mapping[str, Any],
    *,
    by: Viewer,
    name: str = "",
    template: str | None = None,
    report: Report = lambda _progress: None,
) -> Result:
    """Import a file; returns when it is done. Raises Unreadable, BadMapping and AlreadyRunning."""
    job = runs.prepare(path, _allowed(mapping, by), actor=by, name=name, template=template)
    return runs.execute(job, report=report)


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
def revert(run_id: int, *, by: Viewer) -> dict[str, int]:
    """Take a run back. Raises NotRevertible when its records were changed or used since."""
    run = _run(run_id, by)
    require(by, entity_named(run.entity).permission)
    return revert_run(run, actor=by)


def revert_run(run: Run, *, actor: Actor) -> dict[str, int]:
    """Take a run back, whoever asks; returns how many records of each kind were put back."""
    if run.state in {store.RUNNING, store.REVERTED}:
        told = "is still running" if run.state == store.RUNNING else "has been reverted already"
        raise NotRevertible(f"Run {run.id} {told}.")
    with unit_of_work() as session:
        counts = take_back(session, run.id)
        session.execute(
            update(ImportRun)
            .where(ImportRun.id == run.id)
            .values(state=store.REVERTED, reverted_at=func.now(), reverted_by=actor.user_id)
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


def _allowed(content: Mapping[str, Any], by: Viewer) -> ImportMapping:
    mapping = read_mapping(content)
    for permission in sorted(mapping.permissions()):
        require(by, permission, what=f"imports.{mapping.entity}")
    return mapping


def _run(run_id: int, by: Viewer) -> Run:
    with unit_of_work() as session:
        found = store.run(session, run_id, by)
    if found is None:
        raise NotFound("import run", run_id)
    return found
