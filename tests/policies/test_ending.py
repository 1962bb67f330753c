"""How policies end: by a death, and by being cancelled, each within its limits."""

from __future__ import annotations

from datetime import date

import pytest

from core import catalog, policies
from core.db import unit_of_work
from core.policies import EndReason
from tests import factories
from tests.factories import Company
from tests.policies.applying import NOW

LAPSED_ON = date(2025, 9, 1)


def ended_by_death(firm: Company, status: str, died_on: date, **columns: object) -> tuple[str, str, date]:
    row = factories.policy(firm.ann_in_east, status=status, **columns)
    with unit_of_work() as session:
        policies.claimed_by_death(session, row.id, died_on=died_on, at=NOW)
    found = policies.policy(row.id, by=firm.ann)
    assert found.end_date is not None
    return found.row.status, found.end_reason, found.end_date


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("lapsed", EndReason.GRACE_EXPIRED),
        ("cancelled", EndReason.CUSTOMER),
        ("cancelled", EndReason.EXPIRED),
    ],
)
def test_a_policy_that_ended_after_the_death_ends_by_it(
    firm: Company, status: str, reason: EndReason
) -> None:
    died = date(2025, 8, 31)
    found = ended_by_death(firm, status, died, end_date=LAPSED_ON, end_reason=reason)
    assert found == ("claimed", "death", died)


@pytest.mark.parametrize(
    ("status", "reason", "died"),
    [
        ("lapsed", EndReason.GRACE_EXPIRED, LAPSED_ON),
        ("cancelled", EndReason.FREE_LOOK, date(2025, 12, 1)),
        ("matured", EndReason.MATURITY, date(2025, 8, 31)),
    ],
)
def test_a_policy_whose_cover_was_over_at_the_death_stays_as_it_ended(
    firm: Company, status: str, reason: EndReason, died: date
) -> None:
    found = ended_by_death(firm, status, died, end_date=LAPSED_ON, end_reason=reason)
    assert found == (status, reason.value, LAPSED_ON)


def test_a_death_in_a_car_leaves_its_policy_alone(firm: Company) -> None:
    car = factories.product(catalog.Category.AUTO)
    row = factories.policy(firm.ann_in_east, product_id=car.id)
    with unit_of_work() as session:
        policies.claimed_by_death(session, row.id, died_on=date(2025, 8, 31), at=NOW)
    assert policies.policy(row.id, by=firm.ann).row.status == "active"
