"""Search over customers and their records."""

from __future__ import annotations

from core import search
from core.access import Permission
from tests import factories as make
from tests.access_cases.world import Case, Owner, about

VIEW = Permission.CUSTOMERS_VIEW


def coded_customer(owner: Owner) -> str:
    return make.customer(**owner.row).customer_code


CASES: dict[str, Case] = {
    "search.search": about(
        VIEW,
        coded_customer,
        lambda key, by: key in {hit.code for hit in search.search(str(key), by=by).rows if hit.is_visible},
    ),
    "search.customers_by": about(
        VIEW,
        coded_customer,
        lambda key, by: (
            key in {row.code for row in search.customers_by(search.Criteria(), by=by, limit=500)[0]}
        ),
    ),
}
