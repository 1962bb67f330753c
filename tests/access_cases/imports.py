"""Imports: files are nobody's yet, runs are whose who started them."""

from __future__ import annotations

import io
from pathlib import Path

from sqlalchemy import update

from core import imports
from core.access import SEES_ALL_ROWS, Permission, Role, Viewer
from core.db import unit_of_work
from core.imports import reader
from core.imports.tables import ImportRun
from tests.access_cases.world import Case, Owner, about, for_all
from tests.factories.rows import put

# A file is only ever read.
LEADS = Path(__file__).with_name("leads.csv")
IMPORT = Permission.IMPORT
MAPPING = {"entity": "lead", "fields": {}}


def run(owner: Owner) -> int:
    row = ImportRun(
        entity="lead",
        source="leads",
        file_name="leads.csv",
        file_digest="0" * 64,
        mapping=MAPPING,
        state="finished",
        started_by=owner.user.id,
    )
    return put(row).id


def waiting(owner: Owner) -> int:
    """A run that was just begun; its process is still being loaded."""
    key = run(owner)
    with unit_of_work() as session:
        session.execute(update(ImportRun).where(ImportRun.id == key).values(state="waiting"))
    return key


def under_way(key: int, by: Viewer) -> bool:
    return key in {found.id for found in imports.under_way(by=by)}


def own_or_all(role: Role, position: str) -> bool:
    return position == "own" or role in SEES_ALL_ROWS


def distinct(by: Viewer) -> object:
    return imports.distinct(reader.inspect(LEADS, reader.FileOptions()), "name", by=by)


def listed(key: int, by: Viewer) -> bool:
    return key in {found.id for found in imports.recent_runs(by=by)}


CASES: dict[str, Case] = {
    "imports.importable": for_all(IMPORT, lambda by: imports.importable(by=by)),
    "imports.templates": for_all(IMPORT, lambda by: imports.templates(by=by)),
    "imports.save_template": for_all(IMPORT, lambda by: imports.save_template("T", MAPPING, by=by)),
    "imports.take_in": for_all(
        IMPORT, lambda by: imports.take_in(io.BytesIO(b"a,b\n1,2\n"), "a.csv", by=by)
    ),
    "imports.look": for_all(IMPORT, lambda by: imports.look(LEADS, by=by)),
    "imports.suggested": for_all(IMPORT, lambda by: imports.suggested("lead", ["phone"], by=by)),
    "imports.suggested_key": for_all(IMPORT, lambda by: imports.suggested_key("lead", ["id"], by=by)),
    "imports.sample": for_all(IMPORT, lambda by: imports.sample("lead", by=by)),
    "imports.distinct": for_all(IMPORT, distinct),
    "imports.preview": for_all(IMPORT, lambda by: imports.preview(LEADS, MAPPING, by=by)),
    "imports.begin": for_all(
        IMPORT, lambda by: imports.begin([imports.Step(LEADS, "leads.csv", MAPPING)], by=by)
    ),
    "imports.under_way": about(IMPORT, waiting, under_way, is_visible=own_or_all),
    "imports.recent_runs": about(IMPORT, run, listed, is_visible=own_or_all),
    "imports.failures": about(
        IMPORT, run, lambda key, by: imports.failures(key, by=by), is_visible=own_or_all
    ),
    "imports.touched": about(
        IMPORT, run, lambda key, by: imports.touched(key, by=by), is_visible=own_or_all
    ),
    "imports.write_failures": about(
        IMPORT,
        run,
        lambda key, by: imports.write_failures(key, io.StringIO(), by=by),
        is_visible=own_or_all,
    ),
    "imports.stop": about(IMPORT, waiting, lambda key, by: imports.stop(key, by=by), is_visible=own_or_all),
    "imports.revert": about(IMPORT, run, lambda key, by: imports.revert(key, by=by), is_visible=own_or_all),
}
