"""The part of the import page that lists past runs, tells what failed in them and takes them back."""

from __future__ import annotations

import io

import streamlit as st

from core import imports
from core.access import Permission, Viewer
from core.imports import Run
from core.kit.lifecycle import Tone
from pages._ui import errors, guard, page, tables, viewing
from pages._ui import format as fmt

TONES = {
    "Done": Tone.GOOD,
    "All rows failed": Tone.WARNING,
    "Running": Tone.INFO,
    "Refused": Tone.BAD,
    "Interrupted": Tone.WARNING,
    "Reverted": Tone.NEUTRAL,
}
RUNS = (
    tables.Column("id", "Run", kind="int"),
    tables.Column("state", "Outcome", kind="tag", tones=TONES),
    tables.Column("started_at", "Started", kind="datetime"),
    tables.Column("file_name", "File"),
    tables.Column("entity", "Rows are"),
    tables.Column("created", "Created", kind="int"),
    tables.Column("updated", "Updated", kind="int"),
    tables.Column("unchanged", "Unchanged", kind="int"),
    tables.Column("failed", "Failed", kind="int"),
    tables.Column("message", "What happened", width=360),
)
FAILURES = (
    tables.Column("line", "Line", kind="int"),
    tables.Column("column", "Column"),
    tables.Column("value", "Value"),
    tables.Column("reason", "Reason", width=420),
)


def show(viewer: Viewer) -> None:
    """The newest runs; the chosen one with its failures, to download or to take back."""
    page.section("Imports so far")
    runs = imports.recent_runs(by=viewer)
    chosen = tables.show(
        [_row(run) for run in runs],
        RUNS,
        key="runs",
        select="one",
        empty_sentence="Nothing has been imported yet.",
        zone=viewing.zone(),
    )
    if chosen:
        _one_run(runs[chosen[0]], viewer)


def _row(run: Run) -> dict[str, object]:
    counts = run.counts
    has_failed = run.state == "done" and 0 < counts.failed == counts.read
    return {
        "id": run.id,
        "state": "All rows failed" if has_failed else run.state.capitalize(),
        "started_at": run.started_at,
        "file_name": run.file_name,
        "entity": run.entity.replace("_", " "),
        "created": counts.created,
        "updated": counts.updated,
        "unchanged": counts.unchanged,
        "failed": counts.failed,
        "message": run.message,
    }


def _one_run(run: Run, viewer: Viewer) -> None:
    with st.container(horizontal=True):
        if run.counts.failed:
            st.download_button(
                "Failing rows",
                data=lambda: _failures_file(run.id, viewer),
                file_name=f"import-{run.id}-failures.csv",
                mime="text/csv",
                icon=":material/download:",
                on_click="ignore",
            )
        if run.state in {"done", "interrupted"}:
            st.button("Revert", icon=":material/undo:", on_click=_revert, args=(run.id,))
    if run.counts.failed:
        tables.show(imports.failures(run.id, by=viewer), FAILURES, key=f"run.{run.id}")


def _failures_file(run_id: int, viewer: Viewer) -> bytes:
    target = io.StringIO()
    imports.write_failures(run_id, target, by=viewer)
    return target.getvalue().encode("utf-8-sig")


def _revert(run_id: int) -> None:
    with errors.told("flash") as outcome:
        counts = imports.revert(run_id, by=guard.viewer(Permission.IMPORT))
    if outcome.ok:
        told = ", ".join(f"{fmt.number(count)} {name.replace('_', ' ')}" for name, count in counts.items())
        errors.flash(f"Run {run_id} is taken back: {told or 'nothing was left of it'}.")
