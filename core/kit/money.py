"""Money as exact decimals, with one rounding function.

Unit: US dollars with two decimals (ROUND_HALF_UP at the cent, domain.md opening).
Money never passes through a float.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NewType

from core.kit.errors import Refusal

Money = NewType("Money", Decimal)

CENT = Decimal("0.01")
# Digits before the decimal point, as in numeric(14,2).
DIGITS = 12
ZERO = Money(Decimal("0.00"))
_DECIMAL = frozenset("+-.0123456789")


def round_cents(amount: Decimal | int) -> Money:
    """The amount at whole cents, halves away from zero."""
    return Money(Decimal(amount).quantize(CENT, rounding=ROUND_HALF_UP))


def parse_money(text: str, *, field: str | None = None) -> Money:
    """The amount typed by a person: "1,234.5", "$1234.50" and "1234" are read.

    Raises Refusal when it is no amount, has more than two decimals, or a comma where none belongs.
    """
    amount = written(text)
    if amount is None and "," in text:
        raise Refusal(
            f"“{text}” can't be read as an amount.",
            remedy="Write commas between thousands and a point before the cents, like 1,234.56.",
            field=field,
        )
    if amount is None:
        raise Refusal(f"“{text}” is not an amount.", remedy="Write it like 1,234.50.", field=field)
    if amount.adjusted() >= DIGITS:
        raise Refusal(f"“{text}” is too large an amount.", remedy="Check the digits.", field=field)
    rounded = round_cents(amount)
    if rounded != amount:
        raise Refusal(f"“{text}” has more than two decimals.", remedy="Round it to cents.", field=field)
    return rounded


def written(
    text: str, *, thousands: str = ",", point: str = ".", has_currency: bool = True
) -> Decimal | None:
    """The number that is written out in full, with blanks around it; None for any other text.

    Digits 0 to 9, at most one sign and one "$" before them, and the mark between thousands everywhere or
    nowhere ("12,50" is neither 12.50 nor 1250). No exponent, no underscore, no digits of other scripts.
    """
    cleaned = text.strip()
    if not _form(thousands, point, has_currency=has_currency).fullmatch(cleaned):
        return None
    digits = cleaned.replace(thousands, "") if thousands else cleaned
    return Decimal("".join(sign for sign in digits.replace(point, ".") if sign in _DECIMAL))


@lru_cache(maxsize=16)
def _form(thousands: str, point: str, *, has_currency: bool) -> re.Pattern[str]:
    before = r"(?:[+-]?(?:\$[ \u00a0]?)?|\$[+-])" if has_currency else "[+-]?"
    grouped = rf"|[0-9]{{1,3}}(?:{re.escape(thousands)}[0-9]{{3}})+" if thousands else ""
    mark = re.escape(point)
    return re.compile(rf"{before}(?:(?:[0-9]+{grouped})(?:{mark}[0-9]*)?|{mark}[0-9]+)")
