"""What needs the viewer today: its kinds beside each other, each with its most urgent items."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from core import sales
from core.access import Permission, Viewer
from pages._ui import empty, menu
from pages._ui import format as fmt
from pages.home._parts import item
from pages.home._parts.sections import LATER, NOW, Section

SHOWN_AT_FIRST = 5
# What a section's heading and foot take, in rows.
HEAD_ROWS = 2
# How many of a kind are asked for at first, and each time that more are wanted.
FETCHED = 30
LIMIT = "today.limit"


def limit() -> int:
    """How many items of a kind are asked for, by what was wanted until now."""
    wanted: int = st.session_state.get(LIMIT, FETCHED)
    return wanted


def counts(day: sales.MyDay) -> str:
    """What is urgent, counted for below the greeting; empty when nothing is."""
    found = [(day.counts.get(section.kind, 0), section) for section in NOW]
    told = [
        fmt.counted(count, "appointment") if section.told == "appointment" else f"{count} {section.told}"
        for count, section in found
        if count
    ]
    return " · ".join(["", *told]) if told else ""


def show(day: sales.MyDay, viewer: Viewer, *, now: datetime, zone: str) -> None:
    """Every kind of work that there is, or that there is none."""
    if not any(day.counts.values()):
        empty.state(
            "Nothing waits for you today.",
            icon=":material/task_alt:",
            hint="What is due, waits for a decision or stands still shows up here.",
            action=("Open the pipeline", _to_pipeline) if viewer.can(Permission.LEADS_VIEW) else None,
            key="today",
        )
        return
    grid = st.grid(2, min_column_width=360, gap="medium")
    for sections in _columns(day):
        with grid.cell():
            for section in sections:
                items = [one for one in day.items if one.kind == section.kind]
                _section(section, items, day.counts[section.kind], viewer, now=now, zone=zone)


def _columns(day: sales.MyDay) -> list[list[Section]]:
    """What is urgent on the left; the rest wherever there is more room, about as long on both sides."""
    columns: list[list[Section]] = [[], []]
    lengths = [0, 0]
    for section in (*NOW, *LATER):
        count = day.counts.get(section.kind, 0)
        if count:
            at = 0 if section in NOW else int(lengths[1] <= lengths[0])
            columns[at].append(section)
            lengths[at] += HEAD_ROWS + min(count, SHOWN_AT_FIRST)
    return [column for column in columns if column]


def _to_pipeline() -> None:
    menu.go("pipeline")


def _section(
    section: Section,
    items: Sequence[sales.WorkItem],
    count: int,
    viewer: Viewer,
    *,
    now: datetime,
    zone: str,
) -> None:
    opened = f"today.{section.kind}.all"
    with st.container(border=True, gap="xsmall"):
        st.subheader(f":material/{section.icon}: {section.title} · {fmt.number(count)}", anchor=False)
        shown = items if st.session_state.get(opened) else items[:SHOWN_AT_FIRST]
        for one in shown:
            item.show(one, viewer, now=now, zone=zone)
        _rest(section, len(shown), len(items), count, viewer)


def _rest(section: Section, shown: int, fetched: int, count: int, viewer: Viewer) -> None:
    """The way to what is not shown: more of it here, or all of it on its own page."""
    if shown == count:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        more = min(fetched, count) - shown or min(FETCHED, count - shown)
        st.button(
            f"Show {fmt.number(more)} more",
            key=f"today.{section.kind}.more",
            type="tertiary",
            on_click=_show_more,
            args=(section.kind, fetched if shown == fetched else None),
        )
        page_of_all = section.all_on
        if page_of_all is not None and page_of_all[0] in item.reachable(viewer):
            st.page_link(
                menu.page_for(page_of_all[0]),
                label="See all",
                icon=":material/list:",
                query_params=dict(page_of_all[1]),
                width="content",
            )


def _show_more(kind: str, fetched: int | None) -> None:
    """Open what was fetched of a kind; when all of that is shown, fetch more from now on."""
    st.session_state[f"today.{kind}.all"] = True
    if fetched is not None:
        st.session_state[LIMIT] = fetched + FETCHED
