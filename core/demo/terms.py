"""What is sold: product, sum assured, premium, frequency and riders of many policies at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.demo.columns import Bools, Floats, Ints, whole_cents
from core.demo.places import AREAS, STATES
from core.demo.products import (
    AUTO,
    COVER_PER_PREMIUM,
    FREQUENCY_MIX,
    HEALTH,
    IS_LIFE,
    MIX,
    MODAL,
    MONTHS_PER_PREMIUM,
    PREMIUM_MEAN,
    PREMIUM_SPREAD,
    PRODUCTS,
    PROPERTY,
    SHARE_WITHIN,
    WHOLE_LIFE,
    of_category,
)

# Dear and cheap products of a category, before they are brought back to its mean.
_DEAR = {"WL-F": 0.4, "TRM-S": 0.6, "HLT-G": 1.3, "HLT-F": 2.1, "AUT-P": 1.25, "HOM-R": 0.2, "HOM-C": 0.5}
_AUTO_COVERS = np.array([50_000, 100_000, 300_000])
_HEALTH_COVERS = np.array([250_000, 500_000, 1_000_000])

_MEMBERS = [of_category(c) for c in range(len(MIX))]
_SHARES = [np.array(SHARE_WITHIN[PRODUCTS[m[0]].category]) for m in _MEMBERS]
_MIN_COVER = np.array([p.min_cover for p in PRODUCTS])
_MAX_COVER = np.array([p.max_cover for p in PRODUCTS])
_MIN_AGE = np.array([p.min_age for p in PRODUCTS])
_MAX_AGE = np.array([p.max_age for p in PRODUCTS])
_FIRST = np.array([members[0] for members in _MEMBERS])
_TERM_COUNT = np.array([len(p.terms) for p in PRODUCTS])
_TERMS = np.zeros((len(PRODUCTS), 4), dtype=np.int64)
for _i, _product in enumerate(PRODUCTS):
    _TERMS[_i, : len(_product.terms)] = _product.terms
_STATE_FACTOR = np.array([next(s.property_factor for s in STATES if s.code == a.state) for a in AREAS])


def _dear() -> Floats:
    factor = np.array([_DEAR.get(p.code, 1.0) for p in PRODUCTS])
    for members, shares in zip(_MEMBERS, _SHARES, strict=True):
        factor[list(members)] /= (factor[list(members)] * shares).sum()
    return factor


_FACTOR = _dear()


@dataclass
class Terms:
    """One element per policy; money in cents, one instalment each."""

    category: Ints
    product: Ints
    cover: Ints
    frequency: Ints
    instalment: Ints  # with the riders
    rider_count: Ints
    rider_premium: Ints  # of all riders together
    term_years: Ints

    @property
    def annual(self) -> Ints:
        """Annualised premium in cents."""
        return self.instalment * (12 // self.step)

    @property
    def step(self) -> Ints:
        """Months from one instalment to the next."""
        return MONTHS_PER_PREMIUM[self.frequency]

    def select(self, rows: Ints | Bools) -> Terms:
        """Some of them, in that order."""
        return Terms(**{name: values[rows] for name, values in vars(self).items()})


def draw_categories(rng: np.random.Generator, count: int) -> Ints:
    """Categories by the mix of the book."""
    return np.searchsorted(np.cumsum(MIX)[:-1], rng.random(count), side="right")


def draw(rng: np.random.Generator, category: Ints, area: Ints, age: Ints) -> Terms:
    """Terms of policies of the categories, sold in the areas to people of the ages."""
    count = len(category)
    product = _products(rng, category, age)
    spread = PREMIUM_SPREAD[category]
    premium = PREMIUM_MEAN[category] * _FACTOR[product]
    premium = premium * np.exp(spread * rng.standard_normal(count) - spread**2 / 2)
    premium = np.where(category == PROPERTY, premium * _STATE_FACTOR[area], premium)
    frequency = np.searchsorted(np.cumsum(FREQUENCY_MIX)[:-1], rng.random(count), side="right")
    base = whole_cents(premium * MODAL[frequency])
    riders = _rider_counts(rng, category)
    rider_premium = np.where(
        riders > 0, (base * riders * rng.uniform(0.03, 0.08, count)).astype(np.int64), 0
    )
    return Terms(
        category=category,
        product=product,
        cover=_covers(rng, category, product, premium) * 100,
        frequency=frequency,
        instalment=base + rider_premium,
        rider_count=riders,
        rider_premium=rider_premium,
        term_years=_term_years(rng, category, product, age),
    )


def _products(rng: np.random.Generator, category: Ints, age: Ints) -> Ints:
    chance = rng.random(len(category))
    product = np.zeros(len(category), dtype=np.int64)
    for one, (members, shares) in enumerate(zip(_MEMBERS, _SHARES, strict=True)):
        rows = category == one
        position = np.searchsorted(np.cumsum(shares)[:-1], chance[rows], side="right")
        product[rows] = np.array(members)[position]
    # The first of each category is sold at every age.
    too_young_or_old = (age < _MIN_AGE[product]) | (age > _MAX_AGE[product])
    return np.where(too_young_or_old, _FIRST[category], product)


def _covers(rng: np.random.Generator, category: Ints, product: Ints, premium: Floats) -> Ints:
    count = len(category)
    wanted = premium * COVER_PER_PREMIUM[category] * np.exp(0.2 * rng.standard_normal(count))
    step = np.where(wanted < 50_000, 1_000, 5_000)
    cover = (np.rint(wanted / step) * step).astype(np.int64)
    cover = np.where(category == AUTO, _AUTO_COVERS[rng.integers(0, 3, count)], cover)
    cover = np.where(category == HEALTH, _HEALTH_COVERS[rng.integers(0, 3, count)], cover)
    return np.clip(cover, _MIN_COVER[product], _MAX_COVER[product])


def _rider_counts(rng: np.random.Generator, category: Ints) -> Ints:
    chance = rng.random(len(category))
    some = np.where(IS_LIFE[category], 0.30, np.where(category == HEALTH, 0.10, 0.0))
    return (chance < some).astype(np.int64) + (chance < some * 0.3)


def _term_years(rng: np.random.Generator, category: Ints, product: Ints, age: Ints) -> Ints:
    chosen = (rng.random(len(product)) * _TERM_COUNT[product]).astype(np.int64)
    years = _TERMS[product, chosen]
    return np.where(category == WHOLE_LIFE, 100 - age, years)
