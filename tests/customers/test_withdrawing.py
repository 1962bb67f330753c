"""Documents that should not have been uploaded: withdrawn, kept on record, and counted for nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from threading import Barrier, Thread

import pytest

from core import audit, customers, dossiers
from core.access import Role
from core.customers.tables import Customer, KycStatus
from core.db import unit_of_work
from core.demo.documents import pdf
from core.documents.tables import CustomerDocument
from core.kit.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from core.kit.ids import new_request_id
from tests import factories as make

NOW = datetime(2026, 3, 16, 15, 0, tzinfo=UTC)


@pytest.fixture
def company(database):
    return make.company()


@pytest.fixture
def carla(company):
    return make.customer(agent=company.ann_in_east, territory_id=company.east.id)


def uploaded(one, by, *, kind="id_proof", name="paper.pdf"):
    return customers.upload_document(
        one.id, kind=kind, name=name, content=pdf("Paper"), request_id=new_request_id(), by=by
    )


def live(one, by):
    return [found.id for found in customers.documents(one.id, by=by)]


def test_who_uploaded_takes_it_back_and_its_row_stays_with_who_when_and_why(company, carla):
    key = uploaded(carla, company.ann)
    (seen,) = customers.documents(carla.id, by=company.ann)
    assert (seen.may_withdraw, seen.is_taken_back) == (True, True)
    customers.withdraw_document(key, reason=" Wrong customer ", by=company.ann, now=NOW)
    assert live(carla, company.ann) == []
    (seen,) = customers.withdrawn_documents(carla.id, by=company.erin)
    assert (seen.id, seen.name, seen.withdrawn_by, seen.withdrawn_at, seen.withdrawn_reason) == (
        key, "paper.pdf", "Ann Agent", NOW, "Wrong customer",
    )  # fmt: skip
    assert (seen.may_open, seen.may_verify, seen.may_withdraw) == (False, False, False)
    with unit_of_work() as session:
        entry = audit.entries(session, "customer", carla.id)[0]
    assert (entry.action, entry.details) == (
        "customer.withdraw_document", {"document": key, "kind": "id_proof"},
    )  # fmt: skip


def test_withdrawing_twice_changes_nothing_and_a_second_person_is_told_who_was_faster(company, carla):
    key = uploaded(carla, company.ann)
    customers.withdraw_document(key, by=company.ann, now=NOW)
    customers.withdraw_document(key, reason="Again", by=company.ann)
    with pytest.raises(Conflict, match="Ann Agent has withdrawn") as told:
        customers.withdraw_document(key, reason="Blurred", by=company.erin)
    assert told.value.at == NOW
    (seen,) = customers.withdrawn_documents(carla.id, by=company.erin)
    assert (seen.withdrawn_at, seen.withdrawn_reason) == (NOW, "")
    with unit_of_work() as session:
        actions = [entry.action for entry in audit.entries(session, "customer", carla.id)]
    assert actions == ["customer.withdraw_document", "customer.upload_document"]


def test_anothers_takes_somebody_who_verifies_and_a_reason(company, carla):
    key = uploaded(carla, company.erin)
    (seen,) = customers.documents(carla.id, by=company.ann)
    assert not seen.may_withdraw
    with pytest.raises(NotAllowed, match="Somebody else uploaded"):
        customers.withdraw_document(key, reason="Not theirs", by=company.ann)
    key = uploaded(carla, company.ann)
    (seen, _) = customers.documents(carla.id, by=company.erin)
    assert (seen.may_withdraw, seen.is_taken_back) == (True, False)
    with pytest.raises(Invalid, match="Say why") as refused:
        customers.withdraw_document(key, reason="  ", by=company.erin)
    assert refused.value.fields.keys() == {"reason"}
    customers.withdraw_document(key, reason="Not theirs", by=company.erin)
    with pytest.raises(NotFound):
        customers.withdraw_document(key, reason="Mine", by=company.walt)


def test_a_verified_one_is_no_longer_the_uploaders_to_take_back(company, carla):
    key = uploaded(carla, company.ann)
    customers.verify_document(key, by=company.erin)
    (seen,) = customers.documents(carla.id, by=company.ann)
    assert not seen.may_withdraw
    with pytest.raises(NotAllowed, match="is verified"):
        customers.withdraw_document(key, reason="Oops", by=company.ann)
    assert live(carla, company.ann) == [key]


def test_a_reason_that_does_not_fit_is_told_beside_it(company, carla):
    key = uploaded(carla, company.ann)
    with pytest.raises(Invalid) as refused:
        customers.withdraw_document(key, reason="x" * 256, by=company.ann)
    assert refused.value.fields == {"reason": "At most 255 characters fit here."}


def test_a_withdrawn_file_opens_for_readers_of_the_audit_log_alone_and_that_is_logged(company, carla):
    key = uploaded(carla, company.ann)
    customers.withdraw_document(key, by=company.ann)
    for viewer in (company.ann, company.erin):
        with pytest.raises(NotAllowed, match="was withdrawn"):
            customers.open_document(key, by=viewer)
    assert customers.withdrawn_documents(carla.id, by=company.adam)[0].may_open
    assert customers.open_document(key, by=company.adam).content == pdf("Paper")
    with unit_of_work() as session:
        assert audit.entries(session, "customer", carla.id)[0].action == "customer.open_document"


def test_a_withdrawn_medical_report_opens_for_no_reader_of_the_audit_log(company, carla):
    key = uploaded(carla, company.ann, kind="medical_report", name="HIV.pdf")
    with pytest.raises(NotAllowed, match="Medical"):
        customers.withdraw_document(key, reason="Wrong", by=company.erin)
    customers.withdraw_document(key, reason="HIV of another", by=company.ann)
    with pytest.raises(NotAllowed, match="Medical"):
        customers.open_document(key, by=company.adam)
    assert "HIV" not in repr(customers.withdrawn_documents(carla.id, by=company.adam))
    assert "HIV" not in repr(dossiers.timeline(carla.id, by=company.adam))


def test_what_is_withdrawn_is_not_verified_any_more(company, carla):
    key = uploaded(carla, company.ann)
    customers.withdraw_document(key, by=company.ann)
    with pytest.raises(Refusal, match="was withdrawn"):
        customers.verify_document(key, by=company.erin)


def test_verifying_and_taking_back_at_once_one_wins(company, carla):
    key, start, refused = uploaded(carla, company.ann), Barrier(2), []

    def run(act, by):
        start.wait()
        try:
            act(key, by=by)
        except Refusal as refusal:
            refused.append(refusal)

    pairs = ((customers.verify_document, company.erin), (customers.withdraw_document, company.ann))
    threads = [Thread(target=run, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    with unit_of_work() as session:
        row = session.get_one(CustomerDocument, key)
    assert row.verified is (row.withdrawn_at is None)


def test_the_identity_check_counts_no_withdrawn_proof(company, carla):
    key = uploaded(carla, company.ann)
    uploaded(carla, company.ann, kind="address_proof")
    customers.withdraw_document(key, by=company.ann)
    with pytest.raises(Invalid) as missing:
        customers.start_kyc(carla.id, version=1, by=company.ann)
    assert missing.value.fields.keys() == {"id_proof"}


def verified_twice(company, carla, *, kinds):
    """Verified proofs, and a customer whose identity rests on them."""
    keys = [uploaded(carla, company.ann, kind=kind) for kind in kinds]
    for key in keys:
        customers.verify_document(key, by=company.erin)
    with unit_of_work() as session:
        row = session.get_one(Customer, carla.id)
        row.kyc_status, row.kyc_review_on = KycStatus.VERIFIED, date(2029, 1, 1)
    return keys


def review_on(carla):
    with unit_of_work() as session:
        return session.get_one(Customer, carla.id).kyc_review_on


def test_an_identity_without_its_proof_is_due_for_review_and_expires(company, carla):
    first, second, _ = verified_twice(company, carla, kinds=("id_proof", "id_proof", "address_proof"))
    customers.withdraw_document(first, reason="Blurred", by=company.erin, now=NOW)
    assert review_on(carla) == date(2029, 1, 1)
    customers.withdraw_document(second, reason="Not theirs", by=company.erin, now=NOW)
    assert review_on(carla) == date(2026, 3, 16)
    with unit_of_work() as session:
        entry = audit.entries(session, "customer", carla.id)[0]
    assert entry.details["changed"] == {"kyc_review_on": ["2029-01-01", "2026-03-16"]}
    assert customers.expire_due(now=NOW) == 1


def test_a_document_of_an_archived_customer_can_still_be_withdrawn(company, carla):
    key = uploaded(carla, company.ann)
    version = customers.customer(carla.id, by=company.ann).version
    dossiers.archive(carla.id, version=version, reason="Moved", by=company.ann)
    customers.withdraw_document(key, by=company.ann)
    assert live(carla, company.ann) == []


def test_the_timeline_tells_who_withdrew_what_and_why(company, carla):
    key = uploaded(carla, company.ann)
    customers.withdraw_document(key, reason="Wrong customer", by=company.ann)
    told = dossiers.timeline(carla.id, by=company.erin).events[0]
    assert (told.who, told.what, told.note) == (
        "Ann Agent", "withdrew a document", "paper.pdf: Wrong customer",
    )  # fmt: skip


def test_a_role_that_opens_no_documents_withdraws_none(company, carla):
    key = uploaded(carla, company.ann)
    with pytest.raises(NotAllowed):
        customers.withdraw_document(key, reason="Why not", by=make.viewer(make.user(Role.ANALYST)))
