"""The toolbar of a deal page: board or list, search, filters and saved views, all in the address."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core import sales
from core.access import Permission, Viewer
from core.kit.dates import Period
from pages._ui import filters, viewing
from pages._ui.filters import Option
from pages.sales._parts import choices, views, words
from pages.sales._parts.kinds import DealKind

VIEWS = (Option("board", "Board"), Option("list", "List"))
NOBODY = "none"
FILTERS = ("q", "owner", "territory", "source", "product", "priority", "created", "created_days")
# What a saved view keeps: what is shown and how.
KEPT = (*FILTERS, "view", "sort")


def bar(kind: DealKind, viewer: Viewer) -> tuple[str, sales.DealFilter]:
    """Draw the toolbar; whether the board or the list is wanted, and the filter."""
    known = choices.of(viewer)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        view = filters.switch("Shown as", VIEWS, key="view")
        with st.container(width=300):
            text = filters.text("Search", key="q", placeholder="Name, code, phone, e-mail", hidden=True)
        narrowed = _more(viewer, known)
        views.menu(kind.slug, KEPT, viewer)
        if filters.count(*FILTERS):
            st.button(
                "Clear", icon=":material/filter_alt_off:", type="tertiary",
                on_click=partial(filters.clear, *FILTERS),
            )  # fmt: skip
    owner, territories, sources, products, priorities, created = narrowed
    return view, sales.DealFilter(
        owner_ids=(int(owner),) if owner and owner != NOBODY else (),
        unassigned=owner == NOBODY,
        territory_ids=_ids(territories),
        source_ids=_ids(sources),
        product_ids=_ids(products),
        priorities=tuple(priorities),
        created_from=created.start if created else None,
        created_to=created.last_day if created else None,
        text=text,
    )


_Narrowed = tuple[
    str | None, Sequence[str], Sequence[str], Sequence[str], Sequence[str], Period | None
]  # fmt: skip


def _more(viewer: Viewer, known: choices.Choices) -> _Narrowed:
    """The filters that are not in sight all the time; the button tells how many are set."""
    active = filters.count(*(key for key in FILTERS if key != "q"))
    label = f"Filters · {active}" if active else "Filters"
    with st.popover(label, icon=":material/filter_list:", key="filters"), st.container(width=320):
        owner = None
        if len(known.owners) > 1 or viewer.can(Permission.LEADS_ASSIGN):
            owner = filters.choose(
                "Owner", [Option(NOBODY, "Nobody yet"), *known.owner_options], key="owner"
            )
        territories: Sequence[str] = ()
        if len(known.territories) > 1:
            territories = filters.choose_many("Territory", known.territory_options, key="territory")
        return (
            owner,
            territories,
            filters.choose_many("Source", known.source_options, key="source"),
            filters.choose_many("Product", known.product_options, key="product"),
            filters.choose_many("Priority", words.options(sales.Priority), key="priority"),
            filters.span("Entered", viewing.today(), key="created"),
        )


def _ids(chosen: Sequence[str]) -> tuple[int, ...]:
    return tuple(int(one) for one in chosen)
