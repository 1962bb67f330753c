"""Rate versions: four eyes, and the version in force on a date."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.engine import Engine

from core import catalog
from core.access import Role, Viewer
from core.catalog import NewRates, RateBand, RiderBasis, RiderTerms, RiderType
from core.catalog.rates import check_bands
from core.kit.errors import Conflict, IllegalMove, Invalid, NotAllowed, NotFound
from core.kit.ids import new_request_id
from tests import factories

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)
TODAY = date(2026, 11, 21)
BANDS = (RateBand(18, 40, Decimal("1.40")), RateBand(41, 65, Decimal("3.20")))
RIDERS = (
    RiderTerms(RiderType.WAIVER_OF_PREMIUM, "Waiver of premium", RiderBasis.PERCENT_OF_BASE, Decimal(4)),
)


@pytest.fixture
def admin(database: Engine) -> Viewer:
    return factories.viewer(factories.user(Role.ADMIN))


@pytest.fixture
def underwriter(database: Engine) -> Viewer:
    return factories.viewer(factories.user(Role.UNDERWRITER))


def enter(product_id: int, by: Viewer, valid_from: date = TODAY, **changes: object) -> int:
    given: dict[str, object] = {"bands": BANDS, "riders": RIDERS, "policy_fee": Decimal(60)}
    new = NewRates(product_id=product_id, valid_from=valid_from, **{**given, **changes})  # type: ignore[arg-type]
    return catalog.enter_rates(new, request_id=new_request_id(), by=by, now=NOW)


def test_a_draft_does_not_price_until_somebody_else_approves_it(admin: Viewer, underwriter: Viewer) -> None:
    product = factories.product()
    rate = enter(product.id, admin)
    with pytest.raises(NotFound):
        catalog.rate_table(product.id, TODAY, by=admin)
    with pytest.raises(Invalid, match="can't decide"):
        catalog.approve_rates(rate, version=1, by=admin, now=NOW)
    catalog.approve_rates(rate, version=1, by=underwriter, now=NOW)
    table = catalog.rate_table(product.id, TODAY, by=admin)
    assert (table.bands, table.riders, table.policy_fee) == (BANDS, RIDERS, Decimal("60.00"))


def test_each_date_is_priced_by_the_version_in_force_then(admin: Viewer, underwriter: Viewer) -> None:
    product = factories.product()
    for begins, fee in ((TODAY, 60), (date(2027, 1, 1), 72)):
        rate = enter(product.id, admin, begins, policy_fee=Decimal(fee))
        catalog.approve_rates(rate, version=1, by=underwriter, now=NOW)
    numbers = [
        catalog.rate_table(product.id, on, by=admin).version_number
        for on in (TODAY, date(2026, 12, 31), date(2027, 1, 1))
    ]
    assert numbers == [1, 1, 2]


def test_a_version_that_says_what_prices_then_anyhow_is_refused(admin: Viewer, underwriter: Viewer) -> None:
    product = factories.product()
    catalog.approve_rates(enter(product.id, admin), version=1, by=underwriter, now=NOW)
    with pytest.raises(Invalid, match="rates of version 1, which price then anyhow"):
        enter(product.id, admin, date(2027, 1, 1), bands=tuple(reversed(BANDS)))
    enter(product.id, admin, date(2027, 1, 1), riders=())
    assert len(catalog.rate_versions(product_id=product.id, by=admin)) == 2


def test_a_version_that_waits_already_is_not_entered_again(admin: Viewer) -> None:
    product = factories.product()
    enter(product.id, admin)
    with pytest.raises(Invalid, match="Version 1, which waits for approval, says the same"):
        enter(product.id, admin)
    enter(product.id, admin, policy_fee=Decimal(72))


def test_a_rejection_needs_a_reason_and_is_final(admin: Viewer, underwriter: Viewer) -> None:
    rate = enter(factories.product().id, admin)
    with pytest.raises(Invalid) as refusal:
        catalog.reject_rates(rate, version=1, reason=" ", by=underwriter)
    assert list(refusal.value.fields) == ["reason"]
    catalog.reject_rates(rate, version=1, reason="Too low at 41", by=underwriter)
    with pytest.raises(IllegalMove):
        catalog.approve_rates(rate, version=2, by=underwriter)


def test_the_second_of_two_approvers_is_told_who_was_first(admin: Viewer, underwriter: Viewer) -> None:
    rate = enter(factories.product().id, admin)
    second = factories.viewer(factories.user(Role.MANAGER, name="Max Late"))
    catalog.approve_rates(rate, version=1, by=underwriter, now=NOW)
    with pytest.raises(Conflict, match="Pat Person"):
        catalog.approve_rates(rate, version=1, by=second)


def test_rates_whose_day_has_passed_unapproved_are_not_approved_any_more(
    admin: Viewer, underwriter: Viewer
) -> None:
    product = factories.product()
    rate = enter(product.id, admin)
    with pytest.raises(Invalid, match="which is over"):
        catalog.approve_rates(rate, version=1, by=underwriter, now=NOW + timedelta(days=1))
    assert [one.status for one in catalog.rate_versions(product_id=product.id, by=admin)] == ["draft"]


def test_an_underwriter_can_approve_but_not_enter(underwriter: Viewer) -> None:
    with pytest.raises(NotAllowed):
        enter(factories.product().id, underwriter)


def test_rates_that_begin_in_the_past_or_leave_ages_out_are_refused_at_their_fields(
    admin: Viewer,
) -> None:
    with pytest.raises(Invalid) as refusal:
        enter(factories.product().id, admin, date(2026, 11, 20), bands=BANDS[:1])
    assert set(refusal.value.fields) == {"valid_from", "bands"}


@pytest.mark.parametrize(
    ("bands", "told"),
    [
        (((18, 40), (42, 65)), "no rate for age 41"),
        (((18, 40), (40, 65)), "Age 40 stands in two bands"),
        (((18, 40), (41, 64)), "no rate for age 65"),
        (((20, 65),), "no rate for ages 18 to 19"),
        (((18, 17), (18, 65)), "ends at 17"),
        ((), "no rate for ages 18 to 65"),
    ],
)
def test_bands_cover_every_age_once(bands: tuple[tuple[int, int], ...], told: str) -> None:
    with pytest.raises(Invalid, match=told):
        check_bands([RateBand(a, b, Decimal(1)) for a, b in bands], min_age=18, max_age=65)


def test_a_band_may_reach_beyond_the_ages_that_are_sold() -> None:
    check_bands([RateBand(0, 99, Decimal(1))], min_age=18, max_age=65)
