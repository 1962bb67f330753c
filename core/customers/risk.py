"""Risk scores of customers: points with reasons, bands, and when to look again (domain.md section 7).

Rules version 2. What is not known is told as missing, never counted as 0 points.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from core.customers.tables import RiskBand
from core.kit.dates import add_months, age_last_birthday

RULES_VERSION = 2
PRODUCT = "PRODUCT"
MEDIUM_FROM, HIGH_FROM = 30, 60
AML_MEDIUM_FROM, AML_HIGH_FROM = 4, 7
REVIEW_MONTHS = {RiskBand.LOW: 36, RiskBand.MEDIUM: 24, RiskBand.HIGH: 12}

YOUNG, OLD = 25, 60
LONG_TENURE_MONTHS = 60
HAZARDOUS = frozenset(
    {
        "logger", "roofer", "pilot", "miner", "fisher", "ironworker", "firefighter", "police officer",
        "construction worker", "electrician", "truck driver", "soldier", "diver",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a customer. `claims` are those reported in the last three years."""

    date_of_birth: date
    occupation: str
    customer_since: date
    claims: int
    lines: int
    categories: frozenset[str]
    has_single_premium: bool
    is_pep: bool
    country: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that fired with its points, or a value that is missing (points None)."""

    code: str
    label: str
    points: int | None


@dataclass(frozen=True, slots=True)
class Laundering:
    """The points of the money-laundering score with their reasons, strongest first, and its band."""

    reasons: tuple[Reason, ...]
    score: int
    band: RiskBand


@dataclass(frozen=True, slots=True)
class Assessment:
    """Both scores with their reasons, strongest first; the review follows the money-laundering band."""

    score: int
    band: RiskBand
    aml_score: int
    aml_band: RiskBand
    reasons: tuple[Reason, ...]
    aml_reasons: tuple[Reason, ...]

    @property
    def laundering(self) -> Laundering:
        """The money-laundering score by itself."""
        return Laundering(self.aml_reasons, self.aml_score, self.aml_band)

    def review_on(self, verified_on: date) -> date:
        """When the identity has to be looked at again."""
        return add_months(verified_on, REVIEW_MONTHS[self.aml_band])


def assess(facts: Facts, today: date) -> Assessment:
    """Both scores of a customer as of today."""
    reasons = _ordered(_risk(facts, today))
    score = min(100, max(0, sum(one.points or 0 for one in reasons)))
    held = product_reason(facts.categories, has_single_premium=facts.has_single_premium)
    found = laundering(held, is_pep=facts.is_pep, country=facts.country)
    return Assessment(score, band(score), found.score, found.band, reasons, found.reasons)


def laundering(product: Reason | None, *, is_pep: bool, country: str) -> Laundering:
    """The money-laundering score of what is held, who holds it and where they live."""
    reasons = _ordered(_aml(product, is_pep=is_pep, country=country))
    score = sum(one.points or 0 for one in reasons)
    is_high = is_pep or score >= AML_HIGH_FROM
    found = RiskBand.HIGH if is_high else RiskBand.MEDIUM if score >= AML_MEDIUM_FROM else RiskBand.LOW
    return Laundering(reasons, score, found)


def band(score: int) -> RiskBand:
    """Low below 30, medium below 60, else high."""
    if score >= HIGH_FROM:
        return RiskBand.HIGH
    return RiskBand.MEDIUM if score >= MEDIUM_FROM else RiskBand.LOW


def _risk(facts: Facts, today: date) -> Iterable[Reason]:
    age = age_last_birthday(facts.date_of_birth, today)
    if age < YOUNG or age > OLD:
        yield Reason("AGE", f"Age {age}", 10)
    if not facts.occupation:
        yield Reason("OCCUPATION_MISSING", "Occupation is not known", None)
    elif facts.occupation.lower() in HAZARDOUS:
        yield Reason("OCCUPATION", f"Hazardous job: {facts.occupation}", 15)
    if facts.claims:
        told = "One claim" if facts.claims == 1 else f"{facts.claims} claims"
        yield Reason("CLAIMS", f"{told} in three years", 8 if facts.claims == 1 else 15)
    if add_months(facts.customer_since, LONG_TENURE_MONTHS) <= today:
        yield Reason("TENURE", "Customer for five years or more", -10)
    if facts.lines > 1:
        yield Reason("LINES", f"Cover in {facts.lines} lines", -5)
    yield Reason("SMOKER_MISSING", "Smoking is not known", None)
    yield Reason("MEDICAL_MISSING", "Medical findings are not known", None)
    yield Reason("PAYMENTS_MISSING", "Missed payments are not known", None)


def product_reason(categories: Collection[str], *, has_single_premium: bool) -> Reason | None:
    """What the products in force say of money laundering; None when nothing."""
    if "ulip" in categories or has_single_premium:
        return Reason(PRODUCT, "Unit-linked or single premium", 3)
    if {"whole_life", "endowment"} & set(categories):
        return Reason(PRODUCT, "Whole life or endowment", 2)
    return None


def _aml(product: Reason | None, *, is_pep: bool, country: str) -> Iterable[Reason]:
    if product is not None:
        yield product
    if is_pep:
        yield Reason("PEP", "Politically exposed person", 4)
    if country.upper() not in {"", "US", "USA", "UNITED STATES"}:
        yield Reason("GEOGRAPHY", f"Lives in {country}", 1)


def _ordered(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    known = sorted(reasons, key=lambda one: (one.points is None, -(one.points or 0), one.code))
    return tuple(known)
