"""The pages of claims: queue, detail and notice, by role and by what is typed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from core import claims, customers
from core.access import Role
from core.catalog.tables import Category
from core.claims import ClaimFilter, LossType, NoticeOfLoss
from core.claims.tables import ClaimEvent
from core.demo.documents import pdf
from core.kit.dates import utc_now
from core.kit.ids import new_request_id
from pages._ui import viewing
from tests import factories as make
from tests.factories.rows import put
from tests.pages.conftest import withdraw

pytestmark = pytest.mark.page

QUEUE, DETAIL, NOTICE = (f"pages/claims/{name}.py" for name in ("queue", "claim", "notice"))
SEEN_BY = (Role.AGENT, Role.MANAGER, Role.UNDERWRITER, Role.SUPPORT, Role.EXECUTIVE, Role.ADMIN)


def policy(company, category=Category.AUTO, **columns):
    today = viewing.today()
    given = {
        "product_id": make.product(category).id,
        "territory_id": company.east.id,
        "effective_date": today - timedelta(days=200),
        "expiry_date": today + timedelta(days=165),
        "sum_assured": Decimal(900_000),
    }
    return make.policy(company.ann_in_east, **{**given, **columns})


def support():
    return make.user(Role.SUPPORT, name="Sue Support")


def reported(company, by, *, on=None, amount="2000.00"):
    notice = NoticeOfLoss(
        policy_id=(on or policy(company)).id,
        loss_date=viewing.today() - timedelta(days=5),
        loss_type=LossType.COLLISION,
        description="Rear-ended at a light",
        estimated_amount=Decimal(amount),
    )
    return claims.report(notice, request_id=new_request_id(), by=by)


def assessed(company, by, amount):
    ref = reported(company, by)
    ref = claims.collect_documents(ref.id, version=ref.version, by=by)
    make.prove(ref.id)
    return claims.assess(ref.id, Decimal(amount), version=ref.version, by=by)


def button(app_test, label):
    return next(one for one in app_test.button if one.label == label)


def labels(app_test):
    return [one.label for one in app_test.button]


def field(app_test, kind, label):
    return next(one for one in getattr(app_test, kind) if one.label.startswith(label))


def told(app_test):
    shown = [*app_test.markdown, *app_test.caption, *app_test.error, *app_test.warning, *app_test.info]
    return " ".join(str(one.value) for one in shown).replace("\\", "")


@pytest.mark.parametrize("role", SEEN_BY)
def test_the_queue_opens_for_every_role_that_sees_claims(app_test, signed_in, role):
    make.company()
    person = make.agent(role) if role is Role.AGENT else make.user(role)
    app_test = signed_in(app_test, person, page=QUEUE)
    assert not app_test.exception
    assert [one.value for one in app_test.title] == ["Claims"]


def test_what_waits_for_me_can_be_had_alone(app_test, signed_in):
    company, person = make.company(), support()
    sue = make.viewer(person)
    mine = reported(company, sue)
    reported(company, sue)
    claims.assign([mine.id], to=person.id, by=sue)
    app_test = signed_in(app_test, person, page=QUEUE, query={"view": "mine"})
    assert "**1** of 1" in told(app_test)


def test_several_claims_are_handed_over_at_once(app_test, signed_in):
    company, person = make.company(), support()
    sue = make.viewer(person)
    for _ in range(2):
        reported(company, sue)
    app_test = signed_in(app_test, person, page=QUEUE)
    app_test.session_state["claims.list.1"] = {"selection": {"rows": [0, 1], "columns": [], "cells": []}}
    app_test.run()
    field(app_test, "selectbox", "Hand to").select(str(person.id))
    button(app_test, "Hand over").click().run()
    assert not app_test.exception
    found = claims.queue(ClaimFilter(assigned_to=(person.id,)), by=sue, today=viewing.today())
    assert found.total == 2


def test_every_rule_that_fires_and_likely_duplicates_are_told_before_sending(app_test, signed_in):
    company, person = make.company(), support()
    today = viewing.today()
    on = policy(company, effective_date=today - timedelta(days=30))
    there = reported(company, make.viewer(person), on=on)
    app_test = signed_in(app_test, person, page=NOTICE, query={"policy": on.policy_number})
    field(app_test, "date_input", "When did it happen").set_value(today - timedelta(days=4))
    field(app_test, "selectbox", "What kind of loss").select("collision")
    field(app_test, "text_input", "Estimated amount").input("850,000")
    app_test.run()
    assert not app_test.exception
    shown = told(app_test)
    assert "The loss came 26 days after cover began" in shown
    assert "of the limit" in shown
    assert "May be the same loss" in shown
    assert claims.queue(ClaimFilter(), by=make.viewer(person), today=today).total == 1
    assert there.number


def test_a_loss_outside_cover_names_the_rule_and_is_taken_in_all_the_same(app_test, signed_in):
    company, person = make.company(), support()
    today = viewing.today()
    on = policy(company, expiry_date=today - timedelta(days=20))
    app_test = signed_in(app_test, person, page=NOTICE, query={"policy": on.policy_number})
    field(app_test, "date_input", "When did it happen").set_value(today - timedelta(days=4))
    field(app_test, "selectbox", "What kind of loss").select("collision")
    field(app_test, "text_area", "What happened").input("Hit a deer")
    field(app_test, "text_input", "Estimated amount").input("900")
    app_test.run()
    assert "Cover expired on" in told(app_test)
    button(app_test, "Report claim").click().run()
    assert not app_test.exception
    (row,) = claims.queue(ClaimFilter(), by=make.viewer(person), today=today).rows
    assert row.flag_codes == ("AFTER_EXPIRY",)


def fill_notice(app_test):
    today = viewing.today()
    field(app_test, "date_input", "When did it happen").set_value(today - timedelta(days=4))
    field(app_test, "selectbox", "What kind of loss").select("theft")
    field(app_test, "text_area", "What happened").input("Gone in the morning")
    field(app_test, "text_input", "Estimated amount").input("900")
    return app_test


FORM = ("claim-form.pdf", pdf("Form"), "application/pdf")


def test_a_loss_is_reported_with_its_documents_and_their_kinds(app_test, signed_in):
    company, person = make.company(), support()
    on = policy(company)
    app_test = signed_in(app_test, person, page=NOTICE, query={"policy": on.policy_number})
    fill_notice(app_test).file_uploader[0].set_value([FORM, ("scan.pdf", pdf("Scan"), "application/pdf")])
    app_test.run()
    assert "For theft it still takes: police report." in told(app_test)
    assert field(app_test, "selectbox", "What claim-form.pdf is").value == "claim_form"
    button(app_test, "Report claim").click().run()
    assert "Choose what the document is" in told(app_test)
    assert claims.queue(ClaimFilter(), by=make.viewer(person), today=viewing.today()).total == 0
    field(app_test, "selectbox", "What scan.pdf is").select("police_report").run()
    assert "For theft it takes nothing more." in told(app_test)
    button(app_test, "Report claim").click().run()
    assert not app_test.exception
    (row,) = claims.queue(ClaimFilter(), by=make.viewer(person), today=viewing.today()).rows
    found = claims.claim(row.id, by=make.viewer(person), today=viewing.today())
    assert {one.kind for one in found.documents} == {"claim_form", "police_report"}


def test_what_a_loss_is_proven_by_follows_its_kind(app_test, signed_in):
    on = policy(make.company())
    app_test = signed_in(app_test, support(), page=NOTICE, query={"policy": on.policy_number})
    assert "The kind of loss tells what it takes." in told(app_test)
    kind = field(app_test, "selectbox", "What kind of loss")
    for chosen, asked in (
        (LossType.THEFT, "For theft it takes: claim form, police report."),
        (LossType.BODILY_INJURY, "For bodily injury it takes: claim form, police report, medical report."),
        (LossType.COLLISION, "For collision it takes: claim form, photo, invoice."),
    ):
        kind.select(chosen.value).run()
        assert asked in told(app_test)


@pytest.mark.parametrize(
    ("category", "kind"),
    [(Category.AUTO, "theft"), (Category.WHOLE_LIFE, None)],
    ids=["covers it", "does not"],
)
def test_another_policy_keeps_what_was_typed_and_a_kind_of_loss_that_it_covers(
    app_test, signed_in, category, kind
):
    company, person = make.company(), support()
    on, other = policy(company), policy(company, category)
    app_test = signed_in(app_test, person, page=NOTICE, query={"policy": on.policy_number})
    fill_notice(app_test).file_uploader[0].set_value([FORM])
    app_test.session_state["notice.other"] = True
    app_test.run()
    field(app_test, "text_input", "Which policy").input(other.policy_number).run()
    next(one for one in app_test.button if other.policy_number in one.label.replace("\\", "")).click().run()
    assert not app_test.exception
    assert other.policy_number in told(app_test)
    assert field(app_test, "text_area", "What happened").value == "Gone in the morning"
    assert field(app_test, "text_input", "Estimated amount").value == "900"
    assert field(app_test, "selectbox", "What kind of loss").value == kind
    assert field(app_test, "selectbox", "What claim-form.pdf is").value == "claim_form"
    if kind is None:
        field(app_test, "selectbox", "What kind of loss").select("death")
    button(app_test, "Report claim").click().run()
    assert not app_test.exception
    (row,) = claims.queue(ClaimFilter(), by=make.viewer(person), today=viewing.today()).rows
    assert row.policy_number == other.policy_number


def test_a_bad_file_is_told_beside_it_before_anything_is_sent(app_test, signed_in):
    company, person = make.company(), support()
    on = policy(company)
    app_test = signed_in(app_test, person, page=NOTICE, query={"policy": on.policy_number})
    fill_notice(app_test).file_uploader[0].upload("claim-form.pdf", b"MZ program", "application/pdf")
    app_test.run()
    assert "The content is not that of a .pdf file" in told(app_test)
    field(app_test, "text_input", "Estimated amount").input("")
    button(app_test, "Report claim").click().run()
    shown = told(app_test)
    assert "The content is not that of a .pdf file" in shown
    assert "Enter an estimate" in shown
    assert field(app_test, "text_area", "What happened").value == "Gone in the morning"
    assert claims.queue(ClaimFilter(), by=make.viewer(person), today=viewing.today()).total == 0


def test_a_document_of_a_claim_is_withdrawn_and_asked_for_again(app_test, signed_in):
    company, person = make.company(), support()
    sue = make.viewer(person)
    ref = reported(company, sue)
    claims.add_document(
        ref.id, kind="photo", name="cat.pdf", content=pdf("Cat"), request_id=new_request_id(), by=sue
    )
    app_test = signed_in(app_test, person, page=DETAIL, query={"claim": ref.number})
    withdraw(app_test, "Why? (optional)", "A cat")
    assert not app_test.exception
    found = claims.claim(ref.id, by=sue, today=viewing.today())
    assert (found.documents, [one.withdrawn_reason for one in found.withdrawn]) == ((), ["A cat"])
    app_test.run()
    shown = told(app_test)
    assert "**Photo** :small[:gray[missing]]" in shown
    assert "Withdrawn by Sue Support" in shown
    assert "Withdrew cat.pdf: A cat" in shown


def test_assessing_names_the_missing_documents_and_cannot_be_talked_past(app_test, signed_in):
    company, person = make.company(), support()
    sue = make.viewer(person)
    ref = reported(company, sue)
    claims.collect_documents(ref.id, version=ref.version, by=sue)
    app_test = signed_in(app_test, person, page=DETAIL, query={"claim": ref.number})
    assert "**Claim form**" in told(app_test)
    button(app_test, "Assess").click().run()
    assert "It can be assessed once its documents are verified" in told(app_test)
    assert not any(one.label.startswith("What is it worth") for one in app_test.text_input)
    button(app_test, "To the documents").click().run()
    assert "It can be assessed" not in told(app_test)


def test_taking_an_approval_back_asks_why(app_test, signed_in):
    company, person = make.company(), support()
    ref = assessed(company, make.viewer(person), "1800.00")
    claims.approve(ref.id, version=ref.version, by=company.adam)
    app_test = signed_in(app_test, company.erin_manages_east, page=DETAIL, query={"claim": ref.number})
    button(app_test, "Take back").click().run()
    assert "The approval of **$1,800.00** is undone" in told(app_test)
    assert [one.label for one in app_test.text_area] == ["Why?"]
    assert not any(one.label.startswith("What is it worth") for one in app_test.text_input)


def test_a_payment_that_is_held_has_no_button_and_says_why(app_test, signed_in):
    company, person = make.company(), support()
    sue = make.viewer(person)
    ref = assessed(company, sue, "1800.00")
    claims.approve(ref.id, version=ref.version, by=company.adam)
    claims.mark_document_anomaly(ref.id, "Forged stamp", by=sue)
    app_test = signed_in(app_test, person, page=DETAIL, query={"claim": ref.number})
    assert not app_test.exception
    assert "nothing is paid until a manager takes the approval back" in told(app_test)
    assert "Pay" not in labels(app_test)


def test_everything_that_is_wrong_with_a_payment_is_told_at_once(app_test, signed_in):
    company, person = make.company(), support()
    ref = assessed(company, make.viewer(person), "1800.00")
    claims.approve(ref.id, version=ref.version, by=company.adam)
    app_test = signed_in(app_test, person, page=DETAIL, query={"claim": ref.number})
    app_test.button(key="act.pay").click().run()
    for label, text in {"Amount": "twelve", "Paid to": "", "Payment reference": ""}.items():
        field(app_test, "text_input", label).input(text)
    # AppTest runs the whole page, so the dialog must be opened again, and that empties a used form.
    app_test.button(key="act.pay").click()
    del app_test.session_state[f"form.{ref.number}.pay"]
    next(one for one in app_test.button if one.label == "Pay" and one.form_id).click().run()
    assert not app_test.exception
    shown = told(app_test)
    for sentence in ("“twelve” is not an amount", "Say who is paid.", "Enter the payment reference."):
        assert sentence in shown
    assert claims.claim(ref.id, by=make.viewer(person), today=viewing.today()).payments == ()


def test_the_dialogs_of_money_start_with_the_reserve_and_with_what_is_left_to_pay(app_test, signed_in):
    company, person = make.company(), support()
    sue = make.viewer(person)
    ref = assessed(company, sue, "1800.00")
    ref = claims.approve(ref.id, version=ref.version, by=company.erin).ref
    claims.set_reserve(ref.id, Decimal(2500), reason="The garage found more", version=ref.version, by=sue)
    app_test = signed_in(app_test, person, page=DETAIL, query={"claim": ref.number})
    button(app_test, "Pay").click().run()
    assert field(app_test, "text_input", "Amount").value == "1,800.00"
    app_test = signed_in(app_test, person, page=DETAIL, query={"claim": ref.number})
    (more,) = app_test.get("menu_button")
    more.click("Change the reserve").run()
    assert field(app_test, "text_input", "Outstanding reserve").value == "2,500.00"


def test_filters_that_mean_nothing_are_dropped_and_not_counted(app_test, signed_in):
    company, person = make.company(), support()
    reported(company, make.viewer(person))
    query = {"status": "gone", "assignee": "x", "mark": "odd", "reported": "someday"}
    app_test = signed_in(app_test, person, page=QUEUE, query=query)
    assert not app_test.exception
    assert "**1** of 1" in told(app_test)
    assert "Clear" not in labels(app_test)
    app_test.query_params["status"] = "gone.submitted"
    app_test.run()
    assert "Clear" in labels(app_test)


def test_a_notice_without_what_happened_is_not_sent(app_test, signed_in):
    company, person = make.company(), support()
    on = policy(company)
    app_test = signed_in(app_test, person, page=NOTICE, query={"policy": on.policy_number})
    button(app_test, "Report claim").click().run()
    assert "Say what happened" in told(app_test)
    assert claims.queue(ClaimFilter(), by=make.viewer(person), today=viewing.today()).total == 0


def test_the_policy_of_a_loss_is_found_by_the_customers_name(app_test, signed_in):
    company, person = make.company(), support()
    on = policy(company)
    app_test = signed_in(app_test, person, page=NOTICE)
    field(app_test, "text_input", "Which policy").input("customer").run()
    assert any(on.policy_number in one.replace("\\", "") for one in labels(app_test))


def test_the_search_for_a_policy_says_what_it_searches(app_test, signed_in):
    make.company()
    app_test = signed_in(app_test, support(), page=NOTICE)
    assert "policy numbers, customers' names and customer codes" in told(app_test)


def test_an_approver_is_shown_their_own_limit(app_test, signed_in):
    company, person = make.company(), support()
    ref = assessed(company, make.viewer(person), "1800.00")
    app_test = signed_in(app_test, company.erin_manages_east, page=DETAIL, query={"claim": ref.number})
    button(app_test, "Approve").click().run()
    assert "Your limit in this line is" in told(app_test)


def test_who_approves_sees_the_fraud_points_and_earlier_decisions_beside_the_button(app_test, signed_in):
    company, person = make.company(), support()
    began = policy(company, effective_date=viewing.today() - timedelta(days=30))
    ref = reported(company, make.viewer(person), on=began)
    ref = claims.collect_documents(ref.id, version=ref.version, by=company.adam)
    make.prove(ref.id)
    ref = claims.assess(ref.id, Decimal(1800), version=ref.version, by=make.viewer(person))
    ref = claims.approve(ref.id, version=ref.version, by=company.adam).ref
    claims.take_back(ref.id, reason="Wrong\ncar", version=ref.version, by=company.adam)
    app_test = signed_in(app_test, company.erin_manages_east, page=DETAIL, query={"claim": ref.number})
    button(app_test, "Approve").click().run()
    (dialog,) = app_test.get("dialog")
    (box,) = dialog.get("info")
    assert box.proto.title == "25 fraud points."
    assert "**25** The loss came 25 days after cover began." in box.value.replace("\\", "")
    (told_before,) = [one.value for one in dialog.markdown if one.value.startswith("Decided before:")]
    lines = told_before.replace("\\", "").splitlines()[1:]
    assert [line.split(" :small")[0] for line in lines] == [
        "- Adam Admin took the approval back: Wrong car",
        "- Adam Admin approved it",
    ]


def test_a_first_decision_tells_of_none_before_and_of_nothing_suspect(app_test, signed_in):
    company, person = make.company(), support()
    ref = assessed(company, make.viewer(person), "1800.00")
    app_test = signed_in(app_test, company.erin_manages_east, page=DETAIL, query={"claim": ref.number})
    button(app_test, "Approve").click().run()
    (dialog,) = app_test.get("dialog")
    assert "nothing needs a closer look" in dialog.get("success")[0].value
    assert not [one for one in dialog.markdown if "before" in one.value]


def test_above_the_limit_the_button_says_who_gets_it_and_is_gone_after(app_test, signed_in):
    company = make.company()
    make.user(Role.ADMIN, name="David Jennings")
    ref = assessed(company, company.adam, "200000.00")
    app_test = signed_in(app_test, company.erin_manages_east, page=DETAIL, query={"claim": ref.number})
    assert "Approve" not in labels(app_test)
    button(app_test, "Pass on to David Jennings").click().run()
    assert "David Jennings gets it and decides next. Nothing is approved yet" in told(app_test)
    erin = make.viewer(company.erin_manages_east, areas=[company.east])
    claims.approve(ref.id, version=ref.version, by=erin)
    app_test.run()
    assert not [one for one in labels(app_test) if one.startswith(("Approve", "Pass on"))]
    assert "passed on to David Jennings, who decides next" in told(app_test)


def test_the_first_of_two_approvals_is_told_before_the_click(app_test, signed_in):
    company, person = make.company(), support()
    first = make.user(Role.ADMIN, name="Fay First")
    ref = assessed(company, make.viewer(person), "500000.00")
    app_test = signed_in(app_test, first, page=DETAIL, query={"claim": ref.number})
    button(app_test, "Give the first approval").click().run()
    assert "Yours counts as the first of two approvals; Adam Admin decides next" in told(app_test)


def test_the_second_of_two_approvals_is_told_to_be_final(app_test, signed_in):
    company, person = make.company(), support()
    ref = assessed(company, make.viewer(person), "500000.00")
    second = make.user(Role.ADMIN, name="Sam Second")
    ref = claims.approve(ref.id, version=ref.version, by=company.adam).ref
    app_test = signed_in(app_test, second, page=DETAIL, query={"claim": ref.number})
    assert "gave the first approval of $500,000.00" in told(app_test)
    assert "Sam Second decides next" in told(app_test)
    button(app_test, "Approve finally").click().run()
    assert "Yours is the second: it approves **$500,000.00** finally" in told(app_test)
    assert "above your limit" not in told(app_test)


def test_who_assessed_it_has_no_decision_to_click_and_reads_why(app_test, signed_in):
    company, person = make.company(), support()
    ref = assessed(company, make.viewer(person), "1800.00")
    app_test = signed_in(app_test, person, page=DETAIL, query={"claim": ref.number})
    assert not {"Approve", "Reject"} & set(labels(app_test))
    why = "You reported it and assessed it: only a colleague with authority can decide it."
    assert f"You can't approve it. {why}" in told(app_test)
    assert "** assessed it at $1,800.00" in told(app_test)


def test_who_reported_it_reads_that_and_nothing_else_to_be_why_they_do_not_reject_it(app_test, signed_in):
    company, person = make.company(), support()
    ref = reported(company, make.viewer(person))
    app_test = signed_in(app_test, person, page=DETAIL, query={"claim": ref.number})
    assert "You reported it: only a colleague can reject it." in told(app_test)


@pytest.mark.parametrize(
    ("kind", "amount", "said"),
    [
        ("assessment", "251.40", "** assessed it at $251.40"),
        ("decision", "5769.78", "** approved $5,769.78"),
        ("decision", "0.00", "** rejected it"),
        ("payment", "12.00", "** recorded a payment of $12.00"),
    ],
)
def test_what_happened_to_a_claim_reads_as_a_sentence(app_test, signed_in, kind, amount, said):
    company, person = make.company(), support()
    ref = reported(company, make.viewer(person))
    put(
        ClaimEvent(
            claim_id=ref.id, event_type=kind, at=utc_now(), actor_id=person.id, amount=Decimal(amount)
        )
    )
    app_test = signed_in(app_test, person, page=DETAIL, query={"claim": ref.number})
    lines = [one.value.replace("\\", "") for one in app_test.markdown]
    assert any(line.endswith(f"Sue Support{said}") for line in lines)


def test_every_paragraph_of_a_note_stands_in_the_history(app_test, signed_in):
    company, person = make.company(), support()
    ref = reported(company, make.viewer(person))
    note = "The garage called\n\nIt is a write-off"
    put(ClaimEvent(claim_id=ref.id, event_type="note", at=utc_now(), actor_id=person.id, note=note))
    app_test = signed_in(app_test, person, page=DETAIL, query={"claim": ref.number})
    (shown,) = [one.value for one in app_test.markdown if "The garage called" in one.value]
    assert shown.replace("\\", "").endswith(
        "** wrote  \n:small[:gray[The garage called]]  \n\n:small[:gray[It is a write-off]]"
    )


def test_the_letter_of_a_rejected_claim_can_be_taken_along(app_test, signed_in):
    company, person = make.company(), support()
    ref = assessed(company, make.viewer(person), "1800.00")
    letter = "Dear Carla, the loss was not proven."
    claims.reject(ref.id, code="NO_PROOF", letter=letter, version=ref.version, by=company.erin)
    app_test = signed_in(app_test, person, page=DETAIL, query={"claim": ref.number})
    assert letter in [one.value for one in app_test.text]
    assert not app_test.code
    assert [one.proto.label for one in app_test.get("download_button")] == ["Download the letter"]


def test_what_is_proven_already_is_not_collected_again(app_test, signed_in):
    company, person = make.company(), support()
    ref = reported(company, make.viewer(person))
    make.prove(ref.id)
    app_test = signed_in(app_test, person, page=DETAIL, query={"claim": ref.number})
    assert "Collect documents" not in labels(app_test)
    button(app_test, "Go on to assessing").click().run()
    assert "All that the loss asks for is there and verified" in told(app_test)


def test_closing_lists_what_keeps_the_claim_open(app_test, signed_in):
    company, person = make.company(), support()
    sue = make.viewer(person)
    ref = assessed(company, sue, "1800.00")
    ref = claims.reject(ref.id, code="NO_PROOF", letter="Dear Carla", version=ref.version, by=company.erin)
    claims.add_task(
        ref.id, "Call the garage", due_on=None, assigned_to=None, request_id=new_request_id(), by=sue
    )
    app_test = signed_in(app_test, person, page=DETAIL, query={"claim": ref.number})
    button(app_test, "Close claim").click().run()
    assert "1 open task" in told(app_test)


def test_a_task_is_handed_on_to_somebody_who_sees_the_claim(app_test, signed_in):
    company, person = make.company(), support()
    sue = make.viewer(person)
    ref = reported(company, sue)
    task = claims.add_task(
        ref.id, "Call the garage", due_on=None, assigned_to=person.id, request_id=new_request_id(), by=sue
    )
    app_test = signed_in(app_test, person, page=DETAIL, query={"claim": ref.number})
    app_test.button(key=f"task.{task}.on").click().run()
    who = field(app_test, "selectbox", "Hand to")
    assert not [one for one in who.options if "Wade West" in one]
    who.select(str(company.erin.user_id))
    # AppTest runs the whole page, so the dialog must be opened again, and that empties a used form.
    app_test.button(key=f"task.{task}.on").click()
    del app_test.session_state[f"form.{ref.number}.task.{task}"]
    next(one for one in app_test.button if one.label == "Hand on" and one.form_id).click().run()
    assert not app_test.exception
    found = claims.claim(ref.id, by=sue, today=viewing.today())
    assert [one.assignee for one in found.tasks] == ["Erin East"]
    app_test = signed_in(app_test, person, page=DETAIL, query={"claim": ref.number})
    assert "Sue Support** handed a task on" in told(app_test)


def test_a_closed_claim_offers_to_be_reopened_and_noted_on_alone(app_test, signed_in):
    company, person = make.company(), support()
    ref = reported(company, make.viewer(person))
    claims.withdraw(ref.id, reason="Paid myself", version=ref.version, by=make.viewer(person))
    app_test = signed_in(app_test, person, page=DETAIL, query={"claim": ref.number})
    (more,) = app_test.get("menu_button")
    assert list(more.proto.options) == ["Write a note"]


def test_an_agent_sees_the_claim_without_the_work_on_it(app_test, signed_in):
    company, person = make.company(), support()
    ref = reported(company, make.viewer(person))
    app_test = signed_in(app_test, company.ann_in_east, page=DETAIL, query={"claim": ref.number})
    assert not app_test.exception
    assert "Collect documents" not in labels(app_test)
    assert "Withdraw" in labels(app_test)


def test_somebody_elses_claim_is_not_there(app_test, signed_in):
    company = make.company()
    his = make.claim(make.policy(company.walt_in_west))
    app_test = signed_in(app_test, company.ann_in_east, page=DETAIL, query={"claim": his.claim_number})
    assert "There is no claim" in app_test.error[0].proto.title


@pytest.mark.parametrize("named", ["id", "code"])
def test_a_notice_for_a_customer_offers_their_policies(app_test, signed_in, named):
    on = policy(make.company())
    whose = customers.customer(on.customer_id, by=make.viewer(make.user(Role.SUPPORT)))
    query = {"customer": str(whose.id) if named == "id" else whose.code}
    app_test = signed_in(app_test, support(), page=NOTICE, query=query)
    assert [one.label for one in app_test.button if on.policy_number in one.label.replace("\\", "")]


def test_a_claimant_whose_relation_is_not_known_is_told_by_the_name(app_test, signed_in):
    on = make.claim(policy(make.company()), claimant_name="Carla Cook")
    app_test.query_params["claim"] = on.claim_number
    shown = told(signed_in(app_test, support(), page=DETAIL))
    assert "Carla Cook" in shown
    assert "()" not in shown
