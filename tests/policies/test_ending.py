"""How policies end: by a death, and by being cancelled, each within its limits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core import catalog, policies
from core.access import Viewer
from core.catalog import Category, RiderType
from core.db import unit_of_work
from core.kit.errors import Invalid
from core.policies import EndReason, PolicyFilter
from core.policies.tables import Policy, PolicyRider
from tests import factories
from tests.factories import Company
from tests.factories.rows import put
from tests.policies.applying import NOW, TODAY

LAPSED_ON = date(2025, 9, 1)
YEAR: dict[str, Any] = {
    "issue_date": date(2026, 2, 1),
    "effective_date": date(2026, 2, 1),
    "expiry_date": date(2027, 2, 1),
}


def by_death_on(row: Policy, died_on: date) -> None:
    with unit_of_work() as session:
        policies.claimed_by_death(session, row.id, died_on=died_on, at=NOW)


def ended_by_death(firm: Company, status: str, died_on: date, **columns: object) -> tuple[str, str, date]:
    row = factories.policy(firm.ann_in_east, status=status, **columns)
    by_death_on(row, died_on)
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


@pytest.mark.parametrize(
    ("category", "status"), [(Category.TERM, "active"), (Category.WHOLE_LIFE, "claimed")]
)
def test_a_death_after_a_term_that_the_clock_has_not_ended_yet_is_not_in_cover(
    firm: Company, category: Category, status: str
) -> None:
    product = factories.product(category)
    row = factories.policy(firm.ann_in_east, product_id=product.id, expiry_date=date(2026, 11, 19))
    by_death_on(row, date(2026, 11, 19))
    assert policies.policy(row.id, by=firm.ann).row.status == status


def test_a_death_in_a_car_leaves_its_policy_alone(firm: Company) -> None:
    car = factories.product(catalog.Category.AUTO)
    row = factories.policy(firm.ann_in_east, product_id=car.id)
    by_death_on(row, date(2025, 8, 31))
    assert policies.policy(row.id, by=firm.ann).row.status == "active"


def by_maturing(row: Policy, firm: Company) -> None:
    policies.mature(row.id, version=row.version, by=firm.erin, now=NOW)


def by_death(row: Policy, _firm: Company) -> None:
    by_death_on(row, date(2026, 11, 10))


def by_the_clock(_row: Policy, _firm: Company) -> None:
    policies.end_due(now=NOW)


def by_cancelling(row: Policy, firm: Company) -> None:
    policies.cancel(
        row.id, version=row.version, end_reason=EndReason.CUSTOMER, end_date=date(2026, 11, 15),
        reason="By letter", by=firm.ann, now=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ends", "term_ends", "last"),
    [
        (by_maturing, date(2026, 11, 20), date(2026, 11, 20)),
        (by_the_clock, date(2026, 11, 20), date(2026, 11, 20)),
        (by_cancelling, date(2027, 2, 1), date(2026, 11, 15)),
        (by_death, date(2027, 2, 1), date(2026, 11, 11)),  # the day of the death is covered
    ],
)
def test_riders_end_with_their_policy_however_it_ends(
    firm: Company, ends: Callable[[Policy, Company], None], term_ends: date, last: date
) -> None:
    product = factories.product(Category.ENDOWMENT)
    row = factories.policy(firm.ann_in_east, product_id=product.id, **{**YEAR, "expiry_date": term_ends})
    for begins, is_active in ((date(2026, 2, 1), True), (date(2026, 12, 1), False)):
        put(
            PolicyRider(
                policy_id=row.id, rider_name="Waiver", rider_type=RiderType.WAIVER_OF_PREMIUM,
                sum_assured=Decimal(0), premium_amount=Decimal(1), start_date=begins,
                end_date=date(2027, 2, 1), is_active=is_active,
            )
        )  # fmt: skip
    ends(row, firm)
    found = policies.policy(row.id, by=firm.ann)
    assert [(one.start_date, one.end_date, one.is_active) for one in found.riders] == [
        (date(2026, 2, 1), last, False)  # and the planned one fell
    ]


def cancelled(
    firm: Company, reason: EndReason, day: date, by: Viewer | None = None, **columns: object
) -> str:
    row = factories.policy(firm.ann_in_east, **{**YEAR, **columns})
    policies.cancel(
        row.id, version=row.version, end_reason=reason, end_date=day, reason="By letter",
        by=by or firm.ann, now=NOW,
    )  # fmt: skip
    found = policies.policy(row.id, by=firm.ann)
    assert (found.row.status, found.end_date) == ("cancelled", day)
    return found.end_reason


def test_a_policy_ends_today_or_a_month_back_and_for_fraud_from_its_first_day(firm: Company) -> None:
    assert cancelled(firm, EndReason.CUSTOMER, TODAY) == "customer"
    assert cancelled(firm, EndReason.SURRENDER, date(2026, 10, 21)) == "surrender"
    assert cancelled(firm, EndReason.FRAUD, YEAR["effective_date"]) == "fraud"


@pytest.mark.parametrize(
    ("reason", "day", "field", "told"),
    [
        (EndReason.CUSTOMER, date(2027, 1, 1), "end_date", "cancel on the day itself, not ahead"),
        (EndReason.CUSTOMER, date(2027, 8, 1), "end_date", "Cover expires on Feb 1, 2027 anyway"),
        (EndReason.CUSTOMER, YEAR["effective_date"], "end_date", "The earliest day is Oct 21, 2026"),
        (EndReason.FRAUD, date(2026, 1, 31), "end_date", "Cover begins on Feb 1, 2026"),
        (EndReason.FREE_LOOK, TODAY, "end_reason", "The free look ended on Mar 3, 2026"),
        (EndReason.WITHDRAWN, TODAY, "end_reason", "not a reason to cancel"),
    ],
)
def test_a_cancellation_outside_its_days_is_refused_beside_its_field(
    firm: Company, reason: EndReason, day: date, field: str, told: str
) -> None:
    with pytest.raises(Invalid, match=told) as refusal:
        cancelled(firm, reason, day)
    assert list(refusal.value.fields) == [field]


def test_a_cancellation_without_reasons_and_on_a_wrong_day_is_told_all_of_it(firm: Company) -> None:
    row = factories.policy(firm.ann_in_east, **YEAR)
    with pytest.raises(Invalid) as refusal:
        policies.cancel(
            row.id, end_reason=None, end_date=date(2027, 8, 1), reason=" ", version=1, by=firm.ann, now=NOW
        )
    assert refusal.value.fields == {
        "end_date": "Cover expires on Feb 1, 2027 anyway; it can't end after.",
        "end_reason": "Choose why cover ends.",
        "reason": "Say why.",
    }
    assert policies.policy(row.id, by=firm.ann).row.status == "active"


def test_a_lapsed_policy_is_not_closed_later_than_it_lapsed(firm: Company) -> None:
    lapsed: dict[str, Any] = {"status": "lapsed", "end_date": date(2026, 11, 5)}
    manager = firm.erin
    with pytest.raises(Invalid, match="Cover ended on Nov 5, 2026 anyway"):
        cancelled(firm, EndReason.CUSTOMER, TODAY, by=manager, **lapsed)
    assert cancelled(firm, EndReason.CUSTOMER, date(2026, 11, 5), by=manager, **lapsed) == "customer"


def test_an_application_is_withdrawn_before_the_day_on_which_cover_was_to_begin(firm: Company) -> None:
    waiting = {"status": "applied", "issue_date": None, "effective_date": date(2026, 12, 1)}
    dated: dict[str, Any] = {**waiting, "application_date": date(2026, 11, 10)}
    assert cancelled(firm, EndReason.WITHDRAWN, TODAY, **dated) == "withdrawn"
    with pytest.raises(Invalid, match="It was applied for on Nov 10, 2026"):
        cancelled(firm, EndReason.WITHDRAWN, date(2026, 11, 9), **dated)


def test_cover_ends_when_it_ended_and_otherwise_with_its_term(firm: Company) -> None:
    def told(category: Category = Category.TERM, **columns: object) -> tuple[date | None, date | None]:
        product = factories.product(category).id
        row = factories.policy(firm.ann_in_east, product_id=product, **{**YEAR, **columns})
        found = policies.policy(row.id, by=firm.ann).row
        return found.cover_ends, found.term_ends

    lapsed = {"status": "lapsed", "end_date": LAPSED_ON, "effective_date": date(2025, 2, 1)}
    never = {"status": "cancelled", "end_date": TODAY, "issue_date": None}
    assert told() == (YEAR["expiry_date"], YEAR["expiry_date"])
    assert told(**lapsed) == (LAPSED_ON, YEAR["expiry_date"])
    assert told(Category.WHOLE_LIFE) == (None, None)
    assert told(Category.WHOLE_LIFE, **lapsed) == (LAPSED_ON, None)
    assert told(**never, end_reason=EndReason.DECLINED) == (None, None)
    assert told(**never, end_reason=EndReason.FRAUD) == (None, None)
    on_that_day = PolicyFilter(expires_from=LAPSED_ON, expires_to=LAPSED_ON)
    assert policies.policies(on_that_day, by=firm.ann).total == 2
    with_the_term = PolicyFilter(expires_from=YEAR["expiry_date"], expires_to=YEAR["expiry_date"])
    assert policies.policies(with_the_term, by=firm.ann).total == 1
