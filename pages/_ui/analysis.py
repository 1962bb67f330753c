"""The filters of analytic pages: widgets in the address on one side, queries.Filters on the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

import queries
from core.access import Viewer
from core.kit.dates import Period, business_date, month_of, utc_now
from core.kit.settings import settings
from pages._ui import data, filters
from pages._ui import format as fmt
from pages._ui.filters import Option
from queries import Choice, Filters, Published
from queries.catalogue import Kind
from queries.dimensions import DIMENSIONS
from queries.filters import COMPARISONS, Comparison, Grain, as_kind, parse_id
from queries.options import Filterable

_FILTERED: tuple[Filterable, ...] = ("territory", "manager", "agent", "product", "source")
_WHOSE: tuple[Filterable, ...] = ("territory", "manager", "agent")
_KINDS = (Option("lead", "Leads"), Option("opportunity", "Opportunities"))
# Period, comparison and own dates beside one another.
PERIOD_WIDTH = 560
# The longest name of a comparison that a tile shows whole on a telephone of 390 pixels.
_ROOM = 9
_GRAINS = (Option("month", "By month"), Option("quarter", "By quarter"))


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen, what tiles call the comparison, and both spans in full."""

    filters: Filters
    against: str
    shown: str
    compared: str

    @property
    def spans(self) -> str:
        """What is shown and what it is compared with: to date, both end at the same elapsed day."""
        return f"{self.shown}, compared with {self.compared}" if self.compared else self.shown


def last_day(at: Published) -> date:
    """The last day that figures are for: today, or the day of the copy while it is older (D24).

    A day that is not in the copy yet is not compared with a whole one.
    """
    return min(business_date(when, settings().time_zone) for when in (utc_now(), at.snapshot_at))


def kind() -> Kind:
    """Leads or opportunities, as a switch."""
    return as_kind(filters.switch("Looked at", _KINDS, key="kind"))


def grain() -> Grain:
    """Months or quarters, as a switch."""
    return "quarter" if filters.switch("Grain", _GRAINS, key="grain") == "quarter" else "month"


def bar(*, today: date, viewer: Viewer, at: Published) -> Chosen:
    """Leads or opportunities, period and comparison; below them the dimensions that the viewer has
    more than one member of.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen_kind = kind()
        with st.container(width=PERIOD_WIDTH), filters.bar():
            period = filters.period(today)
    with filters.bar():
        ids = {
            dimension: _choose(DIMENSIONS[dimension].label, dimension, viewer=viewer, at=at)
            for dimension in _FILTERED
        }
    comparison = _comparison(st.query_params.get("period_compare"))
    return Chosen(
        Filters(
            period.period,
            kind=chosen_kind,
            comparison=comparison,
            territory_id=ids["territory"],
            manager_id=ids["manager"],
            agent_id=ids["agent"],
            product_id=ids["product"],
            source_id=ids["source"],
        ),
        _against(period.compare, comparison, today),
        _shown(period, today),
        period.compare_label,
    )


def this_month(today: date) -> Chosen:
    """The month so far against the same days of the one before, not narrowed."""
    span = month_of(today)
    period = filters.chosen_period("month", span, "previous", today)
    return Chosen(
        Filters(span),
        _against(period.compare, "previous", today),
        _shown(period, today),
        period.compare_label,
    )


def _against(before: Period | None, comparison: Comparison, today: date) -> str:
    """What a change is against, in the signs that a tile has room for; the page has the days in full.

    The period before is clear without its year; what is longer is called by its kind.
    """
    if before is None:
        return ""
    told = fmt.span(before.start, before.last_day, today)
    if len(told) > _ROOM and comparison == "previous":
        told = fmt.span(before.start, before.last_day, before.last_day)
    if len(told) > _ROOM:
        told = "previous" if comparison == "previous" else "year ago"
    return f"vs {told}"


def _shown(chosen: filters.PeriodChoice, today: date) -> str:
    """What is shown, in full; to date it ends today."""
    shown = chosen.period.until(today)
    return f"{fmt.day(shown.start)} – {fmt.day(shown.last_day)}"


def file_days(span: Period, today: date) -> str:
    """The days of a file as its name has them, both included: those that are shown, to date up to today."""
    shown = span.until(today)
    return f"{shown.start.isoformat()}-to-{shown.last_day.isoformat()}"


def bucket_label(start: date, grain: Grain) -> str:
    """The month or quarter that begins on a date: "Dec 2025" or "Q4 2025"."""
    return f"{start:%b %Y}" if grain == "month" else f"Q{(start.month + 2) // 3} {start.year}"


def _comparison(raw: str | None) -> Comparison:
    """What the widget shows: it falls back to the first when the address says nothing it knows."""
    return raw if raw in COMPARISONS else "previous"


def whose(viewer: Viewer, at: Published) -> str:
    """Whose figures these are: of the area, team and person that are chosen, or else all in scope."""
    area, manager, agent = (_chosen(one, viewer, at) for one in _WHOSE)
    told = [area, manager and f"Team of {manager}", agent]
    if any(told):
        return " · ".join(one for one in told if one)
    if viewer.sees_all:
        return "The whole company"
    return "Your team and territories" if len(viewer.agent_ids) > 1 else "Your own numbers"


def _chosen(dimension: Filterable, viewer: Viewer, at: Published) -> str:
    """The label of the member that the address names, when it is among the viewer's."""
    key = st.query_params.get(dimension)
    found = _members(dimension, viewer, at) if key else ()
    return next((one.label for one in found if str(one.key) == key), "")


def _members(dimension: Filterable, viewer: Viewer, at: Published) -> Sequence[Choice]:
    """What the viewer can choose from; nothing where there is only one."""
    found = data.cached(
        "choices",
        lambda: queries.choices(dimension, by=viewer, at=at),
        at=at,
        viewer=viewer,
        more=(dimension,),
    )
    return found if len(found) > 1 else ()


def _choose(label: str, dimension: Filterable, *, viewer: Viewer, at: Published) -> int | None:
    found = _members(dimension, viewer, at)
    return parse_id(filters.choose(label, options(found), key=dimension)) if found else None


def options(found: Sequence[Choice]) -> list[Option]:
    """The members as options; the level of a tree is shown by indentation."""
    return [Option(str(one.key), "\u2003" * one.depth + one.label) for one in found]
