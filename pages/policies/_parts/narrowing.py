"""The toolbar of the policy list: search, filters and saved views, all in the address."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core import policies
from core.access import Permission, Viewer
from core.policies import POLICY, STATES, PolicyFilter
from pages._ui import filters, page, viewing, views
from pages._ui.filters import Option
from pages.policies._parts import choices, columns

SLUG = "policies"
FILTERS = (
    "q", "status", "product", "agent", "territory", "issued", "issued_days", "expires",
    "expires_days",
)  # fmt: skip
# What a saved view keeps: what is shown and how.
KEPT = (*FILTERS, "columns")


def bar(viewer: Viewer) -> tuple[PolicyFilter, tuple[str, ...]]:
    """Draw the toolbar; the filter, and the columns that are wanted."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        with st.container(width=300):
            sees_people = viewer.can(Permission.PII_VIEW)
            known = "Policy number or customer" if sees_people else "Policy number or customer's code"
            text = filters.text("Search", key="q", placeholder=known, hidden=True)
        options = _options(viewer)
        where = _more(options, text)
        with st.popover("Columns", icon=":material/view_column:"), st.container(width=320):
            wanted = filters.choose_many("Columns", columns.OPTIONS, key="columns")
        views.menu(SLUG, KEPT, viewer)
        if text or filters.count(*options, known=options):
            st.button(
                "Clear", icon=":material/filter_alt_off:", type="tertiary",
                on_click=partial(filters.clear, *FILTERS),
            )  # fmt: skip
    return where, wanted


def whose(viewer: Viewer) -> str:
    """Whose policies are shown, for the head."""
    options = _options(viewer)
    names = [Option(str(one.user_id), one.name) for one in choices.of(viewer).agents]
    agents = filters.chosen("agent", names if options["agent"] else [])
    return page.whose(viewer, filters.chosen("territory", options["territory"]), agents)


def _options(viewer: Viewer) -> dict[str, Sequence[Option]]:
    """What each filter offers; whose and where only to those who see more than their own."""
    known = choices.of(viewer)
    return {
        "status": [Option(state, label) for state, (label, _) in STATES.items()],
        "product": known.product_options,
        "agent": known.agent_options if len(known.agents) > 1 else [],
        "territory": known.territory_options if len(known.territories) > 1 else [],
        "issued": filters.PERIODS,
        "expires": filters.PERIODS,
    }


def _more(options: dict[str, Sequence[Option]], text: str) -> PolicyFilter:
    active = filters.count(*options, known=options)
    label = f"Filters · {active}" if active else "Filters"

    def many(name: str, key: str) -> tuple[str, ...]:
        return filters.choose_many(name, options[key], key=key) if options[key] else ()

    with st.popover(label, icon=":material/filter_list:", key="filters"), st.container(width=320):
        statuses, products = many("Status", "status"), many("Product", "product")
        agents, territories = many("Agent", "agent"), many("Territory", "territory")
        issued = filters.span("Issued", viewing.today(), key="issued")
        expires = filters.span("Cover ends", viewing.today(), key="expires")
    return PolicyFilter(
        text=text,
        statuses=statuses,
        oldest_first=_all_wait(statuses),
        product_ids=_ids(products),
        agent_ids=_ids(agents),
        territory_ids=_ids(territories),
        issued_from=issued.start if issued else None,
        issued_to=issued.last_day if issued else None,
        expires_from=expires.start if expires else None,
        expires_to=expires.last_day if expires else None,
    )


def _all_wait(statuses: Sequence[str]) -> bool:
    """Whether only applications are wanted: who has waited longest comes first."""
    return bool(statuses) and set(statuses) <= set(POLICY.flagged("pending"))


def _ids(chosen: Sequence[str]) -> tuple[int, ...]:
    return tuple(int(one) for one in chosen)


def fetch(
    where: PolicyFilter, after: str | None, viewer: Viewer
) -> tuple[list[dict[str, object]], str | None]:
    """A long page of the list as records, for the export."""
    found = policies.policies(where, after=after, limit=500, by=viewer)
    return [columns.record(row) for row in found.rows], found.after
