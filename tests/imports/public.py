"""The public data that imports are checked against: where they are, and how they are brought in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from core.audit import SystemActor
from core.db import unit_of_work
from core.imports import runs, shipped, store
from core.imports.actions import revert_run
from core.kit.settings import ROOT

DATA = ROOT.parent / "shared" / "data"


def needs(folder: str) -> pytest.MarkDecorator:
    """Skips where the data are not there."""
    told = f"the public data are not beside the checkout (../shared/data/{folder})"
    return pytest.mark.skipif(not (DATA / folder).exists(), reason=told)


def figures(name: str) -> dict[str, Any]:
    """The published figures of a data set."""
    found: dict[str, Any] = json.loads((DATA / "reference_shared.json").read_text(encoding="utf-8"))[name]
    return found


def bring(bundle: str, place: Path | None = None) -> dict[str, runs.Result]:
    """Import a bundle, from its own folder unless told otherwise; results by entity."""
    results = {}
    for path, part in shipped.parts_in(place or DATA / bundle, bundle):
        mapping = shipped.mappings()[part.template]
        results[mapping.entity] = runs.execute(runs.prepare(path, mapping, actor=SystemActor()))
    return results


def take_back(results: dict[str, runs.Result]) -> None:
    """Revert runs, the last first."""
    for result in reversed(results.values()):
        assert result.run_id is not None
        with unit_of_work() as session:
            run = store.run(session, result.run_id, None)
        assert run is not None
        revert_run(run, actor=SystemActor())


def rows(database: Engine, statement: str) -> list[tuple[Any, ...]]:
    """What a statement finds."""
    with database.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def by_key(database: Engine, statement: str) -> dict[Any, Any]:
    """A statement's two columns as a mapping."""
    return dict(rows(database, statement))
