"""The rows of the audit log: one page at a time, and all that one of them tells."""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import partial
from types import MappingProxyType

import streamlit as st

from core import oversight
from core.access import Permission, Role, Viewer
from pages._ui import format as fmt
from pages._ui import guard, page, tables, terms, viewing
from pages.admin._parts import deeds, row_dialog

COLUMNS = (
    tables.Column("what", "What", kind="open", pinned=True, width=190),
    tables.Column("at", "When", kind="datetime", width=170),
    tables.Column("actor", "Who", width=130),
    tables.Column("role", "As", width=105),
    tables.Column("entity", "Kind", width=105),
    tables.Column("record", "Record", kind="code", width=120),
    tables.Column("changed", "Changed", width=360),
    tables.Column("reference", "Reference", kind="code", width=110),
    tables.Column("action", "Code", kind="code", width=170),
)
# Fields whose stored name is not what people call them, and those that hold stored words.
_FIELDS = MappingProxyType(
    {
        "parent_id": "Belongs to",
        "parent_territory_id": "Belongs to",
        "is_active": "Active",
        "manager_user_id": "Manager",
        "agent_id": "Owner",
        "customer_id": "Customer",
        "kyc_status": "KYC",
    }
)
_WORDS = frozenset(
    {"status", "stage", "kyc_status", "commission_tier", "line", "category", "priority", "type"}
)
PLACES = "audit.places"


def show(what: oversight.AuditFilter, viewer: Viewer) -> None:
    """One page of the log; older rows come by the button."""
    if st.session_state.get(f"{PLACES}.of") != what:
        st.session_state[f"{PLACES}.of"], st.session_state[PLACES] = what, []
    places: list[int] = st.session_state[PLACES]
    found = oversight.read_audit(what, before=places[-1] if places else None, by=viewer)
    rows = [_row(one) for one in found.rows]
    key = f"audit_{places[-1] if places else 0}"
    chosen = tables.show(
        rows,
        COLUMNS,
        key=key,
        select="one",
        empty_sentence="Nothing was done that matches these filters.",
        export_as="audit" if viewer.can(Permission.EXPORT) else None,
        zone=viewing.zone(),
    )
    _turner(places, found.next_before)
    opened = row_dialog.of(key, chosen, len(rows))
    if opened is not None:
        one = found.rows[opened]
        row_dialog.show(key, deeds.told(one.action), partial(_details, one))


def _row(one: oversight.AuditRow) -> dict[str, object]:
    return {
        "at": one.at,
        "actor": one.actor,
        "role": _role(one.actor_role),
        "what": deeds.told(one.action),
        "action": one.action,
        "entity": deeds.noun(one.entity),
        "record": _record(one),
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
    return ", ".join(f"{_field(name)}{_values(one, name, value)}" for name, value in told)


def _field(name: str) -> str:
    return _FIELDS.get(name) or terms.label(name.removesuffix("_id"))


def _values(one: oversight.AuditRow, name: str, value: object) -> str:
    if isinstance(value, list) and len(value) == 2:  # noqa: PLR2004 - before and after
        return f": {_value(one, name, value[0])} → {_value(one, name, value[1])}"
    return "" if value is None else f": {_value(one, name, value)}"


def _value(one: oversight.AuditRow, name: str, value: object) -> str:
    """A stored value as people read it: a name for an id, a label for a role or another stored word."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and (name, value) in one.names:
        return one.names[name, value]
    if name == "role":
        return _role(str(value))
    if name.endswith("_at") and isinstance(value, str):
        return _moment(value)
    if isinstance(value, str) and name in _WORDS:
        return terms.label(value)
    return fmt.text(value)


def _moment(stored: str) -> str:
    """When it was; what is no moment is shown as it is stored."""
    try:
        return fmt.moment(datetime.fromisoformat(stored), viewing.zone())
    except ValueError:
        return stored


def _role(stored: str) -> str:
    return Role(stored).label if stored in set(Role) else terms.label(stored)


def _record(one: oversight.AuditRow) -> str | int | None:
    if one.entity == "holiday" and one.entity_id:
        return date.fromordinal(one.entity_id).isoformat()  # closing days are kept by their day
    role, line = one.details.get("role"), one.details.get("line")
    if one.entity == "claim_authority" and role and line:  # one that was taken away is named, too
        return f"{_role(str(role))}, {terms.label(line).lower()}"
    return one.code or one.entity_id


def _details(one: oversight.AuditRow) -> None:
    """Everything that one entry tells; what is stored stays below, for who looks into it."""
    guard.viewer(Permission.AUDIT_VIEW)
    page.facts(
        {
            "When": fmt.moment(one.at, viewing.zone()),
            "Who": f"{one.actor} ({_role(one.actor_role)})",
            "Record": f"{deeds.noun(one.entity)} {_record(one) or ''}",
            "Changed": _changed(one),
            "Reference": one.reference or "",
        }
    )
    with st.expander("Details, as they are stored"):
        st.caption(
            f"Entry number {one.id}, {one.action}. Numbers have gaps:"
            " what is refused or undone takes one too."
        )
        st.code(json.dumps(dict(one.details), indent=2, ensure_ascii=False), language="json")
