"""Signing in and out in a real browser."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from core import people
from core.access import Role
from core.access.tables import User
from core.db import unit_of_work
from tests.browser.conftest import PASSWORD, serve, settled, type_credentials

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = pytest.mark.browser

FIRST = "first correct horse"


def form(page):
    return page.get_by_role("button", name="Sign in", exact=True)


def test_a_cold_deep_link_shows_the_form_and_nothing_else(server, app, browser, tmp_path):
    """The first request that a server ever gets is for a page of an administrator."""
    with serve(app.environment, tmp_path / "cold.log") as url:
        page = browser.new_page()
        page.goto(f"{url}/users?q=ann")
        form(page).wait_for()
        settled(page)
        shown = page.locator("body").inner_text()
        page.close()
    assert "Users" not in shown
    assert "not found" not in shown.lower()
    assert app.company.ann_in_east.username not in shown


def test_the_user_name_can_be_typed_at_once(open_page):
    page = open_page()
    form(page).wait_for()
    expect(page.get_by_role("textbox", name="User name")).to_be_focused()


def test_a_deep_link_survives_signing_in(app, open_page, sign_in):
    page = sign_in(open_page("/users?q=ann"), app.company.admin)
    page.get_by_role("heading", name="Users").wait_for()
    assert page.url.endswith("/users?q=ann")


def test_a_session_survives_a_reload_and_another_tab(app, open_page, sign_in):
    page = sign_in(open_page("/account"), app.company.ann_in_east)
    page.reload()
    page.get_by_role("heading", name="My account").wait_for()
    second = page.context.new_page()
    second.goto(f"{app.url}/account")
    second.get_by_role("heading", name="My account").wait_for()


def test_scripts_can_t_read_the_cookie(app, open_page, sign_in):
    page = sign_in(open_page(), app.company.ann_in_east)
    assert "sid=" not in page.evaluate("document.cookie")
    (cookie,) = [one for one in page.context.cookies() if one["name"] == "sid"]
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")


def test_signing_out_kills_a_copied_cookie(app, open_page, sign_in, browser):
    page = sign_in(open_page(), app.company.ann_in_east)
    copied = [one for one in page.context.cookies() if one["name"] == "sid"]
    page.get_by_role("button", name="Sign out", exact=True).click()
    form(page).wait_for()
    assert "sid" not in {one["name"] for one in page.context.cookies()}
    thief = browser.new_context()
    thief.add_cookies(copied)
    stolen = thief.new_page()
    stolen.goto(app.url)
    form(stolen).wait_for()
    thief.close()


def test_a_deactivated_user_is_out_at_the_next_click(app, page_of):
    page = page_of(app.company.ann_in_east, "/account")
    people.deactivate(app.company.ann_in_east.id, by=app.company.adam)
    page.get_by_role("button", name="Sign out everywhere").click()
    form(page).wait_for()


def test_a_changed_role_changes_the_menu_at_the_next_click(app, page_of):
    page = page_of(app.company.erin_manages_east, "/account")
    assert page.get_by_role("link", name="KPIs").count() == 1
    people.set_role(app.company.erin_manages_east.id, Role.SUPPORT, by=app.company.adam)
    page.get_by_role("link", name="My account").click()
    page.get_by_text("Erin East · Support").first.wait_for()
    assert page.get_by_role("link", name="KPIs").count() == 0


def test_a_wrong_password_says_so_and_the_sixth_has_to_wait(app, open_page):
    page = open_page("/")
    for _ in range(5):
        type_credentials(page, app.company.ann_in_east.username, "wrong")
        page.get_by_text("User name or password is wrong").first.wait_for()
        settled(page)
    type_credentials(page, app.company.ann_in_east.username, PASSWORD)
    page.get_by_text("Too many sign-ins have failed").first.wait_for()
    assert page.get_by_text("Try again in 15 minutes").count() == 1


def test_an_initial_password_is_changed_before_anything_else(app, open_page):
    ann = app.company.ann_in_east
    with unit_of_work() as db:
        db.execute(update(User).where(User.id == ann.id).values(must_change_password=True))
    page = open_page("/account")
    type_credentials(page, ann.username, PASSWORD)
    page.get_by_role("heading", name="Choose your password").wait_for()
    assert page.get_by_role("link", name="My account").count() == 0
    page.get_by_role("textbox", name="Current password").fill(PASSWORD)
    page.get_by_role("textbox", name="New password", exact=True).fill(FIRST)
    page.get_by_role("textbox", name="New password again").fill(FIRST)
    page.get_by_role("button", name="Change password").click()
    page.get_by_role("heading", name="My account").wait_for()


def test_nothing_is_fetched_from_elsewhere_and_no_error_is_logged(app, open_page, sign_in):
    page = open_page("/account")
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    sign_in(page, app.company.ann_in_east)
    own = (app.url, "data:", "blob:")
    assert [url for url in asked if not url.startswith(own)] == []
    # Streamlit looks for its server below the deep link first.
    assert [text for text in errors if "404" not in text] == []
