"""The toolbar of a deal page: board or list, search, filters and saved views, all in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from core import sales
from core.access import Permission, Viewer
from pages._ui import empty, filters, page, terms, viewing, views
from pages._ui.filters import Option
from pages.sales._parts import choices
from pages.sales._parts.kinds import DealKind

VIEWS = (Option("board", "Board"), Option("list", "List"))
NOBODY = "none"
EVER = "ever"
CLOSED = (
    Option("90", "Last 90 days"),
    Option("365", "Last 365 days"),
    Option(EVER, "Any time"),
)
WAITING = (
    Option(sales.Waiting.STANDING, "Too long in its stage"),
    Option(sales.Waiting.OVERDUE, "Follow-up overdue"),
    Option(sales.Waiting.TODAY, "Follow-up due today"),
    Option(sales.Waiting.UNPLANNED, "No follow-up planned"),
)
FILTERS = (
    "q", "status", "waiting", "owner", "territory", "source", "product", "priority", "created",
    "created_days", "closed",
)  # fmt: skip
# What a saved view keeps: what is shown and how.
KEPT = (*FILTERS, "view", "sort")


def bar(kind: DealKind, viewer: Viewer) -> tuple[str, sales.DealFilter]:
    """Draw the toolbar; whether the board or the list is wanted, and the filter."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        view = filters.switch("Shown as", VIEWS, key="view")
        with st.container(width=300):
            text = filters.text("Search", key="q", placeholder=_hint(kind, viewer), hidden=True)
        options = _options(kind, viewer)
        where = _more(options, text)
        views.menu(kind.slug, KEPT, viewer)
        if filters.count("q", *options, known=options):
            st.button(
                "Clear",
                icon=":material/filter_alt_off:",
                type="tertiary",
                on_click=partial(filters.clear, *FILTERS),
            )
    return view, where


def _hint(kind: DealKind, viewer: Viewer) -> str:
    """By what the viewer can search: without personal data to see, by codes alone."""
    return kind.search_hint if viewer.can(Permission.PII_VIEW) else "Code"


def whose(kind: DealKind, viewer: Viewer) -> str:
    """Whose deals are shown, for the head."""
    options = _options(kind, viewer)
    names = [Option(str(one.id), one.name) for one in choices.of(viewer).owners]
    owners = [Option(NOBODY, "Nobody yet"), *names] if options["owner"] else []
    territories = filters.chosen("territory", options["territory"])
    return page.whose(viewer, territories, filters.chosen("owner", owners, is_one=True))


def nothing(kind: DealKind, where: sales.DealFilter) -> None:
    """In place of a board or list that holds nothing: why, and the way back to everything."""
    if where == sales.DealFilter():
        empty.state(f"There is no {kind.noun} yet.", key=f"{kind.slug}.nothing")
        return
    empty.state(
        f"No {kind.noun} matches these filters.",
        icon=":material/filter_alt_off:",
        hint="Closed ones are left out after 30 days, unless the filter “Closed” says otherwise.",
        action=("Clear the filters", partial(filters.clear, *FILTERS)),
        key=f"{kind.slug}.nothing",
    )


def _more(options: Mapping[str, Sequence[Option]], text: str) -> sales.DealFilter:
    """The filters that are not in sight all the time; the button tells how many are set."""
    active = filters.count(*options, known=options)
    label = f"Filters · {active}" if active else "Filters"
    with st.popover(label, icon=":material/filter_list:", key="filters"), st.container(width=320):
        statuses = filters.choose_many("Status", options["status"], key="status")
        waiting = filters.choose("What waits", WAITING, key="waiting")
        owner, territories = _whose(options["owner"], options["territory"])
        sources = filters.choose_many("Source", options["source"], key="source")
        products = filters.choose_many("Product", options["product"], key="product")
        priorities = filters.choose_many("Priority", options["priority"], key="priority")
        entered = filters.span("Entered", viewing.today(), key="created")
        closed = filters.choose("Closed", CLOSED, key="closed", everything="Last 30 days")
    return sales.DealFilter(
        statuses=statuses,
        owner_ids=(int(owner),) if owner and owner != NOBODY else (),
        unassigned=owner == NOBODY,
        waiting=sales.Waiting(waiting) if waiting else None,
        territory_ids=_ids(territories),
        source_ids=_ids(sources),
        product_ids=_ids(products),
        priorities=priorities,
        created_from=entered.start if entered else None,
        created_to=entered.last_day if entered else None,
        text=text,
        closed_days=_days(closed),
    )


def _options(kind: DealKind, viewer: Viewer) -> dict[str, Sequence[Option]]:
    """What each filter offers; whose deals and where only to those who see more than their own."""
    known = choices.of(viewer)
    sees_owners = len(known.owners) > 1 or viewer.can(Permission.LEADS_ASSIGN)
    return {
        "status": _statuses(kind),
        "waiting": WAITING,
        "owner": [Option(NOBODY, "Nobody yet"), *known.owner_options] if sees_owners else [],
        "territory": known.territory_options if len(known.territories) > 1 else [],
        "source": known.source_options,
        "product": known.product_options,
        "priority": terms.options(sales.Priority),
        "created": filters.PERIODS,
        "closed": CLOSED,
    }


def _whose(owners: Sequence[Option], territories: Sequence[Option]) -> tuple[str | None, Sequence[str]]:
    """Owner and territories, where they are offered."""
    owner = filters.choose("Owner", owners, key="owner") if owners else None
    chosen = filters.choose_many("Territory", territories, key="territory") if territories else ()
    return owner, chosen


def _statuses(kind: DealKind) -> list[Option]:
    return [Option(status.value, status.label) for status in kind.lifecycle.statuses]


def _days(closed: str | None) -> int | None:
    if closed is None:
        return sales.DealFilter().closed_days
    return None if closed == EVER else int(closed)


def _ids(chosen: Sequence[str]) -> tuple[int, ...]:
    return tuple(int(one) for one in chosen)
