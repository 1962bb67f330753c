"""Products, their categories, limits and rates."""

from core.catalog.comparison import RateChange, rate_changes
from core.catalog.fields import STATES
from core.catalog.pricing import pricing_on
from core.catalog.products import (
    ProductChoice,
    ProductRecord,
    create_product,
    edit_product,
    product_records,
    products,
    reactivate_product,
    retire_product,
)
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
from core.catalog.status import RATE
from core.catalog.tables import Category, Line, PremiumType, RiderBasis, RiderType

__all__ = [
    "INCOME_UPPER",
    "RATE",
    "STATES",
    "Applicant",
    "Category",
    "Failure",
    "Limit",
    "Limits",
    "Line",
    "NewRates",
    "Premium",
    "PremiumLine",
    "PremiumType",
    "ProductChoice",
    "ProductRecord",
    "RateBand",
    "RateChange",
    "RateTable",
    "RateVersion",
    "RiderBasis",
    "RiderChoice",
    "RiderTerms",
    "RiderType",
    "approve_rates",
    "create_product",
    "edit_product",
    "enter_rates",
    "failures",
    "limits",
    "premium",
    "pricing_on",
    "product_records",
    "products",
    "rate_changes",
    "rate_table",
    "rate_versions",
    "reactivate_product",
    "reject_rates",
    "retire_product",
]
