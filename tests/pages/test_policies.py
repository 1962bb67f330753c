"""The pages of policies: list, detail and entry, by role and by what is typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest
import streamlit as st
from sqlalchemy import event, text

from core import catalog, customers, policies
from core.access import Role
from core.audit.tables import StatusChange
from core.catalog import Category, NewRates, RateBand, RiderBasis, RiderTerms, RiderType
from core.demo.documents import pdf
from core.kit.dates import add_months, utc_now
from core.kit.ids import new_request_id
from core.policies import Application, PaymentFrequency, PaymentMethod, PolicyFilter
from core.policies.tables import Beneficiary, BeneficiaryClass, PolicyRider
from pages._ui import format as fmt
from pages._ui import viewing
from pages.policies._parts.changes import beneficiaries, sending
from tests import factories as make
from tests.factories.rows import put
from tests.pages.conftest import withdraw
from tests.policies.applying import sent

pytestmark = pytest.mark.page

LIST, DETAIL, ENTRY = (f"pages/policies/{name}.py" for name in ("policies", "policy", "entry"))
SEEN_BY = (Role.AGENT, Role.SENIOR_AGENT, Role.MANAGER, Role.UNDERWRITER, Role.SUPPORT, Role.EXECUTIVE)


BANDS = (RateBand(18, 65, Decimal("1.40")),)
ILLNESS = RiderTerms(RiderType.CRITICAL_ILLNESS, "Critical illness", RiderBasis.PER_MILLE, Decimal(2))


@pytest.fixture(autouse=True)
def no_choices_of_another_test():
    st.cache_data.clear()


def priced_product(company, *riders):
    product = make.product(name="Term Life 20")
    rates = NewRates(
        product.id,
        viewing.today() - timedelta(days=1),
        Decimal(60),
        BANDS,
        (
            RiderTerms(RiderType.WAIVER_OF_PREMIUM, "Waiver", RiderBasis.PERCENT_OF_BASE, Decimal(4)),
            *riders,
        ),
    )
    approved(company, rates, at=utc_now() - timedelta(days=1))
    return product


def approved(company, rates, *, at=None):
    rate = catalog.enter_rates(rates, request_id=new_request_id(), by=company.adam, now=at)
    approver = make.viewer(make.user(Role.UNDERWRITER, name="Ria Rates"))
    catalog.approve_rates(rate, version=1, by=approver, now=at)


def application(company, **columns):
    person = make.customer(agent=company.ann_in_east, date_of_birth=date(1990, 5, 1))
    given = {
        "customer_id": person.id,
        "product_id": priced_product(company).id,
        "sum_assured": Decimal(500_000),
        "term_years": 20,
        "payment_frequency": PaymentFrequency.MONTHLY,
        "payment_method": PaymentMethod.BANK_TRANSFER,
    }
    return Application(**{**given, **columns})


def button(app_test, label):
    return next(one for one in app_test.button if one.label == label)


def problems_told(app_test):
    """The errors with their titles."""
    return " ".join(f"{one.proto.title} {one.value}" for one in app_test.error)


def labels(app_test):
    return [one.label for one in app_test.button]


def told(app_test):
    return " ".join(str(one.value) for one in [*app_test.markdown, *app_test.caption, *app_test.error])


@pytest.mark.parametrize("role", SEEN_BY)
def test_the_list_opens_for_every_role_that_sees_policies(app_test, signed_in, role):
    make.company()
    person = make.agent(role) if role in {Role.AGENT, Role.SENIOR_AGENT} else make.user(role)
    app_test = signed_in(app_test, person, page=LIST)
    assert not app_test.exception
    assert [one.value for one in app_test.title] == ["Policies"]
    assert ("New policy" in labels(app_test)) == (role in {Role.AGENT, Role.SENIOR_AGENT, Role.MANAGER})
    assert ("To issue" in labels(app_test)) == (role in {Role.MANAGER, Role.UNDERWRITER})


def test_the_list_counts_what_the_address_asks_for(app_test, signed_in):
    company = make.company()
    make.policy(company.ann_in_east, status="active")
    make.policy(company.ann_in_east, status="underwriting")
    app_test = signed_in(app_test, company.ann_in_east, page=LIST, query={"status": "underwriting"})
    assert "**1** of 1" in told(app_test)


def test_the_head_says_whose_policies_are_shown(app_test, signed_in):
    company = make.company()
    app_test = signed_in(app_test, company.executive, page=LIST)
    ann = company.ann_in_east.id
    for address, whose in (
        ({}, "The whole company"),
        ({"territory": f"{company.east.id}", "agent": f"{ann}"}, "East · Ann Agent"),
        ({"territory": "0"}, "The whole company"),
    ):
        app_test.query_params.clear()
        for name, value in address.items():
            app_test.query_params[name] = value
        app_test.run()
        assert not app_test.exception
        assert app_test.caption[0].value == whose


def test_the_list_narrows_to_declined_applications(app_test, signed_in):
    company = make.company()
    make.policy(company.ann_in_east, status="cancelled", end_reason="customer")
    make.policy(company.ann_in_east, status="cancelled", end_reason="declined", issue_date=None)
    app_test = signed_in(app_test, company.ann_in_east, page=LIST, query={"status": "declined"})
    assert not app_test.exception
    assert next(one for one in app_test.multiselect if one.label == "Status").value == ["declined"]
    assert [list(one) for one in app_test.dataframe[0].value["status_label"]] == [["Declined"]]


def test_an_agent_is_told_that_somebody_elses_policy_is_not_there(app_test, signed_in):
    company = make.company()
    his = make.policy(company.walt_in_west)
    app_test = signed_in(app_test, company.ann_in_east, page=DETAIL, query={"policy": his.policy_number})
    assert f"There is no policy {his.policy_number}" in app_test.error[0].proto.title.replace("\\", "")


def test_a_policy_shows_its_premium_line_by_line(app_test, signed_in):
    company = make.company()
    draft = policies.start_draft(application(company), by=company.ann)
    ref = sent(draft, company.ann, now=utc_now())
    app_test = signed_in(app_test, company.ann_in_east, page=DETAIL, query={"policy": ref.number})
    assert not app_test.exception
    shown = told(app_test).replace("\\", "")
    assert "$700.00" in shown
    assert "$60.00" in shown
    assert "**$760.00**" in shown
    assert {"Send to underwriting", "Cancel application"} <= set(labels(app_test))


def test_cancelling_says_what_is_cancelled_and_what_follows(app_test, signed_in):
    company = make.company()
    on = make.policy(company.ann_in_east)
    app_test = signed_in(app_test, company.ann_in_east, page=DETAIL, query={"policy": on.policy_number})
    button(app_test, "Cancel policy").click().run()
    assert not app_test.exception
    assert labels(app_test).count("Cancel policy") == 2
    assert "Cancel" not in labels(app_test)
    assert "can't be taken up again" in app_test.warning[0].value


@pytest.mark.parametrize(
    ("reason", "shown", "is_told"),
    [("expired", "Expired", False), ("declined", "Declined", False), ("customer", "Cancelled", True)],
)
def test_why_cover_ended_is_told_where_the_status_does_not(app_test, signed_in, reason, shown, is_told):
    company = make.company()
    on = make.policy(company.ann_in_east, status="cancelled", end_reason=reason, end_date=date(2026, 4, 1))
    app_test = signed_in(app_test, company.ann_in_east, page=DETAIL, query={"policy": on.policy_number})
    assert shown in told(app_test)
    assert ("Ended because" in told(app_test)) == is_told


def test_changing_beneficiaries_begins_with_those_of_today_and_not_with_planned_ones(database):
    company = make.company()
    on = make.policy(company.ann_in_east, effective_date=date(2025, 1, 1))
    days = [date(2025, 1, 1), viewing.today() - timedelta(days=9), viewing.today() + timedelta(days=9)]
    for name, begins, ends in zip(("Past", "Now", "Next"), days, [*days[1:], None], strict=True):
        put(
            Beneficiary(
                policy_id=on.id, beneficiary_class=BeneficiaryClass.PRIMARY, name=name, relation="child",
                share_pct=Decimal(100), valid_from=begins, valid_to=ends,
            )
        )  # fmt: skip
    detail = policies.policy(on.id, by=company.ann)
    assert [one.name for one in beneficiaries.held(detail)] == ["Now"]


def test_a_change_of_cover_that_is_to_come_suggests_its_first_day(database):
    company = make.company()
    day = viewing.today() + timedelta(days=9)
    on = make.policy(
        company.ann_in_east, status="issued", effective_date=day, expiry_date=add_months(day, 12)
    )
    assert sending.first_day(policies.policy(on.id, by=company.ann)) == day


@pytest.mark.parametrize(
    ("days", "term", "said"),
    [
        (0, 3650, "can be reinstated until {}. What is owed has to be paid first"),
        (1100, 3650, "can no longer be reinstated: that was possible until {}"),
        (10, 100, "can be reinstated until {}. What is owed has to be paid first"),
        (100, 10, "can no longer be reinstated: that was possible until {}"),
    ],
)
def test_a_lapsed_policy_tells_who_may_reinstate_it_until_when_that_is(
    app_test, signed_in, days, term, said
):
    company, today = make.company(), viewing.today()
    lapsed_on = today - timedelta(days=days)
    expires = lapsed_on + timedelta(days=term)
    last = min(add_months(lapsed_on, 36), expires - timedelta(days=1))
    on = make.policy(
        company.ann_in_east, status="lapsed", end_date=lapsed_on, end_reason="grace_expired",
        expiry_date=expires, effective_date=lapsed_on - timedelta(days=50),
    )  # fmt: skip
    query = {"policy": on.policy_number}
    app_test = signed_in(app_test, company.erin_manages_east, page=DETAIL, query=query)
    assert not app_test.exception
    assert said.format(fmt.day(last)) in app_test.info[0].value.replace("\\", "")
    assert not signed_in(app_test, company.ann_in_east, page=DETAIL, query=query).info


def test_every_paragraph_of_a_reason_stands_in_the_history(app_test, signed_in):
    company = make.company()
    on = make.policy(company.ann_in_east, status="cancelled", end_reason="customer")
    put(
        StatusChange(
            entity="policy", entity_id=on.id, from_status="active", to_status="cancelled",
            actor_role="support", reason="Moves abroad\n\nWrote on Monday",
        )
    )  # fmt: skip
    app_test = signed_in(app_test, company.ann_in_east, page=DETAIL, query={"policy": on.policy_number})
    (shown,) = [one.value for one in app_test.markdown if "Moves abroad" in one.value]
    assert shown.endswith(":small[:gray[“Moves abroad]]  \n\n:small[:gray[Wrote on Monday”]]")


def test_executives_see_policies_without_ways_to_change_them(app_test, signed_in):
    company = make.company()
    policy = make.policy(company.ann_in_east)
    app_test = signed_in(app_test, company.executive, page=DETAIL, query={"policy": policy.policy_number})
    assert not app_test.exception
    assert "Cancel policy" not in labels(app_test)
    assert "Carla" not in told(app_test)


def test_an_entry_is_kept_and_found_again_among_the_drafts(app_test, signed_in):
    company = make.company()
    draft = policies.start_draft(application(company), by=company.ann)
    app_test = signed_in(app_test, company.ann_in_east, page=ENTRY)
    assert "Carla Customer · Term Life 20" in told(app_test).replace("\\", "")
    button(app_test, "Go on").click().run()
    assert not app_test.exception
    assert app_test.query_params["draft"] in (str(draft.id), [str(draft.id)])


def test_every_failing_limit_is_named_with_its_value_while_typing(app_test, signed_in):
    company = make.company()
    draft = policies.start_draft(application(company), by=company.ann)
    query = {"draft": str(draft.id), "step": "product"}
    app_test = signed_in(app_test, company.ann_in_east, page=ENTRY, query=query)
    next(one for one in app_test.text_input if one.label == "Sum assured").input("2,000,000").run()
    next(one for one in app_test.number_input if one.label == "Term in years").set_value(40).run()
    shown = told(app_test).replace("\\", "")
    assert ":red[:material/error: The sum assured is $2,000,000; the most is $1,000,000" in shown
    assert ":red[:material/error: The term is 40 years; the longest is 30" in shown
    assert "Together" not in shown
    kept = policies.draft(draft.id, by=company.ann).application
    assert (kept.sum_assured, kept.term_years) == (Decimal(2_000_000), 40)


def test_a_sum_that_is_no_number_is_told_and_what_was_kept_stays(app_test, signed_in):
    company = make.company()
    draft = policies.start_draft(application(company), by=company.ann)
    query = {"draft": str(draft.id), "step": "product"}
    app_test = signed_in(app_test, company.ann_in_east, page=ENTRY, query=query)
    next(one for one in app_test.text_input if one.label == "Sum assured").input("lots").run()
    assert not app_test.exception
    assert ":red[" in told(app_test)
    assert policies.draft(draft.id, by=company.ann).application.sum_assured == Decimal(500_000)


def test_beneficiaries_that_do_not_add_up_are_told_before_submitting(app_test, signed_in):
    company = make.company()
    draft = policies.start_draft(application(company), by=company.ann)
    query = {"draft": str(draft.id), "step": "beneficiaries"}
    app_test = signed_in(app_test, company.ann_in_east, page=ENTRY, query=query)
    button(app_test, "Add a primary beneficiary").click().run()
    assert ":gray[:material/pending:] Primary: **100.00 %**" in told(app_test)
    next(one for one in app_test.text_input if one.label == "Name").input("Sam Spouse").run()
    next(one for one in app_test.selectbox if one.label == "Relation").select("spouse").run()
    assert ":green[:material/check:] Primary: **100.00 %**" in told(app_test)
    next(one for one in app_test.number_input if one.label == "Share in %").set_value(60.0).run()
    assert "**60.00 %** of 100.00 %, 40.00 % missing" in told(app_test)
    app_test.button(key="step.review").click().run()
    button(app_test, "Submit to underwriting").click().run()
    assert "not to 100.00 %" in told(app_test).replace("\\", "")
    assert policies.policies(PolicyFilter(), by=company.ann).total == 0


def test_continue_stays_at_a_faulty_step_and_the_ribbon_marks_it(app_test, signed_in):
    company = make.company()
    draft = policies.start_draft(application(company, sum_assured=Decimal(99_999_999)), by=company.ann)
    query = {"draft": str(draft.id), "step": "product"}
    app_test = signed_in(app_test, company.ann_in_east, page=ENTRY, query=query)
    button(app_test, "Continue to riders").click().run()
    assert {":material/check: 1. Customer", ":material/error: 2. Product"} <= set(labels(app_test))
    next(one for one in app_test.text_input if one.label == "Sum assured").input("500,000").run()
    assert ":material/check: 2. Product" in labels(app_test)
    button(app_test, "Continue to riders").click().run()
    assert "Continue to beneficiaries" in labels(app_test)


def test_a_beneficiary_without_a_name_is_told_beside_the_field_and_has_no_tick(app_test, signed_in):
    company = make.company()
    draft = policies.start_draft(application(company), by=company.ann)
    query = {"draft": str(draft.id), "step": "beneficiaries"}
    app_test = signed_in(app_test, company.ann_in_east, page=ENTRY, query=query)
    button(app_test, "Add a primary beneficiary").click().run()
    button(app_test, "Continue to documents").click().run()
    shown = told(app_test).replace("\\", "")
    assert "Enter the beneficiary's name" in shown
    assert ":gray[:material/pending:] Primary: **100.00 %** of 100.00 %, name and relation missing" in shown
    app_test.button(key="step.review").click().run()
    assert "Primary beneficiary: name missing" in told(app_test).replace("\\", "")
    assert ":red[:material/error:] 4. Beneficiaries" in labels(app_test)


def test_a_failing_limit_is_told_on_the_other_steps_without_a_premium(app_test, signed_in):
    company = make.company()
    draft = policies.start_draft(application(company, sum_assured=Decimal(99_999_999)), by=company.ann)
    query = {"draft": str(draft.id), "step": "riders"}
    app_test = signed_in(app_test, company.ann_in_east, page=ENTRY, query=query)
    assert "the most is $1,000,000" in app_test.error[0].value.replace("\\", "")
    assert "Together" not in told(app_test)
    assert ":red[:material/error:] 2. Product" in labels(app_test)


def test_a_rider_says_its_price_in_plain_words(app_test, signed_in):
    company = make.company()
    draft = policies.start_draft(application(company), by=company.ann)
    query = {"draft": str(draft.id), "step": "riders"}
    app_test = signed_in(app_test, company.ann_in_east, page=ENTRY, query=query)
    assert [one.label for one in app_test.checkbox] == ["Waiver"]
    assert "4 % of the base premium" in told(app_test)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("-100,000", "an amount above $0"),
        ("0", "an amount above $0"),
        ("999,999,999", "the most is that of the policy, $500,000"),
        ("lots", "is not an amount"),
    ],
)
def test_a_sum_that_a_rider_cannot_have_is_told_beside_it(app_test, signed_in, typed, asked):
    company = make.company()
    product = priced_product(company, ILLNESS)
    draft = policies.start_draft(application(company, product_id=product.id), by=company.ann)
    query = {"draft": str(draft.id), "step": "riders"}
    app_test = signed_in(app_test, company.ann_in_east, page=ENTRY, query=query)
    for box in app_test.checkbox:
        box.check()
    app_test.run()
    next(one for one in app_test.text_input if one.label.startswith("Sum of")).input(typed).run()
    assert not app_test.exception
    (beside,) = [one.value for one in app_test.markdown if one.value.startswith(":small[:red[")]
    assert asked in beside.replace("\\", "")
    assert "Together" not in told(app_test)
    kept = policies.draft(draft.id, by=company.ann).application
    assert {one.rider_type for one in kept.riders} == {
        RiderType.CRITICAL_ILLNESS,
        RiderType.WAIVER_OF_PREMIUM,
    }
    button(app_test, "Continue to beneficiaries").click().run()
    assert ":material/error: 3. Riders" in labels(app_test)


def add_file(app_test, content=None):
    app_test.file_uploader[0].upload("licence.pdf", content or pdf("Licence"), "application/pdf")
    app_test.run()
    next(one for one in app_test.button if one.label.startswith("Add licence")).click().run()
    assert not app_test.exception
    return app_test


def test_the_documents_step_asks_for_what_is_missing_and_keeps_what_is_uploaded(app_test, signed_in):
    company = make.company()
    draft = policies.start_draft(application(company), by=company.ann)
    query = {"draft": str(draft.id), "step": "documents"}
    app_test = signed_in(app_test, company.ann_in_east, page=ENTRY, query=query)
    shown = told(app_test)
    assert "Proof of identity" in shown
    assert "the sum assured is above $250,000" in shown.replace("\\", "")
    add_file(app_test)
    (kept,) = policies.draft_documents(draft.id, by=company.ann, today=viewing.today()).own
    assert (kept.kind, kept.name) == ("id_proof", "licence.pdf")
    assert "to be verified by somebody other than Ann Agent" in told(app_test)


def test_a_blank_that_was_told_is_no_longer_told_once_it_is_filled(app_test, signed_in):
    company = make.company()
    draft = policies.start_draft(application(company), by=company.ann)
    query = {"draft": str(draft.id), "step": "documents"}
    app_test = signed_in(app_test, company.ann_in_east, page=ENTRY, query=query)
    button(app_test, "Add a document").click().run()
    assert "Choose a file" in told(app_test)
    app_test.file_uploader[0].upload("licence.pdf", pdf("Licence"), "application/pdf")
    app_test.run()
    assert "Choose a file" not in told(app_test)


def test_issuing_names_the_documents_that_nobody_has_verified(app_test, signed_in):
    company = make.company()
    draft = policies.start_draft(application(company), by=company.ann)
    ref = sent(draft, company.ann, hands_over=True, now=utc_now())
    policies.add_document(
        ref.id, kind="policy_contract", name="contract.pdf", content=pdf("Contract"),
        request_id=new_request_id(), by=company.ann,
    )  # fmt: skip
    uma = make.user(Role.UNDERWRITER, name="Uma Under")
    app_test = signed_in(app_test, uma, page=DETAIL, query={"policy": ref.number})
    button(app_test, "Issue").click().run()
    shown = " ".join(one.value for one in app_test.warning).replace("\\", "")
    assert "Still to be verified: contract.pdf" in shown


def test_a_file_that_is_none_of_its_kind_is_told_beside_it_and_the_rest_stays(app_test, signed_in):
    company = make.company()
    draft = policies.start_draft(application(company), by=company.ann)
    query = {"draft": str(draft.id), "step": "documents"}
    app_test = signed_in(app_test, company.ann_in_east, page=ENTRY, query=query)
    next(one for one in app_test.selectbox if one.label == "What it is").select("address_proof")
    add_file(app_test, b"MZ program")
    assert "The content is not that of a .pdf file" in told(app_test).replace("\\", "")
    button(app_test, "Continue to review").click().run()
    assert "licence.pdf is not added yet" in app_test.toast[0].value.replace("\\", "")
    assert next(one for one in app_test.selectbox if one.label == "What it is").value == "address_proof"
    assert policies.draft_documents(draft.id, by=company.ann, today=viewing.today()).own == ()


def test_the_review_says_which_documents_can_still_follow(app_test, signed_in):
    company = make.company()
    draft = policies.start_draft(application(company), by=company.ann)
    query = {"draft": str(draft.id), "step": "review"}
    app_test = signed_in(app_test, company.ann_in_east, page=ENTRY, query=query)
    shown = told(app_test).replace("\\", "")
    assert "Still asked for: Proof of identity, Proof of address, Medical report" in shown


def test_a_document_of_a_policy_is_verified_on_its_page_by_somebody_else(app_test, signed_in):
    company = make.company()
    on = make.policy(company.ann_in_east)
    policies.add_document(
        on.id, kind="policy_contract", name="contract.pdf", content=pdf("Contract"),
        request_id=new_request_id(), by=company.ann,
    )  # fmt: skip
    uma = make.user(Role.UNDERWRITER, name="Uma Under")
    app_test = signed_in(app_test, uma, page=DETAIL, query={"policy": on.policy_number})
    button(app_test, "Verify…").click().run()
    assert not policies.documents(on.id, by=company.ann, today=viewing.today()).own[0].is_verified
    assert "It is not right: withdraw it" in [one.label for one in app_test.expander]
    for label in ("Verify…", "It is right: verify"):  # AppTest runs the whole page, so it is opened again
        button(app_test, label).click()
    app_test.run()
    assert not app_test.exception
    (seen,) = policies.documents(on.id, by=company.ann, today=viewing.today()).own
    assert seen.verified_by == "Uma Under"


def test_the_proofs_of_an_issued_policy_stay_on_its_page(app_test, signed_in):
    company = make.company()
    on = make.policy(company.ann_in_east)
    customers.upload_document(
        on.customer_id, kind="id_proof", name="licence.pdf", content=pdf("Licence"),
        request_id=new_request_id(), by=company.ann,
    )  # fmt: skip
    app_test = signed_in(app_test, company.ann_in_east, page=DETAIL, query={"policy": on.policy_number})
    shown = told(app_test)
    assert "Proof of identity" in shown
    assert "No documents" not in shown


@pytest.mark.parametrize("address", [{"draft": "²"}, {"draft": "9" * 25}, {"customer": "³"}])
def test_an_address_that_names_no_entry_shows_ones_own(app_test, signed_in, address):
    app_test = signed_in(app_test, make.company().ann_in_east, page=ENTRY, query=address)
    assert not app_test.exception
    assert "Applications that you have not submitted yet" in told(app_test)


def test_what_is_taken_back_in_the_entry_is_asked_for_again(app_test, signed_in):
    company = make.company()
    draft = policies.start_draft(application(company), by=company.ann)
    query = {"draft": str(draft.id), "step": "documents"}
    app_test = signed_in(app_test, company.ann_in_east, page=ENTRY, query=query)
    add_file(app_test)
    withdraw(app_test, "Why? (optional)")
    found = policies.draft_documents(draft.id, by=company.ann, today=viewing.today())
    assert (found.own, found.asked[0].found) == ((), None)
    app_test.run()
    assert [one.label for one in app_test.expander] == ["1 withdrawn document"]


def test_a_document_of_a_policy_is_withdrawn_on_its_page_with_a_reason(app_test, signed_in):
    company = make.company()
    on = make.policy(company.ann_in_east)
    policies.add_document(
        on.id, kind="policy_contract", name="contract.pdf", content=pdf("Contract"),
        request_id=new_request_id(), by=company.ann,
    )  # fmt: skip
    uma = make.user(Role.UNDERWRITER, name="Uma Under")
    app_test = signed_in(app_test, uma, page=DETAIL, query={"policy": on.policy_number})
    withdraw(app_test, "Why?", "Of another policy")
    (seen,) = policies.documents(on.id, by=company.ann, today=viewing.today()).withdrawn
    assert (seen.withdrawn_by, seen.withdrawn_reason) == ("Uma Under", "Of another policy")


def test_filters_that_mean_nothing_are_dropped_and_not_counted(app_test, signed_in):
    company = make.company()
    make.policy(company.ann_in_east)
    query = {"status": "gone.active", "product": "x", "issued": "someday", "agent": "12"}
    app_test = signed_in(app_test, company.ann_in_east, page=LIST, query=query)
    assert not app_test.exception
    assert "**1** of 1" in told(app_test)
    assert "Clear" in labels(app_test)
    app_test.query_params.clear()
    app_test.query_params["product"] = "x"
    app_test.run()
    assert "Clear" not in labels(app_test)


def test_submitting_makes_the_policy_and_opens_it(app_test, signed_in):
    company = make.company()
    draft = policies.start_draft(application(company), by=company.ann)
    query = {"draft": str(draft.id), "step": "review"}
    app_test = signed_in(app_test, company.ann_in_east, page=ENTRY, query=query)
    button(app_test, "Submit to underwriting").click().run()
    assert not app_test.exception
    found = policies.policies(PolicyFilter(), by=company.ann).rows
    assert [(row.status, row.annual_premium) for row in found] == [("underwriting", Decimal("760.00"))]
    assert "an underwriter decides next" in " ".join(one.value for one in app_test.success)


def test_what_another_tab_saved_is_shown_before_it_is_submitted(app_test, signed_in):
    company = make.company()
    draft = policies.start_draft(application(company), by=company.ann)
    query = {"draft": str(draft.id), "step": "review"}
    app_test = signed_in(app_test, company.ann_in_east, page=ENTRY, query=query)
    less = replace(draft.application, sum_assured=Decimal(250_000))
    policies.save_draft(draft.id, less, step="product", version=draft.version, by=company.ann)
    button(app_test, "Submit to underwriting").click().run()
    assert not app_test.exception
    assert policies.policies(PolicyFilter(), by=company.ann).total == 0
    shown = told(app_test).replace("\\", "")
    assert "Another tab has saved this application since you read it" in shown
    assert "the premium is $410.00 a year, and was $760.00 a year. Nothing was submitted" in shown
    assert "**$410.00**" in shown
    button(app_test, "Submit to underwriting").click().run()
    (row,) = policies.policies(PolicyFilter(), by=company.ann).rows
    assert row.sum_assured == 250_000


def test_that_an_entry_is_gone_is_told_at_once_and_not_in_the_next_one(app_test, signed_in, database):
    company = make.company()
    gone, other = (policies.start_draft(application(company), by=company.ann) for _ in range(2))
    query = {"draft": str(gone.id), "step": "review"}
    app_test = signed_in(app_test, company.ann_in_east, page=ENTRY, query=query)
    done = []

    def discard_meanwhile(*given):
        if not done and "policy_drafts" in given[2] and "FOR UPDATE" in given[2]:
            done.append(gone.id)
            with database.begin() as elsewhere:
                put_away = (
                    "update policy_drafts set discarded_at = now(), version = version + 1 where id = "
                )
                elsewhere.execute(text(put_away + str(gone.id)))

    event.listen(database, "before_cursor_execute", discard_meanwhile)
    button(app_test, "Submit to underwriting").click().run()
    assert not app_test.exception
    assert done
    assert f"There is no draft {gone.id} that you can open" in problems_told(app_test)
    assert policies.policies(PolicyFilter(), by=company.ann).total == 0
    app_test.query_params["draft"] = str(other.id)
    app_test.run()
    assert "Submit to underwriting" in labels(app_test)
    assert problems_told(app_test) == ""


def test_a_premium_that_changed_since_the_review_is_shown_before_it_is_submitted(app_test, signed_in):
    company = make.company()
    given = application(company)
    draft = policies.start_draft(given, by=company.ann)
    query = {"draft": str(draft.id), "step": "review"}
    app_test = signed_in(app_test, company.ann_in_east, page=ENTRY, query=query)
    approved(company, NewRates(given.product_id, viewing.today(), Decimal(75), BANDS, ()))
    button(app_test, "Submit to underwriting").click().run()
    assert not app_test.exception
    assert policies.policies(PolicyFilter(), by=company.ann).total == 0
    shown = told(app_test).replace("\\", "")
    assert "costs something else by now: the premium is $775.00 a year, and was $760.00 a year" in shown
    button(app_test, "Submit to underwriting").click().run()
    (row,) = policies.policies(PolicyFilter(), by=company.ann).rows
    assert row.annual_premium == Decimal("775.00")


def test_a_won_lead_opens_the_entry_filled_in(app_test, signed_in):
    company = make.company()
    product = priced_product(company)
    person = make.customer(agent=company.ann_in_east)
    lead = make.lead(
        company.ann_in_east, status="won", product_interest=product.id, customer_id=person.id,
        expected_sum_assured=Decimal(250_000),
    )  # fmt: skip
    app_test = signed_in(app_test, company.ann_in_east, page=ENTRY, query={"lead": lead.lead_code})
    assert not app_test.exception
    (draft,) = policies.drafts(by=company.ann)
    kept = draft.application
    assert (kept.lead_id, kept.customer_id, kept.product_id) == (lead.id, person.id, product.id)
    assert next(one for one in app_test.text_input if one.label == "Sum assured").value == "250,000.00"


def test_an_entry_for_somebody_else_is_no_longer_of_its_lead(app_test, signed_in):
    company = make.company()
    person = make.customer(agent=company.ann_in_east)
    other = make.customer(agent=company.ann_in_east, last_name="Okafor")
    lead = make.lead(company.ann_in_east, status="won", customer_id=person.id)
    of_lead = Application(customer_id=person.id, lead_id=lead.id)
    draft = policies.start_draft(of_lead, by=company.ann)
    query = {"draft": str(draft.id), "step": "customer"}
    app_test = signed_in(app_test, company.ann_in_east, page=ENTRY, query=query)
    next(one for one in app_test.text_input if one.label == "Somebody else").input("Okafor").run()
    next(one for one in app_test.button if "Okafor" in one.label).click().run()
    assert not app_test.exception
    kept = policies.draft(draft.id, by=company.ann).application
    assert (kept.customer_id, kept.lead_id) == (other.id, None)
    assert "without it" in " ".join(one.value for one in app_test.toast)


def test_a_lead_that_is_not_won_starts_no_entry(app_test, signed_in):
    company = make.company()
    lead = make.lead(company.ann_in_east, status="contacted")
    app_test = signed_in(app_test, company.ann_in_east, page=ENTRY, query={"lead": lead.lead_code})
    assert policies.drafts(by=company.ann) == ()


def test_a_lead_whose_policy_was_entered_before_leads_on_to_it(app_test, signed_in):
    company = make.company()
    ann = company.ann_in_east
    person = make.customer(agent=ann, territory_id=company.east.id)
    lead = make.lead(ann, status="won", customer_id=person.id)
    there = make.policy(ann, customer_id=person.id, lead_id=lead.id, territory_id=company.east.id)
    app_test = signed_in(app_test, ann, page=ENTRY, query={"lead": lead.lead_code})
    links = {one.proto.label: one.proto.query_string for one in app_test.get("page_link")}
    assert links[f"Open {fmt.plain(there.policy_number)}"] == f"policy={there.policy_number}"


def test_an_entry_from_a_customer_goes_on_with_the_product(app_test, signed_in):
    company = make.company()
    mine = make.customer(agent=company.ann_in_east, last_name="Okafor")
    app_test = signed_in(app_test, company.ann_in_east, page=ENTRY, query={"customer": str(mine.id)})
    assert "Okafor" in app_test.caption[0].value


def test_the_way_from_a_customers_policies_to_a_new_one_opens_an_entry_for_them(app_test, signed_in):
    company = make.company()
    mine = make.customer(agent=company.ann_in_east, territory_id=company.east.id, last_name="Okafor")
    query = {"customer": mine.customer_code, "tab": "Policies"}
    app_test = signed_in(app_test, company.ann_in_east, page="pages/customers/customer.py", query=query)
    way = next(
        one.proto for one in app_test.get("page_link") if one.proto.label == "New policy for this customer"
    )
    app_test.query_params.clear()
    for name, value in parse_qsl(way.query_string.removeprefix("?")):
        app_test.query_params[name] = value
    app_test.switch_page(ENTRY).run()
    assert not app_test.exception
    assert not app_test.error
    (draft,) = policies.drafts(by=company.ann)
    assert (draft.application.customer_id, draft.step) == (mine.id, "product")


def test_an_entry_from_somebody_elses_customer_does_not_begin(app_test, signed_in):
    company = make.company()
    theirs = make.customer(agent=company.walt_in_west)
    app_test = signed_in(app_test, company.ann_in_east, page=ENTRY, query={"customer": str(theirs.id)})
    assert app_test.error
    assert not policies.drafts(by=company.ann)


def create_lena(app_test):
    """Fill in and send a new customer, with a telephone number that somebody has."""
    typed = {
        "First name": "Lena", "Last name": "New", "Phone": "614 555 0177", "Address": "1 Main Street",
        "City": "Columbus", "State": "OH", "Postal code": "43085",
    }  # fmt: skip
    for label, value in typed.items():
        next(one for one in app_test.text_input if one.label == label).input(value)
    app_test.date_input[0].set_value(date(1990, 2, 3))
    next(one for one in app_test.selectbox if one.label == "Gender").select("female")
    button(app_test, "Create customer").click().run()


def test_who_may_be_a_customer_already_is_shown_in_the_entry_before_a_new_one_is_made(app_test, signed_in):
    company = make.company()
    there = make.customer(
        agent=company.ann_in_east, territory_id=company.east.id, first_name="Nora", last_name="Known",
        phone_primary="+1 614-555-0177",
    )  # fmt: skip
    draft = policies.start_draft(by=company.ann)
    query = {"draft": str(draft.id), "step": "customer"}
    app_test = signed_in(app_test, company.ann_in_east, page=ENTRY, query=query)
    create_lena(app_test)
    assert not app_test.exception
    shown = told(app_test).replace("\\", "")
    assert "**Nora Known**" in shown
    assert "same phone" in shown
    ways = [one.proto.url for one in app_test.get("link_button")]
    assert ways == [f"/customer?customer={there.customer_code}"]
    assert [one.value for one in app_test.text_input if one.label == "First name"] == ["Lena"]
    button(app_test, "Create all the same").click().run()
    assert policies.draft(draft.id, by=company.ann).application.customer_id is None
    why = "Why a new record is needed all the same"
    next(one for one in app_test.text_input if one.label == why).input("Her daughter")
    button(app_test, "Create all the same").click().run()
    assert not app_test.exception
    assert policies.draft(draft.id, by=company.ann).customer == "Lena New"


def test_in_the_entry_a_record_that_is_there_already_is_taken_by_its_button(app_test, signed_in):
    company = make.company()
    there = make.customer(
        agent=company.ann_in_east, territory_id=company.east.id, first_name="Nora", last_name="Known",
        phone_primary="+1 614-555-0177",
    )  # fmt: skip
    make.customer(agent=company.walt_in_west, territory_id=company.west.id, phone_primary="+1 614-555-0177")
    draft = policies.start_draft(by=company.ann)
    query = {"draft": str(draft.id), "step": "customer"}
    app_test = signed_in(app_test, company.ann_in_east, page=ENTRY, query=query)
    create_lena(app_test)
    # Nobody takes a record of somebody else's.
    assert [one.label for one in app_test.button].count("Choose this one") == 1
    button(app_test, "Choose this one").click().run()
    assert not app_test.exception
    kept = policies.draft(draft.id, by=company.ann)
    assert (kept.application.customer_id, kept.step) == (there.id, "product")
    assert customers.find("Lena", by=company.ann) == ()
    app_test.query_params["step"] = "customer"
    app_test.run()
    assert "This may be a customer already" not in told(app_test)
    assert button(app_test, "Create customer")


def test_a_declined_application_is_called_so_and_has_no_cover_that_ends(app_test, signed_in):
    company, today = make.company(), viewing.today()
    on = make.policy(
        company.ann_in_east, status="cancelled", end_reason="declined", end_date=today, issue_date=None
    )
    app_test = signed_in(app_test, company.ann_in_east, page=DETAIL, query={"policy": on.policy_number})
    shown = " ".join(str(one.value) for one in app_test.markdown)
    assert "badge[Declined]" in shown
    assert "Declined on" in shown
    assert "Cover ends" not in shown
    assert "Cancelled" not in shown


def test_the_review_of_an_application_for_life_says_so(app_test, signed_in):
    company = make.company()
    for_life = application(company, product_id=make.product(Category.WHOLE_LIFE).id, term_years=None)
    draft = policies.start_draft(for_life, by=company.ann)
    query = {"draft": str(draft.id), "step": "review"}
    app_test = signed_in(app_test, company.ann_in_east, page=ENTRY, query=query)
    assert not app_test.exception
    assert "Whole life" in told(app_test).replace("\\", "")


def test_cover_for_life_is_called_so_and_shows_no_date_of_expiry(app_test, signed_in):
    company = make.company()
    on = make.policy(
        company.ann_in_east, product_id=make.product(Category.WHOLE_LIFE).id, expiry_date=date(2126, 1, 4)
    )
    put(
        PolicyRider(
            policy_id=on.id, rider_type=RiderType.WAIVER_OF_PREMIUM, rider_name="Waiver",
            sum_assured=Decimal(5_000), premium_amount=Decimal(10), start_date=date(2026, 1, 4),
            end_date=date(2126, 1, 4),
        )
    )  # fmt: skip
    app_test = signed_in(app_test, company.ann_in_east, page=DETAIL, query={"policy": on.policy_number})
    assert not app_test.exception
    shown = told(app_test).replace("\\", "")
    assert "Whole life" in shown
    assert "from Jan 4, 2026" in shown
    assert "2126" not in shown
    app_test = signed_in(app_test, company.ann_in_east, page=LIST)
    assert list(app_test.dataframe[0].value["cover_ends"]) == [None]


@pytest.mark.parametrize("status", ["lapsed", "cancelled"])
@pytest.mark.parametrize(
    ("columns", "term"),
    [
        ({"term_years": 10, "expiry_date": date(2036, 4, 1)}, "10 years, to Apr 1, 2036"),
        ({"expiry_date": date(2036, 4, 1)}, "11 years, to Apr 1, 2036"),
        ({"expiry_date": date(2025, 10, 1)}, "6 months, to Oct 1, 2025"),
        ({"expiry_date": date(2025, 5, 11)}, "40 days, to May 11, 2025"),
        ({"expiry_date": None}, "–"),
    ],
)
def test_when_cover_ended_is_told_alike_on_the_page_and_in_the_list(
    app_test, signed_in, status, columns, term
):
    company = make.company()
    ended = {"end_date": date(2025, 5, 2), "end_reason": "grace_expired"}
    on = make.policy(company.ann_in_east, status=status, **ended, **columns)
    app_test = signed_in(app_test, company.ann_in_east, page=DETAIL, query={"policy": on.policy_number})
    assert not app_test.exception
    shown = [str(one.value).replace("\\", "") for one in app_test.markdown]
    assert ":small[:gray[Cover ends]]  \nMay 2, 2025" in shown
    assert f":small[:gray[Term]]  \n{term}" in shown
    app_test = signed_in(
        app_test, company.ann_in_east, page=LIST, query={"columns": "cover_ends.term_ends"}
    )
    listed = app_test.dataframe[0].value
    assert [str(one) for one in listed["cover_ends"]] == ["2025-05-02"]
    assert [str(one) for one in listed["term_ends"]] == [str(columns["expiry_date"])]


@pytest.mark.parametrize(
    ("ends", "term"),
    [
        (date(2026, 11, 26), "1 year, renewed 6 times"),
        (date(2021, 11, 26), "1 year, renewed 1 time"),
        (date(2021, 5, 26), "18 months"),
    ],
)
def test_cover_that_was_renewed_every_year_has_a_term_of_one(app_test, signed_in, ends, term):
    company = make.company()
    on = make.policy(
        company.ann_in_east, product_id=make.product(Category.AUTO).id,
        effective_date=date(2019, 11, 26), expiry_date=ends,
    )  # fmt: skip
    app_test = signed_in(app_test, company.ann_in_east, page=DETAIL, query={"policy": on.policy_number})
    assert f":small[:gray[Term]]  \n{term}" in [one.value for one in app_test.markdown]


def test_what_waits_to_be_issued_shows_since_when_oldest_first(app_test, signed_in):
    company, today = make.company(), viewing.today()
    for days in (1, 9):
        make.policy(
            company.ann_in_east, status="underwriting", application_date=today - timedelta(days=days),
            issue_date=None,
        )  # fmt: skip
    uma = make.user(Role.UNDERWRITER, name="Uma Under")
    app_test = signed_in(app_test, uma, page=LIST)
    button(app_test, "To issue").click().run()
    assert not app_test.exception
    shown = app_test.dataframe[0].value
    first, second = shown["application_date"]
    assert first < second
    assert list(shown.columns).index("application_date") == 2


def waiting_for_issue(company, **columns):
    draft_of = make.customer(agent=company.ann_in_east, **columns)
    return make.policy(
        company.ann_in_east, customer_id=draft_of.id, status="underwriting", issue_date=None,
        sum_assured=Decimal(2_000_000),
    )  # fmt: skip


def test_above_the_limit_the_issue_is_closed_and_says_who_decides(app_test, signed_in):
    company = make.company()
    on = waiting_for_issue(company)
    uma = make.user(Role.UNDERWRITER, name="Uma Under")
    app_test = signed_in(app_test, uma, page=DETAIL, query={"policy": on.policy_number})
    assert button(app_test, "Issue").disabled
    assert "above it a manager does" in told(app_test)
    app_test = signed_in(
        app_test, company.erin_manages_east, page=DETAIL, query={"policy": on.policy_number}
    )
    assert not button(app_test, "Issue").disabled
    assert "above it a manager does" not in told(app_test)


@pytest.mark.parametrize(("state", "said"), [("rejected", "The check: Rejected"), ("verified", "Verified")])
def test_who_issues_is_told_whether_the_identity_was_verified(app_test, signed_in, state, said):
    company = make.company()
    on = waiting_for_issue(company, kyc_status=customers.KycStatus(state))
    app_test = signed_in(
        app_test, company.erin_manages_east, page=DETAIL, query={"policy": on.policy_number}
    )
    button(app_test, "Issue").click().run()
    assert not app_test.exception
    warned = " ".join(one.value for one in app_test.warning).replace("\\", "")
    assert ("identity is not verified" in warned) == (state == "rejected")
    assert said in warned + told(app_test)
