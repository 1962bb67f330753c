"""The target is the day by which a claim should be decided: what is decided is late no more."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from core import claims
from core.claims import ClaimFilter
from core.claims.tables import ClaimStatus
from tests import factories as make

TODAY = date(2026, 11, 21)
# Monday to Monday: five business days.
REPORTED, DECIDED = date(2026, 10, 19), date(2026, 10, 26)


def claim(firm, status, **columns):
    on = make.policy(firm.ann_in_east, territory_id=firm.east.id)
    given = {"reported_date": REPORTED, "target_on": date(2026, 11, 2)}
    return make.claim(on, status=status, **given, **columns)


def decided(firm, status=ClaimStatus.APPROVED):
    amount = Decimal("500.00")
    return claim(firm, status, decided_on=DECIDED, approved_amount=amount, reserve_amount=amount)


def test_a_decided_claim_that_waits_for_its_payment_is_not_late_and_ages_no_more(firm, sue):
    row = claims.claim(decided(firm).id, by=sue, today=TODAY).row
    assert (row.age_days, row.days_left, row.is_late) == (5, None, False)


def test_an_undecided_claim_past_its_target_is_late(firm, sue):
    row = claims.claim(claim(firm, ClaimStatus.ASSESSED).id, by=sue, today=TODAY).row
    assert (row.age_days, row.is_late) == (24, True)  # Veterans Day lies between


def test_the_filter_for_late_claims_finds_the_undecided_alone(firm, sue):
    decided(firm)
    late = claim(firm, ClaimStatus.REOPENED)
    found = claims.queue(ClaimFilter(late=True), by=sue, today=TODAY)
    assert [row.id for row in found.rows] == [late.id]


def test_the_queue_puts_the_undecided_before_what_is_to_be_paid_and_that_before_what_is_over(firm, sue):
    settled, approved = decided(firm, ClaimStatus.SETTLED), decided(firm)
    waiting = claim(firm, ClaimStatus.DOCUMENTS)
    found = claims.queue(ClaimFilter(), by=sue, today=TODAY)
    assert [row.id for row in found.rows] == [waiting.id, approved.id, settled.id]
    first = claims.queue(ClaimFilter(), by=sue, today=TODAY, limit=1)
    rest = claims.queue(ClaimFilter(), by=sue, today=TODAY, limit=2, after=first.after)
    assert [row.id for row in rest.rows] == [approved.id, settled.id]
