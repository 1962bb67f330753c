"""The filters of analytic pages: widgets in the address on one side, queries.Filters on the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

import queries
from core.access import Viewer
from core.kit.dates import Period, month_of, quarter_of, year_of
from pages._ui import data, filters
from pages._ui.filters import Option
from queries import Choice, Filters, Published
from queries.catalogue import Kind
from queries.dimensions import DIMENSIONS
from queries.filters import COMPARISONS, Comparison, Grain, as_kind, parse_id
from queries.options import Filterable

_FILTERED: tuple[Filterable, ...] = ("territory", "manager", "agent", "product", "source")
_KINDS = (Option("lead", "Leads"), Option("opportunity", "Opportunities"))
_GRAINS = (Option("month", "By month"), Option("quarter", "By quarter"))


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen, with what to call the comparison."""

    filters: Filters
    against: str


def kind() -> Kind:
    """Leads or opportunities, as a switch."""
    return as_kind(filters.switch("Looked at", _KINDS, key="kind"))


def grain() -> Grain:
    """Months or quarters, as a switch."""
    return "quarter" if filters.switch("Grain", _GRAINS, key="grain") == "quarter" else "month"


def bar(chosen_kind: Kind, *, today: date, viewer: Viewer, at: Published) -> Chosen:
    """Period, comparison and the dimensions that the viewer has more than one member of."""
    with filters.bar():
        period = filters.period(today)
        ids = {
            dimension: _choose(DIMENSIONS[dimension].label, dimension, viewer=viewer, at=at)
            for dimension in _FILTERED
        }
    return Chosen(
        Filters(
            period.period,
            kind=chosen_kind,
            comparison=_comparison(st.query_params.get("period_compare")),
            territory_id=ids["territory"],
            manager_id=ids["manager"],
            agent_id=ids["agent"],
            product_id=ids["product"],
            source_id=ids["source"],
        ),
        f"vs {span_label(period.compare)}" if period.compare else "",
    )


def span_label(span: Period) -> str:
    """A period in few words: "2025", "Q3 2025", "Dec 2025" or "Dec 1 to 10, 2025" with a dash."""
    first, last = span.start, span.last_day
    if span == year_of(first):
        return f"{first.year}"
    if span == quarter_of(first):
        return f"Q{(first.month + 2) // 3} {first.year}"
    if span == month_of(first):
        return f"{first:%b %Y}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%b} {first.day}–{last.day}, {last.year}"
    return f"{first:%b %Y} – {last:%b %Y}"


def _comparison(raw: str | None) -> Comparison:
    """What the widget shows: it falls back to the first when the address says nothing it knows."""
    return raw if raw in COMPARISONS else "previous"


def _choose(label: str, dimension: Filterable, *, viewer: Viewer, at: Published) -> int | None:
    found = data.cached(
        "choices",
        lambda: queries.choices(dimension, by=viewer, at=at),
        at=at,
        viewer=viewer,
        more=(dimension,),
    )
    if len(found) < 2:  # noqa: PLR2004 - nothing to choose from
        return None
    return parse_id(filters.choose(label, options(found), key=dimension))


def options(found: Sequence[Choice]) -> list[Option]:
    """The members as options; the level of a tree is shown by indentation."""
    return [Option(str(one.key), "\u2003" * one.depth + one.label) for one in found]
