"""Every control and every payment of a claim is in its file and in the audit log."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core import audit, claims
from core.claims import LossType, NoticeOfLoss
from core.claims.tables import ClaimStatus
from core.db import unit_of_work
from core.demo.documents import pdf
from core.documents import Upload
from core.kit.errors import Conflict, Invalid
from core.kit.ids import new_request_id
from tests import factories as make

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)
TODAY = date(2026, 11, 21)


@pytest.fixture
def policy(firm):
    return make.policy(firm.ann_in_east, territory_id=firm.east.id)


def detail(claim, by):
    return claims.claim(claim.id, by=by, today=TODAY)


def test_the_file_tells_that_the_system_sent_it_to_investigation_and_with_how_many_points(sue, policy):
    claim = make.claim(policy, status=ClaimStatus.DOCUMENTS, fraud_points=25)
    claims.mark_document_anomaly(claim.id, "Forged stamp", by=sue, now=NOW)
    found = detail(claim, sue)
    assert found.row.status == "investigation"
    told = [(one.who, one.kind, one.note) for one in found.events]
    assert told == [
        ("The system", "investigation", "45 fraud points"),
        ("Sue Support", "flag", "Forged stamp"),
    ]


def logged(claim):
    """(action, details, by) of the audit rows about the claim, oldest first."""
    with unit_of_work() as session:
        rows = audit.entries(session, "claim", claim.id)
        return [(one.action, dict(one.details), one.actor_id) for one in reversed(rows)]


def test_a_payment_is_logged_also_when_nothing_was_reserved(sue, policy):
    claim = make.claim(policy, status=ClaimStatus.APPROVED, approved_amount=Decimal("100.00"))
    claims.pay(
        claim.id, Decimal("40.00"), payee="Garage", payment_reference="W-1", paid_on=TODAY,
        request_id=new_request_id(), by=sue, now=NOW,
    )  # fmt: skip
    (payment,) = detail(claim, sue).payments
    told = {"changed": {"paid_amount": ["0.00", "40.00"]}, "payment": payment.id}
    assert logged(claim) == [("claim.pay", told, sue.user_id)]


def test_handing_over_is_logged_with_who_had_it_before(firm, sue, policy):
    claim = make.claim(policy, assigned_to=firm.erin.user_id)
    claims.assign([claim.id], to=sue.user_id, by=sue, now=NOW)
    changed = {"assigned_to": [firm.erin.user_id, sue.user_id]}
    assert logged(claim) == [("claim.assign", {"changed": changed}, sue.user_id)]


def test_documents_are_logged_when_they_come_and_when_they_are_verified_without_their_names(
    firm, sue, policy
):
    claim = make.claim(policy)
    document = claims.add_document(
        claim.id, kind="claim_form", name="Rosenqvist.pdf", content=pdf("Form"),
        request_id=new_request_id(), by=sue, now=NOW,
    )  # fmt: skip
    claims.verify_document(document, by=firm.erin, now=NOW)
    claims.withdraw_document(document, reason="Wrong person", by=firm.erin, now=NOW)
    about = {"document": document, "kind": "claim_form"}
    complete, day = "documents_complete_on", TODAY.isoformat()
    assert logged(claim) == [
        ("claim.add_document", about, sue.user_id),
        ("claim.verify_document", {**about, "changed": {complete: [None, day]}}, firm.erin.user_id),
        ("claim.withdraw_document", {**about, "changed": {complete: [day, None]}}, firm.erin.user_id),
    ]


def test_the_documents_of_a_notice_are_logged_with_it(sue, policy):
    notice = NoticeOfLoss(policy.id, date(2025, 6, 1), LossType.DEATH, "Died", Decimal(100))
    form = Upload("claim_form", "form.pdf", pdf("Form"))
    ref = claims.report(notice, [form], request_id=new_request_id(), by=sue, now=NOW)
    assert [action for action, _, _ in logged(ref)] == ["claim.add_document", "claim.report"]


def task_on(claim, by, title="Call Rosenqvist"):
    return claims.add_task(
        claim.id, title, due_on=None, assigned_to=None, request_id=new_request_id(), by=by
    )


def test_tasks_and_notes_are_logged_without_their_words(sue, policy):
    claim = make.claim(policy)
    task = task_on(claim, sue)
    for _ in range(2):
        claims.finish_task(claim.id, task, by=sue, now=NOW)
    form = new_request_id()
    for _ in range(2):
        claims.add_note(claim.id, "Rosenqvist called", request_id=form, by=sue, now=NOW)
    assert logged(claim) == [
        ("claim.add_task", {"task": task}, sue.user_id),
        ("claim.finish_task", {"task": task}, sue.user_id),
        ("claim.add_note", {}, sue.user_id),
    ]


def test_an_anomaly_is_logged_with_the_points_that_it_adds(sue, policy):
    claim = make.claim(policy, fraud_points=5)
    claims.mark_document_anomaly(claim.id, "Forged by Rosenqvist", by=sue, now=NOW)
    assert logged(claim) == [("claim.flag", {"changed": {"fraud_points": [5, 25]}}, sue.user_id)]


def test_assessing_and_approving_are_logged_with_their_amounts(firm, sue, policy):
    claim = make.claim(policy, status=ClaimStatus.DOCUMENTS, reserve_amount=Decimal("70.00"))
    make.prove(claim.id)
    ref = claims.assess(claim.id, Decimal(70), version=1, by=sue, now=NOW)
    claims.approve(claim.id, version=ref.version, by=firm.erin, now=NOW)
    assert [(done, told["changed"]["status"][1], told["amount"]) for done, told, _ in logged(claim)] == [
        ("claim.move", "assessed", "70.00"),
        ("claim.move", "approved", "70.00"),
    ]


def test_a_conflict_names_who_changed_the_claim_and_not_who_added_something_to_it(firm, sue, policy):
    claim = make.claim(policy, status=ClaimStatus.DOCUMENTS)
    claims.set_reserve(claim.id, Decimal(5), reason="More", version=1, by=firm.erin, now=NOW)
    claims.add_document(
        claim.id, kind="claim_form", name="form.pdf", content=pdf("Form"),
        request_id=new_request_id(), by=sue, now=NOW,
    )  # fmt: skip
    task = task_on(claim, firm.erin)
    claims.assign_task(claim.id, task, from_=None, to=sue.user_id, by=sue, now=NOW)
    with pytest.raises(Conflict, match="Erin East changed its reserve amount"):
        claims.investigate(claim.id, reason="Odd", version=1, by=sue, now=NOW)


def test_who_has_a_claim_is_not_given_it_again(firm, sue) -> None:
    claim = make.claim(make.policy(firm.ann_in_east))
    claims.assign([claim.id], to=sue.user_id, by=sue, now=NOW)
    with pytest.raises(Invalid, match="has it already"):
        claims.assign([claim.id], to=sue.user_id, by=sue, now=NOW)
