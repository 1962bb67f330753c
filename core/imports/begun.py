"""Imports that people begin: each set of files in a process of its own, which no click interrupts.

The page's script would be stopped by the next click, and the web server would be slow meanwhile. So
the runs are made here, a process works on them one after the other, and how far they are stands in
import_runs. A process that dies lets go of its runs' locks, and they read as interrupted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access import Permission, Role, Viewer, action, read
from core.db import address, unit_of_work
from core.imports import runs, standing, store
from core.imports.errors import AlreadyRunning
from core.imports.mapping import ImportMapping
from core.imports.permitted import allowed
from core.imports.store import Run
from core.kit import detached
from core.kit.errors import Refusal
from core.kit.settings import settings

# One look at what is under way, and one start, at a time.
_STARTING = 7_204_104


@dataclass(frozen=True, slots=True)
class Step:
    """One file and the mapping that it is to be imported by."""

    path: Path
    name: str
    mapping: Mapping[str, Any]
    template: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What the process is told: who imports which runs from which files."""

    by: Viewer
    steps: tuple[tuple[int, Step], ...]

    def as_text(self) -> str:
        """The order as JSON; `read_order` reads it again."""
        by = self.by
        who = {
            "user_id": by.user_id,
            "username": by.username,
            "name": by.name,
            "role": by.role.value,
            "agent_ids": sorted(by.agent_ids),
            "territory_ids": sorted(by.territory_ids),
        }
        steps = [[run_id, {**asdict(step), "path": str(step.path)}] for run_id, step in self.steps]
        return json.dumps({"by": who, "steps": steps})


def read_order(text: str) -> Order:
    """The order that `as_text` wrote."""
    told = json.loads(text)
    who = told["by"]
    viewer = Viewer(
        user_id=who["user_id"],
        username=who["username"],
        name=who["name"],
        role=Role(who["role"]),
        agent_ids=frozenset(who["agent_ids"]),
        territory_ids=frozenset(who["territory_ids"]),
    )
    return Order(viewer, tuple((run_id, _step(**step)) for run_id, step in told["steps"]))


def _step(*, path: str, **told: Any) -> Step:
    return Step(path=Path(path), **told)


@action(Permission.IMPORT)
def begin(steps: Sequence[Step], *, by: Viewer) -> list[int]:
    """Begin to import files, one after the other, and return at once with their runs' ids.

    Every file is looked through first. Raises Unreadable, BadMapping and AlreadyRunning; then nothing
    is begun.
    """
    checked = [(step, allowed(step.mapping, by)) for step in steps]
    jobs = [
        runs.prepare(step.path, mapping, actor=by, name=step.name, template=step.template)
        for step, mapping in checked
    ]
    with unit_of_work() as session:
        _refuse_second(session, [mapping for _step, mapping in checked])
        ids = [runs.new_run(session, job, state=standing.WAITING) for job in jobs]
    launch(Order(by, tuple(zip(ids, steps, strict=True))))
    return ids


def _refuse_second(session: Session, mappings: Sequence[ImportMapping]) -> None:
    session.execute(select(func.pg_advisory_xact_lock(_STARTING)))
    for mapping in mappings:
        if standing.is_under_way(session, mapping.entity, mapping.source):
            raise AlreadyRunning(mapping.spec.plural, mapping.source)


def launch(order: Order) -> None:
    """Start the process that carries out an order; how it goes stands in the runs."""
    ids = [run_id for run_id, _step in order.steps]
    detached.start(
        ["-m", "core.imports.worker"],
        log=settings().data_dir / "import.log",
        environment={"DATABASE_URL": address()},
        told=order.as_text(),
        on_end=lambda: _bury(ids),
    )


@read(Permission.IMPORT)
def under_way(*, by: Viewer) -> list[Run]:
    """The runs that wait or are at work: one's own, or everybody's for those who see all rows."""
    with unit_of_work() as session:
        return store.unfinished(session, by)


def end_dead_runs() -> int:
    """Mark the runs as interrupted that nobody works on any more, as after a restart; how many."""
    with unit_of_work() as session:
        return standing.end_dead_runs(session)


def _bury(run_ids: Sequence[int]) -> None:
    """The process of these runs has ended: what it has not ended itself was interrupted."""
    with suppress(Refusal), unit_of_work() as session:
        standing.end_dead_runs(session, run_ids)
