"""Which of a product's rate versions prices on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from core.catalog.rates import RateVersion
from core.catalog.status import RATE


def pricing_on(versions: Iterable[RateVersion], day: date, *, leaving_out: int = 0) -> RateVersion | None:
    """The approved version that prices on a day: the newest that is valid by then, leaving one out."""
    priced = [
        one
        for one in versions
        if one.status in RATE.flagged("prices") and one.valid_from <= day and one.id != leaving_out
    ]
    return max(priced, key=lambda one: one.valid_from, default=None)
