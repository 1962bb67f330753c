"""Those who look on: executives and analysts see the whole company, and nobody's personal data."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest

from core.access import Role
from core.kit.dates import utc_now
from etl.run import refresh
from tests import factories as make
from tests.browser.conftest import settled

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = pytest.mark.browser

PERSONAL = ("Catherine", "Zellweger", "614-555", "cat.z", "Hidden Lane", "Aug 9", "1977-08-09", "a red car")


@pytest.fixture
def books(app):
    """The same person as a lead, a customer with a policy and a claim, in Ann's and in Walt's book."""
    company = app.company
    person = {"first_name": "Catherine", "last_name": "Zellweger", "email": "cat.z@example.com"}
    born = {"date_of_birth": date(1977, 8, 9), "notes": "She drives a red car"}
    made = []
    for owner, area in ((company.ann_in_east, company.east), (company.walt_in_west, company.west)):
        customer = make.customer(
            agent=owner,
            territory_id=area.id,
            phone_primary="+1 614-555-0182",
            address_line1="7 Hidden Lane",
            **person,
            **born,
        )
        lead = make.lead(
            owner,
            status="won",
            territory_id=area.id,
            phone="+1 614-555-0182",
            customer_id=customer.id,
            created_at=utc_now() - timedelta(minutes=2),
            closed_at=utc_now(),
            **person,
            **born,
        )
        policy = make.policy(owner, customer_id=customer.id, territory_id=area.id)
        made.append((lead, customer, policy, make.claim(policy)))
    refresh()
    return made


def opened(page, app, path, heading):
    """The page at a path; everything that it says, and that nothing of it is personal."""
    page.goto(app.url + path)
    page.get_by_role("heading", name=heading).first.wait_for()
    settled(page)
    told = page.locator("body").inner_text()
    assert [word for word in PERSONAL if word in told] == [], path
    return page


def saved(page, place=None):
    """The rows of the CSV that the page (or a place on it) saves, none of them personal."""
    with page.expect_download() as download:
        (place or page).get_by_role("button", name="CSV").first.click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert [word for word in PERSONAL if word in text] == []
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.ANALYST])
def test_who_looks_on_sees_every_book_without_personal_data(app, page_of, books, role):
    country = app.company.country.id
    page = page_of(app.new_person(role, name="Lou Looker"), "/")
    expect(page.get_by_role("heading", name="This month")).to_be_visible()

    opened(page, app, f"/pipeline?view=list&territory={country}", "Pipeline")
    assert {row["Code"] for row in saved(page)} == {lead.lead_code for lead, *_ in books}
    assert page.get_by_role("button", name="New lead").count() == 0

    lead, customer, policy, claim = books[1]
    opened(page, app, f"/pipeline?lead={lead.lead_code}", "C. Z.")
    expect(page.get_by_role("dialog").get_by_role("button", name="Edit")).to_have_count(0)

    opened(page, app, f"/customer?customer={customer.customer_code}", "C. Z.")
    opened(page, app, f"/policies?territory={app.company.east.id}.{app.company.west.id}", "Policies")
    assert {row["Policy"] for row in saved(page)} == {one.policy_number for _, _, one, _ in books}
    opened(page, app, f"/policy?policy={policy.policy_number}", policy.policy_number)
    opened(page, app, f"/claim?claim={claim.claim_number}", claim.claim_number)

    opened(page, app, f"/kpis?territory={country}", "KPIs")
    page.locator(".st-key-sales-won_count-rows button").click()
    rows = page.get_by_role("dialog")
    rows.get_by_text("2 rows").first.wait_for()
    assert {row["Code"] for row in saved(page, rows)} == {one.lead_code for one, *_ in books}


def test_the_keys_that_move_a_card_are_told_to_who_may_move_one_alone(app, page_of):
    make.lead(app.company.ann_in_east, territory_id=app.company.east.id)
    path = f"/pipeline?territory={app.company.east.id}"
    for person, is_told in (
        (app.company.ann_in_east, True), (app.new_person(Role.EXECUTIVE, name="Lou Looker"), False)
    ):  # fmt: skip
        page = page_of(person, path)
        page.locator("li.card").first.wait_for()
        expect(page.get_by_text("picks a card up")).to_be_visible(visible=is_told)
