"""The part of the import page that shows imports under way, and what became of one's own."""

from __future__ import annotations

import streamlit as st

from core import imports
from core.access import Permission, Viewer
from core.imports import Run
from core.kit.lifecycle import Tone
from pages._ui import errors, guard
from pages._ui import format as fmt
from pages.admin._parts import import_runs

SECONDS = 1
_BEGUN = "import.begun"


def mine() -> list[int]:
    """What this person began here last, to tell how it ended; taken before, to be written after."""
    found: list[int] = st.session_state.setdefault(_BEGUN, [])
    return found


def show(viewer: Viewer) -> None:
    """The imports under way, and how those ended that were begun here."""
    if imports.under_way(by=viewer):
        _watch()
    begun = mine()
    ended = [run for run in imports.recent_runs(by=viewer) if run.id in begun and not run.is_unfinished]
    for run in reversed(ended):
        _tell(run, viewer)
    if ended:
        st.button("Close", icon=":material/close:", type="tertiary", on_click=_forget, key="import.close")


def _forget() -> None:
    st.session_state.pop(_BEGUN, None)


@st.fragment(run_every=SECONDS)
def _watch() -> None:
    """How far they are; the page is drawn anew as soon as one has ended."""
    runs = imports.under_way(by=guard.viewer(Permission.IMPORT))
    shown = st.session_state.get("import.watched")
    st.session_state["import.watched"] = [run.id for run in runs]
    if not runs or (shown is not None and set(shown) - {run.id for run in runs}):
        st.session_state.pop("import.watched")
        st.rerun()
    for run in runs:
        left, right = st.columns([6, 1], vertical_alignment="bottom")
        left.progress(_share(run), text=_how_far(run))
        right.button(
            "Stop",
            icon=":material/stop_circle:",
            key=f"import.stop.{run.id}",
            disabled=run.state == "stopping",
            on_click=_stop,
            args=(run.id,),
        )
    st.caption("This goes on without you: leave the page, close the tab, come back later.")


def _stop(run_id: int) -> None:
    with errors.told("flash"):
        imports.stop(run_id, by=guard.viewer(Permission.IMPORT))


def _share(run: Run) -> float:
    done = run.checked if run.is_checking else run.counts.read
    return min(done / run.total, 1.0) if run.total else 0.0


def _how_far(run: Run) -> str:
    name = fmt.plain(run.file_name)
    if run.state == "waiting":
        return f"{name}: waits for its turn"
    if run.state == "stopping":
        return f"{name}: stops …"
    if not run.checked and not run.counts.read:
        return f"{name}: begins"
    done, verb = (run.checked, "checked") if run.is_checking else (run.counts.read, "imported")
    return f"{name}: {fmt.number(done)} of {fmt.number(run.total)} rows {verb}"


def _tell(run: Run, viewer: Viewer) -> None:
    title, tone = import_runs.outcome(run)
    told = import_runs.counted(run)
    show_as = st.success if tone is Tone.GOOD else st.warning
    show_as(
        fmt.plain(f"{told} {run.message or ''}".strip()),
        title=fmt.plain(f"{run.file_name}: {title}"),
    )
    import_runs.download(run, viewer, key="ended.")
    import_runs.errors_by_row(run, viewer, key=f"ended.{run.id}")
