"""Customers: changes, conflicts, documents, consents and contacts."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from core import audit, customers
from core.access import Role
from core.customers.tables import Consent
from core.db import unit_of_work
from core.demo.documents import pdf
from core.documents import FileRefused
from core.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from core.kit.ids import new_request_id
from core.kit.settings import settings
from tests import factories as make


@pytest.fixture
def company(database):
    return make.company()


def customer(company, **columns):
    given = {"agent": company.ann_in_east, "territory_id": company.east.id}
    return make.customer(**{**given, **columns})


def test_a_second_tab_is_told_field_by_field_and_overwrites_nothing(company):
    one = customer(company)
    customers.edit_customer(
        one.id, {"city": "Dayton", "phone_primary": "614 555 0100"}, version=1, by=company.ann
    )
    with pytest.raises(Conflict) as refused:
        customers.edit_customer(one.id, {"city": "Akron"}, version=1, by=company.erin)
    assert dict(refused.value.changes) == {"City": "Dayton", "Phone": "+1 614-555-0100"}
    assert refused.value.who == "Ann Agent"
    assert customers.customer(one.id, by=company.ann).city == "Dayton"


def test_every_wrong_field_is_told_at_once_and_values_stay_out_of_the_log(company):
    one = customer(company)
    with pytest.raises(Invalid) as refused:
        customers.edit_customer(
            one.id, {"email": "nobody", "phone_primary": "12", "first_name": ""}, version=1, by=company.ann
        )
    assert refused.value.fields.keys() == {"email", "phone_primary", "first_name"}
    customers.edit_customer(one.id, {"city": "Dayton"}, version=1, by=company.ann)
    with unit_of_work() as session:
        (entry,) = audit.entries(session, "customer", one.id)
    assert entry.details["changed"] == {"city": None}


def test_who_is_politically_exposed_is_said_by_who_verifies(company):
    one = customer(company)
    with pytest.raises(NotAllowed):
        customers.edit_customer(one.id, {"is_pep": True}, version=1, by=company.ann)
    customers.edit_customer(one.id, {"is_pep": True}, version=1, by=company.erin)


def test_customers_are_handed_over_within_the_subtree_alone(company):
    one, theirs = (
        customer(company),
        customer(company, agent=company.walt_in_west, territory_id=company.west.id),
    )
    assert customers.assign_customers([one.id], to=company.dan_in_district.id, by=company.erin) == 1
    found = customers.customer(one.id, by=company.dan)
    assert (found.agent, found.territory) == ("Dan District", "East district")
    with pytest.raises(NotFound):
        customers.assign_customers([one.id, theirs.id], to=company.ann_in_east.id, by=company.erin)
    with pytest.raises(Invalid):
        customers.assign_customers([one.id], to=company.walt_in_west.id, by=company.erin)


def test_a_withdrawal_is_a_new_row(company):
    one, by = customer(company), company.ann
    give = {"channel": "email", "purpose": "marketing", "by": by}
    with pytest.raises(Invalid, match="no consent to withdraw"):
        customers.record_consent(one.id, is_granted=False, **give)
    customers.record_consent(one.id, is_granted=True, **give)
    customers.record_consent(one.id, is_granted=False, **give)
    found = customers.consents(one.id, by=by)
    assert [(row.is_granted, row.holds) for row in found] == [(False, True), (True, False)]
    with unit_of_work() as session:
        assert session.scalar(select(func.count()).select_from(Consent)) == 2


def test_one_contact_is_preferred_and_an_invalid_one_is_not(company):
    one, by = customer(company), company.ann
    first, second = (
        customers.add_contact(
            one.id, kind="mobile", value=number, is_preferred=True, request_id=new_request_id(), by=by
        )
        for number in ("614 555 0100", "614 555 0101")
    )
    assert [row.is_preferred for row in customers.contacts(one.id, by=by)] == [True, False]
    customers.change_contact(second, is_valid=False, by=by)
    customers.change_contact(first, is_preferred=True, by=by)
    found = {row.id: (row.is_preferred, row.is_valid) for row in customers.contacts(one.id, by=by)}
    assert found == {first: (True, True), second: (False, False)}


def test_a_relation_reads_from_both_sides(company):
    parent, child = customer(company), customer(company)
    customers.relate(parent.id, child.id, kind="child", by=company.ann)
    assert [row.kind for row in customers.relations(parent.id, by=company.ann)] == ["child"]
    assert [row.kind for row in customers.relations(child.id, by=company.ann)] == ["parent"]
    with pytest.raises(Invalid, match="related already"):
        customers.relate(child.id, parent.id, kind="parent", by=company.ann)


def upload(one, by, **changes):
    given = {"kind": "id_proof", "name": "a.pdf", "content": pdf("Proof"), "request_id": new_request_id()}
    return customers.upload_document(one.id, **{**given, **changes}, by=by)


def files():
    return [path for path in settings().storage_dir.rglob("*") if path.is_file()]


def test_a_document_is_kept_once_opened_by_who_may_and_each_opening_is_logged(company):
    one, before = customer(company), len(files())
    request = new_request_id()
    key = upload(one, company.ann, request_id=request)
    assert upload(one, company.ann, request_id=request) == key
    assert len(files()) == before + 1
    assert customers.open_document(key, by=company.erin).content == pdf("Proof")
    with pytest.raises(NotFound):
        customers.open_document(key, by=company.walt)
    with pytest.raises(NotAllowed):
        customers.open_document(key, by=company.eve)
    with unit_of_work() as session:
        actions = [entry.action for entry in audit.entries(session, "customer", one.id)]
    assert actions == ["customer.open_document", "customer.upload_document"]


def test_a_refused_file_leaves_nothing_behind(company):
    one, before = customer(company), len(files())
    with pytest.raises(FileRefused):
        upload(one, company.ann, content=b"<html></html>")
    assert (len(files()), customers.documents(one.id, by=company.ann)) == (before, ())


def test_medical_reports_open_for_underwriters_alone(company):
    one = customer(company)
    key = upload(one, company.ann, kind="medical_report", name="HIV.pdf")
    for by in (company.ann, company.erin, company.adam):
        with pytest.raises(NotAllowed, match="underwriters"):
            customers.open_document(key, by=by)
    (row,) = customers.documents(one.id, by=company.ann)
    assert (row.name, row.may_open) == ("Medical report", False)
    underwriter = make.viewer(make.user(Role.UNDERWRITER))
    assert customers.open_document(key, by=underwriter).name == "HIV.pdf"


def test_an_executive_sees_nothing_that_names_the_person(company):
    one = customer(company, first_name="Greta", last_name="Gray", email="greta@example.com")
    found = customers.customer(one.id, by=company.eve)
    assert (found.name, found.email, found.date_of_birth) == ("G. G.", "g***@example.com", None)
    assert (found.address_line1, found.phone_primary) == ("", f"*** {one.phone_primary[-4:]}")


def test_pairs_decided_to_be_two_people_are_not_offered_again(company):
    same = {"first_name": "Zacharias", "last_name": "Zimmer", "date_of_birth": date(1971, 3, 4)}
    one = customer(company, **same, email="zz@example.com")
    two = customer(company, **same, email="zz@example.com")
    (pair,) = customers.find_duplicates(by=company.erin).pairs
    assert {pair.first_id, pair.second_id} == {one.id, two.id}
    customers.not_duplicates(two.id, one.id, by=company.erin)
    assert customers.find_duplicates(by=company.erin).pairs == ()


def test_a_similar_name_with_the_same_birth_date_is_a_likely_duplicate(company):
    one = customer(company, first_name="Jonathan", last_name="Smith", date_of_birth=date(1971, 3, 4))
    found = customers.matches(
        first_name="Jonathon", last_name="Smith", email="", phone="", date_of_birth=date(1971, 3, 4)
    )
    assert [(match.code, match.because) for match in found] == [
        (one.customer_code, ("similar name and same date of birth",))
    ]
    assert not customers.matches(
        first_name="Mary", last_name="Jones", email="", phone="", date_of_birth=date(1971, 3, 4)
    )
