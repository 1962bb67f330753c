"""Products."""

from __future__ import annotations

from decimal import Decimal

from core.catalog.tables import Category, Product
from tests.factories.rows import number, put


def product(category: Category = Category.TERM, *, name: str = "Term 20", **columns: object) -> Product:
    given = {
        "product_code": f"P{number()}",
        "name": name,
        "category": category,
        "min_sum_assured": Decimal(10_000),
        "max_sum_assured": Decimal(1_000_000),
        "min_term": 5,
        "max_term": 30,
        "min_age": 18,
        "max_age": 65,
        "commission_year1": Decimal("50.00"),
        "commission_year2": Decimal("10.00"),
        "commission_renewal": Decimal("5.00"),
    }
    return put(Product(**{**given, **columns}))
