"""Risk scores of customers: points with reasons, bands, and when to look again (domain.md section 7).

Rules version 1. What is not known is told as missing, never counted as 0 points.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.customers.tables import RiskBand
from core.kit.dates import add_months, age_last_birthday

RULES_VERSION = 1
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
class Assessment:
    """Both scores with their reasons, strongest first; the review follows the money-laundering band."""

    score: int
    band: RiskBand
    aml_score: int
    aml_band: RiskBand
    reasons: tuple[Reason, ...]
    aml_reasons: tuple[Reason, ...]

    def review_on(self, verified_on: date) -> date:
        """When the identity has to be looked at again."""
        return add_months(verified_on, REVIEW_MONTHS[self.aml_band])


def assess(facts: Facts, today: date) -> Assessment:
    """Both scores of a customer as of today."""
    reasons = _ordered(_risk(facts, today))
    score = min(100, max(0, sum(one.points or 0 for one in reasons)))
    aml_reasons = _ordered(_aml(facts))
    aml_score = sum(one.points or 0 for one in aml_reasons)
    is_high = facts.is_pep or aml_score >= AML_HIGH_FROM
    aml_band = (
        RiskBand.HIGH if is_high else RiskBand.MEDIUM if aml_score >= AML_MEDIUM_FROM else RiskBand.LOW
    )
    return Assessment(score, band(score), aml_score, aml_band, reasons, aml_reasons)


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
    yield Reason("PAYMENTS_MISSING", "Missed payments are not known", None)


def _aml(facts: Facts) -> Iterable[Reason]:
    if "ulip" in facts.categories or facts.has_single_premium:
        yield Reason("PRODUCT", "Unit-linked or single premium", 3)
    elif facts.categories & {"whole_life", "endowment"}:
        yield Reason("PRODUCT", "Whole life or endowment", 2)
    if facts.is_pep:
        yield Reason("PEP", "Politically exposed person", 4)
    if facts.country.upper() not in {"", "US", "USA", "UNITED STATES"}:
        yield Reason("GEOGRAPHY", f"Lives in {facts.country}", 1)


def _ordered(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    known = sorted(reasons, key=lambda one: (one.points is None, -(one.points or 0), one.code))
    return tuple(known)
