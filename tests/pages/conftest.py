"""Pages through AppTest, as somebody who is signed in.

`signed_in(app_test, person)` opens a real session and puts its token where the browser's cookie would
arrive; nothing of ours is replaced. AppTest itself has no cookies.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from types import MappingProxyType
from typing import Any

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.components.v2.manifest_scanner import scan_component_manifests
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from core.access import sessions
from core.access.tables import User
from core.kit.dates import utc_now
from core.kit.settings import ROOT

SECONDS = 30


@pytest.fixture(scope="session", autouse=True)
def packages_read_once():
    """Streamlit looks through every installed package for components, here once and not at each run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(scan_component_manifests))
        yield


@pytest.fixture
def app_test(database) -> AppTest:
    """app.py on a clean database, with nobody signed in; `.run()` shows the sign-in form."""
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=SECONDS)


@pytest.fixture
def cookies(monkeypatch) -> dict[str, str]:
    """The cookies of the one browser that AppTest stands for."""
    held: dict[str, str] = {}
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda _self: MappingProxyType(held)))
    return held


@pytest.fixture
def signed_in(cookies) -> Callable[..., AppTest]:
    """Signs a person in and runs the app: `signed_in(app_test, company.ann_in_east)`.

    With `page="pages/sales/board.py"` that page of the menu is opened; `query` goes to the address.
    """

    def opened(
        app_test: AppTest, person: User, *, page: str = "", query: dict[str, str] | None = None
    ) -> AppTest:
        cookies[sessions.cookie_name()] = token_of(person)
        for name, value in (query or {}).items():
            app_test.query_params[name] = value
        app_test.run()
        if page:
            app_test.switch_page(page).run()
        return app_test

    return opened


def token_of(person: User) -> str:
    """The token of a new live session of the person."""
    now = utc_now()
    return sessions.claim(sessions.begin(person.id, now=now), now=now)


def press(app_test: AppTest, label: str) -> AppTest:
    """Click the first button of that label, and run."""
    return next(button for button in app_test.button if button.label == label).click().run()


def first_cell_opens(table: Any) -> bool:
    """Whether the cells of a table's first column are buttons, which open its rows."""
    first = next(iter(json.loads(table.proto.columns).values()))
    return bool(first["type_config"]["type"] == "button")


def press_both(app_test: AppTest, opener: str, label: str) -> AppTest:
    """Press a button of a dialog that is open: the opener too, because AppTest runs the whole page."""
    for wanted in (opener, label):
        next(button for button in app_test.button if button.label == wanted).click()
    return app_test.run()


def withdraw(app_test: AppTest, label: str, reason: str = "") -> AppTest:
    """Open the dialog of the only document that can be withdrawn, say why, and send."""
    press(app_test, "Withdraw…")
    next(area for area in app_test.text_area if area.label == label).input(reason)
    # AppTest runs the whole page, so the dialog must be opened again, and that empties a used form.
    opening = next(button for button in app_test.button if button.label == "Withdraw…").click()
    del app_test.session_state[f"form.{opening.key}"]
    send = next(button for button in app_test.button if button.label == "Withdraw" and button.form_id)
    return send.click().run()
