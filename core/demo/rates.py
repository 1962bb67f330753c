"""Rate tables that price new policies about as the policies of the book are priced."""

from __future__ import annotations

import numpy as np

from core.demo.columns import Column, Ints, Sink, dates, moments, words
from core.demo.company import Company
from core.demo.days import DAY
from core.demo.products import CATEGORIES, COVER_PER_PREMIUM, IS_LIFE, PRODUCTS

BAND_YEARS = 5
POLICY_FEE = 60
# Life rates grow by so much with each year of age; they are the book's mean at this age.
_GROWTH = {"term": 1.075, "whole_life": 1.045, "endowment": 1.01, "ulip": 1.01, "health": 1.03}
_MEAN_AGE = 38
# (rider, its name, basis, rate): per 1,000 of the rider's own sum, or percent of the base premium.
_LIFE_RIDERS = (
    ("accidental_death", "Accidental death", "per_mille", 8_000),
    ("waiver_of_premium", "Waiver of premium", "percent_of_base", 40_000),
    ("critical_illness", "Critical illness", "per_mille", 25_000),
)
_HEALTH_RIDERS = (("critical_illness", "Critical illness", "per_mille", 25_000),)


def write_rates(sink: Sink, company: Company, user_id: Ints, product_id: Ints) -> None:
    """One approved version per product, entered by one administrator and approved by the other."""
    ids = sink.ids("product_rates", len(PRODUCTS))
    launched = np.array([company.days.now - 365 * p.years_on_sale for p in PRODUCTS])
    is_life = np.array([IS_LIFE[CATEGORIES.index(p.category)] for p in PRODUCTS])
    at = moments(launched * DAY)
    entered, approved = user_id[company.admins[0]], user_id[company.admins[1]]
    sink.write(
        "product_rates",
        {
            "id": ids,
            "product_id": product_id,
            "version_number": np.ones(len(ids), dtype=np.int64),
            "valid_from": dates(launched),
            "status": words(["approved"] * len(ids)),
            "status_changed_at": at,
            "policy_fee": np.where(is_life, POLICY_FEE, 0),
            "entered_by": np.full(len(ids), entered),
            "approved_by": np.full(len(ids), approved),
            "decided_at": at,
            "created_at": at,
            "updated_at": at,
        },
    )
    _write_bands(sink, ids)
    _write_riders(sink, ids)


def _write_bands(sink: Sink, ids: Ints) -> None:
    rate_id, start, end, rate = [], [], [], []
    for product, key in zip(PRODUCTS, ids, strict=True):
        middle = 1_000 / COVER_PER_PREMIUM[CATEGORIES.index(product.category)]
        growth = _GROWTH.get(product.category, 1.0)
        step = BAND_YEARS if growth > 1 else 200
        for first in range(product.min_age, product.max_age + 1, step):
            last = min(first + step - 1, product.max_age)
            rate_id.append(key)
            start.append(first)
            end.append(last)
            rate.append(round(middle * growth ** ((first + last) / 2 - _MEAN_AGE) * 10_000))
    sink.write(
        "product_rate_rows",
        {
            "id": sink.ids("product_rate_rows", len(rate)),
            "rate_id": np.array(rate_id),
            "age_from": np.array(start),
            "age_to": np.array(end),
            "rate_per_mille": _four_decimals(rate),
        },
    )


def _write_riders(sink: Sink, ids: Ints) -> None:
    rows = [
        (key, *rider)
        for product, key in zip(PRODUCTS, ids, strict=True)
        for rider in _riders_of(product.category)
    ]
    sink.write(
        "rider_rates",
        {
            "id": sink.ids("rider_rates", len(rows)),
            "rate_id": np.array([row[0] for row in rows]),
            "rider_type": words([row[1] for row in rows]),
            "name": words([row[2] for row in rows]),
            "basis": words([row[3] for row in rows]),
            "rate": _four_decimals([row[4] for row in rows]),
        },
    )


def _riders_of(category: str) -> tuple[tuple[str, str, str, int], ...]:
    if IS_LIFE[CATEGORIES.index(category)]:
        return _LIFE_RIDERS
    return _HEALTH_RIDERS if category == "health" else ()


def _four_decimals(ten_thousandths: list[int]) -> Column:
    return words([f"{n // 10_000}.{n % 10_000:04d}" for n in ten_thousandths])
