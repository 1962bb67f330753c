"""The dialog of an act on a claim for who was slower: to go on with, or only to be told."""

from __future__ import annotations

from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from core import claims
from core.access import sessions
from core.kit.ids import new_request_id
from pages._ui import viewing
from tests import factories as make
from tests.pages.conftest import token_of
from tests.pages.test_claims import assessed, reported, support, told

pytestmark = pytest.mark.page

LOOK = "Show the claim as it is now"


def dialog_of(seen, name):
    from pages.claims._parts import acts, dialogs

    task = next((one for one in seen.tasks if name == f"task.{one.id}"), None)
    dialogs.show(seen, name, acts.hand_on(task) if task else {"pay": acts.PAY, **acts.MOVES}[name])


@pytest.fixture
def opened(database, cookies):
    """The dialog of an act, open since the claim was as `seen`: `opened(seen, "approved", person)`."""

    def open_as(seen, name, person):
        cookies[sessions.cookie_name()] = token_of(person)
        return AppTest.from_function(dialog_of, args=(seen, name), default_timeout=20).run()

    return open_as


def seen_by(ref, by):
    return claims.claim(ref.id, by=by, today=viewing.today())


def send(app_test):
    (button,) = (one for one in app_test.button if one.form_id)
    button.click().run()
    assert not app_test.exception
    return [one.label for one in app_test.button]


@pytest.fixture
def company(database):
    return make.company()


@pytest.fixture
def sue(database):
    return support()


def test_what_somebody_else_has_approved_is_told_and_can_only_be_looked_at(company, sue, opened):
    ref = assessed(company, make.viewer(sue), "1800.00")
    app_test = opened(seen_by(ref, company.erin), "approved", company.erin_manages_east)
    claims.approve(ref.id, version=ref.version, by=company.adam)
    assert send(app_test) == [LOOK]
    assert "Adam Admin" in told(app_test)
    assert "“Approve” is not possible any more." in told(app_test)
    assert "try again" not in told(app_test)


def test_what_is_approved_is_not_assessed_although_its_approval_can_be_taken_back(company, sue, opened):
    ref = assessed(company, make.viewer(sue), "1800.00")
    ref = claims.investigate(ref.id, reason="Odd", version=ref.version, by=company.adam)
    app_test = opened(seen_by(ref, company.erin), "assessed", company.erin_manages_east)
    ref = claims.assess(ref.id, Decimal(1800), version=ref.version, by=make.viewer(sue))
    claims.approve(ref.id, version=ref.version, by=company.adam)
    assert send(app_test) == [LOOK]
    assert "The claim is approved." in told(app_test)


def test_a_payment_that_is_held_by_now_is_told_and_not_offered_again(company, sue, opened):
    ref = assessed(company, make.viewer(sue), "1800.00")
    claims.approve(ref.id, version=ref.version, by=company.adam)
    app_test = opened(seen_by(ref, make.viewer(sue)), "pay", sue)
    app_test.text_input[2].input("W-1")
    claims.mark_document_anomaly(ref.id, "Forged stamp", by=company.adam)
    assert send(app_test) == [LOOK]
    assert "nothing is paid until a manager takes the approval back" in told(app_test)


def test_a_claim_that_one_has_no_part_in_any_more_is_only_told_to_be_gone(company, sue, opened):
    ref = assessed(company, make.viewer(sue), "1800.00")
    claims.assign([ref.id], to=company.wade.user_id, by=company.adam)
    app_test = opened(seen_by(ref, company.wade), "approved", company.wade_manages_west)
    claims.assign([ref.id], to=sue.id, by=company.adam)
    assert send(app_test) == [LOOK]
    assert "There is no claim" in told(app_test)


def test_a_task_that_is_done_by_now_is_not_handed_on(company, sue, opened):
    by = make.viewer(sue)
    ref = reported(company, by)
    task = claims.add_task(
        ref.id, "Call", due_on=None, assigned_to=None, request_id=new_request_id(), by=by
    )
    app_test = opened(seen_by(ref, by), f"task.{task}", sue)
    app_test.selectbox[0].select(str(company.adam.user_id))
    claims.finish_task(ref.id, task, by=company.adam)
    assert send(app_test) == [LOOK]
    assert "The task is done already." in told(app_test)


def test_what_is_still_possible_can_be_sent_again_by_who_was_told(company, sue, opened):
    ref = assessed(company, make.viewer(sue), "1800.00")
    app_test = opened(seen_by(ref, company.erin), "approved", company.erin_manages_east)
    claims.set_reserve(ref.id, Decimal(2500), reason="More", version=ref.version, by=make.viewer(sue))
    assert send(app_test) == ["Approve"]
    assert "Sue Support" in told(app_test)
    assert "then try again" in told(app_test)
    send(app_test)
    assert seen_by(ref, company.erin).row.status == "approved"
