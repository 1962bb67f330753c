"""What somebody does who goes on before the page has answered: nothing is lost, refused or done twice."""

from __future__ import annotations

from datetime import date

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core import claims, customers, people, policies, sales
from core.access import Role
from core.access.passwords import hash_password
from core.claims import ClaimFilter
from core.kit.ids import new_request_id
from core.policies import Application, PolicyFilter
from pages._ui import viewing
from tests import factories as make
from tests.pages.conftest import press, press_both
from tests.pages.next_input import as_soon_as_asked, as_soon_as_saved
from tests.pages.test_claims import policy, reported
from tests.pages.test_policies import application
from tests.pages.test_users import select

pytestmark = pytest.mark.page

BOARD, ENTRY, CUSTOMER = "pages/sales/board.py", "pages/policies/entry.py", "pages/customers/customer.py"


@pytest.fixture(autouse=True)
def no_choices_of_another_test():
    st.cache_data.clear()


ADDRESS = {
    "Phone": "614-555-0177", "Address": "1 Main Street", "City": "Columbus", "State": "OH",
    "Postal code": "43085",
}  # fmt: skip


def fill(app_test, texts):
    for label, value in texts.items():
        next(one for one in app_test.text_input if one.label == label).input(value)


def choose(app_test, label, value):
    [one for one in app_test.selectbox if one.label == label][-1].select(value)


def test_who_submits_an_entry_and_clicks_on_is_led_to_its_policy(app_test, signed_in, database):
    company = make.company()
    draft = policies.start_draft(application(company), by=company.ann)
    query = {"draft": str(draft.id), "step": "review"}
    app_test = signed_in(app_test, company.ann_in_east, page=ENTRY, query=query)
    with as_soon_as_saved(database, "policies"):
        press(app_test, "Submit to underwriting")
    assert not app_test.exception
    assert not app_test.error
    (row,) = policies.policies(PolicyFilter(), by=company.ann).rows
    assert app_test.title[0].value == row.number.replace("-", "\\-")
    assert "an underwriter decides next" in " ".join(one.value for one in app_test.success)


def test_an_entry_is_begun_once_for_who_clicks_on(app_test, signed_in, database):
    company = make.company()
    person = make.customer(agent=company.ann_in_east)
    with as_soon_as_saved(database, "policy_drafts"):
        signed_in(app_test, company.ann_in_east, page=ENTRY, query={"customer": str(person.id)})
    assert not app_test.exception
    assert len(policies.drafts(by=company.ann)) == 1


def test_who_was_created_in_an_entry_is_its_customer_also_for_who_clicks_on(app_test, signed_in, database):
    company = make.company()
    draft = policies.start_draft(Application(), by=company.ann)
    query = {"draft": str(draft.id), "step": "customer"}
    app_test = signed_in(app_test, company.ann_in_east, page=ENTRY, query=query)
    fill(app_test, {"First name": "Nora", "Last name": "New", **ADDRESS})
    app_test.date_input[0].set_value(date(1990, 2, 3))
    choose(app_test, "Gender", "female")
    with as_soon_as_saved(database, "customers"):
        press(app_test, "Create customer")
    assert not app_test.exception
    assert policies.draft(draft.id, by=company.ann).customer == "Nora New"


def test_a_move_can_be_undone_also_by_who_clicks_on(app_test, signed_in, database):
    ann = make.agent()
    lead = make.lead(ann, status="qualified", product_interest=make.product().id)
    app_test = signed_in(app_test, ann, page=BOARD)
    app_test.query_params["lead"] = lead.lead_code
    app_test.run()
    with as_soon_as_saved(database, "leads"):
        press(app_test, "Move to Proposal")
    assert not app_test.exception
    assert app_test.session_state["pipeline.state"].done.code == lead.lead_code


def gesture_page():
    import streamlit as st

    from pages.sales._parts import board_gestures, state
    from pages.sales._parts.kinds import LEADS

    mine = state.of(LEADS)
    mine.shown = st.session_state["cards"]
    gestures = st.session_state["gestures"]
    if gestures:  # as a click, it is told once
        st.session_state["pipeline.board"] = gestures.pop()
        board_gestures.handle(LEADS, mine, st.session_state["viewer"])


def test_a_card_that_was_moved_is_drawn_anew_also_for_who_clicks_on(database):
    """Otherwise the browser waits for an answer, with the old version of the card."""
    company = make.company()
    product = make.product()
    lead = make.lead(company.ann_in_east, status="qualified", product_interest=product.id)
    found = sales.board("lead", sales.DealFilter(), limit=10, by=company.ann)
    app_test = AppTest.from_function(gesture_page, default_timeout=20)
    app_test.session_state["viewer"] = company.ann
    app_test.session_state["cards"] = {str(card.id): card for one in found.columns for card in one.cards}
    move = {"card": str(lead.id), "from": "qualified", "to": "proposal", "version": lead.version}
    app_test.session_state["gestures"] = [{"move": move}]
    with as_soon_as_saved(database, "leads"):
        app_test.run()
    mine = app_test.session_state["pipeline.state"]
    assert (mine.version, mine.done.to) == (1, "proposal")
    assert not app_test.exception


def test_a_gesture_that_was_cut_short_is_answered_with_the_board_as_it_is(app_test, signed_in, database):
    ann = make.agent()
    make.lead(ann)
    app_test = signed_in(app_test, ann, page=BOARD)
    mine = app_test.session_state["pipeline.state"]
    version = mine.version
    app_test.run()
    assert mine.version == version
    with as_soon_as_asked(database, "from leads"):
        app_test.run()
    assert app_test.session_state["pipeline.state"].version == version + 1


def test_a_follow_up_is_planned_once_and_told_for_who_clicks_on(app_test, signed_in, database):
    company = make.company()
    one = make.customer(agent=company.ann_in_east, territory_id=company.east.id)
    query = {"customer": one.customer_code, "tab": "Follow-ups"}
    app_test = signed_in(app_test, company.ann_in_east, page=CUSTOMER, query=query)
    press(app_test, "Plan follow-up")
    fill(app_test, {"What about": "The renewal"})
    with as_soon_as_saved(database, "followups"):
        press(app_test, "Plan follow-up")
    assert not app_test.exception
    assert len(sales.contacts_with(one.id, by=company.ann).followups) == 1
    assert "What about" not in [field.label for field in app_test.text_input]  # the form is closed
    assert "Follow-up planned" in [said.value for said in app_test.success]


def test_a_note_is_added_once_for_who_clicks_on_before_or_after(app_test, signed_in, database):
    company = make.company()
    one = make.customer(agent=company.ann_in_east, territory_id=company.east.id)
    query = {"customer": one.customer_code, "tab": "Notes"}
    app_test = signed_in(app_test, company.ann_in_east, page=CUSTOMER, query=query)
    for body, hurry in (
        ("Called", as_soon_as_asked(database, "user_sessions")),
        ("Wrote", as_soon_as_saved(database, "customer_notes")),
    ):
        app_test.text_area[0].input(body)
        with hurry:
            press(app_test, "Add note")
        assert not app_test.exception
        assert app_test.text_area[0].value == ""
        app_test.run()
    assert sorted(note.body for note in customers.notes(one.id, by=company.ann)) == ["Called", "Wrote"]


def test_who_saves_twice_is_not_told_of_a_change_of_their_own(app_test, signed_in, database):
    company = make.company()
    app_test = signed_in(app_test, company.admin, page="pages/admin/users.py")
    select(app_test, company.ann_in_east)
    choose(app_test, "Role", "senior_agent")
    with as_soon_as_saved(database, "users"):
        press(app_test, "Save")
    choose(app_test, "Role", "agent")
    press(app_test, "Save")
    assert not app_test.error
    assert people.user(company.ann_in_east.id, by=company.adam).role == Role.AGENT


def test_an_initial_password_is_shown_also_to_who_clicks_on(app_test, signed_in, database):
    company = make.company()
    app_test = signed_in(app_test, company.admin, page="pages/admin/users.py")
    press(app_test, "New user")
    names = {"First name": "Nora", "Last name": "New", "User name": "nora", "E-mail": "nora@example.com"}
    fill(app_test, names)
    choose(app_test, "Role", "analyst")
    with as_soon_as_saved(database, "users"):
        press_both(app_test, "New user", "Create user")
    assert not app_test.exception
    assert len(app_test.code) == 1


def test_a_task_that_was_ticked_is_done_although_the_next_is_ticked_at_once(app_test, signed_in, database):
    company = make.company()
    person = make.user(Role.SUPPORT)
    sue = make.viewer(person)
    claim = reported(company, sue)
    claims.add_task(
        claim.id, "Call the garage", due_on=None, assigned_to=None, request_id=new_request_id(), by=sue
    )
    query = {"claim": claim.number}
    app_test = signed_in(app_test, person, page="pages/claims/claim.py", query=query)
    box = next(one for one in app_test.checkbox if "Call the garage" in one.label)
    with as_soon_as_asked(database, "user_sessions"):
        box.check().run()
    assert not app_test.exception
    found = claims.claim(claim.number, by=sue, today=viewing.today())
    assert [one.is_done for one in found.tasks if one.title == "Call the garage"] == [True]


def test_who_became_a_customer_is_chosen_also_for_who_clicks_on(app_test, signed_in, database):
    ann = make.agent()
    lead = make.lead(
        ann, status="proposal", product_interest=make.product().id, date_of_birth=date(1990, 2, 3)
    )
    app_test = signed_in(app_test, ann, page=BOARD)
    app_test.query_params["lead"] = lead.lead_code
    app_test.run()
    press(app_test, "Move to Won")
    fill(app_test, ADDRESS)
    choose(app_test, "Gender", "female")
    with as_soon_as_saved(database, "customers"):
        press(app_test, "Create customer")
    assert not app_test.exception
    assert any("is chosen" in said.value for said in app_test.success)


def test_duplicates_of_one_customer_are_not_told_of_the_next(app_test, signed_in, database):
    company = make.company()
    make.customer(agent=company.ann_in_east, territory_id=company.east.id, phone_primary="+1 614-555-0177")
    app_test = signed_in(app_test, company.ann_in_east, page="pages/customers/new.py")
    fill(app_test, {"First name": "Nora", "Last name": "New", **ADDRESS})
    app_test.date_input[0].set_value(date(1990, 2, 3))
    choose(app_test, "Gender", "female")
    press(app_test, "Create customer")
    fill(app_test, {"Why a new record is needed all the same": "Shares the phone"})
    with as_soon_as_saved(database, "customers"):
        press(app_test, "Create all the same")
    assert not app_test.exception
    assert "Create customer" in [one.label for one in app_test.button]
    assert any("created" in said.value for said in app_test.success)


def beneficiaries_page():
    import streamlit as st

    from core import policies
    from pages._ui import forms, guard
    from pages.policies._parts.changes import beneficiaries

    viewer = st.session_state["viewer"]
    with guard.known(viewer, page="policy"), forms.whole_run():
        detail = policies.policy(st.session_state["policy"], by=viewer)
        beneficiaries.change(detail, "change", None)


def test_beneficiaries_are_changed_also_for_who_clicks_on_before_the_form_is_drawn(database):
    company = make.company()
    on = make.policy(company.ann_in_east, expiry_date=date(9999, 1, 1))
    app_test = AppTest.from_function(beneficiaries_page, default_timeout=20)
    app_test.session_state["viewer"], app_test.session_state["policy"] = company.ann, on.id
    app_test.run()
    press(app_test, "Add a primary beneficiary")
    fill(app_test, {"Name": "Lee Heir"})
    choose(app_test, "Relation", "child")
    with as_soon_as_asked(database, "from policies"):
        press(app_test, "Change")
    assert not app_test.exception
    named = [one.name for one in policies.policy(on.id, by=company.ann).beneficiaries]
    assert named == ["Lee Heir"]


def test_a_second_click_on_changing_the_password_is_no_wrong_password(app_test, signed_in, database):
    ann = make.user(Role.AGENT, password_hash=hash_password("correct horse battery"))
    app_test = signed_in(app_test, ann, page="pages/home/account.py")
    new = "wild lantern over harbor"
    typed = {"Current password": "correct horse battery", "New password": new, "New password again": new}
    fill(app_test, typed)
    with as_soon_as_saved(database, "users", clicks_again=True):
        press(app_test, "Change password")
    assert not app_test.exception
    assert not app_test.error
    assert "Your password is changed, and your other sessions are ended" in [
        said.value for said in app_test.toast
    ]


def test_a_second_click_on_reporting_a_loss_is_no_empty_notice(app_test, signed_in, database):
    company, person = make.company(), make.user(Role.SUPPORT)
    on = policy(company)
    query = {"policy": on.policy_number}
    app_test = signed_in(app_test, person, page="pages/claims/notice.py", query=query)
    choose(app_test, "What kind of loss?", "collision")
    fill(app_test, {"Estimated amount": "2,000"})
    app_test.text_area[0].input("Rear-ended at a light")
    app_test.run()
    with as_soon_as_saved(database, "claims", clicks_again=True):
        press(app_test, "Report claim")
    assert not app_test.exception
    assert not [one.value for one in app_test.markdown if "Say what happened" in one.value]
    assert any("reported" in said.value for said in app_test.success)
    found = claims.queue(ClaimFilter(), by=make.viewer(person), today=viewing.today())
    assert found.total == 1
