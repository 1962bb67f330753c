"""The 360° of a customer: overview, timeline, archiving and the identity check."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from core import audit, customers, dossiers
from core.access import Role
from core.audit.tables import StatusChange
from core.catalog.tables import Category
from core.customers import risk
from core.customers.status import SENIOR
from core.customers.tables import Customer, KycStatus, RiskBand
from core.db import unit_of_work
from core.demo.documents import pdf
from core.dossiers.rules import premium_due
from core.kit.errors import Conflict, IllegalMove, Invalid, NotAllowed, NotFound
from core.kit.ids import new_request_id
from core.policies import EndReason
from core.policies.tables import Policy, PolicyStatus
from tests import factories as make
from tests.factories.rows import put

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


@pytest.fixture
def company(database):
    return make.company()


def customer(company, **columns):
    given = {"agent": company.ann_in_east, "territory_id": company.east.id}
    return make.customer(**{**given, **columns})


def test_the_overview_adds_up_what_is_in_scope(company):
    one = customer(company)
    policy = make.policy(company.ann_in_east, customer_id=one.id, effective_date=date(2024, 4, 1))
    make.policy(company.walt_in_west, customer_id=one.id)
    make.claim(policy)
    make.lead(company.ann_in_east, customer_id=one.id)
    found = dossiers.overview(one.customer_code, by=company.ann, now=NOW)
    assert (found.in_force, found.open_claims, found.open_deals, found.others) == (1, 1, 1, 1)
    # Due on 1 April 2024 and 2025.
    assert found.lifetime_premium == Decimal("2400.00")
    assert found.annual_premium == Decimal("1200.00")
    assert found.customer.age == 40
    with pytest.raises(NotFound):
        dossiers.overview(one.id, by=company.wade)


def test_a_declined_application_never_cost_anything(company):
    one = customer(company)
    make.policy(
        company.ann_in_east, customer_id=one.id, status="cancelled", issue_date=None,
        effective_date=date(2024, 4, 1), end_date=date(2025, 6, 1), end_reason=EndReason.DECLINED,
    )  # fmt: skip
    found = dossiers.overview(one.id, by=company.ann, now=NOW)
    assert (found.lifetime_premium, found.annual_premium, found.in_force) == (0, 0, 0)


def test_a_declined_application_is_called_so_in_the_list_and_in_the_timeline(company):
    one = customer(company)
    row = make.policy(
        company.ann_in_east, customer_id=one.id, status="cancelled", issue_date=None,
        end_date=date(2025, 6, 1), end_reason=EndReason.DECLINED,
    )  # fmt: skip
    put(
        StatusChange(
            entity="policy", entity_id=row.id, from_status="underwriting", to_status="cancelled",
            actor_id=company.ann_in_east.id, actor_role="underwriter", at=NOW,
        )
    )  # fmt: skip
    (item,) = dossiers.overview(one.id, by=company.ann, now=NOW).of("policy")
    assert (item.status, item.status_label) == ("cancelled", "Declined")
    (event,) = dossiers.timeline(one.id, by=company.ann, kinds=["policy"]).events
    assert event.what == f"moved policy {row.policy_number} to Declined"


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({}, None),
        ({"status": "cancelled", "end_date": date(2025, 6, 1), "end_reason": EndReason.SURRENDER},
         date(2025, 6, 1)),
    ],
)  # fmt: skip
def test_cover_for_life_ends_on_no_date_until_it_has_ended(company, columns, told):
    one, product = customer(company), make.product(Category.WHOLE_LIFE)
    make.policy(
        company.ann_in_east, customer_id=one.id, product_id=product.id, expiry_date=date(2126, 1, 4),
        **columns,
    )  # fmt: skip
    (item,) = dossiers.overview(one.id, by=company.ann, now=NOW).of("policy")
    assert item.on == told


def test_after_a_hand_over_the_new_owner_is_told_what_lies_outside_their_book(company):
    one = customer(company, kyc_status=KycStatus.VERIFIED, kyc_review_on=date(2028, 1, 1))
    policy = make.policy(company.ann_in_east, customer_id=one.id, territory_id=company.east.id)
    make.claim(policy)
    customers.assign_customers([one.id], to=company.dan_in_district.id, by=company.erin)
    found = dossiers.overview(one.id, by=company.dan, now=NOW)
    assert dict(found.outside) == {"policy": 1, "lead": 0, "opportunity": 0, "claim": 1}
    assert (found.in_force, found.others) == (0, 2)
    assert "in your book" in found.next_step.text
    assert dossiers.overview(one.id, by=company.erin, now=NOW).others == 0


@pytest.mark.parametrize(
    ("per_year", "ends", "count"),
    [
        (12, None, 13),
        (4, None, 5),
        (2, None, 3),
        (1, None, 2),
        (12, date(2025, 3, 31), 2),
        (1, date(2025, 1, 31), 0),
    ],
)
def test_instalments_fall_due_from_the_anchor_until_cover_ends(per_year, ends, count):
    due = premium_due(Decimal("10.00"), per_year, date(2025, 1, 31), ends, date(2026, 1, 31))
    assert due == Decimal("10.00") * count


def test_the_next_step_is_the_most_pressing_one(company):
    one = customer(company, kyc_status=KycStatus.VERIFIED, kyc_review_on=date(2028, 1, 1))
    assert dossiers.overview(one.id, by=company.ann, now=NOW).next_step.text == "Nothing is open."
    make.followup(company.ann_in_east, customer_id=one.id, scheduled_at=NOW - timedelta(hours=1))
    found = dossiers.overview(one.id, by=company.ann, now=NOW).next_step
    assert (found.text, found.tab, found.is_urgent) == ("Call is overdue.", "Follow-ups", True)


@pytest.mark.parametrize(("days", "is_soon"), [(-1, False), (0, False), (1, True), (30, True), (31, False)])
def test_cover_ends_soon_until_it_has_ended(company, days, is_soon):
    one = customer(company, kyc_status=KycStatus.VERIFIED, kyc_review_on=date(2028, 1, 1))
    ends = NOW.date() + timedelta(days=days)
    make.policy(company.ann_in_east, customer_id=one.id, expiry_date=ends)
    found = dossiers.overview(one.id, by=company.ann, now=NOW).next_step
    assert ("ends soon" in found.text) == is_soon


def test_the_timeline_pages_through_everything_once(company):
    one = customer(company)
    by = company.ann
    for number in range(30):
        customers.add_note(one.id, f"Note {number}", request_id=new_request_id(), by=by, now=NOW)
    customers.record_consent(one.id, channel="email", purpose="service", is_granted=True, by=by)
    seen, after = [], None
    while True:
        found = dossiers.timeline(one.id, by=by, after=after, limit=7)
        seen += [(event.kind, event.note) for event in found.events]
        after = found.after
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 32
    only = dossiers.timeline(one.id, by=by, kinds=["consent"]).events
    assert [event.what for event in only] == ["noted the consent to service by email"]


def test_the_timeline_of_an_executive_has_no_personal_words(company):
    one = customer(company)
    customers.add_note(one.id, "Secret", request_id=new_request_id(), by=company.ann)
    found = dossiers.timeline(one.id, by=company.eve).events
    assert [event.kind for event in found] == ["customer"]


@pytest.mark.parametrize("kind", ["customer", "account"])
def test_the_log_keeps_the_moments_between_which_a_record_was_archived(company, kind):
    is_customer = kind == "customer"
    one = customer(company) if is_customer else make.account(agent=company.ann_in_east)
    away = dossiers.archive if is_customer else dossiers.archive_account
    back = dossiers.restore if is_customer else dossiers.restore_account
    away(one.id, version=one.version, reason="Moved", by=company.ann, now=NOW)
    back(one.id, version=one.version + 1, by=company.ann)
    with unit_of_work() as session:
        entries = audit.entries(session, kind, one.id)
        told = {entry.action: entry.details["changed"]["archived_at"] for entry in entries}
    moment = "2026-01-15T12:00:00+00:00"
    assert told == {f"{kind}.archive": [None, moment], f"{kind}.restore": [moment, None]}


def test_a_customer_with_a_live_policy_is_not_archived(company):
    one = customer(company)
    policy = make.policy(company.ann_in_east, customer_id=one.id)
    with pytest.raises(dossiers.StillNeeded, match=policy.policy_number):
        dossiers.archive(one.id, version=one.version, reason="Moved", by=company.ann)
    other = customer(company)
    make.policy(company.ann_in_east, customer_id=other.id, status="cancelled")
    dossiers.archive(other.id, version=other.version, reason="Moved", by=company.ann)
    found = customers.customer(other.id, by=company.ann)
    assert found.archived_at is not None
    dossiers.restore(other.id, version=found.version, by=company.ann)
    assert customers.customer(other.id, by=company.ann).archived_at is None


def proofs(one, *, by, verifier=None):
    for kind in ("id_proof", "address_proof"):
        key = customers.upload_document(
            one.id, kind=kind, name="a.pdf", content=pdf(kind), request_id=new_request_id(), by=by
        )
        if verifier is not None:
            customers.verify_document(key, by=verifier)


def version(one):
    with unit_of_work() as session:
        return session.get_one(Customer, one.id).version


def status(one, by):
    found = customers.customer(one.id, by=by)
    return found.kyc_status, found.kyc_review_on


def test_kyc_needs_proofs_that_somebody_else_has_verified(company):
    one = customer(company)
    with pytest.raises(Invalid) as missing:
        customers.start_kyc(one.id, version=one.version, by=company.ann)
    assert missing.value.fields.keys() == {"id_proof", "address_proof"}
    proofs(one, by=company.ann)
    customers.start_kyc(one.id, version=version(one), by=company.ann, now=NOW)
    with pytest.raises(Invalid) as missing:
        dossiers.verify_kyc(one.id, version=version(one), by=company.erin, now=NOW)
    assert "proofs_verified" in missing.value.fields


def test_who_uploaded_verifies_neither_the_proof_nor_the_customer(company):
    one = customer(company)
    proofs(one, by=company.erin)
    key = customers.documents(one.id, by=company.erin)[0].id
    with pytest.raises(NotAllowed, match="somebody else"):
        customers.verify_document(key, by=company.erin)
    for document in customers.documents(one.id, by=company.adam):
        customers.verify_document(document.id, by=company.adam)
    customers.start_kyc(one.id, version=version(one), by=company.erin)
    with pytest.raises(Invalid) as refused:
        dossiers.verify_kyc(one.id, version=version(one), by=company.erin)
    assert refused.value.fields.keys() == {"verifier_is_independent"}


def test_a_verified_customer_expires_on_the_review_date_and_starts_again(company):
    one = customer(company)
    proofs(one, by=company.ann, verifier=company.erin)
    customers.start_kyc(one.id, version=version(one), by=company.ann, now=NOW)
    review = dossiers.verify_kyc(one.id, version=version(one), by=company.erin, now=NOW)
    assert review == date(2029, 1, 15)
    assert status(one, company.ann) == ("verified", review)
    assert customers.expire_due(now=NOW + timedelta(days=1000)) == 0
    assert customers.expire_due(now=datetime(2029, 1, 15, 12, tzinfo=UTC)) == 1
    assert status(one, company.ann)[0] == "expired"
    customers.start_kyc(one.id, version=version(one), by=company.ann)
    with pytest.raises(IllegalMove):
        customers.start_kyc(make_verified(company).id, version=1, by=company.ann)


def make_verified(company):
    return customer(company, kyc_status=KycStatus.VERIFIED)


def test_a_rejected_customer_needs_newer_proofs(company):
    one = customer(company)
    proofs(one, by=company.ann)
    customers.start_kyc(one.id, version=version(one), by=company.ann)
    customers.reject_kyc(one.id, version=version(one), reason="Unreadable", by=company.erin)
    with pytest.raises(Invalid):
        customers.start_kyc(one.id, version=version(one), by=company.ann)
    proofs(one, by=company.ann)
    customers.start_kyc(one.id, version=version(one), by=company.ann)
    assert status(one, company.ann)[0] == "pending"


def test_what_led_to_a_rejection_never_verifies_also_not_once_newer_proofs_are_there(company):
    one = customer(company)
    proofs(one, by=company.ann, verifier=company.erin)
    customers.start_kyc(one.id, version=version(one), by=company.ann)
    customers.reject_kyc(one.id, version=version(one), reason="Forged", by=company.erin)
    proofs(one, by=company.ann)
    customers.start_kyc(one.id, version=version(one), by=company.ann)
    with pytest.raises(Invalid) as refused:
        dossiers.verify_kyc(one.id, version=version(one), by=company.erin)
    assert refused.value.fields.keys() == {"proofs_verified"}
    proofs(one, by=company.ann, verifier=company.erin)
    dossiers.verify_kyc(one.id, version=version(one), by=company.erin)
    assert status(one, company.ann)[0] == "verified"


def test_what_led_to_the_rejection_of_a_merged_record_does_not_count_for_the_kept_one(company):
    one, other = customer(company), customer(company)
    proofs(other, by=company.ann, verifier=company.erin)
    customers.start_kyc(other.id, version=version(other), by=company.ann)
    customers.reject_kyc(other.id, version=version(other), reason="Forged", by=company.erin)
    dossiers.merge(one.id, other.id, reason="One person", by=company.erin)
    with pytest.raises(Invalid) as refused:
        customers.start_kyc(one.id, version=version(one), by=company.ann)
    assert refused.value.fields.keys() == {"id_proof", "address_proof"}


def test_an_expired_check_takes_proofs_newer_than_its_last_verification(company):
    one = customer(company)
    proofs(one, by=company.ann, verifier=company.erin)
    customers.start_kyc(one.id, version=version(one), by=company.ann)
    review = dossiers.verify_kyc(one.id, version=version(one), by=company.erin)
    then = datetime(review.year, review.month, review.day, 12, tzinfo=UTC)
    assert customers.expire_due(now=then) == 1
    with pytest.raises(Invalid) as refused:
        customers.start_kyc(one.id, version=version(one), by=company.ann, now=then)
    assert refused.value.fields.keys() == {"id_proof", "address_proof"}
    proofs(one, by=company.ann)
    customers.start_kyc(one.id, version=version(one), by=company.ann, now=then)
    assert status(one, company.ann)[0] == "pending"


def test_a_politically_exposed_person_needs_a_senior_and_a_yearly_review(company):
    one = customer(company, is_pep=True)
    proofs(one, by=company.ann, verifier=company.erin)
    customers.start_kyc(one.id, version=version(one), by=company.ann)
    support = make.viewer(make.user(Role.SUPPORT))
    with pytest.raises(Invalid) as refused:
        dossiers.verify_kyc(one.id, version=version(one), note="Looked closely", by=support, now=NOW)
    assert refused.value.fields.keys() == {"senior_approval"}
    with pytest.raises(Invalid):
        dossiers.verify_kyc(one.id, version=version(one), by=company.erin, now=NOW)
    review = dossiers.verify_kyc(
        one.id, version=version(one), note="Looked closely", by=company.erin, now=NOW
    )
    assert review == date(2027, 1, 15)


def offered(one, by):
    """What verifying still needs by the list of moves, and whether it takes a note."""
    moves = {move.to: move for move in dossiers.kyc_moves(one.id, by=by, now=NOW)}
    return moves["verified"].missing, moves["verified"].needs_reason


def test_verifying_who_is_politically_exposed_is_offered_to_seniors_alone(company):
    one = customer(company, is_pep=True)
    proofs(one, by=company.ann, verifier=company.erin)
    customers.start_kyc(one.id, version=version(one), by=company.ann, now=NOW)
    support = make.viewer(make.user(Role.SUPPORT))
    assert offered(one, company.erin) == ((), True)
    assert offered(one, support) == ((SENIOR.ask,), True)
    plain = customer(company)
    proofs(plain, by=company.ann, verifier=company.erin)
    customers.start_kyc(plain.id, version=version(plain), by=company.ann, now=NOW)
    assert offered(plain, support) == ((), False)


def checked(company, **columns):
    """A customer who was verified at NOW, and the date of the review."""
    one = customer(company, **columns)
    proofs(one, by=company.ann, verifier=company.erin)
    customers.start_kyc(one.id, version=version(one), by=company.ann, now=NOW)
    return one, dossiers.verify_kyc(one.id, version=version(one), by=company.erin, now=NOW)


def test_who_turns_out_to_be_politically_exposed_is_reviewed_a_year_after_the_verification(company):
    one, review = checked(company)
    assert review == date(2029, 1, 15)
    customers.edit_customer(one.id, {"is_pep": True}, version=version(one), by=company.erin)
    assert status(one, company.ann)[1] == date(2027, 1, 15)
    found = customers.customer(one.id, by=company.ann)
    assert ("aml", "Politically exposed person", 4) in found.risk_reasons
    customers.edit_customer(one.id, {"is_pep": False}, version=version(one), by=company.erin)
    assert status(one, company.ann)[1] == review
    with unit_of_work() as session:
        entry = audit.entries(session, "customer", one.id)[1]
    assert entry.details["changed"] == {
        "is_pep": [False, True],
        "kyc_review_on": ["2029-01-15", "2027-01-15"],
    }


def test_a_review_asked_for_earlier_is_not_put_off_by_another_band(company):
    one, _ = checked(company)
    with unit_of_work() as session:
        session.get_one(Customer, one.id).kyc_review_on = date(2026, 6, 1)
    for is_pep in (True, False):
        customers.edit_customer(one.id, {"is_pep": is_pep}, version=version(one), by=company.erin)
        assert status(one, company.ann)[1] == date(2026, 6, 1)


def test_cover_that_begins_after_the_verification_brings_the_review_nearer(company):
    one, _ = checked(company, country="Panama", state="Colón")
    ulip = make.product(Category.ULIP)
    policy = make.policy(company.ann_in_east, customer_id=one.id, product_id=ulip.id)
    assert dossiers.follow_cover(now=NOW) == 0
    issued = {"entity": "policy", "to_status": "issued", "actor_role": "manager", "at": NOW}
    put(StatusChange(entity_id=policy.id, **issued))
    assert dossiers.follow_cover(now=NOW) == 1
    assert status(one, company.ann)[1] == date(2028, 1, 15)
    assert dossiers.follow_cover(now=NOW) == 0


def test_everybody_whose_cover_changed_its_kind_is_scored_anew_and_nobody_else(company):
    """Those of whom the same is kept and in force are looked at together."""
    products = {one: make.product(one) for one in (Category.ULIP, Category.WHOLE_LIFE, Category.AUTO)}
    held = {
        "first": [Category.ULIP],
        "second": [Category.ULIP, Category.ULIP, Category.AUTO],
        "third": [Category.WHOLE_LIFE],
        "plain": [Category.AUTO],
        "unverified": [Category.ULIP],
        "long ago": [Category.ULIP],
    }
    people = {who: customer(company) if who == "unverified" else checked(company)[0] for who in held}
    for who, categories in held.items():
        for category in categories:
            policy = make.policy(
                company.ann_in_east, customer_id=people[who].id, product_id=products[category].id
            )
            at = NOW - timedelta(days=8 if who == "long ago" else 6)
            issued = {"entity": "policy", "to_status": "issued", "actor_role": "manager", "at": at}
            put(StatusChange(entity_id=policy.id, **issued))

    def told(who):
        found = customers.customer(people[who].id, by=company.ann)
        return [label for which, label, _ in found.risk_reasons if which == "aml"]

    assert dossiers.follow_cover(now=NOW) == 3
    labels = {"first": "Unit-linked or single premium", "second": "Unit-linked or single premium"}
    labels["third"] = "Whole life or endowment"
    assert {who: told(who) for who in held if told(who)} == {who: [one] for who, one in labels.items()}
    assert dossiers.follow_cover(now=NOW) == 0


def test_cover_that_ended_is_followed_as_well(company):
    one, _ = checked(company)
    ulip = make.product(Category.ULIP)
    policy = make.policy(company.ann_in_east, customer_id=one.id, product_id=ulip.id)
    moved = {"entity": "policy", "entity_id": policy.id, "actor_role": "manager", "at": NOW}
    put(StatusChange(to_status="issued", **moved))
    assert dossiers.follow_cover(now=NOW) == 1
    with unit_of_work() as session:
        row = session.get_one(Policy, policy.id)
        row.status, row.end_date = PolicyStatus.CANCELLED, NOW.date()
    put(StatusChange(to_status="cancelled", **moved))
    assert dossiers.follow_cover(now=NOW) == 1
    assert not [one for one in customers.customer(one.id, by=company.ann).risk_reasons if one[0] == "aml"]
    assert dossiers.follow_cover(now=NOW) == 0


def test_scoring_anew_moves_the_review_with_the_band(company):
    one, _ = checked(company, country="Panama", state="Colón")
    ulip = make.product(Category.ULIP)
    make.policy(company.ann_in_east, customer_id=one.id, product_id=ulip.id)
    dossiers.score_risk(one.id, by=company.ann, now=NOW)
    assert status(one, company.ann)[1] == date(2028, 1, 15)


def test_kyc_that_somebody_else_has_moved_is_a_conflict(company):
    one = customer(company)
    proofs(one, by=company.ann)
    customers.start_kyc(one.id, version=version(one), by=company.ann)
    with pytest.raises(Conflict):
        customers.reject_kyc(one.id, version=1, reason="Unreadable", by=company.erin)


FACTS = risk.Facts(
    date_of_birth=date(1985, 5, 17),
    occupation="Teacher",
    customer_since=date(2025, 1, 1),
    claims=0,
    lines=1,
    categories=frozenset({"term"}),
    has_single_premium=False,
    is_pep=False,
    country="USA",
)


@pytest.mark.parametrize(
    ("changes", "score", "aml", "band"),
    [
        ({}, 0, 0, RiskBand.LOW),
        ({"date_of_birth": date(2004, 1, 1)}, 10, 0, RiskBand.LOW),
        ({"occupation": "Roofer", "claims": 2}, 30, 0, RiskBand.MEDIUM),
        ({"claims": 1, "customer_since": date(2020, 1, 15), "lines": 2}, 0, 0, RiskBand.LOW),
        ({"categories": frozenset({"ulip"}), "country": "Panama"}, 0, 4, RiskBand.LOW),
        ({"is_pep": True}, 0, 4, RiskBand.LOW),
    ],
)
def test_risk_points_add_up(changes, score, aml, band):
    found = risk.assess(replace(FACTS, **changes), date(2026, 1, 15))
    assert (found.score, found.aml_score, found.band) == (score, aml, band)


def test_what_is_missing_is_flagged_and_counts_nothing():
    found = risk.assess(replace(FACTS, occupation=""), date(2026, 1, 15))
    assert {one.code for one in found.reasons if one.points is None} == {
        "OCCUPATION_MISSING",
        "SMOKER_MISSING",
        "MEDICAL_MISSING",
        "PAYMENTS_MISSING",
    }


def test_the_score_is_kept_with_its_reasons(company):
    one = customer(company, date_of_birth=date(2004, 1, 1))
    dossiers.score_risk(one.id, by=company.ann, now=NOW)
    found = customers.customer(one.id, by=company.ann)
    assert (found.risk_score, found.risk_band) == (10, "low")
    assert ("risk", "Age 22", 10) in found.risk_reasons
