"""An administrator moves a territory and enters rates, which somebody else approves."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from core import catalog, people
from core.catalog.tables import ProductRate, ProductRateRow, RateStatus
from core.kit.ids import new_request_id
from tests import factories as make
from tests.browser.conftest import settled
from tests.factories.rows import put

pytestmark = pytest.mark.browser


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
    page.get_by_role("option", name=f"Country › West ({company.west.code})", exact=True).click()
    page.get_by_text("will see all of it").wait_for()
    page.get_by_role("button", name="Move here").click()
    page.get_by_text("East district is moved").wait_for()
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
    page.get_by_text("You entered these rates: somebody else decides on them.").wait_for()
    settled(page)
    assert page.get_by_role("button", name="Approve", exact=True).count() == 0
    assert catalog.rate_table(product.id, date(2100, 1, 1), by=company.adam).policy_fee == Decimal(60)

    manager = page_of(company.erin_manages_east, address)
    manager.get_by_role("button", name="Approve", exact=True).click()
    manager.get_by_text("Version 2 is approved").wait_for()
    assert catalog.rate_table(product.id, date(2100, 1, 1), by=company.adam).policy_fee == Decimal("72.50")


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
    manager.get_by_text("The rates are rejected").wait_for()
    assert [one.status for one in catalog.rate_versions(product_id=product.id, by=company.adam)] == [
        "rejected",
        "approved",
    ]
