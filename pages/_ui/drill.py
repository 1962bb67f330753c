"""From a number to its rows, and from a row to its record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

import queries
from core.access import Permission, Viewer
from pages._ui import data, errors, export, guard, menu, tables
from pages._ui import format as fmt
from queries import Filters, Published, RowSet

EXPORT_LIMIT = 100_000
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
    st.dialog(question.heading, width="large", icon=":material/table_rows:")(_body)(question)


def _body(question: Question) -> None:
    viewer = guard.viewer(Permission.KPIS_VIEW)
    with errors.told() as outcome:
        found = _rows(question, viewer)
    if not outcome.ok:
        return
    columns = [
        tables.Column(one.name, one.label, one.kind, pinned=one.name == "code")  # type: ignore[arg-type]  # a test checks the kinds of every report
        for one in found.columns
    ]
    _told(found)
    if found.records and viewer.can(Permission.EXPORT):
        export.buttons(
            lambda: _all(question, viewer).records,
            columns,
            name=export.file_word(question.heading),
            key=f"drill.{question.slug}.export",
            of=_days(question.filters),
        )
    chosen = tables.show(
        found.records,
        columns,
        key=f"drill.{question.slug}",
        select="one",
        empty_sentence="No rows lie behind this number.",
    )
    if chosen:
        _open(found.records[chosen[0]], viewer)


def _days(narrowed: Filters) -> str:
    return f"{narrowed.period.start.isoformat()}-to-{narrowed.period.last_day.isoformat()}"


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


def _told(found: RowSet) -> None:
    if found.is_cut:
        shown, total = fmt.number(len(found.records)), fmt.number(found.total)
        st.caption(f"The newest {shown} of {total} rows. Choose a row to open its record.")
    else:
        st.caption(f"{fmt.counted(found.total, 'row')}. Choose a row to open its record.")


def _open(record: Mapping[str, object], viewer: Viewer) -> None:
    slug, parameter = _RECORDS.get(str(record["kind"]), ("", ""))
    code = record["code"]
    if code and slug in {one.slug for one in menu.allowed(viewer)}:
        menu.go(slug, {parameter: str(code)})
    else:
        st.info("This record has no page that you can open.")
