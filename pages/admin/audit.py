"""Audit log: who did what to which record, and whether the log is whole."""

from __future__ import annotations

import json

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import oversight
from core.access import Permission, Viewer
from core.kit.dates import utc_now
from pages._ui import filters, guard, page, tables, viewing
from pages._ui import format as fmt
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


def sought(viewer: Viewer) -> oversight.AuditFilter:
    """The filters, as the address has them."""
    entities, actions, people = oversight.filter_choices(by=viewer)
    with filters.bar():
        record = filters.text("Record", key="record", placeholder="Code or number")
        entity = filters.choose(
            "Kind", [filters.Option(one, deeds.noun(one)) for one in entities], key="kind"
        )
        actor = filters.choose("Who", [filters.Option(str(key), name) for key, name in people], key="who")
        done = sorted((filters.Option(one, deeds.told(one)) for one in actions), key=lambda one: one.label)
        action = filters.choose("What", done, key="what")
        span = filters.span("When", viewing.today(), key="when")
    return oversight.AuditFilter(
        entity=entity,
        record=record,
        actor_id=int(actor) if actor else None,
        action=action,
        first_day=span.start if span else None,
        last_day=span.last_day if span else None,
    )


def list_rows(what: oversight.AuditFilter, viewer: Viewer) -> None:
    """One page of the log; older rows come by the button."""
    if st.session_state.get(f"{PLACES}.of") != what:
        st.session_state[f"{PLACES}.of"], st.session_state[PLACES] = what, []
    places: list[int] = st.session_state[PLACES]
    found = oversight.read_audit(what, before=places[-1] if places else None, by=viewer)
    rows = [
        {
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
        for one in found.rows
    ]
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
    with st.container(horizontal=True):
        st.button("Newer", icon=":material/chevron_left:", disabled=not places, on_click=_newer)
        st.button(
            "Older",
            icon=":material/chevron_right:",
            disabled=found.next_before is None,
            on_click=_older,
            args=(found.next_before,),
        )
    if chosen:
        details(found.rows[chosen[0]])


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


def details(one: oversight.AuditRow) -> None:
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


def _shown(bar: DeltaGenerator, share: float, told: str) -> None:
    bar.progress(share, text=told)


@st.fragment
def chain() -> None:
    """The check of the whole chain, and what came of it."""
    viewer = guard.viewer(Permission.AUDIT_VIEW)
    if st.button("Check the chain", icon=":material/link:", help="Recomputes every row's hash."):
        started = utc_now()
        told = "Recomputing every row's hash …"
        bar = st.progress(0.0, text=told)
        found = oversight.check_chain(by=viewer, report=lambda share: _shown(bar, share, told))
        bar.empty()
        seconds = (utc_now() - started).total_seconds()
        st.session_state["audit.chain"] = (found, seconds)
    if "audit.chain" not in st.session_state:
        return
    found, seconds = st.session_state["audit.chain"]
    walked = f"{fmt.counted(found.rows, 'row')} in {fmt.number(seconds, 1)} s"
    if found.is_whole:
        st.success(f"{walked}: every row fits the one before it.", title="The log is whole")
    else:
        st.error(
            f"{walked}: row {found.broken_at}, of {fmt.moment(found.broken_when, viewing.zone())}, "
            "does not fit the one before it. Somebody changed or removed a row past this system.",
            title="The log was tampered with",
        )


viewer = guard.viewer(Permission.AUDIT_VIEW)
page.head("Audit log", "Who did what, when; nobody can change or delete it")
chain()
list_rows(sought(viewer), viewer)
