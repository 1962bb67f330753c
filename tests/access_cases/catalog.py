"""Products, their limits and rates: nobody's rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from core import catalog
from core.access import Permission, Viewer
from core.catalog.tables import ProductRate, RateStatus
from core.kit.ids import new_request_id
from tests import factories as make
from tests.access_cases.world import Case, Owner, about, everybodys, for_all
from tests.factories.rows import number, put

VIEW, APPROVE = Permission.CATALOG_VIEW, Permission.RATES_APPROVE
DAY = date(2026, 1, 1)


def product(_: Owner) -> int:
    return make.product().id


def draft(owner: Owner) -> int:
    return put(ProductRate(product_id=product(owner), version_number=1, valid_from=DAY)).id


def priced(owner: Owner) -> int:
    key = product(owner)
    put(ProductRate(product_id=key, version_number=1, valid_from=DAY, status=RateStatus.APPROVED))
    return key


def enter(key: int, by: Viewer) -> int:
    new = catalog.NewRates(product_id=key, valid_from=DAY, policy_fee=Decimal(0), bands=())
    return catalog.enter_rates(new, request_id=new_request_id(), by=by)


def create(by: Viewer) -> int:
    values = {
        "product_code": f"N{number()}",
        "name": "Term 5",
        "category": "term",
        "min_sum_assured": "1",
        "max_sum_assured": "2",
        "min_age": 1,
        "max_age": 2,
        "commission_year1": "1",
        "commission_year2": "1",
        "commission_renewal": "1",
    }
    return catalog.create_product(values, request_id=new_request_id(), by=by)


def for_editors(call: Callable[[int, Viewer], object]) -> Case:
    return about(Permission.REFERENCE_ADMIN, product, call, is_visible=everybodys)


CASES: dict[str, Case] = {
    "catalog.create_product": for_all(Permission.REFERENCE_ADMIN, create),
    "catalog.edit_product": for_editors(
        lambda key, by: catalog.edit_product(key, {"name": "Term 5"}, version=1, by=by)
    ),
    "catalog.product_records": for_all(VIEW, lambda by: catalog.product_records(by=by)),
    "catalog.reactivate_product": for_editors(
        lambda key, by: catalog.reactivate_product(key, version=1, by=by)
    ),
    "catalog.retire_product": for_editors(lambda key, by: catalog.retire_product(key, version=1, by=by)),
    "catalog.products": for_all(VIEW, lambda by: catalog.products(by=by)),
    "catalog.rate_versions": for_all(VIEW, lambda by: catalog.rate_versions(by=by)),
    "catalog.limits": about(
        VIEW, product, lambda key, by: catalog.limits(key, by=by), is_visible=everybodys
    ),
    "catalog.rate_table": about(
        VIEW, priced, lambda key, by: catalog.rate_table(key, DAY, by=by), is_visible=everybodys
    ),
    "catalog.enter_rates": about(Permission.REFERENCE_ADMIN, product, enter, is_visible=everybodys),
    "catalog.approve_rates": about(
        APPROVE, draft, lambda key, by: catalog.approve_rates(key, version=1, by=by), is_visible=everybodys
    ),
    "catalog.reject_rates": about(
        APPROVE,
        draft,
        lambda key, by: catalog.reject_rates(key, version=1, reason="Too low", by=by),
        is_visible=everybodys,
    ),
}
