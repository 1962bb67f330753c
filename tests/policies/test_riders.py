"""Sums of riders: the same rule in the entry and for a rider that is added later."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from core import policies
from core.access import Viewer
from core.catalog import RiderChoice, RiderType
from core.kit.errors import Invalid
from core.policies import Application
from tests.factories import Company
from tests.policies.applying import NOW, TODAY, issued, submitted

SUMS = ["-50000", "0", "500000.01", "999999999", "10000000000"]


def ill(amount: str) -> RiderChoice:
    return RiderChoice(RiderType.CRITICAL_ILLNESS, Decimal(amount))


@pytest.mark.parametrize("amount", SUMS)
def test_an_entry_with_a_rider_of_such_a_sum_has_no_price_and_is_not_taken(
    firm: Company, application: Application, amount: str
) -> None:
    wrong = replace(application, riders=(ill(amount),))
    quoted = policies.quote(wrong, by=firm.ann, today=TODAY)
    assert (quoted.premium, quoted.is_ready) == (None, False)
    assert list(policies.gaps(wrong, quoted, today=TODAY)) == ["riders.critical_illness"]
    with pytest.raises(Invalid) as refusal:
        submitted(wrong, firm.ann)
    assert list(refusal.value.fields) == ["riders.critical_illness"]


def test_an_entry_with_the_same_rider_twice_is_not_taken(firm: Company, application: Application) -> None:
    with pytest.raises(Invalid, match="there twice"):
        submitted(replace(application, riders=(ill("100"), ill("200"))), firm.ann)


def test_a_sum_is_told_before_anybody_said_how_it_is_paid(firm: Company, application: Application) -> None:
    unpaid = replace(application, riders=(ill("-1"),), payment_frequency=None)
    assert "above $0" in policies.quote(unpaid, by=firm.ann, today=TODAY).wrong["riders.critical_illness"]


@pytest.mark.parametrize("amount", SUMS)
def test_a_rider_of_such_a_sum_is_not_added_to_a_policy(
    firm: Company, application: Application, underwriter: Viewer, amount: str
) -> None:
    ref = issued(application, firm.ann, underwriter)
    with pytest.raises(Invalid) as refusal:
        policies.add_rider(
            ref.id, ill(amount), effective_date=TODAY, version=ref.version, by=firm.ann, now=NOW
        )
    assert list(refusal.value.fields) == ["sum_assured"]
    assert policies.policy(ref.id, by=firm.ann).row.annual_premium == Decimal("788.00")


def test_a_rider_that_the_product_has_not_is_told_beside_the_rider(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    ref = issued(application, firm.ann, underwriter)
    rider = RiderChoice(RiderType.DISABILITY, Decimal(100))
    with pytest.raises(Invalid) as refusal:
        policies.add_rider(ref.id, rider, effective_date=TODAY, version=ref.version, by=firm.ann, now=NOW)
    assert list(refusal.value.fields) == ["rider_type"]


def test_a_rider_within_the_sum_of_the_policy_is_added_and_charged(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    ref = issued(application, firm.ann, underwriter)
    policies.add_rider(
        ref.id, ill("500000"), effective_date=TODAY, version=ref.version, by=firm.ann, now=NOW
    )
    assert policies.policy(ref.id, by=firm.ann).row.annual_premium == Decimal("1788.00")
