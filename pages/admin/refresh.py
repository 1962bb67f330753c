"""Refresh data: how old the figures are, refreshing them now, and how the last runs went."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

import streamlit as st

from core import jobs
from core.access import Permission, Viewer
from core.jobs import REFRESH, Refresh
from core.kit.dates import utc_now
from core.kit.settings import settings, variable
from pages._ui import errors, guard, page, tables, terms, viewing
from pages._ui import format as fmt
from pages.admin._parts import row_dialog

SECONDS = 1

RUNS = (
    tables.Column("started", "Started", kind="open", width=190),
    tables.Column(
        "state",
        "Outcome",
        kind="tag",
        tones={status.label: status.tone for status in REFRESH.statuses},
    ),
    tables.Column("took", "Took"),
    tables.Column("compared", "Compared", width=100),
    tables.Column("started_by", "Started by", width=150),
    tables.Column(
        "rows_copied",
        "Rows read",
        kind="int",
        help="All rows of the operational data. The first refresh writes the daily summaries; from the "
        "second on they are read too, so the number is higher by their rows.",
    ),
    tables.Column(
        "published_at", "Shown since", kind="datetime", help="When its figures took the place of the last."
    ),
    tables.Column("message", "What happened", width=420),
)
_NOTHING = "The run ended before anything was compared."
COMPARED = (
    tables.Column("table", "Table", width=220),
    tables.Column("rows", "Rows", kind="int", width=90),
    tables.Column("sums", "Added up", help="Columns that were added up on both sides, with their sums."),
)


def draw() -> None:
    """The whole page."""
    viewer = guard.viewer(Permission.DATA_REFRESH)
    running = jobs.current_refresh(by=viewer)
    freshness = jobs.freshness(by=viewer)
    with page.head("Refresh data", _stamp(freshness)):
        st.button(
            "Refresh now",
            icon=":material/sync:",
            type="primary",
            disabled=running is not None,
            on_click=_start,
        )
    if running is not None:
        _watch(running.id)
    else:
        page.stale_banner(freshness.refreshed_at, failed_at=freshness.failed_at, zone=viewing.zone())
    _next(viewer)
    page.section("Last runs")
    runs = jobs.refresh_runs(by=viewer)
    chosen = tables.show(
        [_row(run) for run in runs],
        RUNS,
        key="runs",
        select="one",
        empty_sentence="The data have never been refreshed.",
        zone=viewing.zone(),
    )
    opened = row_dialog.of("runs", chosen, len(runs))
    if opened is not None:
        row_dialog.show("runs", "What was compared", partial(_compared, runs[opened]))


def _start() -> None:
    with errors.told("flash") as outcome:
        jobs.start_refresh(by=guard.viewer(Permission.DATA_REFRESH))
    if outcome.ok:
        errors.flash("The refresh has started.", icon=":material/sync:")


@st.fragment(run_every=SECONDS)
def _watch(run_id: int) -> None:
    running = jobs.current_refresh(by=guard.viewer(Permission.DATA_REFRESH))
    if running is None or running.id != run_id:
        st.rerun()
    since = fmt.number((utc_now() - running.started_at).total_seconds())
    st.progress(
        running.progress / 100, text=f"{fmt.plain(running.step)} … {running.progress} % after {since} s"
    )


def _next(viewer: Viewer) -> None:
    """When the server refreshes by itself."""
    every = settings().refresh_every_minutes
    if not every:
        off = f"{variable('refresh_every_minutes')} is 0 in its settings"
        st.caption(f"The server does not refresh by itself: {off}.")
        return
    often = f"The server refreshes by itself {fmt.counted(every, 'minute')} after the last time"
    at = jobs.next_refresh_at(by=viewer)
    if at is None:
        st.caption(f"{often}.")
    elif at <= utc_now():
        st.caption(f"{often}; the next one is due and begins within a minute.")
    else:
        st.caption(f"{often}; next on {fmt.moment(at, viewing.zone())}.")


def _stamp(freshness: jobs.Freshness) -> str:
    if freshness.refreshed_at is None:
        return "There are no figures yet."
    return f"The figures were refreshed {fmt.ago(freshness.refreshed_at, utc_now())}."


def _row(run: Refresh) -> dict[str, object]:
    return {
        "state": REFRESH.label(run.state),
        "compared": fmt.counted(len(run.checks), "table") if run.checks else None,
        "started": fmt.moment(run.started_at, viewing.zone()),
        "took": None if run.is_running else f"{fmt.number(run.took.total_seconds(), 1)} s",
        "started_by": run.started_by,
        "rows_copied": run.rows_copied,
        "published_at": run.finished_at if run.version else None,
        "message": run.message,
    }


def _compared(run: Refresh) -> None:
    """What the run counted and added up on both sides."""
    guard.viewer(Permission.DATA_REFRESH)
    same = "Every table's rows and sums were the same in the operational data and in the copy for figures."
    st.caption(f"The run of {fmt.moment(run.started_at, viewing.zone())}. {same if run.checks else ''}")
    if run.message:
        st.markdown(fmt.plain(run.message))
    rows = [
        {
            "table": terms.label(table),
            "rows": found["rows"],
            "sums": ", ".join(
                f"{terms.label(name)} {fmt.number(Decimal(total), 2)}"
                for name, total in found["sums"].items()
            ),
        }
        for table, found in sorted(run.checks.items())
    ]
    nothing = "It is still at work; it compares at its end." if run.is_running else _NOTHING
    tables.show(rows, COMPARED, key="compared", empty_sentence=nothing)


draw()
