"""Products, their categories, limits and rates."""

from core.catalog.products import ProductChoice, products
from core.catalog.rates import (
    NewRates,
    RateVersion,
    approve_rates,
    enter_rates,
    limits,
    rate_table,
    rate_versions,
    reject_rates,
)
from core.catalog.rules import (
    INCOME_UPPER,
    Applicant,
    Failure,
    Limit,
    Limits,
    Premium,
    PremiumLine,
    RateBand,
    RateTable,
    RiderChoice,
    RiderTerms,
    failures,
    premium,
)
from core.catalog.tables import Category, PremiumType, RiderBasis, RiderType

__all__ = [
    "INCOME_UPPER",
    "Applicant",
    "Category",
    "Failure",
    "Limit",
    "Limits",
    "NewRates",
    "Premium",
    "PremiumLine",
    "PremiumType",
    "ProductChoice",
    "RateBand",
    "RateTable",
    "RateVersion",
    "RiderBasis",
    "RiderChoice",
    "RiderTerms",
    "RiderType",
    "approve_rates",
    "enter_rates",
    "failures",
    "limits",
    "premium",
    "products",
    "rate_table",
    "rate_versions",
    "reject_rates",
]
