"""What is typed about a product: how each field is read, and what must hold between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from core.catalog.tables import Category, PremiumType
from core.kit.errors import Invalid, Refusal
from core.kit.fields import Field, amount, choice, day, text, whole

# The 50 states, the District of Columbia and Puerto Rico (US Postal Service).
_STATES = """
AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY
NC ND OH OK OR PA PR RI SC SD TN TX UT VT VA WA WV WI WY
"""
STATES = frozenset(_STATES.split())
MOST_INSURED = Decimal("9999999999.99")
MOST_COMMISSION = Decimal(150)


def _code(value: object) -> str:
    typed = text(20)(value).upper()
    if " " in typed:
        raise Refusal("A code has no blanks.")
    return typed


def percent(most: Decimal) -> Callable[[object], Decimal]:
    """Reads a percentage from 0 to `most` with at most two decimals, such as 55 or 55.25."""

    def read(value: object) -> Decimal:
        try:
            found = Decimal(str(value).replace("%", "").strip())
        except InvalidOperation:
            raise Refusal(f"“{str(value)[:20]}” is not a percentage.") from None
        if not found.is_finite() or not 0 <= found <= most:
            raise Refusal(f"Enter a percentage from 0 to {most}.")
        if found != round(found, 2):
            raise Refusal("At most two decimals fit here.")
        return found

    return read


def _states(value: object) -> list[str]:
    given = value if isinstance(value, (list, tuple)) else str(value).replace(",", " ").split()
    found = sorted({str(one).strip().upper() for one in given})
    unknown = [one for one in found if one not in STATES]
    if unknown:
        raise Refusal(f"{', '.join(unknown)[:60]} is no state.", remedy="Write them like CA, NY.")
    return found


PRODUCT_FIELDS = (
    Field("product_code", "Code", _code, required=True),
    Field("name", "Name", text(100), required=True),
    Field("category", "Category", choice(Category), required=True),
    Field("description", "Description", text(2000, lines=True)),
    Field("min_sum_assured", "Least sum assured", amount(MOST_INSURED), required=True),
    Field("max_sum_assured", "Most sum assured", amount(MOST_INSURED), required=True),
    Field("min_term", "Shortest term", whole(1, 100)),
    Field("max_term", "Longest term", whole(1, 100)),
    Field("min_age", "Youngest age", whole(0, 120), required=True),
    Field("max_age", "Oldest age", whole(0, 120), required=True),
    Field("max_maturity_age", "Oldest age at the end", whole(0, 150)),
    Field("premium_type", "Premium", choice(PremiumType)),
    Field("commission_year1", "Commission, year 1", percent(MOST_COMMISSION), required=True),
    Field("commission_year2", "Commission, year 2", percent(MOST_COMMISSION), required=True),
    Field("commission_renewal", "Commission, later", percent(MOST_COMMISSION), required=True),
    Field("unavailable_states", "Not sold in", _states),
    Field("launch_date", "Sold since", day(date(1900, 1, 1), date(2100, 12, 31))),
)

# (the lower field, the upper one, what to say beside the upper one)
_ORDERED = (
    ("min_sum_assured", "max_sum_assured", "The most is below the least."),
    ("min_term", "max_term", "The longest term is below the shortest."),
    ("min_age", "max_age", "The oldest age is below the youngest."),
    ("max_age", "max_maturity_age", "The age at the end is below the oldest age at the start."),
)


def check_product(values: Mapping[str, Any]) -> None:
    """Every limit's end lies at or above its beginning. Raises Invalid beside the upper one."""
    problems = {
        upper: message
        for lower, upper, message in _ORDERED
        if values.get(lower) is not None and values.get(upper) is not None and values[upper] < values[lower]
    }
    if problems:
        raise Invalid(problems)
