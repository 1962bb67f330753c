"""What waits for whom, across claims, policies, rates, documents and customers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from core import claims, customers
from core.access import Role, Viewer
from core.access.tables import User
from core.audit.tables import StatusChange
from core.catalog.tables import ProductRate
from core.claims.tables import Claim, ClaimDocument, ClaimStatus, ClaimTask
from core.customers.tables import Customer, KycStatus
from core.db import unit_of_work
from core.documents.tables import CustomerDocument, DocumentType
from core.kit.ids import new_request_id
from core.policies.tables import PolicyDraft
from core.worklist import worklist
from core.worklist.persons import _next_birthday
from tests import factories
from tests.factories import Company
from tests.factories.rows import put

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)
TODAY = date(2026, 11, 21)


@pytest.fixture
def firm(database: Engine) -> Company:
    return factories.company()


def found(kind: str, by: Viewer) -> list[tuple[str, str, bool]]:
    items = [item for item in worklist(by=by, now=NOW).items if item.kind == kind]
    return [(item.link.params[0][1], item.reason, item.is_overdue) for item in items]


def assessed_claim(firm: Company, **columns: object) -> str:
    policy = factories.policy(firm.ann_in_east, territory_id=firm.east.id)
    given = {
        "status": ClaimStatus.ASSESSED,
        "assessed_amount": Decimal(100),
        "target_on": date(2026, 11, 20),
    }
    return factories.claim(policy, **{**given, **columns}).claim_number


def test_an_assessed_claim_waits_for_managers_who_had_no_hand_in_it(firm: Company) -> None:
    number = assessed_claim(firm, assessed_by=firm.admin.id)
    assert found("claim_to_approve", firm.erin) == [(number, "Assessed", True)]
    assert found("claim_to_approve", firm.adam) == []
    assert found("claim_to_approve", firm.wade) == []
    assert found("claim_to_approve", firm.ann) == []


def test_a_claim_that_was_passed_on_waits_for_that_person_alone(firm: Company) -> None:
    number = assessed_claim(firm, approval_passed_to=firm.admin.id)
    assert [key for key, *_ in found("claim_to_approve", firm.adam)] == [number]
    assert found("claim_to_approve", firm.erin) == []


def test_a_claim_that_was_passed_on_to_somebody_who_left_waits_for_the_others(firm: Company) -> None:
    gone = factories.user(Role.ADMIN, name="Gone Admin", is_active=False)
    number = assessed_claim(firm, approval_passed_to=gone.id)
    for by in (firm.erin, firm.adam):
        assert found("claim_to_approve", by) == [(number, "Assessed", True)]


def test_a_claim_that_was_passed_on_out_of_the_area_waits_there(firm: Company) -> None:
    number = assessed_claim(firm, approval_passed_to=firm.wade_manages_west.id)
    assert found("claim_to_approve", firm.wade) == [(number, "Passed on to you", True)]


def test_a_claim_near_its_target_waits_for_its_handler(firm: Company) -> None:
    sue = factories.viewer(factories.user(Role.SUPPORT))
    number = assessed_claim(
        firm,
        status=ClaimStatus.DOCUMENTS,
        target_on=date(2026, 11, 24),
        assigned_to=sue.user_id,
    )
    assessed_claim(
        firm,
        status=ClaimStatus.DOCUMENTS,
        target_on=date(2026, 11, 25),
        assigned_to=sue.user_id,
    )
    assert found("claim_near_target", sue) == [(number, "Documents; its target is in 3 days", False)]
    assert found("claim_near_target", firm.erin) == []


def test_a_task_on_a_claim_waits_for_whom_it_was_given_to_the_nearest_date_first(firm: Company) -> None:
    sue = factories.viewer(factories.user(Role.SUPPORT))
    number = assessed_claim(firm, status=ClaimStatus.SETTLED)
    claim_id = claims.claim(number, by=sue, today=TODAY).row.id
    for title, due_on, to in (
        ("Call the garage", None, sue.user_id),
        ("Ask the police", date(2026, 11, 22), sue.user_id),
        ("Ask the bank", date(2026, 11, 20), sue.user_id),
        ("Call the claimant", TODAY, firm.erin.user_id),
    ):
        claims.add_task(
            claim_id, title, due_on=due_on, assigned_to=to, request_id=new_request_id(), by=sue,
            now=datetime(2026, 11, 20, 15, tzinfo=UTC),
        )  # fmt: skip
    assert found("claim_task", sue) == [
        (number, "Ask the bank", True),
        (number, "Ask the police", False),
        (number, "Call the garage", False),
    ]
    assert found("claim_task", firm.erin) == [(number, "Call the claimant", False)]
    assert found("claim_task", firm.adam) == []


def test_a_task_that_is_nobodys_waits_for_all_who_see_the_claim(firm: Company) -> None:
    gone = factories.user(Role.SUPPORT, is_active=False)
    free, left = (
        assessed_claim(firm, status=ClaimStatus.SETTLED, assigned_to=handler) for handler in (None, gone.id)
    )
    expected = []
    for number in (free, left):
        for title, to in (("File the letter", None), ("Call the garage", gone.id)):
            claim_id = claims.claim(number, by=firm.adam, today=TODAY).row.id
            put(ClaimTask(claim_id=claim_id, title=title, assigned_to=to))
            expected.append((number, title, False))
    assert found("claim_task", firm.erin) == found("claim_task", firm.adam) == expected
    assert found("claim_task", firm.wade) == []


@pytest.mark.parametrize(("role", "is_active"), [(Role.SUPPORT, False), (Role.UNDERWRITER, True)])
def test_a_task_of_somebody_who_left_waits_for_the_handler_of_the_claim(
    firm: Company, role: Role, is_active: bool
) -> None:
    sue, gone = factories.viewer(factories.user(Role.SUPPORT)), factories.user(role, is_active=is_active)
    number = assessed_claim(firm, status=ClaimStatus.SETTLED, assigned_to=sue.user_id)
    claim_id = claims.claim(number, by=sue, today=TODAY).row.id
    put(ClaimTask(claim_id=claim_id, title="Call the garage", assigned_to=gone.id))
    assert found("claim_task", sue) == [(number, "Call the garage", False)]
    assert found("claim_task", firm.adam) == []
    mine = claims.queue(claims.ClaimFilter(waits_for_me=True), by=sue, today=TODAY)
    assert [(row.number, row.waits_for_me) for row in mine.rows] == [(number, True)]


def test_a_task_given_to_nobody_waits_for_the_handler_of_the_claim_until_it_is_done(firm: Company) -> None:
    sue = factories.viewer(factories.user(Role.SUPPORT))
    number = assessed_claim(firm, status=ClaimStatus.DOCUMENTS, assigned_to=sue.user_id)
    claim_id = claims.claim(number, by=sue, today=TODAY).row.id
    task = claims.add_task(
        claim_id,
        "Call the garage",
        due_on=None,
        assigned_to=None,
        request_id=new_request_id(),
        by=firm.erin,
    )
    assert found("claim_task", sue) == [(number, "Call the garage", False)]
    assert found("claim_task", firm.erin) == []
    claims.finish_task(claim_id, task, by=sue, now=NOW)
    assert found("claim_task", sue) == []


def test_a_task_waits_neither_on_a_claim_that_is_over_nor_for_who_does_not_see_it_any_more(
    firm: Company,
) -> None:
    over = assessed_claim(firm, status=ClaimStatus.WITHDRAWN)
    away = assessed_claim(firm, status=ClaimStatus.DOCUMENTS)
    for number, to in ((over, firm.erin), (away, firm.wade)):
        put(
            ClaimTask(
                claim_id=claims.claim(number, by=firm.adam, today=TODAY).row.id,
                title="Call the garage", assigned_to=to.user_id,
            )
        )  # fmt: skip
    assert found("claim_task", firm.erin) == found("claim_task", firm.wade) == []


def test_an_application_waits_for_those_who_may_issue_it(firm: Company) -> None:
    uma = factories.viewer(factories.user(Role.UNDERWRITER))
    policy = factories.policy(firm.ann_in_east, status="underwriting", application_date=date(2026, 11, 11))
    assert [(key, reason) for key, reason, _ in found("policy_to_issue", uma)] == [
        (policy.policy_number, "Term 20, applied 10 days ago")
    ]
    assert found("policy_to_issue", firm.ann) == []


def test_an_application_above_the_underwriters_limit_waits_for_managers_alone(firm: Company) -> None:
    uma = factories.viewer(factories.user(Role.UNDERWRITER))
    at_most, above = (
        factories.policy(
            firm.ann_in_east, territory_id=firm.east.id, status="underwriting", sum_assured=Decimal(amount)
        ).policy_number
        for amount in ("1000000.00", "1000000.01")
    )
    assert [key for key, _, _ in found("policy_to_issue", uma)] == [at_most]
    assert {key for key, _, _ in found("policy_to_issue", firm.erin)} == {at_most, above}


def test_a_rate_version_waits_for_somebody_else_than_its_author(firm: Company) -> None:
    product = factories.product()
    put(
        ProductRate(
            product_id=product.id,
            version_number=2,
            valid_from=date(2027, 1, 1),
            entered_by=firm.admin.id,
        )
    )
    assert found("rates_to_approve", firm.erin) == [
        (str(product.id), "Rate version 2 waits for approval", False)
    ]
    assert found("rates_to_approve", firm.adam) == []


def test_a_draft_waits_for_its_owner(firm: Company) -> None:
    draft = put(PolicyDraft(owner_id=firm.ann_in_east.id, request_id="r1", step="riders", state={}))
    assert found("draft", firm.ann) == [(str(draft.id), "Policy entry left at the step riders", False)]
    assert found("draft", firm.dan) == []


def test_a_proof_waits_for_somebody_else_than_who_uploaded_it(firm: Company) -> None:
    person = factories.customer(agent=firm.ann_in_east, kyc_status=KycStatus.PENDING)
    document = put(
        CustomerDocument(
            customer_id=person.id,
            document_type=DocumentType.ID_PROOF,
            document_name="id.pdf",
            file_path="x",
            uploaded_by=firm.ann_in_east.id,
        )
    )
    assert [key for key, *_ in found("document_to_verify", firm.erin)] == [person.customer_code]
    assert found("document_to_verify", firm.ann) == []
    customers.withdraw_document(document.id, by=firm.ann)
    assert found("document_to_verify", firm.erin) == []


def test_an_expired_check_without_a_date_is_due_on_the_business_day_on_which_it_expired(
    firm: Company,
) -> None:
    late = datetime(2026, 11, 20, 2, tzinfo=UTC)  # 19 November, 9 p.m. in New York
    factories.customer(agent=firm.ann_in_east, kyc_status=KycStatus.EXPIRED, status_changed_at=late)
    (item,) = [one for one in worklist(by=firm.ann, now=NOW).items if one.kind == "kyc_review"]
    assert item.due == datetime(2026, 11, 19, 5, tzinfo=UTC)


def test_reviews_of_identity_are_due_a_month_ahead(firm: Company) -> None:
    for day in (date(2026, 11, 1), date(2026, 12, 21), date(2026, 12, 22)):
        factories.customer(agent=firm.ann_in_east, kyc_status=KycStatus.VERIFIED, kyc_review_on=day)
    assert [is_overdue for *_, is_overdue in found("kyc_review", firm.ann)] == [True, False]
    assert found("kyc_review", firm.walt) == []


def proof(person: Customer, kind: DocumentType, by: User, **columns: object) -> CustomerDocument:
    given = {"verified": True, "upload_date": NOW, **columns}
    return put(
        CustomerDocument(
            customer_id=person.id,
            document_type=kind,
            document_name="a.pdf",
            file_path="x",
            uploaded_by=by.id,
            **given,
        )
    )


def test_an_expired_verification_waits_until_the_check_is_started_anew(firm: Company) -> None:
    east = {"agent": firm.ann_in_east, "territory_id": firm.east.id}
    person = factories.customer(**east, kyc_status=KycStatus.EXPIRED, kyc_review_on=date(2026, 11, 1))
    early = factories.customer(**east, kyc_status=KycStatus.EXPIRED, kyc_review_on=date(2026, 10, 1))
    factories.customer(**east, kyc_status=KycStatus.PENDING, kyc_review_on=date(2026, 10, 1))
    reason = "Verification expired: ask for new proofs"
    due = factories.customer(**east, kyc_status=KycStatus.VERIFIED, kyc_review_on=date(2026, 10, 15))
    waiting = [
        (early.customer_code, reason, True),
        (due.customer_code, "Review due", True),
        (person.customer_code, reason, True),
    ]
    assert found("kyc_review", firm.ann) == found("kyc_review", firm.erin) == waiting
    assert found("kyc_review", firm.walt) == []


def test_an_identity_with_both_proofs_verified_waits_for_its_decision(firm: Company) -> None:
    east = {"agent": firm.ann_in_east, "territory_id": firm.east.id}
    person, half, old, gone = (factories.customer(**east, kyc_status=KycStatus.PENDING) for _ in range(4))
    for one in (person, half, old, gone):
        proof(one, DocumentType.ID_PROOF, firm.ann_in_east)
    proof(person, DocumentType.ADDRESS_PROOF, firm.ann_in_east)
    proof(half, DocumentType.ADDRESS_PROOF, firm.ann_in_east, verified=False)
    proof(old, DocumentType.ADDRESS_PROOF, firm.ann_in_east, expires_on=date(2026, 11, 20))
    proof(gone, DocumentType.ADDRESS_PROOF, firm.ann_in_east, upload_date=datetime(2026, 1, 1, tzinfo=UTC))
    put(
        StatusChange(
            entity="customer", entity_id=gone.id, from_status="pending", to_status="rejected",
            actor_role="manager", at=datetime(2026, 2, 1, tzinfo=UTC),
        )
    )  # fmt: skip
    assert [(key, reason) for key, reason, _ in found("document_to_verify", firm.erin)] == [
        (person.customer_code, "Both proofs are verified: decide on the identity"),
        (half.customer_code, "Address proof"),
    ]
    assert found("document_to_verify", firm.ann) == found("document_to_verify", firm.wade) == []


def test_who_uploaded_a_proof_is_not_asked_to_decide_on_it(firm: Company) -> None:
    person = factories.customer(agent=firm.ann_in_east, kyc_status=KycStatus.PENDING)
    proof(person, DocumentType.ID_PROOF, firm.admin)
    proof(person, DocumentType.ADDRESS_PROOF, firm.ann_in_east)
    assert found("document_to_verify", firm.adam) == []
    assert [key for key, *_ in found("document_to_verify", firm.erin)] == [person.customer_code]


def paper(firm: Company, number: str, kind: str = "invoice", *, by: User) -> ClaimDocument:
    with unit_of_work() as session:
        claim_id = session.scalars(select(Claim.id).where(Claim.claim_number == number)).one()
    return put(
        ClaimDocument(
            claim_id=claim_id, document_type=kind, document_name="a.pdf", file_path="x", uploaded_by=by.id
        )
    )


def test_a_document_of_a_claim_waits_for_its_handler_or_whoever_handles_claims(firm: Company) -> None:
    user = factories.user(Role.SUPPORT)
    sue = factories.viewer(user)
    free = assessed_claim(firm, status=ClaimStatus.DOCUMENTS)
    hers = assessed_claim(
        firm, status=ClaimStatus.DOCUMENTS, assigned_to=user.id, target_on=date(2026, 11, 25)
    )
    decided = assessed_claim(firm, status=ClaimStatus.SETTLED)
    for number in (hers, free, decided):
        paper(firm, number, by=firm.ann_in_east)
    assert found("claim_document", sue) == [
        (free, "Invoice to verify", True), (hers, "Invoice to verify", False)
    ]  # fmt: skip
    assert [key for key, *_ in found("claim_document", firm.erin)] == [free]
    assert found("claim_document", firm.ann) == found("claim_document", firm.wade) == []


def test_what_the_handler_uploaded_waits_for_others_and_a_medical_report_for_who_may_read_it(
    firm: Company,
) -> None:
    user = factories.user(Role.SUPPORT)
    sue = factories.viewer(user)
    hers = assessed_claim(firm, status=ClaimStatus.DOCUMENTS, assigned_to=user.id)
    free = assessed_claim(firm, status=ClaimStatus.DOCUMENTS)
    paper(firm, hers, by=user)
    paper(firm, hers, "medical_report", by=firm.ann_in_east)
    paper(firm, free, "medical_report", by=firm.ann_in_east)
    assert found("claim_document", sue) == [(hers, "Medical report to verify", True)]
    assert found("claim_document", firm.erin) == [(hers, "Invoice to verify", True)]


def test_renewals_are_those_of_ones_own_book(firm: Company) -> None:
    policy = factories.policy(firm.ann_in_east, expiry_date=date(2026, 12, 1))
    factories.policy(firm.ann_in_east, expiry_date=date(2027, 3, 1))
    assert [key for key, *_ in found("renewal", firm.ann)] == [policy.policy_number]
    assert found("renewal", firm.erin) == []


def test_birthdays_come_in_the_order_of_the_days_ahead(firm: Company) -> None:
    for born in (date(1980, 12, 20), date(1990, 11, 21), date(1970, 11, 20), date(1985, 12, 1)):
        factories.customer(agent=firm.ann_in_east, date_of_birth=born)
    assert [reason for _, reason, _ in found("birthday", firm.ann)] == [
        "Turns 36",
        "Turns 41",
        "Turns 46",
    ]


@pytest.mark.parametrize(
    ("today", "next_one"),
    [
        (date(2026, 2, 20), date(2026, 3, 1)),
        (date(2024, 2, 20), date(2024, 2, 29)),
        (date(2026, 3, 2), date(2027, 3, 1)),
    ],
)
def test_a_birthday_on_29_february_is_kept_on_1_march(today: date, next_one: date) -> None:
    assert _next_birthday(date(2000, 2, 29), today) == next_one


def test_of_what_is_not_ones_own_it_is_told_whose_it_is(firm: Company) -> None:
    sue = factories.user(Role.SUPPORT, name="Sue Support")
    assessed_claim(firm, assigned_to=sue.id)
    factories.policy(firm.ann_in_east, status="underwriting")
    factories.customer(
        agent=firm.ann_in_east, kyc_status=KycStatus.VERIFIED, kyc_review_on=date(2026, 11, 30)
    )
    owners = {item.kind: item.owner for item in worklist(by=firm.erin, now=NOW).items}
    assert owners["claim_to_approve"] == "Sue Support"
    assert owners["policy_to_issue"] == owners["kyc_review"] == "Ann Agent"
    assert [item.owner for item in worklist(by=firm.ann, now=NOW).items] == [""]


def test_counts_are_of_all_and_items_are_limited(firm: Company) -> None:
    for n in range(4):
        factories.policy(firm.ann_in_east, expiry_date=date(2026, 12, 1 + n))
    day = worklist(by=firm.ann, now=NOW, limit=2)
    assert day.counts["renewal"] == 4
    assert [item.kind for item in day.items].count("renewal") == 2


def test_who_may_do_nothing_of_it_has_an_empty_list(firm: Company) -> None:
    assessed_claim(firm)
    customer = replace(firm.eve)
    assert worklist(by=customer, now=NOW).items == ()
