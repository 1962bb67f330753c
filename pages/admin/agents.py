"""Agents: code, licence, tier, target, and where they belong from when."""

from __future__ import annotations

import streamlit as st

from core import people
from core.access import Permission, Viewer
from core.kit.ids import record_id
from core.kit.lifecycle import Tone
from pages._ui import errors, filters, guard, page, tables, terms
from pages._ui import format as fmt
from pages.admin._parts import agent_forms, agent_moves, records

OPEN = "agent"
STATUS_TONES = {
    "Active": Tone.GOOD,
    "On leave": Tone.WARNING,
    "Terminated": Tone.NEUTRAL,
    "Resigned": Tone.NEUTRAL,
}
COLUMNS = (
    tables.Column("agent_code", "Code", kind="open", pinned=True, width=86),
    tables.Column("name", "Name", width=124),
    tables.Column("role", "Role", width=92),
    tables.Column("status", "Status", kind="tag", tones=STATUS_TONES, width=90),
    tables.Column("territory", "Territory", width=135),
    tables.Column("manager", "Manager", width=132),
    tables.Column("planned", "Moves", width=190),
    tables.Column("tier", "Tier", width=62),
    tables.Column("target_monthly", "Target a month", kind="money", width=108),
    tables.Column("license_number", "Licence", kind="code", width=102),
    tables.Column("joined_on", "Joined", kind="date", width=98),
)


def list_agents(viewer: Viewer) -> None:
    """The filters and the table of agents."""
    page.head("Agents", "Who sells, under which licence, where, and for whom")
    tree = people.territories(by=viewer)
    with filters.bar():
        words = filters.text("Search", key="q", placeholder="Name, code, licence")
        status = filters.choose("Status", agent_forms.STATUSES, key="status")
        area = filters.choose(
            "Territory", [filters.Option(str(one.id), one.path) for one in tree], key="territory"
        )
    top = next((one for one in tree if str(one.id) == area), None)
    below = None
    if top is not None:
        within = f"{top.path} › "
        below = frozenset(one.id for one in tree if one.id == top.id or one.path.startswith(within))
    found = people.agent_profiles(
        words, status=people.AgentStatus(status) if status else None, territory_ids=below, by=viewer
    )
    shown = len(found.rows)
    st.caption(
        fmt.counted(found.total, "agent")
        + (f", the first {shown} of them shown" if shown < found.total else "")
    )
    is_moved = any(one.planned_on for one in found.rows)
    tables.show(
        [_row(one) for one in found.rows],
        [one for one in COLUMNS if is_moved or one.name != "planned"],
        key="agents",
        empty_sentence="No agent matches these filters.",
        export_as="agents" if viewer.can(Permission.EXPORT) else None,
    )
    records.follow("agents", found.rows, OPEN)


def _row(one: people.AgentProfile) -> dict[str, object]:
    names = ("agent_code", "name", "territory", "manager", "target_monthly", "license_number", "joined_on")
    return {
        **{name: getattr(one, name) for name in names},
        "role": one.role.label,
        "status": terms.label(one.status),
        "tier": terms.label(one.commission_tier),
        "planned": f"{fmt.day(one.planned_on)}: {one.planned_territory}" if one.planned_on else "",
    }


def one_agent(one: people.AgentProfile, viewer: Viewer) -> None:
    """One agent: what is known, the moves, and the fields to change."""
    records.back("All agents", OPEN)
    with page.head(fmt.plain(one.name), fmt.plain(f"{one.agent_code} · {one.role.label}")):
        status = terms.label(one.status)
        page.tag(status, STATUS_TONES[status])
        if not one.is_active:
            page.tag("Can't sign in", Tone.NEUTRAL)
    agent_forms.facts(one, viewer)
    agent_moves.show(one, viewer)
    page.section("Code, licence, tier and target")
    with st.container(width=480):
        agent_forms.edit(one, viewer)


viewer = guard.viewer(Permission.USERS_ADMIN)
named = record_id(st.query_params.get(OPEN, ""))
chosen: people.AgentProfile | None = None
if named is not None:
    with errors.told():
        chosen = people.agent_profile(named, by=viewer)
if chosen is None:
    list_agents(viewer)
else:
    one_agent(chosen, viewer)
