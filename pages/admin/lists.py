"""Lists: where leads come from, and why they are lost."""

from __future__ import annotations

import streamlit as st

from core import sales
from core.access import Permission, Viewer
from core.kit.lifecycle import Tone
from pages._ui import filters, forms, guard, page, tables, terms
from pages._ui import format as fmt
from pages.admin._parts import list_forms, records

OPEN = "item"
USED, RETIRED = "In use", "Retired"
LISTS = [
    filters.Option(sales.ListKind.SOURCES.value, "Lead sources"),
    filters.Option(sales.ListKind.REASONS.value, "Lost reasons"),
]
STATE = tables.Column("state", "State", kind="tag", tones={USED: Tone.GOOD, RETIRED: Tone.NEUTRAL})
COLUMNS = {
    sales.ListKind.SOURCES: (
        tables.Column("name", "Name", kind="open", pinned=True, width=220),
        tables.Column("kind", "Type"),
        tables.Column("cost_per_lead", "Cost per lead", kind="money"),
        STATE,
        tables.Column("description", "Description"),
    ),
    sales.ListKind.REASONS: (
        tables.Column("name", "Name", kind="open", pinned=True, width=220),
        tables.Column("kind", "Category"),
        STATE,
        tables.Column("description", "Description"),
    ),
}


def show_list(kind: sales.ListKind, items: tuple[sales.ListItem, ...], viewer: Viewer) -> None:
    """The table of one list."""
    st.caption(fmt.counted(len(items), list_forms.NOUNS[kind]))
    tables.show(
        [
            {
                "name": one.name,
                "kind": terms.label(one.kind),
                "cost_per_lead": one.cost_per_lead,
                "state": USED if one.is_active else RETIRED,
                "description": one.description,
            }
            for one in items
        ],
        COLUMNS[kind],
        key=f"list_{kind.value}",
        empty_sentence="This list is empty.",
        export_as=f"{kind.value}s" if viewer.can(Permission.EXPORT) else None,
    )
    records.follow(f"list_{kind.value}", items, OPEN)


def one_item(kind: sales.ListKind, one: sales.ListItem, viewer: Viewer) -> None:
    """One entry: its fields, and what may be done with it."""
    actions, told = page.section(fmt.plain(one.name)), st.container()
    with actions:
        if one.is_active:
            if st.button("Retire", icon=":material/archive:"):
                list_forms.ask_to_retire(kind, one)
        else:
            records.press(
                "Use again",
                ":material/undo:",
                lambda: sales.restore_item(kind, one.id, version=one.version, by=viewer),
                f"{one.name} is offered again",
                told=told,
            )
        if st.button("Delete", icon=":material/delete:"):
            list_forms.ask_to_delete(kind, one)
    with st.container(width=480):
        list_forms.edit(kind, one, viewer)


viewer = guard.viewer(Permission.REFERENCE_ADMIN)
actions = page.head("Lists", "Where leads come from, and why they are lost")
kind = sales.ListKind(filters.switch("List", LISTS, key="list"))
with actions:
    if st.button(f"New {list_forms.NOUNS[kind]}", icon=":material/add:", type="primary"):
        forms.renew(f"new_{kind.value}")
        list_forms.new_item(kind)
items = sales.list_items(kind, by=viewer)
chosen = records.opened(OPEN, items)
if chosen is None:
    show_list(kind, items, viewer)
else:
    records.back("The whole list", OPEN)
    one_item(kind, chosen, viewer)
