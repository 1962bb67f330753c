"""Pipeline and opportunities: who may open them, what they offer by role, what the address does."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
import streamlit as st
from sqlalchemy import select

from core import customers, sales
from core.access import Role
from core.audit.tables import AuditEntry
from core.db import unit_of_work
from core.kit.errors import Invalid
from pages._ui import page as head
from pages._ui import viewing
from pages._ui.contacts import appointments
from pages.sales._parts import moving, parties, timeline
from pages.sales._parts.kinds import KINDS
from pages.sales._parts.needs import can_be_answered
from pages.sales._parts.parties import Party
from tests import factories as make
from tests.pages.conftest import press

pytestmark = pytest.mark.page

SELLING = (Role.AGENT, Role.SENIOR_AGENT, Role.MANAGER, Role.ADMIN)
READING = (Role.EXECUTIVE, Role.ANALYST)
OTHERS = (Role.UNDERWRITER, Role.SUPPORT, Role.CUSTOMER)
PAGES = ("pages/sales/board.py", "pages/sales/opportunities.py")
ZONE = "America/New_York"
NOON = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_choices_of_another_test():
    st.cache_data.clear()


@pytest.fixture
def person_of(database):
    def made(role):
        return make.agent(role) if role in {Role.AGENT, Role.SENIOR_AGENT} else make.user(role)

    return made


def labels(app_test):
    return [button.label for button in app_test.button]


@pytest.mark.parametrize("view", ["board", "list"])
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", [*SELLING, *READING])
def test_who_may_see_deals_opens_their_pages(app_test, signed_in, person_of, role, page, view):
    person = person_of(role)
    make.lead(person)
    make.opportunity(person)
    app_test = signed_in(app_test, person, page=page)
    app_test.query_params["view"] = view
    app_test.run()
    assert not app_test.exception
    assert not app_test.error
    assert app_test.title[0].value in {"Pipeline", "Opportunities"}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", OTHERS)
def test_others_have_no_such_page(app_test, signed_in, person_of, role, page):
    with pytest.raises(ValueError, match="switch_page"):
        signed_in(app_test, person_of(role), page=page)


@pytest.mark.parametrize("role", SELLING)
def test_who_sells_is_offered_a_new_lead(app_test, signed_in, person_of, role):
    app_test = signed_in(app_test, person_of(role), page=PAGES[0])
    assert "New lead" in labels(app_test)


@pytest.mark.parametrize("role", READING)
def test_who_only_reads_is_not_offered_a_new_lead(app_test, signed_in, person_of, role):
    app_test = signed_in(app_test, person_of(role), page=PAGES[0])
    assert "New lead" not in labels(app_test)


def test_an_address_with_a_lead_opens_it(app_test, signed_in, database):
    ann = make.agent()
    lead = make.lead(ann, first_name="Lena", last_name="Linked")
    app_test = signed_in(app_test, ann, page=PAGES[0])
    app_test.query_params["lead"] = lead.lead_code
    app_test.run()
    assert "Edit" in labels(app_test)
    assert lead.email.replace(".", "\\.") in " ".join(text.value for text in app_test.markdown)


def test_who_only_reads_sees_a_lead_masked_and_can_change_nothing(app_test, signed_in, database):
    lead = make.lead(make.agent(), first_name="Lena", last_name="Linked")
    app_test = signed_in(app_test, make.user(Role.ANALYST), page=PAGES[0])
    app_test.query_params["lead"] = lead.lead_code
    app_test.run()
    shown = " ".join(text.value for text in app_test.markdown)
    assert "Linked" not in shown
    assert lead.email not in shown.replace("\\", "")
    assert not {"Edit", "Hand over", "Move to Contacted", "Mark as lost"} & set(labels(app_test))


def test_a_lead_of_somebody_else_is_refused_as_if_it_were_not_there(app_test, signed_in, database):
    lead = make.lead(make.agent(name="Dan District"))
    app_test = signed_in(app_test, make.agent(), page=PAGES[0])
    app_test.query_params["lead"] = lead.lead_code
    app_test.run()
    assert not app_test.exception
    assert [error.value for error in app_test.error] != []
    assert "Edit" not in labels(app_test)


def test_the_filters_of_an_address_narrow_the_figures(app_test, signed_in, database):
    ann = make.agent()
    make.lead(ann, last_name="Wanted")
    make.lead(ann, last_name="Unwanted", priority="high")
    app_test = signed_in(app_test, ann, page=PAGES[0])
    app_test.query_params["priority"] = "high"
    app_test.run()
    assert any("**1** open" in caption.value for caption in app_test.caption)


@pytest.mark.parametrize("page", PAGES)
def test_the_head_says_whose_deals_are_shown(app_test, signed_in, database, page):
    company = make.company()
    east, west, ann = company.east.id, company.west.id, company.ann_in_east.id
    app_test = signed_in(app_test, company.executive, page=page)
    for address, whose in (
        ({}, "The whole company"),
        ({"territory": f"{east}"}, "East"),
        ({"territory": f"{east}.{west}", "owner": f"{ann}"}, "East, West · Ann Agent"),
        ({"owner": "none"}, "Nobody yet"),
        ({"owner": f"{ann}.{company.walt_in_west.id}", "territory": "0"}, "The whole company"),
    ):
        app_test.query_params.clear()
        for name, value in address.items():
            app_test.query_params[name] = value
        app_test.run()
        assert not app_test.exception
        assert app_test.caption[0].value == whose


def test_more_than_three_territories_are_counted_in_the_head(database):
    viewer = make.viewer(make.user(Role.EXECUTIVE))
    assert head.whose(viewer, ["A", "B", "C"]) == "A, B, C"
    assert head.whose(viewer, ["A", "B", "C", "D"], ["Ann"]) == "4 territories · Ann"


def test_a_filter_that_does_not_exist_is_dropped(app_test, signed_in, database):
    ann = make.agent()
    make.lead(ann)
    app_test = signed_in(app_test, ann, page=PAGES[0])
    for name, value in {"owner": "x' or 1=1", "priority": "urgent", "view": "map", "closed": "-1"}.items():
        app_test.query_params[name] = value
    app_test.run()
    assert not app_test.exception
    assert any("**1** open" in caption.value for caption in app_test.caption)
    assert "Clear" not in labels(app_test)


@pytest.mark.parametrize("view", ["board", "list"])
def test_where_nothing_matches_the_filters_can_be_cleared(app_test, signed_in, database, view):
    ann = make.agent()
    make.lead(ann)
    app_test = signed_in(app_test, ann, page=PAGES[0])
    for name, value in {"q": "nobody of that name", "view": view}.items():
        app_test.query_params[name] = value
    app_test.run()
    assert any("No lead matches these filters" in text.value for text in app_test.markdown)
    press(app_test, "Clear the filters")
    assert "q" not in app_test.query_params
    assert not any("No lead matches" in text.value for text in app_test.markdown)


def test_a_link_opens_a_part_of_the_record(app_test, signed_in, database):
    ann = make.agent()
    lead = make.lead(ann)
    make.followup(ann, lead_id=lead.id, scheduled_at=NOON, notes="Bring the brochure")
    query = {"lead": lead.lead_code, "part": "contacts"}
    app_test = signed_in(app_test, ann, page=PAGES[0], query=query)
    assert any("Bring the brochure" in text.value for text in app_test.markdown)


def test_a_cursor_of_the_list_is_not_taken_from_the_address(app_test, signed_in, database):
    app_test = signed_in(app_test, make.agent(), page=PAGES[0])
    app_test.query_params["view"] = "list"
    app_test.query_params["sort"] = "1; drop table leads"
    app_test.run()
    assert not app_test.exception


def test_only_who_may_share_views_is_offered_to(app_test, signed_in, database):
    offered = {}
    for role in (Role.AGENT, Role.MANAGER):
        person = make.agent(role) if role is Role.AGENT else make.user(role)
        shown = signed_in(app_test, person, page=PAGES[0])
        offered[role] = "Share with everybody" in [box.label for box in shown.checkbox]
    assert offered == {Role.AGENT: False, Role.MANAGER: True}


@pytest.mark.parametrize("kind", ["lead", "opportunity"])
def test_every_need_of_every_move_is_asked_for_or_told(kind):
    told = {"closed_recently"}
    lifecycle = KINDS[kind].lifecycle
    needs = {need.name for status in lifecycle.statuses for move in status.moves for need in move.needs}
    assert {need for need in needs if not can_be_answered([need])} <= told


def test_a_typed_moment_is_stored_in_utc():
    found = viewing.moment(date(2026, 7, 1), time(9, 0), ZONE, field="at")
    assert found == datetime(2026, 7, 1, 13, 0, tzinfo=UTC)


def test_a_time_that_the_clocks_skip_is_refused_beside_its_field():
    with pytest.raises(Invalid) as refused:
        viewing.moment(date(2026, 3, 8), time(2, 30), ZONE, field="at")
    assert set(refused.value.fields) == {"at"}


def test_of_a_time_that_comes_twice_the_first_is_meant():
    found = viewing.moment(date(2026, 11, 1), time(1, 30), ZONE, field="at")
    assert found == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def test_a_clash_tells_the_other_meeting_on_the_clock_of_who_reads(monkeypatch):
    monkeypatch.setattr(viewing, "zone", lambda: "Europe/Berlin")
    ends = NOON + timedelta(hours=1)
    clash = sales.AppointmentClash(agent="Ann", when="at noon", about="LD-1", starts_at=NOON, ends_at=ends)
    with pytest.raises(sales.AppointmentClash) as told, appointments.on_their_clock():
        raise clash
    assert told.value.message == (
        "Ann already has an appointment on Nov 20, 2026, 6:00 PM – 7:00 PM (LD-1)."
    )


def test_the_history_holds_moves_and_contacts_in_one_line_of_time(database):
    company = make.company()
    lead = make.lead(company.ann_in_east)
    sales.log_followup(
        sales.About(lead_id=lead.id),
        outcome="Wants a quote",
        completed_at=datetime.now(UTC) - timedelta(minutes=1),
        request_id="one",
        by=company.ann,
    )
    sales.move_lead(lead.id, to="contacted", version=lead.version, by=company.ann)
    found = timeline.events(sales.lead(lead.id, by=company.ann))
    assert [event.what for event in found[:2]] == ["moved it from New to Contacted", "had a call"]
    assert found[1].note == "Wants a quote"


def test_the_contact_of_a_move_is_the_one_that_was_planned_and_of_its_kind(app_test, signed_in, database):
    ann = make.agent()
    lead = make.lead(ann, status="new")
    meeting = make.followup(ann, lead_id=lead.id, type="meeting")
    app_test = signed_in(app_test, ann, page=PAGES[0], query={"lead": lead.lead_code})
    press(app_test, "Move to Contacted")
    shown = {one.label: one.value for one in app_test.selectbox}
    assert (shown["Which contact"], shown["By"]) == (str(meeting.id), "meeting")


def party(customer):
    name = f"{customer.first_name} {customer.last_name}"
    return Party("customer_id", customer.id, name, name, customer.phone_primary)


def test_who_wins_a_lead_is_warned_of_a_customer_of_another_name_and_phone(app_test, signed_in, database):
    ann = make.agent()
    lead = make.lead(
        ann, first_name="Quinn", last_name="Tester", phone="+1 626-555-0144", status="proposal",
        product_interest=make.product().id,
    )  # fmt: skip
    other = make.customer(agent=ann, first_name="Alex", last_name="Howard", phone_primary="+1 614-555-0182")
    app_test = signed_in(app_test, ann, page=PAGES[0])
    app_test.query_params["lead"] = lead.lead_code
    app_test.run()
    press(app_test, "Move to Won")
    key = moving.form_name(lead.lead_code, "won")
    app_test.text_input(key=f"{key}.text").set_value("Howard").run()
    assert not app_test.warning
    app_test.radio(key=f"{key}.found").set_value(("customer_id", other.id)).run()
    told = app_test.warning[0].value.replace("\\", "")
    assert (
        "The lead is Quinn Tester, +1 626-555-0144; this customer is Alex Howard, +1 614-555-0182" in told
    )


@pytest.mark.parametrize(
    "same",
    [{"first_name": "Zoé", "last_name": "Müller"}, {"phone_primary": "(626) 555-0144"}],
)
def test_a_customer_who_shares_name_or_phone_with_the_lead_raises_no_doubt(database, same):
    ann = make.agent()
    lead = make.lead(ann, first_name="zoe", last_name="Muller", phone="+1 626-555-0144")
    detail = sales.lead(lead.id, by=make.viewer(ann))
    assert parties.doubt(
        detail, party(make.customer(agent=ann, phone_primary="+1 614-555-0182", first_name="Al"))
    )
    assert parties.doubt(detail, party(make.customer(agent=ann, **same))) == ""


def test_a_form_of_a_move_stands_in_place_of_its_button(app_test, signed_in, database):
    ann = make.agent()
    lead = make.lead(ann, status="proposal", product_interest=make.product().id)
    app_test = signed_in(app_test, ann, page=PAGES[0])
    app_test.query_params["lead"] = lead.lead_code
    app_test.run()
    assert labels(app_test).count("Move to Won") == 1
    press(app_test, "Move to Won")
    assert labels(app_test).count("Move to Won") == 1


ADDRESS = {"Address": "1 Main Street", "City": "Columbus", "State": "OH", "Postal code": "43085"}
WHY = "Why a new record is needed all the same"


@pytest.fixture
def winning(app_test, signed_in, database):
    """A lead about to be won, with the fields of its new customer typed; somebody has its phone already."""
    company = make.company()
    lead = make.lead(
        company.ann_in_east, first_name="Quinn", last_name="Tester", phone="+1 614-555-0144",
        email="", date_of_birth=date(1990, 2, 3), status="proposal", product_interest=make.product().id,
    )  # fmt: skip
    there = make.customer(
        agent=company.ann_in_east, territory_id=company.east.id, first_name="Nora", last_name="Known",
        phone_primary=lead.phone, email="nora@example.com",
    )  # fmt: skip
    app_test = signed_in(app_test, company.ann_in_east, page=PAGES[0], query={"lead": lead.lead_code})
    press(app_test, "Move to Won")
    fill_address(app_test)
    return company, lead, there


def fill(app_test, texts):
    for label, value in texts.items():
        next(one for one in app_test.text_input if one.label == label).input(value)


def fill_address(app_test):
    fill(app_test, ADDRESS)
    next(one for one in app_test.selectbox if one.label == "Gender").select("female")


def shown(app_test):
    return " ".join(str(one.value) for one in (*app_test.markdown, *app_test.success, *app_test.warning))


def test_the_reason_for_a_new_customer_of_a_lead_outlasts_another_refusal(app_test, winning):
    company, _, there = winning
    press(app_test, "Create customer")
    assert not app_test.exception
    assert "**Nora Known**" in shown(app_test)
    assert "same phone" in shown(app_test)
    ways = [one.proto.url for one in app_test.get("link_button")]
    assert f"/customer?customer={there.customer_code}" in ways
    fill(app_test, {WHY: "Her daughter", "City": ""})
    press(app_test, "Create all the same")
    assert not app_test.exception
    assert customers.find("Quinn", by=company.ann) == ()
    assert [one.value for one in app_test.text_input if one.label == WHY] == ["Her daughter"]
    fill(app_test, {"City": "Columbus"})
    press(app_test, "Create all the same")
    assert not app_test.exception
    (made,) = customers.find("Quinn", by=company.ann)
    assert f"{made.code} is chosen" in shown(app_test).replace("\\", "")
    with unit_of_work() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "customer.create")).one()
    assert (entry.details["reason"], entry.details["despite"]) == ("Her daughter", [there.customer_code])


def test_a_reason_does_not_cover_who_is_found_only_when_it_is_sent(app_test, winning):
    company, _, _ = winning
    press(app_test, "Create customer")
    make.customer(
        agent=company.ann_in_east, territory_id=company.east.id, first_name="Zoe", last_name="Later",
        email="quinn@example.com",
    )  # fmt: skip
    fill(app_test, {WHY: "Her daughter", "E-mail": "quinn@example.com"})
    press(app_test, "Create all the same")
    assert not app_test.exception
    assert customers.find("Tester", by=company.ann) == ()
    assert "**Zoe Later**" in shown(app_test)
    press(app_test, "Create all the same")
    assert len(customers.find("Tester", by=company.ann)) == 1


def test_a_lead_becomes_a_customer_that_is_there_already_by_its_button(app_test, winning):
    company, lead, there = winning
    press(app_test, "Create customer")
    press(app_test, "Choose this one")
    assert not app_test.exception
    told = shown(app_test).replace("\\", "")
    assert f"Nora Known · {there.customer_code}" in told
    assert "is chosen" in told
    assert customers.find("Tester", by=company.ann) == ()
    press(app_test, "Somebody else")
    assert "is chosen" not in shown(app_test)
    fill_address(app_test)
    press(app_test, "Create customer")
    press(app_test, "Choose this one")
    press(app_test, "Move to Won")
    assert not app_test.exception
    assert sales.lead(lead.id, by=company.ann).customer.id == there.id
