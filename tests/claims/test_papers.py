"""Documents of claims: once, verified by somebody else, medical reports for few."""

from __future__ import annotations

import pytest

from core import claims
from core.access import Role
from core.demo.documents import pdf
from core.documents import FileRefused
from core.kit.errors import NotAllowed
from core.kit.ids import new_request_id
from pages._ui import viewing
from tests import factories as make


@pytest.fixture
def firm(database):
    return make.company()


@pytest.fixture
def sue(firm):
    return make.viewer(make.user(Role.SUPPORT, name="Sue Support"))


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


def test_a_medical_report_opens_for_the_handler_of_the_claim_alone(firm, claim_id, sue):
    document = added(claim_id, firm.ann, kind="medical_report")
    with pytest.raises(NotAllowed, match="Medical reports"):
        claims.open_document(document, by=sue)
    assert [one.may_open for one in listed(claim_id, sue)] == [False]
    claims.assign([claim_id], to=sue.user_id, by=sue)
    assert claims.open_document(document, by=sue).name == "paper.pdf"


def test_a_program_that_calls_itself_a_pdf_is_refused(claim_id, sue):
    with pytest.raises(FileRefused):
        claims.add_document(
            claim_id, kind="invoice", name="a.pdf", content=b"MZ" + b"\0" * 99,
            request_id=new_request_id(), by=sue,
        )  # fmt: skip
    assert listed(claim_id, sue) == ()
