"""Territories: the tree by which rows are seen and figures roll up."""

from __future__ import annotations

import streamlit as st

from core import people
from core.access import Permission, Viewer
from core.kit.lifecycle import Tone
from pages._ui import filters, forms, guard, page, tables
from pages._ui import format as fmt
from pages.admin._parts import records, territory_forms, territory_moves, territory_places

OPEN = "territory"
USED, RETIRED = "In use", "Retired"
INDENT = "\u2003\u2003"
STATES = [filters.Option("used", USED), filters.Option("retired", RETIRED)]
COLUMNS = (
    tables.Column("code", "Code", kind="open", pinned=True, width=110),
    tables.Column("name", "Territory", width=320),
    tables.Column("manager", "Manager"),
    tables.Column("agents", "Agents here", kind="int"),
    tables.Column("agents_below", "Agents in all of it", kind="int"),
    tables.Column("state", "State", kind="tag", tones={USED: Tone.GOOD, RETIRED: Tone.NEUTRAL}),
)


def list_territories(tree: tuple[people.TerritoryNode, ...], viewer: Viewer) -> None:
    """The tree as a table, with indentation for its depth."""
    with page.head("Territories", "The tree by which rows are seen and figures add up"):
        if st.button("New territory", icon=":material/add:", type="primary"):
            forms.renew("new_territory")
            territory_forms.new_territory()
    with filters.bar():
        words = filters.text("Search", key="q", placeholder="Name, code, manager").casefold()
        state = filters.choose("State", STATES, key="state")
    rows = [
        one
        for one in tree
        if words in f"{one.name} {one.code} {one.manager}".casefold()
        and state in {None, "used" if one.is_active else "retired"}
    ]
    st.caption(fmt.counted(len(rows), "territory", "territories"))
    tables.show(
        [
            {
                "code": one.code,
                "name": INDENT * one.depth + ("└ " if one.depth else "") + one.name,
                "manager": one.manager,
                "agents": one.agents,
                "agents_below": one.agents_below,
                "state": USED if one.is_active else RETIRED,
            }
            for one in rows
        ],
        COLUMNS,
        key="territories",
        empty_sentence="No territory matches these filters.",
        export_as="territories" if viewer.can(Permission.EXPORT) else None,
    )
    records.follow("territories", rows, OPEN)


def one_territory(
    one: people.TerritoryNode, tree: tuple[people.TerritoryNode, ...], viewer: Viewer
) -> None:
    """One territory: what lies in it, where it hangs, and its fields."""
    records.back("All territories", OPEN)
    actions, told = page.head(fmt.plain(one.name), fmt.plain(one.path)), st.container()
    with actions:
        page.tag(*((USED, Tone.GOOD) if one.is_active else (RETIRED, Tone.NEUTRAL)))
        if one.is_active:
            if st.button("Retire", icon=":material/archive:"):
                forms.renew(f"retire_territory_{one.id}")
                territory_moves.retire(one.id)
        else:
            records.press(
                "Use again",
                ":material/undo:",
                lambda: people.reactivate_territory(one.id, version=one.version, by=viewer),
                f"{one.name} is used again",
                told=told,
            )
    page.facts(
        {
            "Code": one.code,
            "Manager": one.manager or "",
            "Agents here": fmt.number(one.agents),
            "Agents in all of it": fmt.number(one.agents_below),
            "Territories below": fmt.number(territory_places.below(one, tree)),
        }
    )
    edit_side, move_side = st.columns(2, gap="large")
    with edit_side:
        page.section("Name and manager")
        territory_forms.edit(one, viewer)
    with move_side:
        page.section("Move")
        territory_moves.move(one, tree, viewer)


viewer = guard.viewer(Permission.REFERENCE_ADMIN)
tree = people.territory_tree(by=viewer)
chosen = records.opened(OPEN, tree)
if chosen is None:
    list_territories(tree, viewer)
else:
    one_territory(chosen, tree, viewer)
