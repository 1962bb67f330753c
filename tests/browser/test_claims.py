"""Claims in a browser: a loss is taken in, decided within and above a limit, and too late."""

from __future__ import annotations

import urllib.error
import urllib.request
from datetime import timedelta
from decimal import Decimal

import pytest

from core import claims
from core.access import Role, sessions
from core.catalog.tables import Category
from core.claims import ClaimFilter, LossType, NoticeOfLoss
from core.demo.documents import pdf
from core.documents import Upload
from core.kit.dates import utc_now
from core.kit.ids import new_request_id
from pages._ui import viewing
from tests import factories as make
from tests.browser.conftest import choose, press, settled

pytestmark = pytest.mark.browser

FORM = {"name": "claim form.pdf", "mimeType": "application/pdf", "buffer": pdf("Paper")}


def policy(app, **columns):
    today = viewing.today()
    given = {
        "product_id": make.product(Category.AUTO).id,
        "territory_id": app.company.east.id,
        "effective_date": today - timedelta(days=30),
        "expiry_date": today + timedelta(days=335),
        "sum_assured": Decimal(900_000),
    }
    return make.policy(app.company.ann_in_east, **{**given, **columns})


def assessed(app, amount):
    """A claim that waits for a decision, assessed by somebody in support."""
    sue = make.viewer(make.user(Role.SUPPORT, name="Sue Support"))
    notice = NoticeOfLoss(
        policy_id=policy(app).id,
        loss_date=viewing.today() - timedelta(days=5),
        loss_type=LossType.COLLISION,
        description="Rear-ended at a light",
        estimated_amount=Decimal("2000.00"),
    )
    ref = claims.report(notice, request_id=new_request_id(), by=sue)
    ref = claims.collect_documents(ref.id, version=ref.version, by=sue)
    make.prove(ref.id)
    return claims.assess(ref.id, Decimal(amount), version=ref.version, by=sue)


def detail(app, number):
    return claims.claim(number, by=app.company.adam, today=viewing.today())


def dialog(page):
    return page.get_by_role("dialog")


def type_day(page, day):
    """Type a date over the one that stands in the page's date box."""
    page.get_by_test_id("stDateInput").get_by_role("spinbutton").first.click()
    page.keyboard.type(f"{day:%m%d%Y}")
    page.keyboard.press("Tab")
    settled(page)


def answer(page, name):
    dialog(page).get_by_role("button", name=name, exact=True).last.click()


def test_support_takes_a_loss_in_and_sees_every_rule_that_fires_before(app, page_of):
    on = policy(app)
    sue = app.new_person(Role.SUPPORT, name="Sue Support")
    page = page_of(sue, "/notice")
    page.get_by_label("Which policy?").fill(on.policy_number)
    page.keyboard.press("Enter")
    page.get_by_role("button", name=on.policy_number).click()
    page.get_by_role("textbox", name="What happened?").fill("Skidded on ice")
    page.get_by_role("textbox", name="Estimated amount").fill("850,000")
    page.keyboard.press("Tab")
    type_day(page, viewing.today() + timedelta(days=3))
    page.get_by_role("button", name="Report claim").click()
    page.get_by_text("The loss can't lie in the future.").first.wait_for()
    type_day(page, viewing.today())
    choose(page, "What kind of loss?", "Collision")
    page.get_by_text("The loss came 30 days after cover began.").first.wait_for()
    page.get_by_text("of the limit.").first.wait_for()
    page.locator("input[type=file]").set_input_files([FORM, {**FORM, "name": "scan 1.pdf"}])
    page.get_by_role("combobox", name="What scan 1.pdf is").wait_for()
    page.get_by_role("button", name="Report claim").click()
    page.get_by_text("Choose what the document is.").first.wait_for()
    choose(page, "What scan 1.pdf is", "Photo")
    page.get_by_role("button", name="Report claim").dblclick()
    page.get_by_role("heading", name="Money").wait_for()
    found = claims.queue(ClaimFilter(policy_id=on.id), by=make.viewer(sue), today=viewing.today())
    assert [(row.fraud_points, row.estimated_amount) for row in found.rows] == [(35, Decimal(850_000))]
    papers = detail(app, found.rows[0].number).documents
    assert {one.kind: one.name for one in papers} == {
        "claim_form": "claim form.pdf",
        "photo": "scan 1.pdf",
    }


def test_a_pasted_name_that_is_too_long_stays_and_is_told(app, page_of):
    on = policy(app)
    page = page_of(app.new_person(Role.SUPPORT, name="Sue Support"), f"/notice?policy={on.policy_number}")
    name = page.get_by_role("textbox", name="Claimant, if not the policyholder")
    name.fill("x" * 101)
    name.press("Tab")
    settled(page)
    page.get_by_role("button", name="Report claim").click()
    page.get_by_text("At most 100 characters fit here; this has 101.").first.wait_for()
    assert name.input_value() == "x" * 101


def add_document(page, name):
    """Hal adds a file to the claim that is open; what it is follows from its name where it can."""
    press(page, "Add a document")
    page.locator("input[type=file]").set_input_files({**FORM, "name": name})
    dialog(page).get_by_text(name).first.wait_for()
    answer(page, "Add")
    dialog(page).wait_for(state="detached")
    page.get_by_text("to be verified by somebody in claims other than Hal Handler").first.wait_for()


def withdraw_document(page, reason):
    """Take back one's own document that is not verified yet."""
    press(page, "Withdraw…")
    dialog(page).get_by_role("textbox", name="Why? (optional)").fill(reason)
    answer(page, "Withdraw")
    dialog(page).wait_for(state="detached")


def test_a_handler_verifies_what_came_in_and_takes_the_claim_to_its_end(app, page_of):
    sue = app.new_person(Role.SUPPORT, name="Sue Support")
    hal = app.new_person(Role.SUPPORT, name="Hal Handler")
    notice = NoticeOfLoss(
        policy_id=policy(app).id,
        loss_date=viewing.today() - timedelta(days=5),
        loss_type=LossType.THEFT,
        description="Gone in the morning",
        estimated_amount=Decimal("1500.00"),
    )
    sent = [Upload("claim_form", "form.pdf", pdf("Form"))]
    ref = claims.report(notice, sent, request_id=new_request_id(), by=make.viewer(sue))
    page = page_of(hal, f"/claims?q={ref.number}")
    page.get_by_test_id("stDataFrame").locator("canvas").first.focus()
    page.keyboard.press("Shift+Space")
    page.get_by_text("1 claim selected").first.wait_for()
    page.keyboard.press("o")
    page.get_by_role("heading", name="Money").wait_for()
    press(page, "Collect documents")
    answer(page, "Collect documents")
    page.get_by_text("Documents", exact=True).first.wait_for()
    press(page, "Assess")
    dialog(page).get_by_text("It can be assessed once its documents are verified.").first.wait_for()
    dialog(page).get_by_text("Police report").first.wait_for()
    answer(page, "To the documents")
    dialog(page).wait_for(state="detached")
    press(page, "Verify…")
    answer(page, "It is right: verify")
    page.get_by_text("verified by Hal Handler").first.wait_for()
    add_document(page, "cat.pdf")
    withdraw_document(page, "A cat")
    page.get_by_text("Withdrew cat.pdf: A cat").first.wait_for()
    add_document(page, "police.pdf")
    police = next(one for one in detail(app, ref.number).documents if one.kind == "police_report")
    claims.verify_document(police.id, by=make.viewer(sue))
    page.reload()
    press(page, "Assess")
    answer(page, "Assess")
    dialog(page).wait_for(state="hidden")
    page.get_by_text("Assessed", exact=True).first.wait_for()
    version = detail(app, ref.number).row.version
    claims.approve(ref.id, version=version, by=app.company.erin)
    page.reload()
    press(page, "Pay")
    dialog(page).get_by_role("textbox", name="Amount").fill("1,600")
    dialog(page).get_by_role("textbox", name="Payment reference").fill(f"W-{ref.number}")
    answer(page, "Pay")
    dialog(page).get_by_text("Only $1,500.00 of the approved amount is left to pay.").first.wait_for()
    dialog(page).get_by_role("textbox", name="Amount").fill("1,500")
    answer(page, "Pay")
    dialog(page).wait_for(state="detached")
    page.get_by_text("Settled", exact=True).first.wait_for()
    press(page, "Close claim")
    answer(page, "Close claim")
    page.get_by_text("Closed", exact=True).first.wait_for()
    found = detail(app, ref.number)
    assert (found.row.status, found.row.paid_amount, found.row.reserve_amount) == (
        "closed",
        Decimal("1500.00"),
        Decimal("0.00"),
    )


def test_a_manager_approves_within_their_limit_and_takes_it_back_with_a_reason(app, page_of):
    ref = assessed(app, "1800.00")
    page = page_of(app.company.erin_manages_east, f"/claim?claim={ref.number}")
    press(page, "Approve")
    dialog(page).get_by_text("Your limit in this line is").first.wait_for()
    answer(page, "Approve")
    dialog(page).wait_for(state="detached")
    assert detail(app, ref.number).row.status == "approved"
    press(page, "Take back")
    answer(page, "Take back")
    assert detail(app, ref.number).row.status == "approved"
    dialog(page).get_by_role("textbox", name="Why?").fill("Wrong car")
    answer(page, "Take back")
    dialog(page).wait_for(state="detached")
    found = detail(app, ref.number)
    assert (found.row.status, found.events[0].note) == ("assessed", "Wrong car")


def test_above_the_limit_it_is_passed_on_to_who_may_decide_it(app, page_of):
    ref = assessed(app, "200000.00")
    page = page_of(app.company.erin_manages_east, f"/claim?claim={ref.number}")
    page.get_by_role("button", name="Pass on to").click()
    dialog(page).get_by_text("It is above your limit").first.wait_for()
    dialog(page).get_by_role("button", name="Pass on to").click()
    page.get_by_text("for approval.").first.wait_for()
    found = detail(app, ref.number)
    assert found.row.status == "assessed"
    assert found.passed_to
    page.get_by_text(f"Passed on to {found.passed_to} for approval.").first.wait_for()


def test_the_second_approver_is_told_who_was_faster(app, page_of):
    ref = assessed(app, "1800.00")
    page = page_of(app.company.erin_manages_east, f"/claim?claim={ref.number}")
    press(page, "Approve")
    dialog(page).get_by_role("button", name="Approve", exact=True).wait_for()
    claims.approve(ref.id, version=ref.version, by=app.company.adam)
    answer(page, "Approve")
    dialog(page).get_by_text("Adam Admin").first.wait_for()
    as_it_is = dialog(page).get_by_role("button", name="Show the claim as it is now", exact=True)
    as_it_is.wait_for()
    assert dialog(page).get_by_role("button", name="Approve", exact=True).count() == 0
    as_it_is.click()
    dialog(page).wait_for(state="detached")
    page.get_by_role("button", name="Take back", exact=True).wait_for()
    events = [one for one in detail(app, ref.number).events if one.kind == "approved"]
    assert [one.who for one in events] == ["Adam Admin"]


def test_what_is_said_of_cover_stands_above_the_button_that_sends_on_a_phone(app, page_of):
    sue = app.new_person(Role.SUPPORT, name="Sue Support")
    where = f"/notice?policy={policy(app).policy_number}"
    page = page_of(sue, where, viewport={"width": 390, "height": 844})
    check = page.get_by_role("heading", name="Before it is sent").bounding_box()
    send = page.get_by_role("button", name="Report claim").bounding_box()
    assert check["y"] < send["y"]


def test_a_rejection_asks_for_its_reason_and_keeps_its_letter(app, page_of):
    ref = assessed(app, "1800.00")
    page = page_of(app.company.erin_manages_east, f"/claim?claim={ref.number}")
    press(page, "Reject")
    answer(page, "Reject")
    assert detail(app, ref.number).row.status == "assessed"
    choose(page, "Reason", "The loss was not proven")
    answer(page, "Reject")
    page.get_by_text("Rejected", exact=True).first.wait_for()
    found = detail(app, ref.number)
    assert (found.rejection_code, found.row.reserve_amount) == ("NO_PROOF", Decimal("0.00"))
    letter = found.rejection_letter
    assert letter.startswith("Dear ")
    assert f"claim {ref.number} on policy {found.row.policy_number}, for the loss of " in letter
    assert "because the loss was not proven." in letter
    assert "you can object in writing" in letter
    assert letter.endswith(f"Sincerely,\n{app.company.erin.name}\nClaims department")
    page.get_by_role("button", name="Download the letter").wait_for()


def served(app, path, person=None):
    """(status, headers, content) of a file, asked for with a session of the person's."""
    now = utc_now()
    token = sessions.claim(sessions.begin(person.id, now=now), now=now) if person else ""
    request = urllib.request.Request(
        app.url + path, headers={"cookie": f"{sessions.cookie_name()}={token}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, dict(refused.headers), b""


def test_a_file_of_a_claim_is_served_to_who_may_open_it_alone(app):
    ref = assessed(app, "1800.00")
    key = claims.add_document(
        ref.id, kind="medical_report", name="x.pdf", content=pdf("X"), request_id=new_request_id(),
        by=app.company.ann,
    )  # fmt: skip
    hal = app.new_person(Role.SUPPORT, name="Hal Handler")
    claims.assign([ref.id], to=hal.id, by=app.company.adam)
    path = f"/files/claim/{key}"
    code, headers, content = served(app, path, hal)
    assert (code, content, headers["content-type"]) == (200, pdf("X"), "application/pdf")
    assert "script-src" not in headers["content-security-policy"]
    assert served(app, path)[0] == 401
    assert served(app, path, app.company.erin_manages_east)[0] == 403
    assert served(app, path, app.company.walt_in_west)[0] == 404
    assert served(app, f"/files/none/{key}", hal)[0] == 404
