"""From a number to its rows, and from a row to its record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import streamlit as st

import queries
from core.access import Permission, Viewer
from pages._ui import analysis, data, errors, export, guard, menu, tables
from pages._ui import format as fmt
from queries import Filters, Published, RowSet

EXPORT_LIMIT = 100_000
# Pixels: all columns of a deal stand whole on a laptop.
_WIDTH = 1200
# Where the record of a row is opened: the page, and the parameter that takes its code.
_RECORDS = {
    "lead": ("pipeline", "lead"),
    "opportunity": ("opportunities", "opportunity"),
    "policy": ("policy", "policy"),
    "claim": ("claim", "claim"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """Which rows: those that a metric counts under the filters, on the version that was shown."""

    slug: str
    heading: str
    filters: Filters
    at: Published


def show(question: Question) -> None:
    """Open the rows beside the page; choosing one opens its record."""
    st.dialog(question.heading, width=_WIDTH, icon=":material/table_rows:")(_body)(question)


def _body(question: Question) -> None:
    viewer = guard.viewer(Permission.KPIS_VIEW)
    with errors.told() as outcome:
        found = _rows(question, viewer)
    if not outcome.ok:
        return
    is_opened = any(_page_of(one, viewer) for one in found.records)
    columns = [
        tables.Column(one.name, one.label, one.kind, pinned=one.name == "code")  # type: ignore[arg-type]  # a test checks the kinds of every report
        for one in found.columns
    ]
    if is_opened:  # by its code, as in the lists
        columns = [replace(one, kind="open") if one.name == "code" else one for one in columns]
    _told(found, is_opened=is_opened)
    if found.records and viewer.can(Permission.EXPORT):
        export.buttons(
            lambda: _all(question, viewer).records,
            columns,
            name=export.file_word(question.heading),
            key=f"drill.{question.slug}.export",
            of=analysis.file_days(question.filters.period, analysis.last_day(question.at)),
        )
    key = f"drill.{question.slug}"
    chosen = tables.show(
        found.records,
        columns,
        key=key,
        select="one" if is_opened else "none",
        empty_sentence="No rows lie behind this number.",
    )
    clicked = tables.opened(key, len(found.records))
    if clicked is not None:
        _open(found.records[clicked], viewer)
    elif chosen:  # by who has no pointer: Shift and Space select a row
        _open(found.records[chosen[0]], viewer)


def _rows(question: Question, viewer: Viewer) -> RowSet:
    return data.cached(
        "rows",
        lambda: queries.rows(question.slug, question.filters, by=viewer, at=question.at),
        at=question.at,
        viewer=viewer,
        filters=question.filters,
        more=(question.slug,),
    )


def _all(question: Question, viewer: Viewer) -> RowSet:
    return queries.rows(question.slug, question.filters, by=viewer, at=question.at, limit=EXPORT_LIMIT)


def _told(found: RowSet, *, is_opened: bool) -> None:
    way = " A click on its code opens a record." if is_opened else ""
    if found.is_cut:
        shown, total = fmt.number(len(found.records)), fmt.number(found.total)
        st.caption(f"The newest {shown} of {total} rows.{way}")
    else:
        st.caption(f"{fmt.counted(found.total, 'row')}.{way}")


def _page_of(record: Mapping[str, object], viewer: Viewer) -> tuple[str, str] | None:
    """The page and the parameter by which a record is opened, when the viewer may."""
    slug, parameter = _RECORDS.get(str(record["kind"]), ("", ""))
    allowed = {one.slug for one in menu.allowed(viewer)}
    return (slug, parameter) if record["code"] and slug in allowed else None


def _open(record: Mapping[str, object], viewer: Viewer) -> None:
    place = _page_of(record, viewer)
    if place is not None:
        menu.go(place[0], {place[1]: str(record["code"])})
    else:
        st.info("This record has no page that you can open.")
