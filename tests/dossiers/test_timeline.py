"""The timeline of a customer tells of everything that is recorded."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import insert

from core import claims, customers, dossiers, policies
from core.audit.tables import AuditEntry, StatusChange
from core.customers.tables import Customer
from core.db import unit_of_work
from core.kit.dates import business_date, utc_now
from core.kit.ids import new_request_id
from core.kit.settings import settings
from core.kit.wording import day_told
from core.policies import PaymentFrequency, PaymentMethod
from tests import factories as make
from tests.factories.rows import put


@pytest.fixture
def company(database):
    return make.company()


@pytest.fixture
def carla(company):
    return make.customer(agent=company.ann_in_east, territory_id=company.east.id)


def version(one):
    with unit_of_work() as session:
        return session.get_one(Customer, one.id).version


def told(one, by, *kinds):
    return [event.what for event in dossiers.timeline(one.id, by=by, kinds=kinds).events]


def test_an_edit_is_told_with_its_fields_and_without_their_values(company, carla):
    changes = {"city": "Dayton", "occupation": "Baker", "is_pep": True}
    customers.edit_customer(carla.id, changes, version=1, by=company.erin)
    for by in (company.ann, company.eve):
        event = dossiers.timeline(carla.id, by=by, kinds=["customer"]).events[0]
        assert (event.who, event.what, event.note) == (
            "Erin East", "changed city, politically exposed person, occupation", "",
        )  # fmt: skip


def test_ways_to_reach_and_relations_are_told(company, carla):
    by = company.ann
    contact = customers.add_contact(
        carla.id, kind="mobile", value="614 555 0199", request_id=new_request_id(), by=by
    )
    customers.change_contact(contact, is_valid=False, by=by)
    customers.remove_contact(contact, by=by)
    other = make.customer(agent=company.ann_in_east, territory_id=company.east.id)
    customers.unrelate(customers.relate(carla.id, other.id, kind="sibling", by=by), by=by)
    assert told(carla, by, "customer") == [
        "removed a relation",
        "added a relation",
        "removed a way to reach them",
        "changed a way to reach them",
        "added a way to reach them",
        "The customer was entered",
    ]
    assert told(other, by, "customer")[:2] == ["removed a relation", "added a relation"]


def test_handing_over_archiving_and_bringing_back_are_told_with_whom_and_why(company, carla):
    customers.assign_customers([carla.id], to=company.dan_in_district.id, by=company.erin)
    dossiers.archive(carla.id, version=version(carla), reason="Moved abroad", by=company.erin)
    dossiers.restore(carla.id, version=version(carla), by=company.erin)
    found = dossiers.timeline(carla.id, by=company.erin, kinds=["customer"]).events[:3]
    assert [(event.what, event.note, event.code) for event in found] == [
        ("brought the customer back", "", ""),
        ("archived the customer", "Moved abroad", ""),
        ("handed the customer over to Dan District", "", ""),
    ]
    masked = dossiers.timeline(carla.id, by=company.eve, kinds=["customer"]).events
    assert [event.note for event in masked] == [""] * 4


def test_a_change_of_payment_is_told_among_the_policies(company, carla):
    policy = make.policy(
        company.ann_in_east,
        customer_id=carla.id,
        territory_id=company.east.id,
        expiry_date=date(2099, 1, 1),
    )
    today = business_date(utc_now(), settings().time_zone)
    policies.change_payment(
        policy.id,
        frequency=PaymentFrequency.MONTHLY,
        method=PaymentMethod.BANK_TRANSFER,
        effective_date=today,
        version=policy.version,
        by=company.ann,
    )
    what = f"changed the payments of policy {policy.policy_number} from {day_told(today)} on"
    assert told(carla, company.ann, "policy") == [what]
    assert told(carla, company.ann, "claim") == []
    customers.assign_customers([carla.id], to=company.walt_in_west.id, by=company.adam)
    assert told(carla, company.walt, "policy") == []


def test_notes_and_reserves_of_claims_are_told(company, carla):
    policy = make.policy(company.ann_in_east, customer_id=carla.id, territory_id=company.east.id)
    claim = make.claim(policy)
    claims.add_note(claim.id, "Called the garage", request_id=new_request_id(), by=company.erin)
    claims.set_reserve(claim.id, Decimal(400), reason="First look", version=claim.version, by=company.erin)
    found = dossiers.timeline(carla.id, by=company.erin, kinds=["claim"]).events
    assert [(event.what, event.note, event.amount) for event in found] == [
        (f"changed the reserve of claim {claim.claim_number} by", "First look", Decimal("400.00")),
        (f"wrote a note on claim {claim.claim_number}", "Called the garage", None),
    ]
    masked = dossiers.timeline(carla.id, by=company.eve, kinds=["claim"]).events
    assert [event.note for event in masked] == ["", ""]


def test_a_merge_that_was_undone_is_told_of_both(company, carla):
    gone = make.customer(agent=company.ann_in_east, territory_id=company.east.id)
    merge_id = dossiers.merge(carla.id, gone.id, reason="Same passport", by=company.erin)
    dossiers.undo_merge(merge_id, by=company.erin)
    assert told(carla, company.erin, "customer") == [
        "undid a merge",
        f"merged with {gone.customer_code}",
        "The customer was entered",
    ]
    assert told(gone, company.erin, "customer") == [
        "undid a merge",
        "merged this record into another one",
        "The customer was entered",
    ]


def test_five_hundred_recorded_events_are_paged_through_once(company, carla):
    row = {
        "actor_id": company.ann.user_id,
        "actor_role": "agent",
        "action": "customer.edit",
        "entity": "customer",
        "entity_id": carla.id,
        "details": {"changed": {"city": None}},
        "hash": b"",
    }
    with unit_of_work() as session:
        session.execute(insert(AuditEntry), [row] * 500)
    seen, after = 0, None
    while True:
        found = dossiers.timeline(carla.id, by=company.ann, after=after, limit=150)
        seen, after = seen + len(found.events), found.after
        if after is None:
            break
    assert seen == 501


def test_the_identity_check_is_told_in_words_and_not_by_the_names_of_its_states(company, carla):
    def moved(frm, to):
        put(
            StatusChange(
                entity="customer", entity_id=carla.id, from_status=frm, to_status=to, at=utc_now(),
                actor_id=company.ann_in_east.id, actor_role="agent",
            )
        )  # fmt: skip

    for frm, to in (("not_started", "pending"), ("pending", "verified")):
        moved(frm, to)
    assert told(carla, company.ann, "kyc") == ["verified the identity", "started the identity check"]


@pytest.mark.parametrize(
    ("check", "what"),
    [
        ("not_started", "entered the customer, whose identity is still to be checked"),
        ("verified", "entered the customer with the identity check verified"),
    ],
)
def test_the_entry_of_a_customer_is_told_once_and_by_whom(company, carla, check, what):
    put(
        StatusChange(
            entity="customer", entity_id=carla.id, from_status=None, to_status=check, at=utc_now(),
            actor_id=company.ann_in_east.id, actor_role="agent",
        )
    )  # fmt: skip
    (event,) = dossiers.timeline(carla.id, by=company.ann).events
    assert (event.kind, event.who, event.what) == ("customer", "Ann Agent", what)
