"""Home: what needs the viewer today, by role."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from core import catalog
from core.access import Role
from core.kit.dates import utc_now
from core.kit.ids import new_request_id
from pages._ui import viewing
from tests import factories as make

pytestmark = pytest.mark.page


def headings(app_test):
    return [heading.value for heading in (*app_test.subheader, *app_test.header)]


def shown(app_test):
    return " ".join(text.value for text in (*app_test.markdown, *app_test.caption))


@pytest.mark.parametrize("role", list(Role))
def test_everybody_is_greeted_by_name(app_test, signed_in, database, role):
    selling = {Role.AGENT, Role.SENIOR_AGENT}
    person = (
        make.agent(role, name="Gail Greeted") if role in selling else make.user(role, name="Gail Greeted")
    )
    app_test = signed_in(app_test, person)
    assert not app_test.exception
    assert app_test.title[0].value.endswith(", Gail")


def test_a_customer_is_told_that_there_is_nothing_yet(app_test, signed_in, database):
    app_test = signed_in(app_test, make.user(Role.CUSTOMER))
    assert "Where to go" not in headings(app_test)
    assert "Your own policies and claims will stand here in a later version" in shown(app_test)


@pytest.mark.parametrize(
    ("role", "told"),
    [
        (Role.ANALYST, "Find a customer, policy, claim or lead by its code."),
        (Role.EXECUTIVE, "Find a customer, policy, claim or lead by its code."),
        (Role.SUPPORT, "Find anybody by name, phone, e-mail or any code."),
    ],
)
def test_a_page_is_told_as_its_viewer_can_use_it(app_test, signed_in, database, role, told):
    app_test = signed_in(app_test, make.user(role))
    found = [one.value for one in app_test.caption if one.value.startswith("Find ")]
    assert found == [told]


def test_an_overdue_follow_up_is_told_with_its_lead(app_test, signed_in, database):
    ann = make.agent()
    lead = make.lead(ann, first_name="Otto", last_name="Overdue")
    make.followup(ann, lead_id=lead.id, scheduled_at=utc_now() - timedelta(hours=3))
    app_test = signed_in(app_test, ann)
    assert ":material/event_busy: Overdue follow-ups · 1" in headings(app_test)
    assert "1 overdue" in shown(app_test)


def test_a_rotting_lead_is_told(app_test, signed_in, database):
    ann = make.agent()
    make.lead(ann, status_changed_at=utc_now() - timedelta(days=30))
    app_test = signed_in(app_test, ann)
    assert ":material/hourglass_bottom: Leads that wait too long · 1" in headings(app_test)


def test_leads_without_an_owner_are_the_managers_business(app_test, signed_in, database):
    company = make.company()
    make.lead(None, territory_id=company.east.id)
    heading = ":material/person_off: New leads without an owner · 1"
    assert heading in headings(signed_in(app_test, company.erin_manages_east))
    assert heading not in headings(signed_in(app_test, company.ann_in_east))


def test_more_than_a_few_of_a_kind_are_shown_when_asked_for(app_test, signed_in, database):
    ann = make.agent()
    for _ in range(7):
        make.lead(ann, status_changed_at=utc_now() - timedelta(days=30))
    app_test = signed_in(app_test, ann)
    more = next(button for button in app_test.button if button.label == "Show 2 more")
    more.click().run()
    assert "Show 2 more" not in [button.label for button in app_test.button]


def test_every_identity_check_can_be_reached(app_test, signed_in, database):
    ann = make.agent()
    for _ in range(37):
        make.customer(agent=ann, kyc_status="expired")
    app_test = signed_in(app_test, ann)
    for label in ("Show 25 more", "Show 7 more"):
        next(one for one in app_test.button if one.label == label).click().run()
    assert not app_test.exception
    to_customers = [one for one in app_test.get("page_link") if "customer=" in one.proto.query_string]
    assert len(to_customers) == 37
    assert not [one for one in app_test.button if one.label.startswith("Show ")]


def test_all_identity_checks_to_review_are_one_click_away(app_test, signed_in, database):
    ann, today = make.agent(), viewing.today()
    for _ in range(5):
        make.customer(agent=ann, kyc_status="expired")
    for days, status in ((30, "verified"), (31, "verified"), (1, "pending")):
        make.customer(agent=ann, kyc_status=status, kyc_review_on=today + timedelta(days=days))
    app_test = signed_in(app_test, ann)
    assert ":material/badge: Identity checks to review · 6" in headings(app_test)
    assert links(app_test)["See all"] == "review=due"
    app_test = signed_in(app_test, ann, page="pages/customers/lookup.py", query={"review": "due"})
    assert "**1 to 6** of 6" in shown(app_test)


def links(app_test):
    return {link.proto.label: link.proto.query_string for link in app_test.get("page_link")}


def test_all_of_a_kind_are_one_click_away_in_the_list(app_test, signed_in, database):
    ann = make.agent()
    for _ in range(7):
        make.lead(ann, status_changed_at=utc_now() - timedelta(days=30))
    make.lead(ann)
    found = links(signed_in(app_test, ann))
    assert found["See all"] == "view=list&waiting=standing&sort=stage_age"
    query = dict(part.split("=") for part in found["See all"].split("&"))
    app_test = signed_in(app_test, ann, page="pages/sales/board.py", query=query)
    assert "**1 to 7** of 7" in shown(app_test)


def test_a_manager_is_told_whose_an_item_is(app_test, signed_in, database):
    company = make.company()
    make.lead(company.dan_in_district, status_changed_at=utc_now() - timedelta(days=30))
    assert "Dan District" in shown(signed_in(app_test, company.erin_manages_east))


def test_a_contact_opens_where_it_is_completed(app_test, signed_in, database):
    ann = make.agent()
    lead = make.lead(ann, first_name="Otto", last_name="Overdue")
    make.followup(ann, lead_id=lead.id, scheduled_at=utc_now() - timedelta(hours=3))
    found = links(signed_in(app_test, ann))
    assert f"lead={lead.lead_code}&part=contacts" in found.values()


def test_with_nothing_to_do_the_pipeline_is_offered(app_test, signed_in, database):
    app_test = signed_in(app_test, make.agent())
    assert "Nothing waits for you today" in shown(app_test)
    assert "Open the pipeline" in [button.label for button in app_test.button]


def test_who_has_no_leads_is_shown_where_to_go(app_test, signed_in, database):
    app_test = signed_in(app_test, make.user(Role.ANALYST))
    assert "Where to go" in headings(app_test)


def test_a_manager_finds_the_claim_that_waits_for_a_decision(app_test, signed_in, database):
    company = make.company()
    policy = make.policy(company.ann_in_east, territory_id=company.east.id)
    make.claim(policy, status="assessed", assessed_amount=Decimal(100))
    app_test = signed_in(app_test, company.erin_manages_east)
    assert not app_test.exception
    assert ":material/gavel: Claims that wait for a decision · 1" in headings(app_test)
    assert "1 to approve" in shown(app_test)


def test_an_underwriter_finds_the_applications_to_issue(app_test, signed_in, database):
    make.policy(make.agent(), status="underwriting")
    app_test = signed_in(app_test, make.user(Role.UNDERWRITER))
    assert ":material/assignment: Applications to issue · 1" in headings(app_test)


def test_rates_to_approve_open_their_product_and_the_list_of_what_waits(app_test, signed_in, database):
    company = make.company()
    waiting = [make.product(name=f"Term {years}") for years in range(20, 26)]
    for product in waiting:
        new = catalog.NewRates(
            product.id, date(2100, 1, 1), Decimal(60), (catalog.RateBand(0, 99, Decimal(2)),)
        )
        catalog.enter_rates(new, request_id=new_request_id(), by=company.adam)
    make.product(name="Nothing waits")
    found = links(signed_in(app_test, company.erin_manages_east))
    assert found["See all"] == "rates_state=waiting"
    first = next(link for link in found.values() if link.startswith("product="))
    assert first.removeprefix("product=") in {str(product.id) for product in waiting}
    page = "pages/admin/products.py"
    app_test = signed_in(app_test, company.erin_manages_east, page=page, query={"rates_state": "waiting"})
    assert "6 products" in [caption.value for caption in app_test.caption]
    app_test = signed_in(
        app_test, company.erin_manages_east, page=page, query={"product": str(waiting[0].id)}
    )
    assert app_test.title[0].value == "Term 20"
