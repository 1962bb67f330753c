"""Files and mappings for tests of imports."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core import imports
from core.audit import SystemActor
from core.imports import runs, worker
from core.imports.begun import read_order
from core.imports.mapping import read_mapping
from core.imports.runs import Result
from tests.imports.deals import DEALS, HEADER

SYSTEM = SystemActor()


@pytest.fixture
def deals_file(tmp_path) -> Callable[..., Path]:
    """A file of deals: `deals_file("1;Roof;Won;North Mills;;01.03.2017;05.03.2017;1.250,50;")`."""

    def written(*lines: str, name: str = "deals.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join((HEADER, *lines)) + "\n", encoding="utf-8")
        return path

    return written


@pytest.fixture
def bring(database) -> Callable[..., Result]:
    """Import a file by the mapping of deals, changed as told."""

    def brought(path: Path, *, actor: Any = SYSTEM, chunk: int = runs.CHUNK, **changed: Any) -> Result:
        job = runs.prepare(path, read_mapping({**DEALS, **changed}), actor=actor)
        return runs.execute(runs.Job(job.file, job.mapping, actor, job.name, chunk=chunk))

    return brought


@pytest.fixture
def in_this_process(monkeypatch) -> None:
    """What people begin is carried out before `begin` returns, as its process would do it."""
    monkeypatch.setattr(
        "core.imports.begun.launch", lambda order: worker.carry_out(read_order(order.as_text()))
    )


@pytest.fixture
def start(database, in_this_process) -> Callable[..., Result]:
    """Import a file as a person who begins it: `start(path, DEALS, by=company.erin)`."""

    def started(path: Path, mapping: dict[str, Any], *, by: Any) -> Result:
        [run_id] = imports.begin([imports.Step(path, path.name, mapping)], by=by)
        run = next(one for one in imports.recent_runs(by=by) if one.id == run_id)
        failures = tuple(imports.failures(run_id, by=by))
        return Result(run_id, run.state, run.counts, failures, run.message or "")

    return started
