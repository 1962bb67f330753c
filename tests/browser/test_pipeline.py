"""The pipeline in a browser: an agent's way from a new lead to lost, two people, a manager."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from core import sales
from core.kit.dates import utc_now
from pages._ui import format as fmt
from tests import factories as make
from tests.browser.conftest import choose, settled

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = pytest.mark.browser


def column(page, status):
    return page.locator(f'.column[data-column="{status}"]')


def card_in(page, status, code):
    return column(page, status).locator(".card:not(.pending)", has_text=code)


def drag(page, card, status):
    card.drag_to(column(page, status).locator(".cards"))


def by_keyboard(page, card, *keys):
    card.focus()
    for key in ("Space", *keys, "Enter"):
        page.keyboard.press(key)


def dialog(page):
    return page.get_by_role("dialog")


def fill_new_lead(page, *, phone):
    page.get_by_role("button", name="New lead").click()
    form = dialog(page)
    form.get_by_label("First name").fill("Nora")
    form.get_by_label("Last name").fill("Newlead")
    form.get_by_label("Phone").fill(phone)
    choose(page, "Source", "Website")
    form.get_by_role("textbox", name="Expected premium").fill("1,800")
    form.get_by_text("Agreed to be contacted").click()
    form.get_by_role("button", name="Create lead").click()


def close(page):
    settled(page)
    page.keyboard.press("Escape")
    dialog(page).wait_for(state="detached")
    return settled(page)


def only_lead(person):
    found = sales.deals("lead", by=person).rows
    assert len(found) == 1
    return found[0]


def test_an_agent_takes_a_lead_from_new_to_proposal_and_loses_it(app, page_of):
    make.product(name="Term Life 20")
    ann = app.company.ann
    page = page_of(app.company.ann_in_east, "/pipeline")
    fill_new_lead(page, phone="(212) 555-0147")
    page.get_by_role("heading", name="Nora Newlead").wait_for()
    code = only_lead(ann).code
    close(page)

    drag(page, card_in(page, "new", code), "contacted")
    dialog(page).get_by_label("What came of it").fill("Wants a quote by Friday")
    dialog(page).get_by_role("button", name="Move to Contacted").click()
    card_in(page, "contacted", code).wait_for()

    settled(page)
    by_keyboard(page, card_in(page, "contacted", code), "ArrowRight")
    choose(page, "Product of interest", "Term Life 20")
    dialog(page).get_by_role("button", name="Move to Qualified").click()
    card_in(page, "qualified", code).wait_for()

    settled(page)
    by_keyboard(page, card_in(page, "qualified", code), "ArrowRight")
    card_in(page, "proposal", code).wait_for()
    page.get_by_text(f"{code} moved to Proposal").first.wait_for()

    settled(page)
    card_in(page, "proposal", code).locator(".menu-button").click()
    page.get_by_role("menuitem", name="Lost").click()
    choose(page, "Why was it lost?", "Other (needs a note)")
    dialog(page).get_by_role("button", name="Move to Lost").click()
    dialog(page).get_by_text("needs a note that says what it was").first.wait_for()
    assert only_lead(ann).status == "proposal"
    dialog(page).get_by_label("Note").fill("Moved abroad")
    dialog(page).get_by_role("button", name="Move to Lost").click()
    card_in(page, "lost", code).wait_for()
    lost = sales.lead(code, by=ann)
    assert (lost.status, lost.lost_note) == ("lost", "Moved abroad")
    assert [followup.outcome for followup in lost.followups] == ["Wants a quote by Friday"]


def test_closing_the_question_leaves_the_card_and_the_totals_where_they_were(app, page_of):
    lead = make.lead(app.company.ann_in_east, status="contacted", product_interest=None)
    page = page_of(app.company.ann_in_east, "/pipeline")
    drag(page, card_in(page, "contacted", lead.lead_code), "lost")
    dialog(page).get_by_text("Why was it lost?").first.wait_for()
    close(page)
    card_in(page, "contacted", lead.lead_code).wait_for()
    assert column(page, "contacted").locator(".count").inner_text() == "1"
    assert column(page, "lost").locator(".count").inner_text() == "0"


def test_a_likely_duplicate_is_shown_before_anything_is_saved(app, page_of):
    there = make.lead(app.company.ann_in_east, phone="+1 212-555-0163", last_name="Already")
    page = page_of(app.company.ann_in_east, "/pipeline")
    fill_new_lead(page, phone="212 555 0163")
    dialog(page).get_by_text("same phone").first.wait_for()
    link = dialog(page).get_by_role("link", name=there.lead_code)
    assert link.get_attribute("href").endswith(f"/pipeline?lead={there.lead_code}")
    assert link.get_attribute("target") == "_blank"
    assert sales.deals("lead", by=app.company.ann).total == 1
    dialog(page).get_by_label("Why is a new lead needed?").fill("Her sister, same phone")
    dialog(page).get_by_role("button", name="Create lead").click()
    page.get_by_role("heading", name="Nora Newlead").wait_for()
    assert sales.deals("lead", by=app.company.ann).total == 2


def test_two_agents_see_their_own_leads_and_not_each_others(app, page_of):
    hers = make.lead(app.company.ann_in_east)
    his = make.lead(app.company.dan_in_district)
    page = page_of(app.company.ann_in_east, "/pipeline")
    card_in(page, "new", hers.lead_code).wait_for()
    assert card_in(page, "new", his.lead_code).count() == 0
    page.goto(f"{app.url}/pipeline?lead={his.lead_code}")
    page.get_by_text(f"There is no lead {his.lead_code} that you can open.").first.wait_for()


def test_who_was_slower_is_told_who_changed_what_and_nothing_is_overwritten(app, page_of):
    ann, erin = app.company.ann, app.company.erin
    lead = make.lead(app.company.ann_in_east, status="qualified", product_interest=make.product().id)
    page = page_of(app.company.ann_in_east, "/pipeline")
    card_in(page, "qualified", lead.lead_code).wait_for()
    sales.move_lead(lead.id, to="contacted", version=lead.version, by=erin, reason="Premium is a guess")
    drag(page, card_in(page, "qualified", lead.lead_code), "proposal")
    page.get_by_role("alert").get_by_text("Erin East changed status").first.wait_for()
    card_in(page, "contacted", lead.lead_code).wait_for()
    assert sales.lead(lead.id, by=ann).status == "contacted"


def test_a_manager_hands_several_leads_over_in_the_list(app, page_of):
    for _ in range(2):
        make.lead(app.company.ann_in_east)
    page = page_of(app.company.erin_manages_east, "/pipeline?view=list")
    table = page.get_by_test_id("stDataFrame")
    table.wait_for()
    settled(page)
    box = table.bounding_box()
    page.mouse.click(box["x"] + 18, box["y"] + 17)
    page.get_by_text("2 leads selected").first.wait_for()
    page.get_by_role("combobox", name="Hand over to").click()
    page.get_by_role("option", name="Dan District").click()
    page.get_by_role("button", name="Hand over", exact=True).click()
    page.get_by_text("2 leads handed over").first.wait_for()
    assert {card.owner for card in sales.deals("lead", by=app.company.erin).rows} == {"Dan District"}


def test_an_appointment_that_overlaps_is_refused_naming_the_other_one(app, page_of):
    ann = app.company.ann_in_east
    lead, other = make.lead(ann), make.lead(ann)
    busy = utc_now().replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=400)
    make.appointment(ann, starts=busy, minutes=60, lead_id=other.id)
    meeting = make.appointment(ann, starts=busy + timedelta(hours=5), lead_id=lead.id)
    page = page_of(ann, f"/pipeline?lead={lead.lead_code}", timezone_id="UTC")
    page.get_by_text("Contacts").click()
    page.get_by_role("button", name="Reschedule").click()
    time = page.get_by_role("group", name="At").first
    time.wait_for()
    set_time(page, busy + timedelta(minutes=30))
    dialog(page).locator("form, [data-testid=stForm]").get_by_role("button", name="Reschedule").click()
    dialog(page).get_by_text(f"already has an appointment on {fmt.moment(busy, 'UTC')}").first.wait_for()
    dialog(page).get_by_text(other.lead_code).first.wait_for()
    assert sales.lead(lead.id, by=app.company.ann).appointments[0].starts_at == meeting.scheduled_datetime


def set_time(page, at):
    field = page.get_by_role("spinbutton", name="hour")
    field.first.click()
    page.keyboard.type(f"{at:%I%M%p}")


def test_escape_keeps_what_was_typed_and_cancel_drops_it(app, page_of):
    page = page_of(app.company.ann_in_east, "/pipeline")
    page.get_by_role("button", name="New lead").click()
    name = dialog(page).get_by_label("First name")
    name.fill("Kept")
    page.keyboard.press("Escape")
    settled(page)
    expect(name).to_have_value("Kept")
    dialog(page).get_by_role("button", name="Cancel").click()
    dialog(page).wait_for(state="detached")
    assert sales.deals("lead", by=app.company.ann).total == 0


def test_clicking_twice_makes_one_lead(app, page_of):
    page = page_of(app.company.ann_in_east, "/pipeline")
    page.get_by_role("button", name="New lead").click()
    form = dialog(page)
    form.get_by_label("First name").fill("Tina")
    form.get_by_label("Last name").fill("Twice")
    choose(page, "Source", "Website")
    form.get_by_role("button", name="Create lead").dblclick()
    page.get_by_role("heading", name="Tina Twice").wait_for()
    settled(page)
    assert sales.deals("lead", by=app.company.ann).total == 1


def test_an_edit_on_an_old_version_keeps_what_was_typed_and_tells_the_others_values(app, page_of):
    ann, erin = app.company.ann, app.company.erin
    lead = make.lead(app.company.ann_in_east, first_name="Lee", company_name="Acme")
    page = page_of(app.company.ann_in_east, f"/pipeline?lead={lead.lead_code}")
    page.get_by_role("button", name="Edit").click()
    company = dialog(page).get_by_role("textbox", name="Company")
    company.fill("Acme Holdings")
    sales.edit_lead(lead.id, {"company_name": "Acme Group"}, version=lead.version, by=erin)
    dialog(page).get_by_role("button", name="Save").click()
    dialog(page).get_by_text("Erin East changed company").first.wait_for()
    dialog(page).get_by_role("alert").get_by_text("Acme Group").first.wait_for()
    assert company.input_value() == "Acme Holdings"
    assert sales.lead(lead.id, by=ann).company_name == "Acme Group"
    dialog(page).get_by_role("button", name="Save").click()
    page.get_by_text(f"{lead.lead_code} saved").first.wait_for()
    assert sales.lead(lead.id, by=ann).company_name == "Acme Holdings"


def test_a_manager_takes_a_move_back(app, page_of):
    lead = make.lead(app.company.ann_in_east, status="qualified", product_interest=make.product().id)
    page = page_of(app.company.erin_manages_east, "/pipeline")
    by_keyboard(page, card_in(page, "qualified", lead.lead_code), "ArrowRight")
    card_in(page, "proposal", lead.lead_code).wait_for()
    page.get_by_role("button", name="Undo").click()
    card_in(page, "qualified", lead.lead_code).wait_for()
    assert sales.lead(lead.id, by=app.company.erin).status == "qualified"


def test_an_agent_is_offered_no_way_back(app, page_of):
    lead = make.lead(app.company.ann_in_east, status="qualified")
    page = page_of(app.company.ann_in_east, "/pipeline")
    card = card_in(page, "qualified", lead.lead_code)
    card.locator(".menu-button").click()
    items = page.get_by_role("menuitem")
    items.first.wait_for()
    assert items.all_inner_texts() == ["Proposal", "Lost"]


def test_an_opportunity_is_won_with_the_value_that_was_agreed(app, page_of):
    account = make.account(agent_id=app.company.ann_in_east.id)
    deal = make.opportunity(app.company.ann_in_east, stage="negotiation", account_id=account.id)
    page = page_of(app.company.ann_in_east, "/opportunities")
    drag(page, card_in(page, "negotiation", deal.opportunity_code), "closed_won")
    value = dialog(page).get_by_role("textbox", name="Agreed value")
    expect(value).to_have_value("5,000.00")
    value.fill("4,750.50")
    dialog(page).get_by_role("button", name="Move to Won").click()
    card_in(page, "closed_won", deal.opportunity_code).wait_for()
    assert str(sales.opportunity(deal.id, by=app.company.ann).won_value) == "4750.50"


def test_a_follow_up_is_completed_with_what_came_of_it(app, page_of):
    ann = app.company.ann_in_east
    lead = make.lead(ann)
    make.followup(ann, lead_id=lead.id, scheduled_at=utc_now() - timedelta(hours=1))
    page = page_of(ann, f"/pipeline?lead={lead.lead_code}")
    page.get_by_text("Contacts").click()
    page.get_by_role("button", name="Complete").click()
    dialog(page).get_by_label("What came of it").fill("Call back next week")
    dialog(page).get_by_test_id("stForm").get_by_role("button", name="Complete").click()
    page.get_by_text("Follow-up completed").first.wait_for()
    settled(page)
    assert [row.status for row in sales.lead(lead.id, by=app.company.ann).followups] == ["completed"]


def test_a_link_with_filters_shows_the_same_cards(app, page_of):
    high = make.lead(app.company.ann_in_east, priority="high")
    low = make.lead(app.company.ann_in_east, priority="low")
    page = page_of(app.company.ann_in_east, "/pipeline?priority=high")
    card_in(page, "new", high.lead_code).wait_for()
    assert card_in(page, "new", low.lead_code).count() == 0
    assert column(page, "new").locator(".count").inner_text() == "1"


def saved(page, kind):
    """What the list saves as CSV or XLSX: its rows as dictionaries of text."""
    with page.expect_download() as download:
        page.get_by_role("button", name=kind, exact=True).click()
    path = download.value.path()
    if kind == "CSV":
        return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    head, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_two_agents_save_the_list_that_each_of_them_sees(app, page_of):
    ann, walt = app.company.ann_in_east, app.company.walt_in_west
    hers = make.lead(ann, priority="high", first_name="=1+1", expected_premium=Decimal("1200.50"))
    make.lead(ann, priority="low")
    his = make.lead(walt, priority="high")
    page = page_of(ann, "/pipeline?view=list&priority=high")
    page.get_by_text(re.compile("^1 of 1")).first.wait_for()
    (row,) = saved(page, "CSV")
    assert (row["Code"], row["Expected premium"]) == (hers.lead_code, "1200.50")
    assert "Owner" not in row  # all of them are her own
    assert row["Name"].startswith("'=1+1 ")
    (row,) = saved(page, "XLSX")
    assert (row["Code"], row["Expected premium"]) == (hers.lead_code, 1200.5)
    page = page_of(walt, "/pipeline?view=list&priority=high")
    page.get_by_text(re.compile("^1 of 1")).first.wait_for()
    assert [row["Code"] for row in saved(page, "CSV")] == [his.lead_code]


def test_a_drawers_form_is_kept_until_it_is_cancelled(app, page_of):
    lead = make.lead(app.company.ann_in_east)
    page = page_of(app.company.ann_in_east, f"/pipeline?lead={lead.lead_code}&part=contacts")
    dialog(page).get_by_role("button", name="Plan follow-up").click()
    about = dialog(page).get_by_label("What about")
    about.fill("Ask for the renewal date")
    page.keyboard.press("Escape")
    settled(page)
    expect(about).to_have_value("Ask for the renewal date")
    dialog(page).get_by_role("button", name="Cancel").click()
    about.wait_for(state="detached")
    close(page)
    assert sales.lead(lead.id, by=app.company.ann).followups == ()


def test_the_keyboard_is_back_at_the_card_when_a_question_or_the_record_is_closed(app, page_of):
    lead = make.lead(app.company.ann_in_east, status="contacted", product_interest=None)
    make.lead(app.company.ann_in_east, status="contacted")
    page = page_of(app.company.ann_in_east, "/pipeline")
    card = card_in(page, "contacted", lead.lead_code)
    by_keyboard(page, card, "ArrowRight")
    dialog(page).get_by_text("Product of interest").first.wait_for()
    close(page)
    expect(card).to_be_focused()
    page.keyboard.press("Enter")
    dialog(page).get_by_text("Details").first.wait_for()
    close(page)
    expect(card).to_be_focused()


@pytest.mark.parametrize("width", [1280, 1366, 1400, 1440])
def test_every_column_is_whole_on_a_common_screen(app, page_of, width):
    lead = make.lead(app.company.ann_in_east, next_followup=utc_now() - timedelta(minutes=1))
    page = page_of(app.company.ann_in_east, "/pipeline", viewport={"width": width, "height": 900})
    due = card_in(page, "new", lead.lead_code).locator(".due")
    due.wait_for()
    settled(page)
    for one in (page.locator(".columns"), due):
        assert one.evaluate("one => one.scrollWidth - one.clientWidth") <= 0
