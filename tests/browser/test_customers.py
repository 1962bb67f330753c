"""An agent's day: found by a typo, a follow-up planned from the 360°, a customer who may be one already."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections import Counter

import pytest

from core import customers
from core.demo.documents import pdf
from core.kit.ids import new_request_id
from tests import factories as make
from tests.browser.conftest import settled
from tests.factories.rows import number

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = pytest.mark.browser
# Whether a text lies within the link that it is the label of.
WHOLE = """one => {
    const range = document.createRange();
    range.selectNodeContents(one);
    const [text, link] = [range.getBoundingClientRect(), one.closest("a > span").getBoundingClientRect()];
    return text.right <= link.right + 1 && text.bottom <= link.bottom + 1;
}"""
LINES_OF_THE_ADDRESS = """one => {
    const text = [...one.childNodes].findLast((node) => node.textContent.includes("@"));
    const range = document.createRange();
    range.selectNodeContents(text);
    return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size;
}"""


@pytest.fixture
def catherine(app):
    return make.customer(
        agent=app.company.ann_in_east,
        territory_id=app.company.east.id,
        first_name="Catherine",
        last_name="Zellweger",
        phone_primary=f"+1 614-555-{number() % 10_000:04d}",  # no other journey's customer has it
    )


def dialled(customer):
    """A telephone number in another form than it is kept in."""
    return customer.phone_primary.removeprefix("+1 ").replace("-", " ")


def type_cora(page, catherine):
    """The form of a new customer, with the telephone of Catherine."""
    page.get_by_role("heading", name="New customer").wait_for()
    for label, text in (
        ("First name", "Cora"),
        ("Last name", "Newman"),
        ("Phone", dialled(catherine)),
        ("Address", "1 Main Street"),
        ("City", "Columbus"),
        ("State", "OH"),
        ("Postal code", "43085"),
    ):
        page.get_by_role("textbox", name=label, exact=True).fill(text)
    page.get_by_role("combobox", name="Gender").click()
    page.get_by_role("option", name="Female", exact=True).click()
    page.get_by_test_id("stDateInput").get_by_role("spinbutton").first.click()
    page.keyboard.type("02031990")


def test_an_agent_finds_opens_and_enters(app, page_of, catherine):
    page = page_of(app.company.ann_in_east, "/")
    page.locator("input[aria-keyshortcuts]").wait_for()  # its keys are listened to
    page.keyboard.press("Control+k")
    page.keyboard.type("cathrine zelweger")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=catherine.customer_code).click()
    page.get_by_role("heading", name="Catherine Zellweger").wait_for()
    page.get_by_text("KYC has not started").first.wait_for()
    page.get_by_role("radio", name="Follow-ups").click()
    page.get_by_role("button", name="Plan follow-up").click()
    page.get_by_role("textbox", name="What about").fill("The renewal")
    page.get_by_role("button", name="Plan follow-up").first.click()
    page.get_by_text("Follow-up planned").first.wait_for()
    page.get_by_text("The renewal", exact=True).first.wait_for()
    page.get_by_text("Call is planned").first.wait_for()

    page.get_by_role("link", name="New customer").click()
    type_cora(page, catherine)
    page.get_by_role("button", name="Create customer").click()
    page.get_by_text("This may be a customer already", exact=True).first.wait_for()
    page.get_by_text("same phone").first.wait_for()
    page.get_by_role("textbox", name="Why a new record is needed").fill("Shares the phone")
    page.get_by_role("button", name="Create all the same").click()
    page.get_by_role("heading", name="Cora Newman").wait_for()
    settled(page)


def test_the_hits_of_a_search_are_gone_through_with_the_arrow_keys(app, page_of):
    for first_name in ("Zoe", "Zora"):
        make.customer(
            agent=app.company.ann_in_east, territory_id=app.company.east.id, first_name=first_name,
            last_name="Zoltan",
        )  # fmt: skip
    page = page_of(app.company.ann_in_east, "/customers?q=zoltan")
    page.get_by_text("2 hits").wait_for()
    settled(page)
    box = page.get_by_role("searchbox", name="Find anything")
    box.focus()
    hits = page.locator(".st-key-hits a")
    page.keyboard.press("ArrowDown")
    expect(hits.nth(0)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(box).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(hits.nth(1)).to_be_focused()
    name = hits.nth(1).get_by_role("paragraph").inner_text().partition(" · ")[0]
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=name).wait_for()


@pytest.mark.parametrize("width", [390, 1440])
def test_who_may_be_the_same_person_is_told_in_sight_of_the_button(app, page_of, catherine, width):
    page = page_of(
        app.company.ann_in_east, "/new-customer", viewport={"width": width, "height": 844},
        is_mobile=width < 500, has_touch=width < 500,
    )  # fmt: skip
    type_cora(page, catherine)
    page.get_by_role("button", name="Create customer").click()
    again = page.get_by_role("button", name="Create all the same")
    again.wait_for()
    settled(page)
    told = page.get_by_text("This may be a customer already")
    why = page.get_by_role("textbox", name="Why a new record is needed")
    there = page.get_by_role("link", name=f"Open {catherine.customer_code}")
    for shown in (told, there, why, again):
        expect(shown).to_be_in_viewport(ratio=1)
    expect(told).to_have_count(1)
    with page.expect_popup() as opened:
        there.click()
    opened.value.get_by_role("heading", name="Catherine Zellweger").wait_for()
    assert page.get_by_role("textbox", name="First name", exact=True).input_value() == "Cora"


def test_a_company_is_entered_and_who_decides_there_is_named(app, page_of):
    page = page_of(app.company.ann_in_east, "/accounts")
    page.get_by_role("button", name="New account").click()
    form = page.get_by_role("dialog")
    form.get_by_role("textbox", name="Name", exact=True).fill("Harbour Bakery")
    form.get_by_role("textbox", name="E-mail").fill("nobody")
    form.get_by_role("button", name="Create account").click()
    form.get_by_text("is not an e-mail address").first.wait_for()
    form.get_by_role("textbox", name="E-mail").fill("office@example.com")
    form.get_by_role("button", name="Create account").click()
    page.get_by_role("heading", name="Harbour Bakery").wait_for()
    page.get_by_role("button", name="Add a person").click()
    form.get_by_role("textbox", name="Name", exact=True).fill("Ada Boss")
    form.get_by_role("combobox", name="Role").click()
    page.get_by_role("option", name="Decision maker").click()
    form.get_by_role("button", name="Add", exact=True).click()
    page.get_by_text("Ada Boss").first.wait_for()
    settled(page)


def status_of(app, path, page=None):
    cookies = page.context.cookies() if page else []
    request = urllib.request.Request(app.url + path)
    request.add_header("cookie", "; ".join(f"{one['name']}={one['value']}" for one in cookies))
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, dict(refused.headers), b""


def test_escape_keeps_what_was_changed_and_cancel_drops_it(app, page_of, catherine):
    page = page_of(app.company.ann_in_east, f"/customer?customer={catherine.customer_code}")
    page.get_by_role("button", name="Edit", exact=True).click()
    form = page.get_by_role("dialog")
    city = form.get_by_role("textbox", name="City", exact=True)
    city.wait_for()
    before = city.input_value()
    city.fill("Elsewhere")
    page.keyboard.press("Escape")
    settled(page)
    assert city.input_value() == "Elsewhere"
    form.get_by_role("button", name="Cancel").click()
    form.wait_for(state="detached")
    page.get_by_role("button", name="Edit", exact=True).click()
    city.wait_for()
    assert city.input_value() == before


def test_somebody_elses_phone_is_shown_before_it_is_saved_and_takes_a_reason(app, page_of, catherine):
    other = make.customer(agent=app.company.ann_in_east, territory_id=app.company.east.id)
    page = page_of(app.company.ann_in_east, f"/customer?customer={other.customer_code}")
    page.get_by_role("button", name="Edit", exact=True).click()
    form = page.get_by_role("dialog")
    form.get_by_role("textbox", name="City", exact=True).fill("Dayton")
    form.get_by_role("textbox", name="Phone", exact=True).fill(dialled(catherine))
    form.get_by_role("button", name="Save").click()
    form.get_by_text("same phone").first.wait_for()
    form.get_by_role("link", name=catherine.customer_code).wait_for()
    assert form.get_by_role("textbox", name="City", exact=True).input_value() == "Dayton"
    form.get_by_role("textbox", name="Why both are right").fill("They share the phone")
    form.get_by_role("button", name="Save all the same").click()
    page.get_by_text("Saved").first.wait_for()
    form.wait_for(state="detached")
    settled(page)
    found = customers.customer(other.id, by=app.company.ann)
    assert (found.city, found.phone_primary) == ("Dayton", catherine.phone_primary)


def test_a_file_is_served_to_who_may_open_it_alone(app, page_of, catherine):
    company = app.company
    key = customers.upload_document(
        catherine.id,
        kind="id_proof",
        name="Führerschein.pdf",
        content=pdf("Licence"),
        request_id=new_request_id(),
        by=company.ann,
    )
    assert status_of(app, f"/files/{key}")[0] == 401
    code, headers, content = status_of(app, f"/files/{key}", page_of(company.ann_in_east))
    assert (code, content, headers["content-type"]) == (200, pdf("Licence"), "application/pdf")
    assert headers["content-disposition"] == "inline; filename*=UTF-8''F%C3%BChrerschein.pdf"
    assert "script-src" not in headers["content-security-policy"]
    assert headers["cache-control"] == "private, no-store"
    assert status_of(app, f"/files/{key}", page_of(company.walt_in_west))[0] == 404
    assert status_of(app, f"/files/{key}", page_of(company.executive))[0] == 403


def test_on_a_phone_a_wrapped_line_of_todays_work_keeps_its_indent(app, page_of):
    make.customer(agent=app.company.ann_in_east, territory_id=app.company.east.id, kyc_status="expired")
    page = page_of(app.company.erin_manages_east, viewport={"width": 320, "height": 844})
    told = page.get_by_text("Verification expired: ask for new proofs").first
    card = page.get_by_role("heading", name="Identity checks to review")
    assert told.bounding_box()["height"] > 30
    assert told.bounding_box()["x"] - card.bounding_box()["x"] > 25


def test_on_a_phone_a_long_title_of_todays_work_is_told_whole(app, page_of):
    title = "Renewal of the fleet for Palmer Lakeshore Farms Partners and Daughters"
    deal = make.opportunity(app.company.ann_in_east, name=title)
    make.followup(app.company.ann_in_east, opportunity_id=deal.id)
    page = page_of(app.company.ann_in_east, viewport={"width": 390, "height": 844}, is_mobile=True)
    told = page.get_by_text(title).first
    told.wait_for()
    settled(page)
    assert told.evaluate(WHOLE)


def test_the_browser_asks_before_a_typed_customer_is_lost(app, page_of):
    page = page_of(app.company.ann_in_east, "/new-customer")
    first_name = page.get_by_role("textbox", name="First name")
    first_name.press_sequentially("Cora")
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    assert first_name.input_value() == "Cora"


def test_a_customer_is_kept_who_is_typed_right_before_another_page_is_opened(app, page_of):
    page = page_of(app.company.ann_in_east, "/new-customer")
    first_name = page.get_by_role("textbox", name="First name")
    first_name.fill("Cora")
    menu = page.get_by_role("navigation", name="Menu")
    menu.get_by_role("link", name="Customers", exact=True).click()  # right from the field
    page.get_by_role("heading", name="All customers").wait_for()
    menu.get_by_role("link", name="New customer").click()
    expect(first_name).to_have_value("Cora")


def test_the_browser_lets_go_of_a_customer_who_is_not_begun(app, page_of):
    page = page_of(app.company.ann_in_east, "/new-customer")
    page.get_by_role("textbox", name="First name").click()
    with page.expect_event("close"):
        page.close(run_before_unload=True)


def test_a_list_of_customers_shows_all_of_the_rows_that_fit_on_a_screen(app, page_of):
    for _ in range(14):
        make.customer(agent=app.company.ann_in_east, territory_id=app.company.east.id)
    page = page_of(app.company.ann_in_east, "/customers")
    page.get_by_text("1 to 14 of 14").wait_for()
    assert page.get_by_test_id("stDataFrame").bounding_box()["height"] >= 15 * 34


def test_a_long_address_for_e_mail_stands_on_one_line(app, page_of):
    email = "petronella.vandermeer@example.com"
    person = make.customer(agent=app.company.ann_in_east, territory_id=app.company.east.id, email=email)
    for width in (390, 1440):
        page = page_of(
            app.company.ann_in_east, f"/customer?customer={person.customer_code}",
            viewport={"width": width, "height": 844}, is_mobile=width < 500, has_touch=width < 500,
        )  # fmt: skip
        told = page.get_by_text(email).first
        told.wait_for()
        assert told.evaluate(LINES_OF_THE_ADDRESS) == 1


@pytest.mark.parametrize(("width", "lines"), [(390, 2), (1280, 1), (1440, 1)])
def test_the_figures_of_a_customer_stand_in_even_lines(app, page_of, width, lines):
    person = make.customer(
        agent=app.company.ann_in_east, territory_id=app.company.east.id, email="petronella@example.com"
    )
    page = page_of(
        app.company.ann_in_east, f"/customer?customer={person.customer_code}",
        viewport={"width": width, "height": 844}, is_mobile=width < 500, has_touch=width < 500,
    )  # fmt: skip
    page.get_by_text("Open claims", exact=True).first.wait_for()
    settled(page)
    names = ("Lifetime premium", "Premium a year", "In force", "Open claims")
    tops = Counter(round(page.get_by_text(name, exact=True).first.bounding_box()["y"]) for name in names)
    assert list(tops.values()) == [4 // lines] * lines
