"""What the clock does with cover whose term is over."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from core import policies
from core.catalog import Category, RiderType
from core.policies import EndReason, PolicyFilter
from core.policies.tables import PolicyRider
from tests import factories
from tests.factories import Company
from tests.factories.rows import put
from tests.policies.applying import NOW, TODAY

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def running(firm: Company, category: Category, until: date, **columns: object) -> int:
    product = factories.product(category)
    return factories.policy(
        firm.ann_in_east, product_id=product.id, expiry_date=until, effective_date=date(2025, 11, 21),
        **columns,
    ).id  # fmt: skip


def ended(firm: Company, policy_id: int) -> tuple[str, str, date | None]:
    found = policies.policy(policy_id, by=firm.ann)
    return found.row.status_label, found.end_reason, found.end_date


@pytest.mark.parametrize(
    ("category", "until", "found"),
    [
        (Category.AUTO, TODAY, ("Expired", "expired", TODAY)),
        (Category.TERM, date(2026, 3, 1), ("Expired", "expired", date(2026, 3, 1))),
        (Category.ENDOWMENT, YESTERDAY, ("Matured", "maturity", YESTERDAY)),
        (Category.HEALTH, TOMORROW, ("Active", "", None)),
        (Category.WHOLE_LIFE, YESTERDAY, ("Active", "", None)),
    ],
)
def test_cover_ends_on_the_first_day_after_its_term_and_never_for_life(
    firm: Company, category: Category, until: date, found: tuple[str, str, date | None]
) -> None:
    policy_id = running(firm, category, until)
    assert policies.end_due(now=NOW) == (found[0] != "Active")
    assert policies.end_due(now=NOW) == 0
    assert ended(firm, policy_id) == found


def test_the_end_of_a_term_is_told_as_the_systems_and_takes_the_riders_along(firm: Company) -> None:
    policy_id = running(firm, Category.TERM, TODAY)
    put(
        PolicyRider(
            policy_id=policy_id, rider_name="Waiver", rider_type=RiderType.WAIVER_OF_PREMIUM,
            sum_assured=Decimal(0), premium_amount=Decimal(1), start_date=date(2025, 11, 21),
            end_date=date(2027, 1, 1),
        )
    )  # fmt: skip
    policies.end_due(now=NOW)
    found = policies.policy(policy_id, by=firm.ann)
    assert [(one.is_active, one.end_date) for one in found.riders] == [(False, TODAY)]
    last = found.history[0]
    assert (last.who, last.what, last.reason) == ("The system", "Expired", "The term is over.")


def test_what_is_applied_for_has_lapsed_or_ended_is_left_as_it_is(firm: Company) -> None:
    for status in ("applied", "underwriting", "lapsed", "cancelled"):
        running(firm, Category.TERM, YESTERDAY, status=status)
    assert policies.end_due(now=NOW) == 0


def test_expired_cover_is_listed_apart_from_what_was_cancelled(firm: Company) -> None:
    expired = running(firm, Category.AUTO, TODAY)
    cancelled = running(firm, Category.AUTO, TODAY, status="cancelled", end_reason=EndReason.CUSTOMER)
    policies.end_due(now=NOW)

    def listed(state: str) -> list[int]:
        return [row.id for row in policies.policies(PolicyFilter(statuses=(state,)), by=firm.ann).rows]

    assert (listed("expired"), listed("cancelled")) == ([expired], [cancelled])
    assert policies.policies(PolicyFilter(statuses=("active",)), by=firm.ann).total == 0


def test_many_terms_that_are_over_end_a_bounded_number_at_a_time_the_oldest_first(firm: Company) -> None:
    late, later, latest = (running(firm, Category.AUTO, TODAY - timedelta(days=day)) for day in (1, 3, 2))
    assert policies.end_due(now=NOW, at_most=2, rounds=1) == 2
    assert [ended(firm, one)[0] for one in (later, latest, late)] == ["Expired", "Expired", "Active"]
    assert (policies.end_due(now=NOW), policies.end_due(now=NOW)) == (1, 0)


def test_a_backlog_ends_in_one_run_of_the_clock_up_to_a_ceiling(firm: Company) -> None:
    for day in range(1, 6):
        running(firm, Category.AUTO, TODAY - timedelta(days=day))
    assert policies.end_due(now=NOW, at_most=1, rounds=2) == 2
    assert policies.end_due(now=NOW, at_most=2) == 3
    assert policies.policies(PolicyFilter(statuses=("active",)), by=firm.ann).total == 0
