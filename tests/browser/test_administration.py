"""An administrator's day: files, figures, territories, and rates that somebody else approves."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from core import catalog, imports, jobs, people
from core.catalog.tables import ProductRate, ProductRateRow, RateStatus
from core.kit.ids import new_request_id
from tests import factories as make
from tests.browser.conftest import choose, settled
from tests.factories.rows import put

pytestmark = pytest.mark.browser


def test_a_file_is_imported_whatever_is_clicked_and_taken_back(app, page_of, tmp_path):
    company, path = app.company, tmp_path / "accounts.csv"
    lines = [f"Mill {company.admin.id} {n},retail" for n in range(6000)]
    path.write_text("\n".join(["Name,Industry", *lines, "x" * 200 + ",retail"]) + "\n")
    page = page_of(company.admin, "/imports")
    page.locator('input[type="file"]').set_input_files(path)
    choose(page, "What are its rows?", "Accounts")
    choose(page, "Which columns identify a row?", "Name")
    page.keyboard.press("Escape")
    page.get_by_role("textbox", name="Where is it from?").fill(f"crm {company.admin.id}")
    page.get_by_role("textbox", name="Where is it from?").press("Enter")
    page.get_by_role("heading", name="Preview").wait_for()
    page.get_by_role("button", name="Import", exact=True).click()

    under_way = page.get_by_text("This goes on without you")
    under_way.wait_for()
    page.get_by_role("link", name="Closing days").click()
    page.get_by_role("heading", name="Closing days").wait_for()
    page.goto(f"{app.url}/imports")
    page.get_by_role("heading", name="Imports so far").wait_for()
    under_way.wait_for(state="detached")
    settled(page)
    run = imports.recent_runs(by=company.adam)[0]
    assert (run.state, run.counts.created, run.counts.failed) == ("done", 6000, 1)

    page.locator(".dvn-scroller").first.click(position={"x": 16, "y": 52})
    with page.expect_download() as download:
        page.get_by_role("button", name="Refused rows").click()
    told = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert told[0] == "line,column,value,reason,Name,Industry"
    assert told[1].startswith("6002,Name,")
    page.get_by_role("button", name="Take back").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("created or changed 6,000 accounts").first.wait_for()
    settled(page)
    dialog.get_by_role("button", name="Take back").click()
    page.get_by_text("is taken back: 6,000 accounts").first.wait_for()
    assert imports.recent_runs(by=company.adam)[0].state == "reverted"


def test_the_figures_are_refreshed_and_say_when(app, page_of):
    page = page_of(app.company.admin, "/refresh")
    page.get_by_text("The server does not refresh by itself").first.wait_for()
    page.get_by_role("button", name="Refresh now").click()
    page.get_by_text(re.compile(r"\d+ % after \d+ s")).first.wait_for()
    page.get_by_text("The figures were refreshed just now").wait_for(timeout=90_000)
    pointer = Path(app.environment["POLICYDESK_DATA_DIR"], "warehouse", "current.json")
    version = jobs.refresh_runs(by=app.company.adam)[0].version
    assert version == json.loads(pointer.read_text())["version"]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/users", "As agent you can't manage users and roles."),
        ("/customers/12/notes", "There is no such page"),
    ],
)
def test_an_address_that_is_none_or_not_ones_own_says_so(app, page_of, path, told):
    page = page_of(app.company.ann_in_east)
    page.goto(app.url + path)
    page.get_by_text(told).first.wait_for()
    settled(page)
    assert page.get_by_role("dialog").count() == 0


def product_with_rates():
    product = make.product(name="Term 20")
    rate = put(
        ProductRate(
            product_id=product.id,
            version_number=1,
            valid_from=date(2020, 1, 1),
            status=RateStatus.APPROVED,
            policy_fee=Decimal(60),
        )
    )
    put(ProductRateRow(rate_id=rate.id, age_from=18, age_to=65, rate_per_mille=Decimal("2.5")))
    return product


def test_a_territory_moves_after_its_preview_and_its_new_manager_sees_it(app, page_of):
    company = app.company
    make.lead(company.dan_in_district, territory_id=company.district.id)
    page = page_of(company.admin, f"/territories?territory={company.district.id}")
    page.get_by_role("combobox", name="Belongs to").click()
    page.keyboard.type(company.west.code)  # the list holds the territories of every journey before
    page.get_by_role("option", name=f"Country › West ({company.west.code})", exact=True).click()
    page.get_by_text("will see all of it").first.wait_for()
    page.get_by_role("button", name="Move here").click()
    page.get_by_text("East district is moved").first.wait_for()
    page.get_by_text("Country › West › East district").first.wait_for()
    tree = {one.id: one for one in people.territory_tree(by=company.adam)}
    assert tree[company.district.id].parent_id == company.west.id


def test_rates_price_once_somebody_else_has_approved_them(app, page_of):
    company, product = app.company, product_with_rates()
    address = f"/products?product={product.id}"
    page = page_of(company.admin, address)
    page.get_by_role("button", name="Enter rates").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Policy fee a year").fill("72.50")
    dialog.get_by_role("textbox", name="Note").fill("Costs have risen")
    dialog.get_by_role("button", name="Send for approval").click()
    page.get_by_text("You entered these rates: somebody else decides on them.").first.wait_for()
    settled(page)
    assert page.get_by_role("button", name="Approve", exact=True).count() == 0
    assert catalog.rate_table(product.id, date(2100, 1, 1), by=company.adam).policy_fee == Decimal(60)

    manager = page_of(company.erin_manages_east, address)
    manager.get_by_role("button", name="Approve", exact=True).click()
    manager.get_by_text("Version 2 is approved").first.wait_for()
    assert catalog.rate_table(product.id, date(2100, 1, 1), by=company.adam).policy_fee == Decimal("72.50")


def test_the_tools_of_the_rates_do_not_cover_the_button_above_them(app, page_of):
    page = page_of(app.company.admin, f"/products?product={product_with_rates().id}")
    button = page.get_by_role("button", name="Enter rates")
    button.wait_for()
    settled(page)
    page.get_by_test_id("stDataFrame").first.hover()
    tools = page.get_by_test_id("stElementToolbar").first
    tools.get_by_role("button", name="Search").wait_for()
    above, below = button.bounding_box(), tools.bounding_box()
    assert above["y"] + above["height"] <= below["y"]


def test_rates_are_rejected_with_a_reason(app, page_of):
    company, product = app.company, product_with_rates()
    waiting = catalog.NewRates(
        product.id, date(2100, 1, 1), Decimal(60), (catalog.RateBand(18, 65, Decimal(9)),)
    )
    catalog.enter_rates(waiting, request_id=new_request_id(), by=company.adam)
    manager = page_of(company.erin_manages_east, f"/products?product={product.id}")
    manager.get_by_role("button", name="Reject", exact=True).click()
    dialog = manager.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Why").fill("Far too high")
    dialog.get_by_role("button", name="Reject", exact=True).click()
    manager.get_by_text("The rates are rejected").first.wait_for()
    assert [one.status for one in catalog.rate_versions(product_id=product.id, by=company.adam)] == [
        "rejected",
        "approved",
    ]
