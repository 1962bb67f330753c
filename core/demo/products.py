"""The products, what their premiums are distributed like, and how policies on them end.

Means, mixes, hazards and commission rates are those of domain.md sections 5 and 10; what it does not
give (endowment premiums, product limits) is plausible.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

CATEGORIES = ("term", "whole_life", "endowment", "ulip", "health", "auto", "property")
MIX = np.array([0.16, 0.08, 0.04, 0.04, 0.14, 0.34, 0.20])
IS_LIFE = np.array([True, True, True, True, False, False, False])
HEALTH = CATEGORIES.index("health")
AUTO = CATEGORIES.index("auto")
PROPERTY = CATEGORIES.index("property")
TERM = CATEGORIES.index("term")
WHOLE_LIFE = CATEGORIES.index("whole_life")

AGE_MEAN = np.array([37, 45, 34, 38, 41, 43, 48])
AGE_SPREAD = np.array([8, 12, 8, 9, 13, 15, 13])
PREMIUM_MEAN = np.array([1_015, 2_400, 2_800, 3_600, 6_000, 1_062, 1_569])
PREMIUM_SPREAD = np.array([0.6, 0.6, 0.6, 0.6, 0.35, 0.35, 0.35])
# Sum assured per dollar of annual premium: term 231,901 on 1,015 (domain.md), the others likewise.
COVER_PER_PREMIUM = np.array([228, 42, 12, 10, 85, 110, 230])
# Policy years 1, 2 and later, in hundredths of a percent.
COMMISSION = np.array(
    [
        [5_000, 1_000, 500],
        [5_500, 1_000, 500],
        [3_500, 750, 500],
        [800, 400, 200],
        [1_500, 1_000, 1_000],
        [1_200, 1_000, 1_000],
        [1_500, 1_200, 1_200],
    ]
)

# Monthly lapse hazard of life policies by policy year; year 1 has its own two parts.
LIFE_LAPSE = np.array(
    [0.018] * 3 + [0.011] * 9 + [0.007] * 12 + [0.005] * 12 + [0.004] * 12 + [0.0035] * 96
)
# Of all yearly renewals of the other lines (88 to 91 %).
RENEWS = 0.895

FREQUENCIES = ("monthly", "quarterly", "semi-annual", "annual")
FREQUENCY_MIX = np.array([0.62, 0.09, 0.05, 0.24])
MONTHS_PER_PREMIUM = np.array([1, 3, 6, 12])
# One instalment as a share of the annual premium (domain.md section 2).
MODAL = np.array([0.0875, 0.26, 0.51, 1.0])


@dataclass(frozen=True, slots=True)
class Product:
    """A product with its limits: sums assured in dollars, terms in years."""

    code: str
    name: str
    category: str
    description: str
    min_cover: int
    max_cover: int
    terms: tuple[int, ...]
    min_age: int
    max_age: int
    premium_type: str = "level"
    years_on_sale: int = 12


PRODUCTS = (
    Product(
        "TRM-L",
        "Level Term",
        "term",
        "Level cover for a fixed term.",
        50_000,
        2_000_000,
        (10, 15, 20, 30),
        18,
        80,
    ),
    Product(
        "TRM-S",
        "Simple Term",
        "term",
        "Term cover without a medical.",
        25_000,
        250_000,
        (10, 15, 20),
        18,
        60,
    ),
    Product(
        "WL-C",
        "Classic Whole Life",
        "whole_life",
        "Cover for life with cash value.",
        10_000,
        1_000_000,
        (82,),
        18,
        80,
    ),
    Product("WL-F", "Final Expense", "whole_life", "Small cover for life.", 5_000, 50_000, (82,), 45, 80),
    Product(
        "END-S",
        "Savings Endowment",
        "endowment",
        "Pays at death or at maturity.",
        10_000,
        500_000,
        (5, 10, 15, 20),
        18,
        80,
    ),
    Product(
        "END-E",
        "Education Endowment",
        "endowment",
        "Matures when a child starts college.",
        10_000,
        300_000,
        (5, 10, 15),
        20,
        50,
    ),
    Product(
        "ULP-G",
        "Growth Plan",
        "ulip",
        "Life cover with a fund of equities.",
        10_000,
        1_000_000,
        (5, 10, 15, 20),
        18,
        80,
    ),
    Product(
        "ULP-B",
        "Balanced Plan",
        "ulip",
        "Life cover with a mixed fund.",
        10_000,
        1_000_000,
        (5, 10, 15),
        18,
        60,
    ),
    Product(
        "HLT-S",
        "Health Silver",
        "health",
        "Individual medical cover.",
        250_000,
        1_000_000,
        (1,),
        18,
        80,
        "stepped",
    ),
    Product(
        "HLT-G",
        "Health Gold",
        "health",
        "Individual medical cover, low deductible.",
        250_000,
        2_000_000,
        (1,),
        18,
        64,
        "stepped",
    ),
    Product(
        "HLT-F",
        "Health Family",
        "health",
        "Medical cover for a household.",
        500_000,
        2_000_000,
        (1,),
        18,
        64,
        "stepped",
    ),
    Product(
        "AUT-S",
        "Auto Standard",
        "auto",
        "Liability, collision and comprehensive.",
        50_000,
        300_000,
        (1,),
        18,
        80,
    ),
    Product(
        "AUT-P",
        "Auto Plus",
        "auto",
        "Auto Standard with roadside help and rental car.",
        100_000,
        500_000,
        (1,),
        18,
        80,
    ),
    Product(
        "HOM-O",
        "Homeowners",
        "property",
        "House, belongings and liability.",
        100_000,
        1_500_000,
        (1,),
        18,
        80,
    ),
    Product(
        "HOM-R",
        "Renters",
        "property",
        "Belongings and liability of tenants.",
        20_000,
        300_000,
        (1,),
        18,
        80,
    ),
    Product(
        "HOM-C",
        "Condo",
        "property",
        "Belongings and inside walls of a condo.",
        50_000,
        800_000,
        (1,),
        18,
        80,
    ),
)

# Which product of a category is sold how often, in the order above.
SHARE_WITHIN = {
    "term": (0.7, 0.3),
    "whole_life": (0.7, 0.3),
    "endowment": (0.6, 0.4),
    "ulip": (0.55, 0.45),
    "health": (0.45, 0.3, 0.25),
    "auto": (0.65, 0.35),
    "property": (0.7, 0.15, 0.15),
}


def of_category(category: int) -> tuple[int, ...]:
    """Positions in PRODUCTS."""
    return tuple(i for i, p in enumerate(PRODUCTS) if p.category == CATEGORIES[category])
