"""Products as they are chosen from."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from core.access import Permission, Viewer, read
from core.catalog.tables import Product, ProductCategory
from core.db import unit_of_work


@dataclass(frozen=True, slots=True)
class ProductChoice:
    """A product to choose: its code, name and category."""

    id: int
    code: str
    name: str
    category: str
    category_name: str
    is_active: bool


@read(Permission.CATALOG_VIEW)
def products(*, by: Viewer, with_inactive: bool = False) -> tuple[ProductChoice, ...]:
    """Every product that is sold, by name; all that ever were with `with_inactive`."""
    _ = by  # products are everybody's
    statement = (
        select(Product, ProductCategory.name)
        .join(ProductCategory, ProductCategory.category == Product.category)
        .order_by(Product.name)
    )
    if not with_inactive:
        statement = statement.where(Product.is_active)
    with unit_of_work() as session:
        return tuple(
            ProductChoice(
                row.id, row.product_code, row.name, row.category.value, category_name, row.is_active
            )
            for row, category_name in session.execute(statement)
        )
