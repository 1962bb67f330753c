"""An administrator makes a user, who signs in, and shuts them out again."""

from __future__ import annotations

import pytest

from tests.browser.conftest import choose, settled, type_credentials
from tests.factories.rows import number

pytestmark = pytest.mark.browser

OWN = "first correct horse"


def test_a_new_user_signs_in_with_the_initial_password_until_deactivated(app, page_of, open_page):
    username = f"nora{number()}"
    admin = page_of(app.company.admin, "/users")
    admin.get_by_role("button", name="New user").click()
    for label, text in (
        ("First name", "Nora"),
        ("Last name", username),
        ("User name", username),
        ("E-mail", f"{username}@example.com"),
    ):
        admin.get_by_role("dialog").get_by_role("textbox", name=label).fill(text)
    choose(admin, "Role", "Analyst")
    admin.get_by_role("button", name="Create user").click()
    admin.get_by_text("It is shown only now").first.wait_for()
    password = admin.get_by_role("dialog").locator("code").inner_text().strip()
    admin.get_by_role("button", name="Done").click()

    nora = open_page("/account")
    type_credentials(nora, username, password)
    nora.get_by_role("textbox", name="Current password").fill(password)
    nora.get_by_role("textbox", name="New password", exact=True).fill(OWN)
    nora.get_by_role("textbox", name="New password again").fill(OWN)
    nora.get_by_role("button", name="Change password").click()
    nora.get_by_text(f"Nora {username} · Analyst").first.wait_for()

    admin.goto(f"{app.url}/users?q={username}")
    admin.get_by_text("1 user").first.wait_for()
    settled(admin)
    admin.locator(".dvn-scroller").click(position={"x": 30, "y": 52})
    admin.get_by_role("button", name="Deactivate").click()
    admin.get_by_role("dialog").get_by_role("button", name="Deactivate user").click()
    admin.get_by_role("button", name="Reactivate").wait_for()
    nora.get_by_role("button", name="Sign out everywhere").click()
    nora.get_by_text("Your session was ended by an administrator.").first.wait_for()
    type_credentials(nora, username, OWN)
    nora.get_by_text("User name or password is wrong").first.wait_for()
