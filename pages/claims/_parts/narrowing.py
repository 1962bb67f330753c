"""The toolbar of the claims queue: whose, search, filters and saved views, all in the address."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core import claims
from core.access import Permission, Viewer
from core.catalog import Line
from core.claims import CLAIM, ClaimFilter, Handler
from pages._ui import filters, terms, viewing, views
from pages._ui.filters import Option

SLUG = "claims"
OPEN, MINE, ALL = "open", "mine", "all"
VIEWS = (Option(OPEN, "Open"), Option(MINE, "Waits for me"), Option(ALL, "All"))
NOBODY = "none"
LATE, FLAGGED = "late", "flagged"
MARKS = (Option(LATE, "Past the target"), Option(FLAGGED, "With fraud points"))
FILTERS = ("q", "status", "line", "assignee", "mark", "reported", "reported_days")
KEPT = (*FILTERS, "view")


def bar(viewer: Viewer) -> ClaimFilter:
    """Draw the toolbar; the filter that comes of it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        shown = VIEWS if viewer.can(Permission.CLAIMS_HANDLE) else (VIEWS[0], VIEWS[2])
        view = filters.switch("Which claims", shown, key="view")
        with st.container(width=280):
            sees_people = viewer.can(Permission.PII_VIEW)
            known = "Claim, policy or customer" if sees_people else "Number of a claim or policy"
            text = filters.text("Search", key="q", placeholder=known, hidden=True)
        options = _options(viewer)
        where = _more(options, text, view)
        views.menu(SLUG, KEPT, viewer)
        if text or filters.count(*options, known=options):
            st.button(
                "Clear", icon=":material/filter_alt_off:", type="tertiary",
                on_click=partial(filters.clear, *FILTERS),
            )  # fmt: skip
    return where


def _options(viewer: Viewer) -> dict[str, Sequence[Option]]:
    """What each filter offers."""
    return {
        "status": [Option(one.value, one.label) for one in CLAIM.statuses],
        "line": terms.options(Line),
        "assignee": [Option(NOBODY, "Nobody yet"), *handler_options(viewer)],
        "mark": MARKS,
        "reported": filters.PERIODS,
    }


def _more(options: dict[str, Sequence[Option]], text: str, view: str) -> ClaimFilter:
    active = filters.count(*options, known=options)
    label = f"Filters · {active}" if active else "Filters"
    with st.popover(label, icon=":material/filter_list:", key="filters"), st.container(width=320):
        statuses = filters.choose_many("Status", options["status"], key="status")
        lines = filters.choose_many("Line", options["line"], key="line")
        assignees = filters.choose_many("Assigned to", options["assignee"], key="assignee")
        marks = filters.choose_many("Marked", options["mark"], key="mark")
        reported = filters.span("Reported", viewing.today(), key="reported")
    return ClaimFilter(
        text=text,
        statuses=statuses,
        lines=lines,
        assigned_to=tuple(int(one) for one in assignees if one != NOBODY),
        unassigned=NOBODY in assignees,
        flagged=FLAGGED in marks,
        late=LATE in marks,
        waits_for_me=view == MINE,
        open_only=view == OPEN and not statuses,
        reported_from=reported.start if reported else None,
        reported_to=reported.last_day if reported else None,
    )


def handler_options(viewer: Viewer) -> list[Option]:
    """Who can be given claims; names with their role."""
    return options_of(claims.handlers(by=viewer))


def options_of(handlers: Sequence[Handler]) -> list[Option]:
    """People to choose from; names with their role."""
    return [Option(str(one.user_id), f"{one.name} · {one.role}") for one in handlers]
