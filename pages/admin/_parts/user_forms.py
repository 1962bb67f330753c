"""Making a user and changing one: the forms and dialogs of the page of users."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import people
from core.access import Permission, Role, Viewer
from pages._ui import errors, filters, forms, guard, page
from pages._ui import format as fmt
from pages.admin._parts import records

ROLES = [filters.Option(role.value, role.label) for role in Role if role is not Role.CUSTOMER]


_MADE = "users.made"


def place_fields(form: forms.Form, viewer: Viewer) -> None:
    """Role, territory and manager, the same for new users and others."""
    areas = [
        filters.Option(str(one.id), f"{one.path} ({one.code})")
        for one in people.territories(by=viewer)
        if one.is_active
    ]
    bosses = [filters.Option(str(one.user_id), one.name) for one in people.managers(by=viewer)]
    form.choice("role", "Role", ROLES, required=True)
    form.choice("territory_id", "Territory", areas, help="For agents and senior agents.")
    form.choice("manager_id", "Manager", bosses, help="Whom an agent reports to.")


def number(form: forms.Form, name: str) -> int | None:
    """The id that was chosen in a field."""
    chosen = form.values[name]
    return int(chosen) if chosen else None


@st.dialog("New user")
def new_user() -> None:
    """The form of a new user; the initial password is shown after it, see `hand_over`."""
    viewer = guard.viewer(Permission.USERS_ADMIN)
    form = forms.Form("new_user")
    with form.body():
        left, right = st.columns(2)
        with left:
            form.text("first_name", "First name", required=True, max_chars=50)
        with right:
            form.text("last_name", "Last name", required=True, max_chars=50)
        form.text("username", "User name", required=True, max_chars=50)
        form.text("email", "E-mail", required=True, max_chars=100)
        place_fields(form, viewer)
        sent = form.submit("Create user", core_asks=True)
    if not sent:
        return
    made = _made()
    with form.sending() as outcome:
        typed = {name: form.values[name] for name in ("username", "email", "first_name", "last_name")}
        new = people.NewUser(
            **typed,
            role=Role(form.values["role"]) if form.values["role"] else None,
            territory_id=number(form, "territory_id"),
            manager_id=number(form, "manager_id"),
        )
        made.append(people.create_user(new, request_id=form.request_id, by=viewer))
    if outcome.ok:
        st.rerun()


def hand_over() -> None:
    """Show the initial password that was just given to somebody, once."""
    made = _made()
    if made:
        _hand_over(made[-1])
        made.clear()


def _made() -> list[people.NewSignIn]:
    """The password that was made and not shown yet; taken before it is made, for none is lost."""
    found: list[people.NewSignIn] = st.session_state.setdefault(_MADE, [])
    return found


@st.dialog("Initial password")
def _hand_over(made: people.NewSignIn) -> None:
    guard.viewer(Permission.USERS_ADMIN)
    show_password(made)
    if st.button("Done", type="primary", key="handed_over"):
        st.rerun()


def show_password(made: people.NewSignIn) -> None:
    """The initial password, once."""
    if made.password is None:
        st.info("This user was made already. Reset the password to get a new one.")
        return
    st.success(f"Hand this to {fmt.plain(made.username)}. It is shown only now.", title="Initial password")
    st.code(made.password, language=None)


@st.dialog("New initial password")
def reset_password(user_id: int, name: str) -> None:
    """Asks once more, because all sessions of the user end."""
    viewer = guard.viewer(Permission.USERS_ADMIN)
    st.markdown(f"{fmt.plain(name)} is signed out everywhere and signs in with a new initial password.")
    if st.button("Reset password", type="primary", key="confirm_reset"):
        made = _made()
        with errors.told() as outcome:
            made.append(people.reset_password(user_id, by=viewer))
        if outcome.ok:
            st.rerun()


def change_place(chosen: people.UserRecord, viewer: Viewer) -> None:
    """The form for role, territory and manager."""
    start = {
        "role": chosen.role.value,
        "territory_id": str(chosen.territory_id or ""),
        "manager_id": str(chosen.manager_id or ""),
        "version": chosen.version,
    }
    form = forms.Form(f"user_{chosen.id}", initial=start)
    with form.body():
        place_fields(form, viewer)
        sent = form.submit("Save", icon=":material/save:")
    if sent:
        records.save(form, lambda: _set_role(chosen, form, viewer), f"{chosen.name} is saved")
    records.offer_current(form)


def _set_role(chosen: people.UserRecord, form: forms.Form, viewer: Viewer) -> None:
    people.set_role(
        chosen.id,
        Role(form.values["role"] or chosen.role),
        territory_id=number(form, "territory_id"),
        manager_id=number(form, "manager_id"),
        version=form.start("version"),
        by=viewer,
    )


@st.dialog("Deactivate a user")
def deactivate(chosen: people.UserRecord) -> None:
    """Asks once more, because who is signed in is thrown out at once."""
    viewer = guard.viewer(Permission.USERS_ADMIN)
    st.markdown(
        f"{fmt.plain(chosen.name)} is signed out everywhere and can't sign in any more. "
        "Their records and their history stay."
    )
    told = st.container()
    records.press(
        "Deactivate user", ":material/block:",
        lambda: people.deactivate(chosen.id, version=chosen.version, by=viewer),
        f"{chosen.name} can't sign in any more", told=told, key="confirm_deactivate", is_primary=True,
    )  # fmt: skip


def ask_to_end_sessions(chosen: people.UserRecord) -> None:
    """Ask before somebody is thrown out of their work."""
    many = fmt.counted(chosen.open_sessions, "session")
    records.ask(
        records.Question(
            title=f"End the {many} of {chosen.name}?",
            happens="They are signed out everywhere at once and lose what they have typed and not saved. "
            "They can sign in again.",
            button=f"End {many}",
            icon=":material/logout:",
        ),
        lambda: people.end_sessions(chosen.id, by=guard.viewer(Permission.USERS_ADMIN)),
        f"{chosen.name} is signed out everywhere",
    )


def one_user(chosen: people.UserRecord, viewer: Viewer, actions: DeltaGenerator) -> None:
    """What can be done with a user; one's own account is on a page of its own."""
    if chosen.id == viewer.user_id:
        st.caption("This is you: only another administrator can change your role or access.")
        return
    with actions:
        if st.button("Reset password", icon=":material/key:"):
            reset_password(chosen.id, chosen.name)
        if chosen.open_sessions and st.button("End sessions", icon=":material/logout:"):
            ask_to_end_sessions(chosen)
        if chosen.is_active and st.button("Deactivate", icon=":material/block:"):
            deactivate(chosen)
        if not chosen.is_active:
            records.press(
                "Reactivate", ":material/undo:",
                lambda: people.reactivate(chosen.id, version=chosen.version, by=viewer),
                f"{chosen.name} can sign in again", told=actions,
            )  # fmt: skip
    page.section("Role, territory and manager")
    with st.container(width=420):
        change_place(chosen, viewer)
