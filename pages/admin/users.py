"""Users and roles: who may sign in, as what, and where they are signed in now."""

from __future__ import annotations

import streamlit as st

from core import people
from core.access import Permission, Role, Viewer
from core.kit.lifecycle import Tone
from pages._ui import filters, guard, page, tables, viewing
from pages._ui import format as fmt
from pages.admin._parts import records, user_forms

STATES = [filters.Option("active", "Active"), filters.Option("inactive", "Deactivated")]
TONES = {"Active": Tone.GOOD, "Deactivated": Tone.NEUTRAL}
COLUMNS = (
    tables.Column("name", "Name", pinned=True),
    tables.Column("username", "User name", kind="code"),
    tables.Column("role", "Role"),
    tables.Column("state", "State", kind="tag", tones=TONES),
    tables.Column("territory", "Territory"),
    tables.Column("manager", "Manager"),
    tables.Column("last_login", "Last sign-in", kind="datetime"),
    tables.Column("open_sessions", "Sessions", kind="int", help="Where they are signed in now."),
    tables.Column("email", "E-mail"),
)


def list_users(viewer: Viewer) -> people.UserRecord | None:
    """The filters and the table; the user that is selected."""
    with filters.bar():
        words = filters.text("Search", key="q", placeholder="Name, user name, e-mail")
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
    rows = [
        {
            **{column.name: getattr(one, column.name, None) for column in COLUMNS},
            "role": one.role.label,
            "state": "Active" if one.is_active else "Deactivated",
        }
        for one in found.rows
    ]
    chosen = tables.show(
        rows,
        COLUMNS,
        key="users",
        select="one",
        empty_sentence="No user matches these filters.",
        export_as="users",
        height=records.height(len(rows)),
        zone=viewing.zone(),
    )
    return found.rows[chosen[0]] if chosen else None


viewer = guard.viewer(Permission.USERS_ADMIN)
with page.head("Users", "Who may sign in, and as what"):
    if st.button("New user", icon=":material/person_add:", type="primary"):
        user_forms.new_user()
user_forms.hand_over()
selected = list_users(viewer)
if selected is None:
    st.caption("Select a user to change the role, reset the password or end sessions.")
else:
    user_forms.one_user(selected, viewer)
