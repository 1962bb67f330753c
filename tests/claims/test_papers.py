"""Documents of claims: once, verified by somebody else, medical reports for few."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from core import claims
from core.audit.tables import AuditEntry
from core.claims.tables import Claim, LossType
from core.db import unit_of_work
from core.demo.documents import pdf
from core.documents import FileRefused
from core.kit.errors import Invalid, NotAllowed, Refusal
from core.kit.ids import new_request_id
from pages._ui import viewing
from tests import factories as make

NOW = datetime(2026, 3, 16, 15, 0, tzinfo=UTC)


@pytest.fixture
def claim_id(firm):
    return make.claim(make.policy(firm.ann_in_east, territory_id=firm.east.id)).id


def added(claim_id, by, *, kind="invoice", request_id=None):
    return claims.add_document(
        claim_id, kind=kind, name="paper.pdf", content=pdf("Paper"),
        request_id=request_id or new_request_id(), by=by,
    )  # fmt: skip


def listed(claim_id, by):
    return claims.claim(claim_id, by=by, today=viewing.today()).documents


def test_sending_a_document_twice_keeps_it_once(claim_id, sue):
    request_id = new_request_id()
    assert added(claim_id, sue, request_id=request_id) == added(claim_id, sue, request_id=request_id)
    assert [one.name for one in listed(claim_id, sue)] == ["paper.pdf"]


def test_what_is_opened_is_what_was_uploaded(claim_id, sue):
    assert claims.open_document(added(claim_id, sue), by=sue).content == pdf("Paper")


def test_who_uploaded_a_document_does_not_verify_it(firm, claim_id, sue):
    document = added(claim_id, sue)
    with pytest.raises(NotAllowed, match="somebody else"):
        claims.verify_document(document, by=sue)
    claims.verify_document(document, by=firm.erin)
    assert [(one.is_verified, one.verified_by) for one in listed(claim_id, sue)] == [(True, "Erin East")]


def needed(claim_id, by):
    found = claims.claim(claim_id, by=by, today=viewing.today()).proofs
    return {one.kind: "missing" if one.found is None else one.is_proven for one in found}


def collecting(claim, by):
    return claims.collect_documents(claim.id, version=claim.version, by=by)


def test_a_claim_is_not_assessed_before_somebody_else_has_verified_what_it_needs(firm, sue):
    on = make.policy(firm.ann_in_east, territory_id=firm.east.id)
    ref = collecting(make.claim(on, loss_type=LossType.THEFT), sue)
    assert needed(ref.id, sue) == {"claim_form": "missing", "police_report": "missing"}
    form = added(ref.id, sue, kind="claim_form")
    police = added(ref.id, firm.ann, kind="police_report")
    claims.verify_document(police, by=sue)
    assert needed(ref.id, sue) == {"claim_form": False, "police_report": True}
    with pytest.raises(Invalid) as refused:
        claims.assess(ref.id, Decimal(100), version=version(ref.id, sue), by=sue)
    assert refused.value.fields == {"documents_complete": "Missing or not verified: claim form."}
    claims.verify_document(form, by=firm.erin)
    claims.assess(ref.id, Decimal(100), version=version(ref.id, sue), by=sue)


def version(claim_id, by):
    return claims.claim(claim_id, by=by, today=viewing.today()).row.version


def test_an_investigation_is_no_way_round_the_documents(firm, claim_id, sue):
    ref = claims.investigate(claim_id, reason="Odd", version=1, by=sue)
    with pytest.raises(Invalid, match="claim form"):
        claims.assess(ref.id, Decimal(100), version=ref.version, by=sue)


def test_documents_are_complete_from_the_day_on_which_the_last_was_verified(firm, claim_id, sue):
    form = added(claim_id, sue, kind="claim_form")
    claims.verify_document(form, by=firm.erin, now=datetime(2026, 11, 23, 15, tzinfo=UTC))
    with unit_of_work() as session:
        assert session.get_one(Claim, claim_id).documents_complete_on == date(2026, 11, 23)


def test_every_kind_of_loss_asks_for_documents_that_can_be_uploaded():
    assert set(claims.REQUIRED) == set(LossType)
    assert {kind for kinds in claims.REQUIRED.values() for kind in kinds} <= set(claims.DOCUMENT_KINDS)


def test_the_claims_file_does_not_tell_what_a_medical_report_is_called(firm, claim_id, sue):
    claims.add_document(
        claim_id, kind="medical_report", name="HIV.pdf", content=pdf("Paper"),
        request_id=new_request_id(), by=firm.ann,
    )  # fmt: skip
    assert "HIV" not in repr(claims.claim(claim_id, by=sue, today=viewing.today()))


def test_who_opens_no_documents_is_not_told_their_names(firm, claim_id, sue):
    added(claim_id, sue)
    (seen,) = listed(claim_id, firm.eve)
    assert (seen.name, seen.may_open) == ("Invoice", False)


def test_each_opening_is_logged(claim_id, sue):
    document = added(claim_id, sue)
    claims.open_document(document, by=sue)
    with unit_of_work() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.action, entry.details["document"]) == ("claim.open_document", document)


def test_a_medical_report_opens_for_the_handler_of_the_claim_alone(firm, claim_id, sue):
    document = added(claim_id, firm.ann, kind="medical_report")
    with pytest.raises(NotAllowed, match="Medical reports"):
        claims.open_document(document, by=sue)
    assert [one.may_open for one in listed(claim_id, sue)] == [False]
    claims.assign([claim_id], to=sue.user_id, by=sue)
    assert claims.open_document(document, by=sue).name == "paper.pdf"


def withdrawn(claim_id, by):
    return claims.claim(claim_id, by=by, today=viewing.today()).withdrawn


def test_who_uploaded_takes_a_document_back_and_the_claims_file_tells(claim_id, sue):
    key = added(claim_id, sue)
    claims.withdraw_document(key, reason="Wrong claim", by=sue, now=NOW)
    claims.withdraw_document(key, by=sue)
    assert listed(claim_id, sue) == ()
    (seen,) = withdrawn(claim_id, sue)
    assert (seen.withdrawn_by, seen.withdrawn_at, seen.withdrawn_reason, seen.may_open) == (
        "Sue Support", NOW, "Wrong claim", False,
    )  # fmt: skip
    events = claims.claim(claim_id, by=sue, today=viewing.today()).events
    assert [one.note for one in events] == ["Withdrew paper.pdf: Wrong claim", "Added paper.pdf"]
    with unit_of_work() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "claim.withdraw_document"))
        assert [one.details for one in entries] == [{"document": key, "kind": "invoice"}]


def test_anothers_document_of_a_claim_takes_a_handler_and_a_reason(firm, claim_id, sue):
    key = added(claim_id, firm.erin)
    with pytest.raises(NotAllowed, match="Somebody else uploaded"):
        claims.withdraw_document(key, reason="Wrong", by=firm.ann)
    with pytest.raises(Invalid, match="Say why"):
        claims.withdraw_document(key, by=sue)
    claims.withdraw_document(key, reason="Not of this loss", by=sue)
    with pytest.raises(NotAllowed, match="was withdrawn"):
        claims.open_document(key, by=sue)
    assert claims.open_document(key, by=firm.adam).content == pdf("Paper")


def test_the_claims_file_does_not_tell_why_a_medical_report_was_withdrawn(firm, claim_id, sue):
    key = added(claim_id, firm.ann, kind="medical_report")
    claims.withdraw_document(key, reason="HIV of another", by=firm.ann)
    assert "HIV" not in repr(claims.claim(claim_id, by=sue, today=viewing.today()))


def test_a_claim_whose_proof_is_withdrawn_is_not_complete_and_not_assessed(firm, claim_id, sue):
    collecting(claim_row(claim_id), sue)
    form = added(claim_id, sue, kind="claim_form")
    claims.verify_document(form, by=firm.erin)
    assert claim_row(claim_id).documents_complete_on is not None
    claims.withdraw_document(form, reason="Of another loss", by=firm.erin)
    assert claim_row(claim_id).documents_complete_on is None
    assert needed(claim_id, sue) == {"claim_form": "missing"}
    with pytest.raises(Invalid, match="claim form"):
        claims.assess(claim_id, Decimal(100), version=version(claim_id, sue), by=sue)


def test_a_claim_is_not_approved_on_a_proof_that_was_withdrawn_since(firm, claim_id, sue):
    collecting(claim_row(claim_id), sue)
    form = added(claim_id, sue, kind="claim_form")
    claims.verify_document(form, by=firm.adam)
    claims.assess(claim_id, Decimal(100), version=version(claim_id, sue), by=sue)
    claims.withdraw_document(form, reason="Forged", by=firm.adam)
    with pytest.raises(Refusal, match="was withdrawn: claim form"):
        claims.approve(claim_id, version=version(claim_id, sue), by=firm.erin)
    claims.verify_document(added(claim_id, sue, kind="claim_form"), by=firm.adam)
    claims.approve(claim_id, version=version(claim_id, sue), by=firm.erin)
    assert claim_row(claim_id).status.value == "approved"


def claim_row(claim_id):
    with unit_of_work() as session:
        return session.get_one(Claim, claim_id)


def test_a_program_that_calls_itself_a_pdf_is_refused(claim_id, sue):
    with pytest.raises(FileRefused):
        claims.add_document(
            claim_id, kind="invoice", name="a.pdf", content=b"MZ" + b"\0" * 99,
            request_id=new_request_id(), by=sue,
        )  # fmt: skip
    assert listed(claim_id, sue) == ()
