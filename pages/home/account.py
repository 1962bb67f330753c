"""One's own account: password, and where one is signed in."""

from __future__ import annotations

import streamlit as st

from core import people
from core.access import Permission
from core.kit.dates import utc_now
from pages._ui import errors, guard, page, sign_in, viewing
from pages._ui import format as fmt

viewer = guard.viewer(Permission.HOME_VIEW)
page.head("My account", fmt.plain(f"{viewer.name} · {viewer.role.label}"))

page.section("Where you are signed in", help="End what you don't recognise, then change your password.")
now, zone = utc_now(), viewing.zone()
for one in people.my_sessions(by=viewer):
    is_this = one.id == viewer.session_id
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(gap=None):
            st.markdown(f"**{fmt.plain(sign_in.device(one.user_agent))}**")
            used = "This one" if is_this else f"Used {fmt.ago(one.last_seen_at, now)}"
            told = (used, f"signed in {fmt.moment(one.signed_in_at, zone)}", fmt.plain(one.ip_address))
            st.caption(" · ".join(part for part in told if part))
        if not is_this and st.button("End", key=f"end_{one.id}"):
            with errors.told("toast"):
                people.end_my_session(one.id, by=viewer)
            st.rerun()
if st.button("Sign out everywhere", icon=":material/logout:"):
    people.sign_out_everywhere(by=viewer)
    sign_in.sign_out()

page.section("Password")
with st.container(width=420):
    if sign_in.change_password(viewer):
        errors.flash("Your password is changed, and your other sessions are ended")
        st.rerun()
