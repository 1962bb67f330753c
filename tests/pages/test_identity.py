"""The identity check on a customer's page: what can be done, and what has to come first."""

from __future__ import annotations

import pytest

from core import customers
from core.access import Role
from core.demo.documents import pdf
from core.kit.ids import new_request_id
from tests import factories as make

pytestmark = pytest.mark.page

CUSTOMER = "pages/customers/customer.py"


def opened(app_test, signed_in, company, one, *, person=None):
    query = {"customer": one.customer_code, "tab": "Consent & KYC"}
    return signed_in(app_test, person or company.erin_manages_east, page=CUSTOMER, query=query)


def button(app_test, label):
    return next(one for one in app_test.button if one.label == label)


def captions(app_test):
    return [one.value.replace("\\", "") for one in app_test.caption]


def upload_proofs(company, one):
    for kind in ("id_proof", "address_proof"):
        customers.upload_document(
            one.id, kind=kind, name=f"{kind}.pdf", content=pdf(kind), request_id=new_request_id(),
            by=company.ann,
        )  # fmt: skip


def test_the_check_does_not_start_without_its_proofs_and_says_which(app_test, signed_in):
    company = make.company()
    one = make.customer(agent=company.ann_in_east, territory_id=company.east.id)
    app_test = opened(app_test, signed_in, company, one)
    assert not app_test.exception
    assert button(app_test, "Start the check").disabled
    assert any(
        told.endswith(
            "Upload a new proof of identity that has not expired. "
            "Upload a new proof of address that has not expired."
        )
        for told in captions(app_test)
    )
    upload_proofs(company, one)
    app_test.run()
    assert not button(app_test, "Start the check").disabled


def test_nobody_verifies_before_the_proofs_are_and_a_dialog_says_what_it_decides(app_test, signed_in):
    company = make.company()
    one = make.customer(agent=company.ann_in_east, territory_id=company.east.id)
    upload_proofs(company, one)
    customers.start_kyc(one.id, version=1, by=company.ann)
    app_test = opened(app_test, signed_in, company, one)
    assert button(app_test, "Verify").disabled
    assert any(
        told.endswith("] Verify the proofs of identity and address first.") for told in captions(app_test)
    )
    button(app_test, "Reject").click().run()
    assert [one.proto.dialog.title for one in app_test.get("dialog")] == ["Reject identity"]


def test_verifying_a_high_risk_is_for_seniors_who_are_asked_for_their_note(app_test, signed_in):
    company = make.company()
    one = make.customer(agent=company.ann_in_east, territory_id=company.east.id, is_pep=True)
    upload_proofs(company, one)
    customers.start_kyc(one.id, version=1, by=company.ann)
    for document in customers.documents(one.id, by=company.erin):
        customers.verify_document(document.id, by=company.erin)
    app_test = opened(app_test, signed_in, company, one, person=make.user(Role.SUPPORT))
    assert button(app_test, "Verify").disabled
    assert any("A high risk needs a manager" in told for told in captions(app_test))
    app_test = opened(app_test, signed_in, company, one)
    button(app_test, "Verify").click().run()
    sender = next(one for one in app_test.button if one.label == "Verify" and "submit" in str(one.key))
    button(app_test, "Verify").click()
    sender.click().run()
    assert any("Write what the closer look showed" in one.value for one in app_test.markdown)
