"""No page without a session, and the right one with it."""

from __future__ import annotations

import pytest

from tests import factories as make

pytestmark = pytest.mark.page


def test_without_a_session_there_is_only_the_sign_in_form(app_test, cookies):
    app_test.run()
    assert not app_test.exception
    assert [field.label for field in app_test.text_input] == ["User name", "Password"]
    assert [button.label for button in app_test.button] == ["Sign in"]


def test_with_a_session_the_menu_names_the_person(app_test, signed_in):
    app_test = signed_in(app_test, make.agent(name="Ann Agent"))
    assert not app_test.exception
    assert "Ann Agent · Agent" in [caption.value for caption in app_test.sidebar.caption]
