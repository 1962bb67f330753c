"""The part of the import page that lists past runs, tells what failed in them and takes them back."""

from __future__ import annotations

import io
from functools import partial

import streamlit as st

from core import imports
from core.access import Permission, Viewer
from core.imports import Run
from core.kit.lifecycle import Tone
from pages._ui import errors, guard, page, tables, viewing
from pages._ui import format as fmt
from pages.admin._parts import row_dialog

TONES = {
    "waiting": Tone.INFO,
    "running": Tone.INFO,
    "stopping": Tone.INFO,
    "done": Tone.GOOD,
    "refused": Tone.BAD,
    "interrupted": Tone.WARNING,
    "reverted": Tone.NEUTRAL,
}
RUNS = (
    tables.Column("file_name", "File", kind="open", width=170),
    tables.Column("id", "Run", kind="int", width=50),
    tables.Column("entity", "Rows are", width=90),
    tables.Column("created", "Created", kind="int", width=70),
    tables.Column("updated", "Updated", kind="int", width=72),
    tables.Column("unchanged", "Unchanged", kind="int", width=84),
    tables.Column("failed", "Refused", kind="int", width=72),
    tables.Column("started_at", "Started", kind="datetime", width=165),
)
FAILURES = (
    tables.Column("line", "Line", kind="int"),
    tables.Column("column", "Column"),
    tables.Column("value", "Value"),
    tables.Column("reason", "Reason", width=420),
)
_KEY, _ASKED = "runs", "import.asked"


def show(viewer: Viewer) -> None:
    """The newest runs; the one that is opened with its failures, to download or to take back."""
    page.section("Imports so far")
    runs = imports.recent_runs(by=viewer)
    tones = dict(outcome(run) for run in runs)
    state = tables.Column("state", "Outcome", kind="tag", tones=tones, width=170)
    chosen = tables.show(
        [_row(run) for run in runs],
        (RUNS[0], state, *RUNS[1:]),
        key=_KEY,
        select="one",
        empty_sentence="Nothing has been imported yet.",
        zone=viewing.zone(),
    )
    opened = row_dialog.of(_KEY, chosen, len(runs))
    if opened is None:
        st.session_state.pop(_ASKED, None)
    else:
        run = runs[opened]
        row_dialog.show(_KEY, f"Run {run.id}: {run.file_name}", partial(_one_run, run))


def outcome(run: Run) -> tuple[str, Tone]:
    """What became of a run, in the words and the colour that tell it apart from a plain success."""
    failed, read = run.counts.failed, run.counts.read
    if run.state != "done" or not failed:
        word = "Taken back" if run.state == "reverted" else run.state.capitalize()
        return word, TONES[run.state]
    if failed == read:
        return "All rows refused", Tone.BAD
    return f"Done, {fmt.counted(failed, 'row')} refused", Tone.WARNING


def _row(run: Run) -> dict[str, object]:
    counts = run.counts
    return {
        "id": run.id,
        "state": outcome(run)[0],
        "started_at": run.started_at,
        "file_name": run.file_name,
        "entity": run.entity.replace("_", " "),
        "created": counts.created,
        "updated": counts.updated,
        "unchanged": counts.unchanged,
        "failed": counts.failed,
    }


def counted(run: Run) -> str:
    """What a run did to how many rows."""
    counts = run.counts
    return (
        f"{fmt.number(counts.created)} created, {fmt.number(counts.updated)} updated,"
        f" {fmt.number(counts.unchanged)} unchanged, {fmt.number(counts.failed)} refused."
    )


def _one_run(run: Run) -> None:
    viewer = guard.viewer(Permission.IMPORT)
    if st.session_state.get(_ASKED) == run.id:
        _ask(run)
        return
    became = "" if run.state == "done" else f"{outcome(run)[0]}: "
    st.markdown(fmt.plain(f"{became}{counted(run)}"))
    if run.message:
        st.caption(fmt.plain(run.message))
    with st.container(horizontal=True):
        download(run, viewer)
        if run.state in {"done", "interrupted"}:
            st.button("Take back", icon=":material/undo:", on_click=_begin_to_ask, args=(run.id,))
    errors_by_row(run, viewer, key=f"run.{run.id}")


def _begin_to_ask(run_id: int) -> None:
    st.session_state[_ASKED] = run_id


def _end_asking() -> None:
    st.session_state.pop(_ASKED, None)


def download(run: Run, viewer: Viewer, *, key: str = "") -> None:
    """The button that gives the refused rows back, each with its reason and its own columns."""
    if run.counts.failed:
        st.download_button(
            "Refused rows",
            data=lambda: _failures_file(run.id, viewer),
            file_name=f"import-{run.id}-refused.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            key=f"download.{key}{run.id}",
        )


def errors_by_row(run: Run, viewer: Viewer, *, key: str) -> None:
    """What is wrong with each refused row, as far as a table is of use."""
    if not run.counts.failed:
        return
    found = imports.failures(run.id, by=viewer)
    tables.show(found, FAILURES, key=key)
    if len(found) < run.counts.failed:
        st.caption("These are the first ones; the download holds all of them.")


def _failures_file(run_id: int, viewer: Viewer) -> bytes:
    target = io.StringIO()
    imports.write_failures(run_id, target, by=viewer)
    return target.getvalue().encode("utf-8-sig")


def _ask(run: Run) -> None:
    """What taking a run back means, before anything is done."""
    st.markdown(f"**Take back run {run.id}?**")
    counts = imports.touched(run.id, by=guard.viewer(Permission.IMPORT))
    st.markdown(
        fmt.plain(f"{run.file_name} created or changed {imports.named(counts)}.")
        if counts
        else "Nothing that it wrote is left."
    )
    st.caption("What was created is deleted; what was changed becomes what it was before.")
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button("Keep them", key="revert.keep", on_click=_end_asking)
        if st.button(
            "Take back", type="primary", icon=":material/undo:", key="revert.yes",
            on_click=_revert, args=(run.id,),
        ):  # fmt: skip
            st.rerun()


def _revert(run_id: int) -> None:
    row_dialog.deselect(_KEY)
    with errors.told("flash") as outcome:
        counts = imports.revert(run_id, by=guard.viewer(Permission.IMPORT))
    if outcome.ok:
        errors.flash(f"Run {run_id} is taken back: {imports.named(counts) or 'nothing was left of it'}.")
