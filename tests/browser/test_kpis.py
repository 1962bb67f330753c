"""From a KPI to its rows to a record, and the export of an analyst, in a real browser."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from core.access import Role
from core.kit.dates import utc_now
from etl.run import refresh
from tests import factories as make
from tests.browser.conftest import settled

pytestmark = pytest.mark.browser
# Pixels from the left edge of a table: of the boxes that select its rows, and of what opens one.
BOX, CODE = 15, 70


@pytest.fixture
def refreshed(app):
    """Ann's three won leads and Walt's one, as of now, in the published copy."""
    now = utc_now()
    for owner, area, count in (
        (app.company.ann_in_east, app.company.east, 3),
        (app.company.walt_in_west, app.company.west, 1),
    ):
        for _ in range(count):
            make.lead(
                owner,
                status="won",
                territory_id=area.id,
                created_at=now - timedelta(minutes=2),
                status_changed_at=now,
                customer_id=make.customer(agent=owner).id,
                closed_at=now,
            )
    refresh()
    return app


def tile(page, label):
    return page.get_by_test_id("stMetric").filter(has=page.get_by_text(label, exact=True))


def click_in_first_row(table, x):
    """Click in the first row of a table, so far from its left edge."""
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    table.page.mouse.click(box["x"] + x, box["y"] + 52)


def test_a_manager_goes_from_a_kpi_to_its_rows_to_a_record(refreshed, page_of):
    page = page_of(refreshed.company.erin_manages_east, "/kpis")
    page.get_by_role("heading", name="KPIs").wait_for()
    assert tile(page, "Won").get_by_test_id("stMetricValue").inner_text() == "3"
    # The ranking by agent: Ann's bar is the only one.
    page.get_by_test_id("stPlotlyChart").nth(2).locator(".bars .point").first.click(force=True)
    page.get_by_role("dialog").get_by_text("Won value: Ann Agent").first.wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")
    page.locator(".st-key-sales-won_count-rows button").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("3 rows").first.wait_for()
    click_in_first_row(dialog.get_by_test_id("stDataFrame"), CODE)
    page.wait_for_url(re.compile(r"/pipeline\?lead=L-\d+"))


def test_a_row_of_the_teams_table_opens_by_its_name_and_by_its_box(refreshed, page_of):
    page = page_of(refreshed.company.erin_manages_east, "/kpis?by_agent=agent")
    page.get_by_role("heading", name="KPIs").wait_for()
    table = page.locator(".st-key-agent-table")
    table.wait_for()
    settled(page)
    for x in (CODE, BOX):
        click_in_first_row(table, x)
        page.get_by_role("dialog").get_by_text("Won: Ann Agent").first.wait_for()
        page.keyboard.press("Escape")
        page.get_by_role("dialog").wait_for(state="detached")
        settled(page)


def test_an_analyst_exports_what_is_shown(refreshed, page_of):
    analyst = refreshed.new_person(Role.ANALYST, name="Amy Analyst")
    page = page_of(analyst, f"/kpis?territory={refreshed.company.country.id}")
    page.get_by_role("heading", name="KPIs").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").first.click()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("KPI,Value,Exact value")
    assert any(line.startswith("Won,4,4,0,4,") for line in lines)


def test_the_file_of_a_tiles_rows_has_the_name_of_the_tile_and_the_days_that_are_shown(refreshed, page_of):
    page = page_of(refreshed.company.erin_manages_east, "/kpis")
    days = page.get_by_text(", compared with").first.inner_text().partition(", compared")[0].split(" – ")
    first, last = (datetime.strptime(f"{day} +0000", "%b %d, %Y %z").date() for day in days)
    page.locator(".st-key-sales-new_deals-rows button").click()
    with page.expect_download() as download:
        page.get_by_role("dialog").get_by_role("button", name="CSV").click()
    assert download.value.suggested_filename == f"new-leads-{first}-to-{last}.csv"


def test_an_agents_link_to_everything_shows_their_own_numbers(refreshed, page_of):
    page = page_of(refreshed.company.ann_in_east, f"/kpis?agent={refreshed.company.walt_in_west.id}")
    page.get_by_role("heading", name="KPIs").wait_for()
    settled(page)
    assert tile(page, "Won").get_by_test_id("stMetricValue").inner_text() == "3"
    assert "Walt" not in page.locator("body").inner_text()
