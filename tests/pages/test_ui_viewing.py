"""What the browser tells of its clock, and the office's where it tells nothing usable."""

import pytest
import streamlit as st
from streamlit.runtime.context import ContextProxy

from core.kit.settings import settings
from pages._ui import viewing


@pytest.mark.parametrize("named", [None, "Mars/Olympus_Mons", "../etc/passwd"])
def test_a_browser_without_a_known_zone_is_shown_the_offices(named, monkeypatch):
    monkeypatch.setattr(ContextProxy, "timezone", property(lambda _: named))
    monkeypatch.setattr(
        viewing, "settings", lambda: settings().model_copy(update={"time_zone": "Asia/Tokyo"})
    )
    assert viewing.zone() == "Asia/Tokyo"


def test_a_browsers_own_zone_is_used(monkeypatch):
    monkeypatch.setattr(ContextProxy, "timezone", property(lambda _: "Europe/Berlin"))
    assert st.context.timezone == "Europe/Berlin"
    assert viewing.zone() == "Europe/Berlin"
