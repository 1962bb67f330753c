"""The upkeep of products: nobody's rows."""

from __future__ import annotations

from core import catalog
from core.access import Permission, Viewer
from core.kit.ids import new_request_id
from tests import factories as make
from tests.access_cases.world import Case, Owner, about, everybodys, for_all
from tests.factories.rows import number

ADMIN = Permission.REFERENCE_ADMIN


def product(_: Owner) -> int:
    return make.product().id


def create(by: Viewer) -> int:
    values = {
        "product_code": f"N{number()}",
        "name": "New",
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


CASES: dict[str, Case] = {
    "catalog.product_records": for_all(Permission.CATALOG_VIEW, lambda by: catalog.product_records(by=by)),
    "catalog.create_product": for_all(ADMIN, create),
    "catalog.edit_product": about(
        ADMIN,
        product,
        lambda key, by: catalog.edit_product(key, {"name": "Other"}, version=1, by=by),
        is_visible=everybodys,
    ),
    "catalog.retire_product": about(
        ADMIN, product, lambda key, by: catalog.retire_product(key, version=1, by=by), is_visible=everybodys
    ),
    "catalog.reactivate_product": about(
        ADMIN,
        product,
        lambda key, by: catalog.reactivate_product(key, version=1, by=by),
        is_visible=everybodys,
    ),
}
