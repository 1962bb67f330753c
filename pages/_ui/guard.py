"""Who is looking at this page. Every page, fragment and dialog begins by asking.

The cookie of the WebSocket's handshake is all that identifies somebody; the session behind it is
looked up in the database at every run, so that an ended session, a deactivated user or a changed
role takes effect at the next click.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import streamlit as st

from core import people
from core.access import Permission, Viewer, require, sessions
from core.kit.dates import utc_now
from core.kit.errors import NotAllowed
from pages._ui import errors

_KNOWN = "_viewer_of_this_run"
_SESSION = "_session_of_this_state"
_STARTED = "_app_was_shown"
_PAGE = "_page_of_this_tab"


def current() -> Viewer | None:
    """The viewer behind the cookie, asked of the database; None for nobody.

    State that another session has left in this browser tab is dropped.
    """
    found = people.viewer_of(token(), now=utc_now())
    mark = found.session_id if found else None
    if st.session_state.get(_SESSION, mark) != mark:
        st.session_state.clear()
    st.session_state[_SESSION] = mark
    errors.listen()
    return found


@contextmanager
def known(found: Viewer, *, page: str) -> Iterator[None]:
    """For the length of one run of app.py, pages need not ask the database again.

    The page's slug is kept longer, for the log: fragments and dialogs rerun without app.py.
    """
    st.session_state[_PAGE] = page
    st.session_state[_KNOWN] = found
    st.session_state[_STARTED] = True
    try:
        yield
    finally:
        st.session_state.pop(_KNOWN, None)


def viewer(permission: Permission | None = None) -> Viewer:
    """The viewer, for the first line of a page, a fragment or a dialog.

    Without a live session the sign-in form comes up instead, and nothing below the call runs. With a
    permission, those who lack it are told so, and nothing below the call runs either.
    """
    is_on_screen = bool(st.session_state.get(_STARTED))
    found: Viewer | None = st.session_state.get(_KNOWN) or current()
    if found is None or found.must_change_password:
        _leave(is_on_screen=is_on_screen)
    errors.listen()
    if permission is not None:
        require_permission(found, permission)
    return found


def require_permission(found: Viewer, permission: Permission) -> None:
    """Stop the page, with the reason, for a viewer whose role lacks the permission."""
    try:
        require(found, permission, what=f"page {st.session_state.get(_PAGE, '')}".strip())
    except NotAllowed as refusal:
        errors.show(refusal)
        st.stop()


def token() -> str:
    """The session token that this browser tab was opened with; empty for none."""
    return st.context.cookies.get(sessions.cookie_name(), "")


def _leave(*, is_on_screen: bool) -> NoReturn:
    """Show nothing; an app that is on screen already runs as a whole, which asks for a sign-in."""
    st.session_state.pop(_STARTED, None)
    if is_on_screen:
        st.rerun()
    st.stop()
