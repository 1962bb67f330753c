"""Products as administrators keep them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.engine import Engine

from core import audit, catalog
from core.access import Role, Viewer
from core.catalog import NewRates, RateBand, RateTable, RiderBasis, RiderTerms, RiderType
from core.db import unit_of_work
from core.kit.dates import business_date, utc_now
from core.kit.errors import Conflict, Invalid, NotFound, RepeatedWithOtherContent
from core.kit.ids import new_request_id
from core.kit.settings import settings
from tests import factories

TYPED = {
    "product_code": "term-10",
    "name": "  Term   10 ",
    "category": "term",
    "min_sum_assured": "10,000",
    "max_sum_assured": "$500,000.00",
    "min_age": "18",
    "max_age": 60,
    "commission_year1": "55.25",
    "commission_year2": "10",
    "commission_renewal": "5 %",
    "unavailable_states": "ny, CA",
}


@pytest.fixture
def admin(database: Engine) -> Viewer:
    return factories.viewer(factories.user(Role.ADMIN))


def one(product_id: int, by: Viewer) -> catalog.ProductRecord:
    return next(found for found in catalog.product_records(by=by) if found.id == product_id)


def create(by: Viewer, **changes: object) -> int:
    return catalog.create_product({**TYPED, **changes}, request_id=new_request_id(), by=by)


def test_a_product_is_kept_as_it_was_meant(admin: Viewer) -> None:
    found = one(create(admin), admin)
    assert (found.product_code, found.name, found.min_age) == ("TERM-10", "Term 10", 18)
    assert (found.max_sum_assured, found.commission_year1) == (Decimal("500000.00"), Decimal("55.25"))
    assert found.unavailable_states == ("CA", "NY")
    assert (found.min_term, found.premium_type, found.is_active) == (None, catalog.PremiumType.LEVEL, True)


def test_every_wrong_field_is_told_at_once(admin: Viewer) -> None:
    with pytest.raises(Invalid) as refusal:
        create(
            admin, product_code="A B", min_age="1.5", commission_year1="200", unavailable_states="CA, XX"
        )
    assert set(refusal.value.fields) == {
        "product_code",
        "min_age",
        "commission_year1",
        "unavailable_states",
    }


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"min_sum_assured": "600000"}, "max_sum_assured"),
        ({"min_age": 61}, "max_age"),
        ({"min_term": 20, "max_term": 10}, "max_term"),
        ({"max_maturity_age": 59}, "max_maturity_age"),
    ],
)
def test_a_limit_never_ends_before_it_begins(admin: Viewer, changes: dict, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        create(admin, **changes)
    assert list(refusal.value.fields) == [field]


def test_a_code_is_given_once_in_any_case(admin: Viewer) -> None:
    create(admin)
    with pytest.raises(Invalid, match="has this code"):
        create(admin, product_code="Term-10")


def test_sixteen_sends_of_one_form_make_one_product(admin: Viewer) -> None:
    request = new_request_id()

    def send(_: int) -> int:
        return catalog.create_product(TYPED, request_id=request, by=admin)

    with ThreadPoolExecutor(16) as threads:
        assert len(set(threads.map(send, range(16)))) == 1
    with pytest.raises(RepeatedWithOtherContent):
        catalog.create_product({**TYPED, "name": "Other"}, request_id=request, by=admin)


def test_a_change_is_audited_with_old_and_new(admin: Viewer) -> None:
    key = create(admin)
    catalog.edit_product(key, {"max_age": 65, "name": "Term 10"}, version=1, by=admin)
    assert one(key, admin).max_age == 65
    with unit_of_work() as session:
        newest = audit.entries(session, "product", key)[0]
    assert (newest.action, newest.details) == ("product.edit", {"changed": {"max_age": [60, 65]}})


def test_the_second_of_two_editors_is_told_who_was_first(admin: Viewer) -> None:
    key = create(admin)
    catalog.edit_product(key, {"max_age": 65}, version=1, by=admin)
    with pytest.raises(Conflict, match="Pat Person changed its max age"):
        catalog.edit_product(key, {"max_age": 70}, version=1, by=admin)
    assert one(key, admin).max_age == 65


def test_a_change_that_changes_nothing_leaves_the_version(admin: Viewer) -> None:
    key = create(admin)
    catalog.edit_product(key, TYPED, version=1, by=admin)
    assert one(key, admin).version == 1


def test_ages_without_a_rate_of_today_are_refused(admin: Viewer) -> None:
    key = create(admin)
    today = business_date(utc_now(), settings().time_zone)
    new = NewRates(key, today, Decimal(0), (RateBand(18, 60, Decimal(2)),))
    rate = catalog.enter_rates(new, request_id=new_request_id(), by=admin)
    underwriter = factories.viewer(factories.user(Role.UNDERWRITER))
    catalog.approve_rates(rate, version=1, by=underwriter)
    with pytest.raises(Invalid, match="no rate for ages 61 to 65"):
        catalog.edit_product(key, {"max_age": 65}, version=1, by=admin)


def test_a_retired_product_is_offered_no_more_until_it_is_sold_again(admin: Viewer) -> None:
    key = create(admin)
    catalog.retire_product(key, version=1, by=admin)
    assert key not in {found.id for found in catalog.products(by=admin)}
    catalog.reactivate_product(key, version=2, by=admin)
    assert key in {found.id for found in catalog.products(by=admin)}
    with pytest.raises(NotFound):
        catalog.retire_product(key + 1, version=1, by=admin)


def test_a_rate_is_refused_rather_than_rounded(admin: Viewer) -> None:
    new = NewRates(create(admin), date(2100, 1, 1), Decimal(0), (RateBand(18, 60, Decimal("1.23456")),))
    with pytest.raises(Invalid, match="four decimals"):
        catalog.enter_rates(new, request_id=new_request_id(), by=admin)


def test_a_comparison_joins_ages_that_change_alike() -> None:
    rider = RiderTerms(RiderType.DISABILITY, "Disability", RiderBasis.PER_MILLE, Decimal("0.5"))
    old = RateTable(
        1,
        1,
        date(2026, 1, 1),
        Decimal(60),
        (RateBand(18, 40, Decimal(2)), RateBand(41, 60, Decimal(4))),
        (),
    )
    new = RateTable(2, 2, date(2027, 1, 1), Decimal(60), (RateBand(18, 65, Decimal(3)),), (rider,))
    found = [(c.label, c.before, c.after, c.ratio, c.unit) for c in catalog.rate_changes(old, new)]
    of_sum = "$ a year per $1,000 of the sum assured"
    assert found == [
        ("Ages 18 to 40", Decimal(2), Decimal(3), Decimal("0.5"), of_sum),
        ("Ages 41 to 60", Decimal(4), Decimal(3), Decimal("-0.25"), of_sum),
        ("Ages 61 to 65", None, Decimal(3), None, of_sum),
        ("Disability", None, Decimal("0.5"), None, "$ a year per $1,000 of the rider's own sum"),
        ("Policy fee", Decimal(60), Decimal(60), Decimal(0), "$ a year"),
    ]
