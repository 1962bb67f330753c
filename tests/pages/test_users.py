"""The page on which administrators manage users."""

from __future__ import annotations

import pytest

from core import people
from core.access import Role
from core.access.tables import User
from core.db import unit_of_work
from core.kit.dates import utc_now
from tests import factories as make
from tests.pages.conftest import press_both, token_of

pytestmark = pytest.mark.page

PAGE = "pages/admin/users.py"


@pytest.fixture
def users_page(app_test, signed_in):
    company = make.company()
    return signed_in(app_test, company.admin, page=PAGE), company


def select(app_test, person):
    """Open a person as the name in their row does: by the address."""
    app_test.query_params["user"] = str(person.id)
    return app_test.run()


def open_dialog(app_test, opener):
    return next(one for one in app_test.button if one.label == opener).click().run()


def test_the_page_lists_everybody(users_page):
    app_test, _company = users_page
    assert not app_test.exception
    assert "7 users" in [caption.value for caption in app_test.caption]


def test_a_user_is_opened_and_left_for_the_list(users_page):
    app_test, company = users_page
    select(app_test, company.ann_in_east)
    assert [one.value for one in app_test.title] == ["Ann Agent"]
    next(one for one in app_test.button if one.label == "All users").click().run()
    assert "7 users" in [one.value for one in app_test.caption]


@pytest.mark.parametrize("key", ["999999", "x"])
def test_a_user_who_is_not_there_leaves_the_list(users_page, key):
    app_test, _company = users_page
    app_test.query_params["user"] = key
    app_test.run()
    assert not app_test.exception
    assert "7 users" in [one.value for one in app_test.caption]


def test_a_new_user_gets_an_initial_password(users_page):
    app_test, _company = users_page
    button = next(one for one in app_test.button if one.label == "New user")
    button.click().run()
    for label, value in (
        ("First name", "Nora"),
        ("Last name", "New"),
        ("User name", "nora"),
        ("E-mail", "nora@example.com"),
    ):
        next(one for one in app_test.text_input if one.label == label).input(value)
    roles = [one for one in app_test.selectbox if one.label == "Role"]
    roles[-1].select("analyst")
    press_both(app_test, "New user", "Create user")
    assert not app_test.exception
    assert len(app_test.code) == 1
    assert "Create user" not in [one.label for one in app_test.button]
    assert "8 users" in [one.value for one in app_test.caption]
    open_dialog(app_test, "New user")
    assert {one.value for one in app_test.text_input} == {""}
    with unit_of_work() as db:
        nora = db.query(User).filter_by(username="nora").one()
    assert (nora.role, nora.must_change_password) == (Role.ANALYST, True)


def test_a_reset_password_is_handed_over_and_not_reset_again(users_page):
    app_test, company = users_page
    select(app_test, company.ann_in_east)
    open_dialog(app_test, "Reset password")
    app_test.button(key="confirm_reset").click()
    opener = next(one for one in app_test.button if one.label == "Reset password" and not one.key)
    opener.click()
    app_test.run()
    assert not app_test.exception
    assert len(app_test.code) == 1
    labels = [one.label for one in app_test.button]
    assert (labels.count("Reset password"), labels.count("Done")) == (1, 1)  # the one of the page is left


def test_deactivating_shows_in_the_list_and_can_be_undone(users_page):
    app_test, company = users_page
    select(app_test, company.ann_in_east)
    open_dialog(app_test, "Deactivate")
    assert people.user(company.ann_in_east.id, by=company.adam).is_active
    press_both(app_test, "Deactivate", "Deactivate user")
    assert not people.user(company.ann_in_east.id, by=company.adam).is_active
    next(one for one in app_test.button if one.label == "Reactivate").click().run()
    assert people.user(company.ann_in_east.id, by=company.adam).is_active


def test_sessions_are_ended_only_after_it_was_asked(users_page):
    app_test, company = users_page
    token = token_of(company.ann_in_east)
    select(app_test, company.ann_in_east)
    open_dialog(app_test, "End sessions")
    assert any("signed out everywhere at once" in one.value for one in app_test.markdown)
    assert people.viewer_of(token, now=utc_now())
    press_both(app_test, "End sessions", "End 1 session")
    assert not app_test.exception
    assert people.viewer_of(token, now=utc_now()) is None


def test_a_role_is_changed_in_the_form(users_page):
    app_test, company = users_page
    select(app_test, company.ann_in_east)
    roles = [one for one in app_test.selectbox if one.label == "Role"]
    roles[-1].select("senior_agent")
    next(one for one in app_test.button if one.label == "Save").click().run()
    assert not app_test.exception
    assert people.user(company.ann_in_east.id, by=company.adam).role is Role.SENIOR_AGENT


def test_a_conflict_keeps_what_was_typed_and_offers_what_is_kept_now(users_page):
    app_test, company = users_page
    select(app_test, company.ann_in_east)
    people.set_role(company.ann_in_east.id, Role.MANAGER, by=company.adam)
    app_test.run()
    [one for one in app_test.selectbox if one.label == "Role"][-1].select("senior_agent")
    next(one for one in app_test.button if one.label == "Save").click().run()
    assert any("changed its role" in one.value for one in app_test.error)
    assert [one for one in app_test.selectbox if one.label == "Role"][-1].value == "senior_agent"
    next(one for one in app_test.button if one.label == "Show the current state").click().run()
    assert [one for one in app_test.selectbox if one.label == "Role"][-1].value == "manager"


def test_an_agent_has_no_such_page(app_test, signed_in):
    app_test = signed_in(app_test, make.agent())
    with pytest.raises(ValueError, match="users"):
        app_test.switch_page(PAGE).run()
