"""What a claim can hold of money: the same bound and whole cents wherever an amount is typed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from core import claims
from core.catalog.tables import Category
from core.claims import LossType, NoticeOfLoss
from core.claims.tables import ClaimStatus
from core.kit.errors import Invalid
from core.kit.ids import new_request_id
from tests import factories as make

MOST = Decimal("9999999999.99")
TODAY = date(2026, 11, 21)


@pytest.fixture
def policy(firm):
    """One of which no sum is known, as an import may bring it."""
    on = make.product(Category.AUTO)
    return make.policy(
        firm.ann_in_east, product_id=on.id, territory_id=firm.east.id, sum_assured=Decimal(0)
    )


def report(policy, amount, by):
    notice = NoticeOfLoss(policy.id, date(2026, 11, 1), LossType.THEFT, "Gone", amount)
    return claims.report(notice, request_id=new_request_id(), by=by)


def assess(policy, amount, by):
    claim = make.claim(policy, status=ClaimStatus.DOCUMENTS)
    make.prove(claim.id)
    return claims.assess(claim.id, amount, version=1, by=by)


def reserve(policy, amount, by):
    return claims.set_reserve(make.claim(policy).id, amount, reason="More", version=1, by=by)


def pay(policy, amount, by):
    claim = make.claim(policy, status=ClaimStatus.APPROVED, approved_amount=MOST)
    return claims.pay(
        claim.id, amount, payee="Garage", payment_reference="W-1", paid_on=date(2025, 6, 3),
        request_id=new_request_id(), by=by,
    )  # fmt: skip


ACTS = [(report, "estimated_amount"), (assess, "assessed_amount"), (reserve, "amount"), (pay, "amount")]


@pytest.mark.parametrize(("act", "field"), ACTS)
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("999999999999.99", "At most $9,999,999,999.99 fits here."),
        ("10000000000", "At most $9,999,999,999.99 fits here."),
        ("1.001", "Enter an amount in whole cents."),
        ("0.001", "Enter an amount in whole cents."),
        ("NaN", "Enter an amount."),
        ("Infinity", "Enter an amount."),
    ],
)
def test_what_a_claim_cannot_hold_is_told_beside_the_amount(sue, policy, act, field, typed, said):
    with pytest.raises(Invalid) as refused:
        act(policy, Decimal(typed), sue)
    assert refused.value.fields == {field: said}


@pytest.mark.parametrize(("act", "field"), ACTS)
def test_an_amount_below_nothing_is_told_beside_it(sue, policy, act, field):
    with pytest.raises(Invalid) as refused:
        act(policy, Decimal("-0.01"), sue)
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize("act", [act for act, _ in ACTS])
def test_the_largest_amount_is_taken(sue, policy, act):
    ref = act(policy, MOST, sue)
    row = claims.claim(ref.id, by=sue, today=TODAY).row
    assert MOST in {row.estimated_amount, row.reserve_amount, row.paid_amount}


def test_the_reserve_that_is_there_is_not_written_again(database) -> None:
    company = make.company()
    claim = make.claim(make.policy(company.ann_in_east), reserve_amount=Decimal(500))
    with pytest.raises(Invalid, match="the reserve already"):
        claims.set_reserve(claim.id, Decimal("500.00"), reason="More", version=1, by=company.adam)
