"""Policies in a browser: a won lead becomes an issued policy; changes that meet each other."""

from __future__ import annotations

import re
import time
from collections import Counter
from datetime import date
from decimal import Decimal

import psycopg
import pytest

from core import catalog, policies
from core.access import Role
from core.catalog import NewRates, RateBand, RiderBasis, RiderTerms, RiderType
from core.demo.documents import pdf
from core.kit.dates import utc_now
from core.kit.ids import new_request_id
from core.policies import Application, PaymentFrequency, PaymentMethod, PolicyFilter
from pages._ui import viewing
from tests import factories as make
from tests.browser.conftest import PAGE_SECONDS, choose, press, settled
from tests.factories.rows import number
from tests.policies.applying import sent

pytestmark = pytest.mark.browser


def priced_product(app):
    product = make.product(name=f"Term Life {number()}")
    rates = NewRates(
        product.id,
        viewing.today(),
        Decimal(60),
        (RateBand(18, 65, Decimal("1.40")),),
        (RiderTerms(RiderType.WAIVER_OF_PREMIUM, "Waiver", RiderBasis.PERCENT_OF_BASE, Decimal(4)),),
    )  # fmt: skip
    rate = catalog.enter_rates(rates, request_id=new_request_id(), by=app.company.adam)
    catalog.approve_rates(rate, version=1, by=make.viewer(make.user(Role.UNDERWRITER)))
    return product


def applied(app):
    person = make.customer(agent=app.company.ann_in_east, date_of_birth=date(1990, 5, 1))
    draft = policies.start_draft(
        Application(
            customer_id=person.id,
            product_id=priced_product(app).id,
            sum_assured=Decimal(500_000),
            term_years=20,
            payment_frequency=PaymentFrequency.MONTHLY,
            payment_method=PaymentMethod.BANK_TRANSFER,
        ),
        by=app.company.ann,
    )
    return sent(draft, app.company.ann, now=utc_now())


def dialog(page):
    return page.get_by_role("dialog")


def wait_until(is_so, page):
    """Wait for what only the database or the page's own traffic tells."""
    until = time.monotonic() + PAGE_SECONDS
    while not is_so():
        assert time.monotonic() < until, "it did not come to that"
        page.wait_for_timeout(20)


def waits_for_a_lock(app):
    waiting = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    with psycopg.connect(app.db_url) as asking:
        return asking.execute(waiting).fetchone() is not None


def fill_terms(page):
    page.get_by_role("spinbutton", name="Term in years").fill("40")
    page.keyboard.press("Tab")
    choose(page, "Premium is paid", "Monthly")
    page.get_by_text("The term is 40 years; the longest is 30").first.wait_for()
    page.get_by_role("spinbutton", name="Term in years").fill("20")
    page.keyboard.press("Tab")
    choose(page, "By", "Bank transfer")
    page.get_by_text("Within all limits of the product").first.wait_for()


def add_licence(page):
    page.get_by_text("missing: the sum assured is above $250,000").first.wait_for()
    licence = {"name": "licence.pdf", "mimeType": "application/pdf", "buffer": pdf("Licence")}
    page.locator("input[type=file]").set_input_files(licence)
    page.get_by_role("button", name="Add licence.pdf").wait_for()
    press(page, "Continue to review")
    page.get_by_text("licence.pdf is not added yet").first.wait_for()
    press(page, "Add licence.pdf")
    page.get_by_text("to be verified by somebody other than Ann Agent").first.wait_for()


def test_a_won_lead_becomes_a_policy_that_an_underwriter_issues(app, page_of):
    ann, product = app.company.ann_in_east, priced_product(app)
    person = make.customer(agent=ann, date_of_birth=date(1990, 5, 1))
    lead = make.lead(
        ann, status="won", product_interest=product.id, customer_id=person.id,
        expected_sum_assured=Decimal(500_000),
    )  # fmt: skip
    page = page_of(ann, f"/pipeline?lead={lead.lead_code}")
    dialog(page).get_by_role("button", name="Open the application").click()
    page.get_by_role("heading", name="New policy").wait_for()
    settled(page)
    assert page.get_by_role("textbox", name="Sum assured").input_value() == "500,000.00"
    fill_terms(page)
    press(page, "Continue to riders")
    page.get_by_text("Waiver", exact=True).first.click()
    page.get_by_text("$28.00").first.wait_for()
    press(page, "Continue to beneficiaries")
    press(page, "Add a primary beneficiary")
    page.get_by_role("textbox", name="Name", exact=True).fill("Sam Spouse")
    choose(page, "Relation", "Spouse")
    page.get_by_text("100.00 % of 100.00 %").first.wait_for()
    press(page, "Continue to documents")
    add_licence(page)
    press(page, "Continue to review")
    page.get_by_text("Still asked for: Proof of address, Medical report.").first.wait_for()
    page.get_by_text("$788.00").first.wait_for()
    page.get_by_role("button", name="Submit to underwriting").dblclick()
    page.get_by_role("heading", name="Terms").wait_for()
    (row,) = policies.policies(PolicyFilter(customer_id=person.id), by=app.company.ann).rows
    found = policies.policy(row.id, by=app.company.ann)
    assert (row.status, found.lead_code) == ("underwriting", lead.lead_code)
    assert [one.name for one in found.beneficiaries] == ["Sam Spouse"]
    (paper,) = policies.documents(row.id, by=app.company.ann, today=viewing.today()).own
    assert (paper.kind, paper.name) == ("id_proof", "licence.pdf")
    page.get_by_text("Underwriting", exact=True).first.wait_for()

    uma = app.new_person(Role.UNDERWRITER, name="Uma Under")
    other = page_of(uma, f"/policies?status=underwriting&q={row.number}")
    other.get_by_text(re.compile("^1 of 1")).first.wait_for()
    other.goto(f"{app.url}/policy?policy={row.number}")
    press(other, "Verify…")
    dialog(other).get_by_role("button", name="It is right: verify").click()
    dialog(other).wait_for(state="detached")
    other.get_by_text("Verified", exact=True).first.wait_for()
    press(other, "Issue")
    dialog(other).get_by_text("Not everything that is asked for is verified.").first.wait_for()
    dialog(other).get_by_role("button", name="Issue").click()
    other.get_by_text("Active", exact=True).first.wait_for()
    assert policies.policy(row.id, by=app.company.ann).row.status == "active"


def test_who_types_on_while_the_entry_is_saved_keeps_both(app, page_of):
    """A save that a lock holds up is overtaken by the next field; neither is another tab's."""
    person = make.customer(agent=app.company.ann_in_east, date_of_birth=date(1990, 5, 1))
    draft = policies.start_draft(
        Application(customer_id=person.id, product_id=priced_product(app).id), by=app.company.ann
    )
    page, sent = page_of(app.company.ann_in_east), Counter()
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: sent.update(["frame"])))
    settled(page).goto(f"{app.url}/entry?draft={draft.id}&step=product")
    page.get_by_text("Ages 18 to 65").wait_for()
    settled(page)
    with psycopg.connect(app.db_url) as held:
        held.execute("lock table policy_drafts in share mode")  # read it may be, not saved
        page.get_by_role("spinbutton", name="Term in years").fill("25")
        page.keyboard.press("Tab")
        wait_until(lambda: waits_for_a_lock(app), page)
        before = sent.total()
        page.get_by_role("textbox", name="Notes").fill("Wants it by May")
        page.keyboard.press("Tab")
        wait_until(lambda: sent.total() > before, page)
        page.request.get(f"{app.url}/healthz")  # answered after what was sent before it
    wait_until(lambda: policies.draft(draft.id, by=app.company.ann).application.notes, page)
    assert policies.draft(draft.id, by=app.company.ann).application.term_years == 25
    settled(page)
    assert not page.get_by_text("changed in another tab").is_visible()


def test_cancelling_needs_a_reason_and_a_sentence(app, page_of):
    ref = applied(app)
    page = page_of(app.company.ann_in_east, f"/policy?policy={ref.number}")
    press(page, "Cancel application")
    dialog(page).get_by_role("button", name="Cancel application").click()
    assert policies.policy(ref.number, by=app.company.ann).row.status == "applied"
    choose(page, "Why does it end?", "Withdrawn")
    dialog(page).get_by_label("In a sentence").fill("Found another insurer")
    dialog(page).get_by_role("button", name="Cancel application").click()
    dialog(page).wait_for(state="detached")
    found = policies.policy(ref.number, by=app.company.ann)
    assert (found.row.status, found.end_reason) == ("cancelled", "withdrawn")
    assert found.history[0].reason == "Found another insurer"


def test_who_was_slower_is_told_whose_change_it_was(app, page_of):
    ref = applied(app)
    page = page_of(app.company.ann_in_east, f"/policy?policy={ref.number}")
    press(page, "Send to underwriting")
    dialog(page).get_by_role("button", name="Send to underwriting").wait_for()
    policies.send_to_underwriting(ref.id, version=ref.version, by=app.company.erin)
    dialog(page).get_by_role("button", name="Send to underwriting").click()
    dialog(page).get_by_text("Erin East").first.wait_for()
    assert policies.policy(ref.id, by=app.company.ann).row.version == ref.version + 1


def test_beneficiaries_are_changed_from_a_date_and_must_add_up(app, page_of):
    ref = applied(app)
    page = page_of(app.company.ann_in_east, f"/policy?policy={ref.number}")
    press(page, "Change")
    page.get_by_role("menuitem", name="Beneficiaries").click()
    dialog(page).get_by_role("button", name="Add a primary beneficiary").click()
    dialog(page).get_by_role("textbox", name="Name", exact=True).fill("Carl Child")
    choose(page, "Relation", "Child")
    dialog(page).get_by_role("spinbutton", name="Share in %").fill("70")
    page.keyboard.press("Tab")
    dialog(page).get_by_text("30.00 % missing").first.wait_for()
    dialog(page).get_by_role("button", name="Change", exact=True).click()
    dialog(page).get_by_text("not to 100.00 %").first.wait_for()
    dialog(page).get_by_role("spinbutton", name="Share in %").fill("100")
    page.keyboard.press("Tab")
    settled(page)
    dialog(page).get_by_role("button", name="Change", exact=True).click()
    dialog(page).wait_for(state="detached")
    found = policies.policy(ref.number, by=app.company.ann)
    assert [(one.name, one.share_pct) for one in found.beneficiaries] == [("Carl Child", Decimal(100))]
