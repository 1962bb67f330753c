"""Products, their categories, limits and rates."""

from core.catalog.products import ProductChoice, products

__all__ = ["ProductChoice", "products"]
