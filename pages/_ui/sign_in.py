"""Signing in and out: the form, the swap of the one-time code for the cookie, the first password.

The form is streamlit-authenticator's, without its cookie and without its dictionary of all users:
what is typed goes to core.access, and the cookie is set by our own route (facts.md S3).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.navigation.page import Page
from streamlit_authenticator import Authenticate

from core import access, people
from core.access import Viewer, sessions
from core.kit.dates import utc_now
from core.kit.errors import Refusal
from core.kit.settings import settings
from pages._ui import errors, guard, menu, page

_WIDTH = 400
_LABELS = {"Form name": "Sign in", "Username": "User name", "Password": "Password", "Login": "Sign in"}

# One request, then the page is loaded anew: the WebSocket's handshake is what carries the cookie.
_SEND = """
export default function ({ data, parentElement, setTriggerValue }) {
  if (parentElement.sent === data.path + data.code) return;
  parentElement.sent = data.path + data.code;
  fetch(data.path, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ code: data.code }),
  })
    .then((answer) => (answer.ok ? window.location.reload() : setTriggerValue("failed", true)))
    .catch(() => setTriggerValue("failed", true));
}
"""
# Once, and not where a keyboard on the screen would cover the page.
_FOCUS = """
export default function ({ data, parentElement }) {
  if (parentElement.focused || !matchMedia("(pointer: fine)").matches) return;
  const page = parentElement.getRootNode().host?.ownerDocument ?? document;
  let waiting = 0;
  const focus = () => {
    const box = page.querySelector(`input[aria-label="${data.label}"]`);
    if (!box) return void (waiting = requestAnimationFrame(focus));
    parentElement.focused = true;
    if (page.activeElement === page.body) box.focus();
  };
  focus();
  return () => cancelAnimationFrame(waiting);
}
"""
_focus = st.components.v2.component("policydesk.first_field", js=_FOCUS)
_sender = st.components.v2.component("policydesk.session", js=_SEND)


class _NoCookie:
    """In place of the library's own cookie, which scripts can read and nobody can revoke."""

    def get_cookie(self) -> None:
        return None

    def set_cookie(self) -> None:
        return None


class _Form(Authenticate):  # type: ignore[misc]  # the library ships no types
    """The library's form, handing what was typed to `check` and nothing else."""

    def __init__(self, check: Callable[[str, str], bool]) -> None:
        self.path = None
        self.secret_key = ""
        self.attrs = {"login_sleep_time": 0}
        self.cookie_controller = _NoCookie()
        self.authentication_controller = self
        self._check = check
        self._is_drawn = False

    def login(self, *given: Any, **options: Any) -> bool | None:
        """Draw the form; from inside the form, check what was typed."""
        if self._is_drawn:
            return self._check(str(given[0] or ""), str(given[1] or ""))
        self._is_drawn = True
        super().login(*given, **options)
        return None


def pages() -> list[Page]:
    """The sign-in form under every address of the menu, so that a deep link survives signing in."""
    return _everywhere(_sign_in)


def first_password_pages(viewer: Viewer) -> list[Page]:
    """The form for a password of one's own, under every address, as long as one is owed."""
    return _everywhere(lambda: _first_password(viewer))


def _everywhere(draw: Callable[[], None]) -> list[Page]:
    return [
        st.Page(draw, title="Sign in", url_path=row.slug, default=row.slug == menu.HOME)
        for row in menu.PAGES
    ]


def _sign_in() -> None:
    with st.container(horizontal_alignment="center"), st.container(width=_WIDTH):
        _draw_form()


def _draw_form() -> None:
    page.head(page.NAME)
    if settings().is_demo:
        page.demo_badge()
    _why_signed_out()
    place = st.empty()
    refused: Refusal | None = None
    code: list[sessions.ClaimCode] = []

    def check(username: str, password: str) -> bool:
        nonlocal refused
        try:
            code.append(_open_session(username, password))
        except Refusal as refusal:
            refused = refusal
        return bool(code)

    with place.container():
        _Form(check).login("main", fields=_LABELS, key="sign_in")
        _focus(key="first_field", data={"label": _LABELS["Username"]}, height=0)
    if refused is not None:
        errors.show(refused)
    if code:
        place.empty()
        st.caption("Signing in …")
        _send("/api/session/claim", code[0])


def _why_signed_out() -> None:
    """Who was thrown out, or away for too long, is told so."""
    if why := sessions.why_over(guard.token(), now=utc_now()):
        st.info(why, icon=":material/lock_clock:")


def _open_session(username: str, password: str) -> sessions.ClaimCode:
    address, now = st.context.ip_address or "", utc_now()
    user = access.identify(username, password, address=address, now=now)
    return access.open_session(
        user, address=address, user_agent=st.context.headers.get("user-agent", ""), now=now
    )


def _first_password(viewer: Viewer) -> None:
    with st.container(horizontal_alignment="center"), st.container(width=_WIDTH):
        page.head("Choose your password", "The one that you were given is for the first sign-in only.")
        if change_password(viewer):
            errors.flash("Your password is changed")
            st.rerun()
        sign_out_button()


def change_password(viewer: Viewer) -> bool:
    """The form for a new password; whether it was changed in this run."""
    changes: list[str] = st.session_state.setdefault("password_changes", [])
    # By how often it was changed: a second click on the button is none on the next, empty form.
    with st.form(f"change_password_{len(changes)}", border=True):
        old = st.text_input("Current password", type="password", autocomplete="current-password")
        new = st.text_input(
            "New password",
            type="password",
            autocomplete="new-password",
            help="12 to 128 characters of any kind. Several words are easy to keep.",
        )
        again = st.text_input("New password again", type="password", autocomplete="new-password")
        sent = st.form_submit_button("Change password", type="primary")
    if not sent:
        return False
    with errors.told() as outcome:
        people.change_password(old, new, again, by=viewer)
        changes.append("changed")
    return outcome.ok


def sign_out_button() -> None:
    """Signs out on the server at once; the browser then drops its cookie and loads anew."""
    if st.button("Sign out", icon=":material/logout:", type="tertiary"):
        sign_out()


def sign_out() -> None:
    """End this session, forget this tab's state, and leave."""
    sessions.end(guard.token(), now=utc_now())
    st.session_state.clear()
    _send("/api/session/end", "")
    st.stop()


# In this order: an Edge also says that it is a Chrome, and all say that they are a Safari.
_BROWSERS = ("Edg/", "OPR/", "Firefox/", "Chrome/", "Safari/")
_SYSTEMS = ("Windows", "iPhone", "iPad", "Android", "Mac OS X", "CrOS", "Linux")
_SAID = {"Edg": "Edge", "OPR": "Opera", "Mac OS X": "macOS", "CrOS": "ChromeOS"}


def device(user_agent: str) -> str:
    """A browser and a system, as its owner would say it: "Firefox on Windows"."""
    browser = next((mark.rstrip("/") for mark in _BROWSERS if mark in user_agent), "A browser")
    system = next((mark for mark in _SYSTEMS if mark in user_agent), "an unknown system")
    return f"{_SAID.get(browser, browser)} on {_SAID.get(system, system)}"


def _send(path: str, code: str) -> None:
    answer = _sender(key="session", data={"path": path, "code": code}, on_failed_change=lambda: None)
    if answer.failed:
        st.error("Your browser could not reach the server.", title="Try again", icon=":material/error:")
