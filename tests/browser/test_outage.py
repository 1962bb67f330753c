"""The database goes away under people who are at work, and comes back (quality.md R9)."""

from __future__ import annotations

import os

import pytest

import core.db
from core.db import embedded, migrate
from tests import factories as make
from tests.browser.conftest import PASSWORD, _with_password, serve, type_credentials

pytestmark = pytest.mark.browser

AWAY = "The database is not answering just now. Nothing was changed."


@pytest.fixture
def served(data_dir, tmp_path):
    """The app on a database server of this test's own, which it may stop."""
    url = embedded.start(data_dir)
    core.db.bind(url)
    migrate.upgrade()
    environment = {**os.environ, "DATABASE_URL": url, "POLICYDESK_DATA_DIR": str(tmp_path / "data")}
    with serve(environment, tmp_path / "server.log") as address:
        yield address
    core.db.bind(None)


def stop_at_once(data_dir):
    """As `pg_ctl restart -m immediate` does in its first half: no goodbye to anybody."""
    place = embedded.software(data_dir)
    cluster = str(place.home / "data")
    assert place.run("pg_ctl", ["stop", "-w", "-m", "immediate", "-D", cluster], quiet=True).returncode == 0


def test_what_was_typed_is_still_there_when_the_database_comes_back(browser, served, data_dir):
    ann = _with_password(make.company().ann_in_east)
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{served}/pipeline")
    type_credentials(page, ann.username, PASSWORD)
    page.get_by_role("button", name="New lead").click()
    form = page.get_by_role("dialog")
    form.get_by_label("First name").fill("Nora")
    form.get_by_label("Last name").fill("Newlead")
    form.get_by_label("Phone").fill("212 555 0147")
    form.get_by_role("combobox", name="Source").click()
    page.get_by_role("option", name="Referral", exact=True).click()

    stop_at_once(data_dir)
    form.get_by_role("button", name="Create lead").click()
    page.get_by_text(AWAY).first.wait_for()
    page.get_by_role("button", name="Try again").first.click()
    page.get_by_text(AWAY).first.wait_for()

    embedded.start(data_dir)
    page.get_by_role("button", name="Try again").first.click()
    form.get_by_role("button", name="Create lead").click()
    page.get_by_role("heading", name="Nora Newlead").wait_for()
    context.close()
