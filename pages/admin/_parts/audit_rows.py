"""The rows of the audit log: one page at a time, and all that one of them tells."""

from __future__ import annotations

import json

import streamlit as st

from core import oversight
from core.access import Permission, Viewer
from pages._ui import format as fmt
from pages._ui import page, tables, viewing
from pages.admin._parts import deeds, records

COLUMNS = (
    tables.Column("at", "When", kind="datetime", pinned=True, width=170),
    tables.Column("actor", "Who", width=130),
    tables.Column("role", "As", width=105),
    tables.Column("what", "What", width=190),
    tables.Column("entity", "Kind", width=105),
    tables.Column("record", "Record", kind="code", width=120),
    tables.Column("changed", "Changed", width=360),
    tables.Column("reference", "Reference", kind="code", width=110),
    tables.Column("action", "Code", kind="code", width=170),
)
PLACES = "audit.places"


def show(what: oversight.AuditFilter, viewer: Viewer) -> None:
    """One page of the log; older rows come by the button."""
    if st.session_state.get(f"{PLACES}.of") != what:
        st.session_state[f"{PLACES}.of"], st.session_state[PLACES] = what, []
    places: list[int] = st.session_state[PLACES]
    found = oversight.read_audit(what, before=places[-1] if places else None, by=viewer)
    rows = [_row(one) for one in found.rows]
    chosen = tables.show(
        rows,
        COLUMNS,
        key=f"audit_{places[-1] if places else 0}",
        select="one",
        empty_sentence="Nothing was done that matches these filters.",
        export_as="audit" if viewer.can(Permission.EXPORT) else None,
        height=records.height(len(rows)),
        zone=viewing.zone(),
    )
    _turner(places, found.next_before)
    if chosen:
        _details(found.rows[chosen[0]])


def _row(one: oversight.AuditRow) -> dict[str, object]:
    return {
        "at": one.at,
        "actor": one.actor,
        "role": one.actor_role.replace("_", " "),
        "what": deeds.told(one.action),
        "action": one.action,
        "entity": deeds.noun(one.entity),
        "record": one.code or one.entity_id,
        "changed": _changed(one),
        "reference": one.reference,
    }


def _turner(places: list[int], before: int | None) -> None:
    with st.container(horizontal=True):
        st.button("Newer", icon=":material/chevron_left:", disabled=not places, on_click=_newer)
        st.button(
            "Older",
            icon=":material/chevron_right:",
            disabled=before is None,
            on_click=_older,
            args=(before,),
        )


def _older(before: int) -> None:
    st.session_state[PLACES] = [*st.session_state[PLACES], before]


def _newer() -> None:
    st.session_state[PLACES] = st.session_state[PLACES][:-1]


def _changed(one: oversight.AuditRow) -> str:
    changed = one.details.get("changed", {})
    told = changed.items() if isinstance(changed, dict) else ((name, None) for name in changed)
    return ", ".join(f"{name.replace('_', ' ')}{_values(value)}" for name, value in told)


def _values(value: object) -> str:
    if isinstance(value, list) and len(value) == 2:  # noqa: PLR2004 - before and after
        return f" {fmt.text(value[0])} → {fmt.text(value[1])}"
    return "" if value is None else f" {value}"


def _details(one: oversight.AuditRow) -> None:
    """Everything that one row tells."""
    page.section(f"Row {one.id}")
    page.facts(
        {
            "When": fmt.moment(one.at, viewing.zone()),
            "Who": f"{one.actor} ({one.actor_role})",
            "What": f"{deeds.told(one.action)} ({one.action})",
            "Record": f"{deeds.noun(one.entity)} {one.code or one.entity_id or ''}",
            "Reference": one.reference or "",
        }
    )
    st.code(json.dumps(dict(one.details), indent=2, ensure_ascii=False), language="json")
