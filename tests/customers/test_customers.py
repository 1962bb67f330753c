"""Customers: changes, conflicts, documents, consents and contacts."""

from __future__ import annotations

import time
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from core import audit, customers
from core.access import Role
from core.customers.tables import Consent, Contact, Customer, DuplicateRun
from core.db import unit_of_work
from core.demo.documents import pdf
from core.documents import FileRefused
from core.kit.dates import utc_now
from core.kit.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal, RepeatedWithOtherContent
from core.kit.ids import new_request_id
from core.kit.settings import settings
from tests import factories as make
from tests.factories.rows import put


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


@pytest.mark.parametrize(
    "statement",
    [
        "update consents set is_granted = not is_granted",
        "update consents set at = at - interval '1 day'",
        "update consents set customer_id = (select max(id) from customers)",
        "delete from consents",
        "truncate consents",
    ],
)
def test_the_database_refuses_to_change_what_was_consented(company, statement):
    one = customer(company)
    customers.record_consent(one.id, channel="email", purpose="service", is_granted=True, by=company.ann)
    customer(company)
    with pytest.raises(DBAPIError, match="only grows"), unit_of_work() as session:
        session.execute(text(statement))


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


BLOCKED = text(
    "select count(*) from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))"
)


@contextmanager
def meanwhile(one, work):
    """Somebody at work on the customer, and `work` in another thread until it waits for them."""
    refused: list[Refusal] = []

    def run():
        try:
            work()
        except Refusal as refusal:
            refused.append(refusal)

    thread = Thread(target=run)
    with unit_of_work() as session:
        session.execute(select(Customer.id).where(Customer.id == one.id).with_for_update())
        thread.start()
        until = time.monotonic() + 20
        while session.scalar(BLOCKED) == 0:
            assert time.monotonic() < until
            assert thread.is_alive()
            thread.join(0.02)
        yield session, refused
    thread.join()


def test_a_contact_that_ends_meanwhile_is_not_preferred(company):
    one, by = customer(company), company.ann
    key = customers.add_contact(
        one.id, kind="mobile", value="614 555 0100", request_id=new_request_id(), by=by
    )
    with meanwhile(one, lambda: customers.change_contact(key, is_preferred=True, by=by)) as (session, _):
        session.get_one(Contact, key).is_valid = False
    (found,) = customers.contacts(one.id, by=by)
    assert (found.is_preferred, found.is_valid) == (False, False)


@pytest.mark.parametrize(
    "work",
    [lambda key, by: customers.change_contact(key, is_valid=False, by=by),
     lambda key, by: customers.remove_contact(key, by=by)],
)  # fmt: skip
def test_a_contact_that_is_removed_meanwhile_is_not_found(company, work):
    one, by = customer(company), company.ann
    key = customers.add_contact(
        one.id, kind="mobile", value="614 555 0100", request_id=new_request_id(), by=by
    )
    with meanwhile(one, lambda: work(key, by)) as (session, refused):
        session.delete(session.get_one(Contact, key))
    assert [type(one) for one in refused] == [NotFound]


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
    with pytest.raises(RepeatedWithOtherContent):
        upload(one, company.ann, request_id=request, notes="The back is missing")
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


@pytest.mark.parametrize(
    ("at", "is_refused"),
    [
        (datetime(2026, 7, 1, 2, 30, tzinfo=UTC), False),  # 30 June, 10:30 p.m. in New York
        (datetime(2026, 7, 1, 4, 30, tzinfo=UTC), True),
    ],
)
def test_a_proof_counts_until_the_end_of_its_last_business_day(company, at, is_refused):
    key = upload(customer(company), company.ann, expires_on=date(2026, 6, 30))
    if is_refused:
        with pytest.raises(Invalid, match="has expired"):
            customers.verify_document(key, by=company.erin, now=at)
    else:
        customers.verify_document(key, by=company.erin, now=at)


def test_an_executive_sees_nothing_that_names_the_person(company):
    one = customer(company, first_name="Greta", last_name="Gray", email="greta@example.com")
    found = customers.customer(one.id, by=company.eve)
    assert (found.name, found.email, found.date_of_birth) == ("G. G.", "g***@example.com", None)
    assert (found.address_line1, found.phone_primary) == ("", f"*** {one.phone_primary[-4:]}")


def test_pairs_decided_to_be_two_people_are_not_offered_again(company):
    same = {"first_name": "Zacharias", "last_name": "Zimmer", "date_of_birth": date(1971, 3, 4)}
    one = customer(company, **same, email="zz@example.com")
    two = customer(company, **same, email="zz@example.com")
    customers.compare_customers()
    (pair,) = pairs(company.erin)
    assert {pair.first.id, pair.second.id} == {one.id, two.id}
    customers.not_duplicates(two.id, one.id, by=company.erin)
    assert pairs(company.erin) == ()


def pairs(by, **more):
    return customers.duplicate_pairs(by=by, **more)[0]


def test_a_comparison_takes_in_everybody_and_shows_each_manager_their_own(company):
    same = {"first_name": "Zacharias", "last_name": "Zimmer", "email": "zz@example.com"}
    customer(company, **same)
    customer(company, **same)
    customer(company, **same, agent=company.walt_in_west, territory_id=company.west.id)
    assert customers.compare_customers() == 3
    assert [len(pairs(by)) for by in (company.erin, company.wade, company.adam)] == [1, 0, 3]
    told = customers.last_comparison(by=company.erin)
    assert (told.is_running, told.compared, told.found, told.progress) == (False, 3, 3, 100)


def test_pairs_are_read_page_after_page_the_surest_first(company):
    people = (("Zacharias", "Zimmer", 1951), ("Ottilie", "Kuhn", 1976), ("Bo", "Li", 1999))
    for number, (first_name, last_name, year) in enumerate(people):
        named = {"first_name": first_name, "last_name": last_name, "date_of_birth": date(year, 2, 3)}
        where = {"address_line1": f"{year} {last_name} St", "postal_code": str(year), "city": last_name}
        for _ in range(2):
            email = "shared@example.com" if number == 1 else None
            customer(company, **named, **where, email=email, phone_primary=f"+1 {year}")
    customers.compare_customers()
    first, total, after = customers.duplicate_pairs(by=company.erin, limit=2)
    rest, _, last = customers.duplicate_pairs(by=company.erin, limit=2, after=after)
    found = [one.bits for one in (*first, *rest)]
    assert (len(found), total, last) == (3, 3, None)
    assert found == sorted(found, reverse=True)


def test_one_comparison_runs_at_a_time_until_it_goes_silent(company):
    put(DuplicateRun(started_by=company.admin.id))
    with pytest.raises(customers.AlreadyComparing):
        customers.start_comparison(by=company.erin)
    later = utc_now() + timedelta(minutes=4)
    assert "killed" in customers.last_comparison(by=company.erin, now=later).message
    with unit_of_work() as session:
        session.execute(update(DuplicateRun).values(heartbeat_at=utc_now() - timedelta(minutes=4)))
    customers.compare_customers()
    assert customers.last_comparison(by=company.erin).found == 0


def test_a_comparison_that_breaks_tells_a_reference_and_no_details(company, monkeypatch):
    monkeypatch.setattr("core.customers.comparing.dedupe.matches", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        customers.compare_customers()
    message = customers.last_comparison(by=company.erin).message
    assert message.startswith("Something unexpected happened. Reference ")
    assert "division" not in message


def test_a_comparison_started_by_a_person_runs_in_a_process_of_its_own(company):
    same = {"first_name": "Zacharias", "last_name": "Zimmer", "email": "zz@example.com"}
    customer(company, **same)
    customer(company, **same)
    customers.start_comparison(by=company.erin)
    give_up_at = time.monotonic() + 60
    while (told := customers.last_comparison(by=company.erin)).is_running:
        assert time.monotonic() < give_up_at
        time.sleep(0.05)
    assert (told.found, told.message, told.started_by) == (1, "", "Erin East")


def test_second_phones_and_further_contacts_tell_of_a_duplicate(company):
    second = customer(company, phone_secondary="+1 614-555-0182")
    further = customer(company)
    for kind, value, is_valid in (
        ("mobile", "+1 614-555-0182", True),
        ("email", "Far@example.com", True),
        ("mobile", "+1 614-555-9999", False),
    ):
        put(Contact(customer_id=further.id, contact_type=kind, contact_value=value, is_valid=is_valid))

    def alike(**typed):
        nobody = {"first_name": "", "last_name": "", "email": "", "phone": "", "date_of_birth": None}
        return [(one.code, one.because) for one in customers.matches(**{**nobody, **typed})]

    same_phone = ("same phone",)
    assert alike(phone="614.555.0182") == [
        (second.customer_code, same_phone),
        (further.customer_code, same_phone),
    ]
    assert alike(email="far@example.com") == [(further.customer_code, ("same e-mail",))]
    assert alike(phone="614 555 9999") == alike(email="nobody@example.com") == []


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
