"""Users and roles: who may sign in, as what, and where they are signed in now."""

from __future__ import annotations

import streamlit as st

from core import people
from core.access import Permission, Role, Viewer
from core.kit.ids import record_id
from core.kit.lifecycle import Tone
from pages._ui import errors, filters, guard, page, tables, viewing
from pages._ui import format as fmt
from pages.admin._parts import records, user_forms

OPEN = "user"
STATES = [filters.Option("active", "Active"), filters.Option("inactive", "Deactivated")]
TONES = {"Active": Tone.GOOD, "Deactivated": Tone.NEUTRAL}
COLUMNS = (
    tables.Column("name", "Name", kind="open", pinned=True, width=170),
    tables.Column("username", "User name", kind="code", width=134),
    tables.Column("role", "Role", width=104),
    tables.Column("state", "State", kind="tag", tones=TONES, width=102),
    tables.Column("territory", "Territory", width=112),
    tables.Column("email", "E-mail", width=250),
    tables.Column("last_login", "Last sign-in", kind="datetime", width=165),
    tables.Column("manager", "Manager", width=140),
    tables.Column("open_sessions", "Sessions", kind="int", width=80, help="Where they are signed in now."),
)


def list_users(viewer: Viewer) -> None:
    """The filters and the table of users."""
    with page.head("Users", "Who may sign in, and as what"):
        if st.button("New user", icon=":material/person_add:", type="primary"):
            user_forms.new_user()
    with filters.bar():
        words = filters.text("Search", key="q", placeholder="Name or e-mail")
        role = filters.choose("Role", user_forms.ROLES, key="role")
        state = filters.choose("State", STATES, key="state")
    found = people.users(
        words,
        role=Role(role) if role else None,
        is_active=state == "active" if state else None,
        by=viewer,
    )
    shown = len(found.rows)
    st.caption(
        fmt.counted(found.total, "user")
        + (f", the first {shown} of them shown" if shown < found.total else "")
    )
    tables.show(
        [_row(one) for one in found.rows],
        COLUMNS,
        key="users",
        empty_sentence="No user matches these filters.",
        export_as="users",
        zone=viewing.zone(),
    )
    records.follow("users", found.rows, OPEN)


def _row(one: people.UserRecord) -> dict[str, object]:
    return {
        **{column.name: getattr(one, column.name, None) for column in COLUMNS},
        "role": one.role.label,
        "state": _state(one),
    }


def _state(one: people.UserRecord) -> str:
    return "Active" if one.is_active else "Deactivated"


def one_user(one: people.UserRecord, viewer: Viewer) -> None:
    """One user: what is known, and what may be done with the access."""
    records.back("All users", OPEN)
    actions = page.head(fmt.plain(one.name), fmt.plain(f"{one.role.label} · {one.username} · {one.email}"))
    with actions:
        page.tag(_state(one), TONES[_state(one)])
    page.facts(
        {
            "Territory": one.territory or "",
            "Manager": one.manager or "",
            "Last sign-in": fmt.moment(one.last_login, viewing.zone()) if one.last_login else "",
            "Sessions": fmt.number(one.open_sessions),
        }
    )
    user_forms.one_user(one, viewer, actions)


viewer = guard.viewer(Permission.USERS_ADMIN)
user_forms.hand_over()
named = record_id(st.query_params.get(OPEN, ""))
chosen: people.UserRecord | None = None
if named is not None:
    with errors.told():
        chosen = people.user(named, by=viewer)
if chosen is None:
    list_users(viewer)
else:
    one_user(chosen, viewer)
