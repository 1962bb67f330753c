"""One thing that waits: a link to where it is done, and what it is about."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from core import sales
from core.access import Viewer
from core.kit.settings import settings
from pages._ui import format as fmt
from pages._ui import menu, nearness, viewing
from pages.home._parts.sections import BY_DAY, WITHOUT_DATE

# Pixels to where the text of a link begins, after its icon.
INDENT = 29


def show(item: sales.WorkItem, viewer: Viewer, *, now: datetime, zone: str) -> None:
    """When it is due and what it is, and below that why it is here, its worth and its owner."""
    label, told = f"**{fmt.plain(item.title)}**", [fmt.plain(item.reason)]
    if item.due is not None and item.kind not in WITHOUT_DATE:
        on = viewing.local(item.due, settings().time_zone).date()
        when = fmt.plain(fmt.day(on) if item.kind in BY_DAY else nearness.when(item.due, now, zone))
        # What matters most comes first.
        label = f"{f':red[{when}]' if item.is_overdue else when} · {label}"
    if item.value is not None:
        told.append(fmt.plain(fmt.money_whole(item.value)))
    if item.owner:
        told.append(f":material/person: {fmt.plain(item.owner)}")
    with st.container(gap=None):
        if item.link.page in reachable(viewer):
            st.page_link(
                menu.page_for(item.link.page),
                label=label,
                query_params=dict(item.link.params),
                width="stretch",
            )
        else:
            st.markdown(label)
        with st.container(horizontal=True, wrap=False, gap=None):
            st.space(INDENT)
            st.caption(" · ".join(told), width="stretch")


def reachable(viewer: Viewer) -> frozenset[str]:
    """The pages that the viewer may open, by their slugs."""
    return frozenset(one.slug for one in menu.allowed(viewer))
