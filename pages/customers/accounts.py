"""Accounts: company customers in scope, searched, filtered, exported; a row opens its account."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core import customers, people
from core.access import Permission, Viewer
from pages._ui import export, filters, guard, menu, page, paging, tables, viewing, views
from pages._ui.filters import Option
from pages.customers._parts import account_forms

SLUG = "accounts"
SIZE = 50
KEPT = ("q", "industry", "agent", "archived")
_ARCHIVED = [Option("yes", "Archived too")]
COLUMNS = (
    tables.Column("code", "Code", kind="open", pinned=True),
    tables.Column("name", "Name", width=260),
    tables.Column("industry", "Industry"),
    tables.Column("people", "People", kind="int", help="Who works there, or acts for it"),
    tables.Column("employee_count", "Employees", kind="int"),
    tables.Column("agent", "Agent"),
    tables.Column("created_on", "Since", kind="date"),
)


def main() -> None:
    """The whole page."""
    viewer = guard.viewer(Permission.CUSTOMERS_VIEW)
    with page.head("Accounts", "Companies, with their people and what is negotiated with them"):
        if viewer.can(Permission.CUSTOMERS_EDIT) and st.button(
            "New account", icon=":material/domain_add:", type="primary"
        ):
            account_forms.create()
    wanted = _bar(viewer)
    columns = tables.without_owner(COLUMNS, viewer, owner="agent")
    place = paging.of(SLUG)
    place.turn_to((wanted, viewer.user_id))
    rows, total, after = customers.account_list(wanted, by=viewer, after=place.cursor, limit=SIZE)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(paging.span(place, len(rows), total, size=SIZE), width="content")
        if viewer.can(Permission.EXPORT) and rows:
            export.buttons(
                lambda: paging.everything(lambda at: _fetch(wanted, at, viewer)),
                columns, name=SLUG, key="accounts.export", zone=viewing.zone(),
            )  # fmt: skip
    key = f"accounts.list.{place.generation}"
    tables.show(
        rows, columns, key=key,
        empty_sentence="No account matches." if _is_narrowed() else "There is no account yet.",
    )  # fmt: skip
    opened = tables.opened(key, len(rows))
    if opened is not None:
        menu.go("company", {"account": rows[opened].code})
    paging.turner(place, after, key=SLUG)


def _bar(viewer: Viewer) -> customers.AccountFilter:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        with st.container(width=300):
            known = "Name, code, phone or e-mail" if viewer.can(Permission.PII_VIEW) else "Name or code"
            text = filters.text("Search", key="q", placeholder=known, hidden=True)
        active = filters.count("industry", "agent", "archived")
        label = f"Filters · {active}" if active else "Filters"
        with st.popover(label, icon=":material/filter_list:", key="accounts.filters"):  # noqa: SIM117
            with st.container(width=320):
                industries = [Option(one, one) for one in customers.account_industries(by=viewer)]
                industry = filters.choose("Industry", industries, key="industry")
                agents = [Option(str(one.user_id), one.name) for one in people.agents(by=viewer)]
                agent = filters.choose("Agent", agents, key="agent") if len(agents) > 1 else None
                archived = filters.choose("Archived", _ARCHIVED, key="archived", everything="Not archived")
        views.menu(SLUG, KEPT, viewer)
        if _is_narrowed():
            st.button(
                "Clear", icon=":material/filter_alt_off:", type="tertiary",
                on_click=partial(filters.clear, *KEPT),
            )  # fmt: skip
    return customers.AccountFilter(
        text=text,
        industries=(industry,) if industry else (),
        agent_ids=(int(agent),) if agent else (),
        with_archived=archived == "yes",
    )


def _is_narrowed() -> bool:
    return filters.count(*KEPT) > 0


def _fetch(
    wanted: customers.AccountFilter, after: tuple[str, int] | None, viewer: Viewer
) -> tuple[list[dict[str, object]], tuple[str, int] | None]:
    rows, _, last = customers.account_list(wanted, by=viewer, after=after, limit=500)
    return tables.as_records(rows, COLUMNS), last


main()
