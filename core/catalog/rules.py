"""Eligibility and the plain-table premium, line by line; pure arithmetic (domain.md section 2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from core.catalog.tables import Category, RiderBasis, RiderType
from core.kit.dates import age_last_birthday
from core.kit.errors import Invalid, Refusal
from core.kit.money import ZERO, Money, round_cents
from core.kit.wording import years_told

# Terms in years that any product may have; its own limits lie within.
SHORTEST_TERM, LONGEST_TERM = 1, 100


class Limit(StrEnum):
    """Codes of the limits that an application can fail."""

    INACTIVE = "INACTIVE"
    AGE_MIN = "AGE_MIN"
    AGE_MAX = "AGE_MAX"
    SUM_MIN = "SA_MIN"
    SUM_MAX = "SA_MAX"
    TERM_MIN = "TERM_MIN"
    TERM_MAX = "TERM_MAX"
    MATURITY_AGE = "MATURITY_AGE"
    STATE = "STATE"
    INCOME_MULTIPLE = "INCOME_MULTIPLE"


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed limit: the limit, the value that failed, and both in a sentence."""

    limit: Limit
    allowed: str
    given: str
    message: str


Fail = Callable[[Limit, object, object, str], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a product allows; ages in completed years, terms in years, inclusive on both ends."""

    name: str
    is_active: bool
    min_age: int
    max_age: int
    min_sum_assured: Decimal
    max_sum_assured: Decimal
    min_term: int | None
    max_term: int | None
    max_maturity_age: int | None
    unavailable_states: frozenset[str]
    is_life: bool


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who asks for cover, and for how much; income_upper is the upper end of the bracket."""

    date_of_birth: date
    state: str
    income_upper: Decimal | None


# Sum assured allowed as a multiple of income, by the highest age it holds for (domain.md 2).
INCOME_MULTIPLES = ((40, 25), (50, 20), (200, 10))

# The upper end of each income bracket; the open one is not limited.
INCOME_UPPER = MappingProxyType(
    {
        "0-50k": Decimal(50_000),
        "50k-100k": Decimal(100_000),
        "100k-250k": Decimal(250_000),
    }
)


def failures(
    limits: Limits, applicant: Applicant, *, sum_assured: Decimal, term_years: int | None, on: date
) -> list[Failure]:
    """Every limit that the application fails, each with its value; none means eligible.

    The income multiple binds life products only: it limits over-insurance of a life.
    """
    age = age_last_birthday(applicant.date_of_birth, on)
    found: list[Failure] = []

    def fail(limit: Limit, allowed: object, given: object, message: str) -> None:
        found.append(Failure(limit, str(allowed), str(given), message))

    if not limits.is_active:
        fail(Limit.INACTIVE, "active", "inactive", f"{limits.name} is no longer sold.")
    if age < limits.min_age:
        fail(
            Limit.AGE_MIN,
            limits.min_age,
            age,
            f"The insured is {age}; the youngest age for {limits.name} is {limits.min_age}.",
        )
    if age > limits.max_age:
        fail(
            Limit.AGE_MAX,
            limits.max_age,
            age,
            f"The insured is {age}; the oldest age for {limits.name} is {limits.max_age}.",
        )
    if sum_assured < limits.min_sum_assured:
        fail(
            Limit.SUM_MIN,
            limits.min_sum_assured,
            sum_assured,
            f"The sum assured is {_usd(sum_assured)}; the least is {_usd(limits.min_sum_assured)}.",
        )
    if sum_assured > limits.max_sum_assured:
        fail(
            Limit.SUM_MAX,
            limits.max_sum_assured,
            sum_assured,
            f"The sum assured is {_usd(sum_assured)}; the most is {_usd(limits.max_sum_assured)}.",
        )
    _check_term(limits, term_years, age, fail)
    if applicant.state in limits.unavailable_states:
        fail(
            Limit.STATE,
            "other states",
            applicant.state,
            f"{limits.name} is not sold in {applicant.state}.",
        )
    _check_income(limits, applicant, sum_assured, age, fail)
    return found


def _check_term(limits: Limits, term_years: int | None, age: int, fail: Fail) -> None:
    shortest, longest = limits.min_term or SHORTEST_TERM, limits.max_term or LONGEST_TERM
    if (term_years is not None or limits.min_term is not None) and (term_years or 0) < shortest:
        fail(
            Limit.TERM_MIN,
            shortest,
            term_years,
            f"The term is {years_told(term_years or 0)}; the shortest is {shortest}.",
        )
    if term_years is not None and term_years > longest:
        fail(
            Limit.TERM_MAX,
            longest,
            term_years,
            f"The term is {years_told(term_years)}; the longest is {longest}.",
        )
    if (
        limits.max_maturity_age is not None
        and term_years is not None
        and age + term_years > limits.max_maturity_age
    ):
        fail(
            Limit.MATURITY_AGE,
            limits.max_maturity_age,
            age + term_years,
            f"The insured would be {age + term_years} at the end of the term;"
            f" the oldest is {limits.max_maturity_age}.",
        )


def _check_income(limits: Limits, applicant: Applicant, sum_assured: Decimal, age: int, fail: Fail) -> None:
    if not limits.is_life or applicant.income_upper is None:
        return
    multiple = next(times for oldest, times in INCOME_MULTIPLES if age <= oldest)
    most = applicant.income_upper * multiple
    if sum_assured > most:
        fail(
            Limit.INCOME_MULTIPLE,
            most,
            sum_assured,
            f"The sum assured is {_usd(sum_assured)}; at age {age} it may be at most"
            f" {multiple} times the income, {_usd(most)}.",
        )


def _usd(amount: Decimal) -> str:
    return f"${amount:,.0f}" if amount == amount.to_integral_value() else f"${amount:,.2f}"


@dataclass(frozen=True, slots=True)
class RateBand:
    """Rate a year per 1,000 of sum assured for ages age_from to age_to, both inclusive."""

    age_from: int
    age_to: int
    rate_per_mille: Decimal


@dataclass(frozen=True, slots=True)
class RiderTerms:
    """What a rider costs: per 1,000 of its own sum, or percent of the base premium."""

    rider_type: RiderType
    name: str
    basis: RiderBasis
    rate: Decimal


@dataclass(frozen=True, slots=True)
class RateTable:
    """One approved version of a product's rates; the fee is in US dollars a year."""

    rate_id: int
    version_number: int
    valid_from: date
    policy_fee: Decimal
    bands: tuple[RateBand, ...]
    riders: tuple[RiderTerms, ...]

    def band_of(self, age: int) -> RateBand:
        """The band that holds the age. Raises Refusal when there is none."""
        for band in self.bands:
            if band.age_from <= age <= band.age_to:
                return band
        raise Refusal(
            f"There is no rate for age {age}.",
            remedy="Ask an administrator to complete the product's rate table.",
            field="product_id",
        )

    def rider(self, rider_type: RiderType) -> RiderTerms:
        """The terms of a rider. Raises Refusal when the product does not offer it."""
        for terms in self.riders:
            if terms.rider_type == rider_type:
                return terms
        raise Refusal(
            f"This product has no {rider_type.replace('_', ' ')} rider.",
            remedy="Choose one of the riders offered.",
            field="riders",
        )


@dataclass(frozen=True, slots=True)
class RiderChoice:
    """A rider that is wanted, with its own sum assured in US dollars where it is priced by one."""

    rider_type: RiderType
    sum_assured: Decimal


@dataclass(frozen=True, slots=True)
class PremiumLine:
    """One displayed line of a premium: what it is, how it came about, dollars a year.

    The line of a rider names it, and the sum that it covers.
    """

    label: str
    formula: str
    annual: Money
    rider_type: RiderType | None = None
    sum_assured: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Premium:
    """The lines, their sum, and one instalment at the chosen frequency; dollars."""

    lines: tuple[PremiumLine, ...]
    annual: Money
    instalment: Money
    instalments_a_year: int
    rate_id: int

    @property
    def paid_a_year(self) -> Money:
        """All instalments of a year."""
        return Money(self.instalment * self.instalments_a_year)

    @property
    def modal_loading(self) -> Money:
        """What paying in instalments costs a year."""
        return Money(self.paid_a_year - self.annual)


# Instalments a year -> share of the annual premium that each is (domain.md section 2).
MODAL_FACTOR = MappingProxyType(
    {1: Decimal(1), 2: Decimal("0.51"), 4: Decimal("0.26"), 12: Decimal("0.0875")}
)


def check_riders(table: RateTable, riders: Sequence[RiderChoice], *, sum_assured: Decimal) -> None:
    """A rider is offered, chosen once, and covers at most what its policy does.

    Its sum counts where its premium depends on it. Raises Invalid, at "riders.TYPE".
    """
    problems: dict[str, str] = {}
    for index, choice in enumerate(riders):
        field = f"riders.{choice.rider_type.value}"
        try:
            terms = table.rider(choice.rider_type)
        except Refusal as refusal:
            problems[field] = str(refusal)
            continue
        if any(one.rider_type is choice.rider_type for one in riders[:index]):
            problems[field] = f"{terms.name} is there twice."
        elif terms.basis is RiderBasis.PER_MILLE:
            told = _wrong_sum(choice.sum_assured, terms.name, sum_assured)
            if told:
                problems[field] = told
    if problems:
        raise Invalid(problems)


def _wrong_sum(given: Decimal, name: str, most: Decimal) -> str:
    if not given.is_finite() or given <= 0:
        return f"Enter the sum of {name.lower()}: an amount above $0."
    if given > most:
        return f"The sum of {name.lower()} is {_usd(given)}; the most is that of the policy, {_usd(most)}."
    return "" if given == round_cents(given) else "An amount has at most two decimals."


def premium(
    table: RateTable,
    *,
    age: int,
    sum_assured: Decimal,
    riders: Sequence[RiderChoice] = (),
    instalments_a_year: int,
) -> Premium:
    """The premium by the plain table: each line rounded once, the total the sum of the lines.

    Raises Refusal when there is no rate for the age, and what `check_riders` raises.
    """
    check_riders(table, riders, sum_assured=sum_assured)
    rate = table.band_of(age).rate_per_mille
    base_exact = sum_assured / 1000 * rate
    lines = [
        PremiumLine(
            "Base premium",
            f"{_usd(sum_assured)} / 1,000 x {rate.normalize():f} at age {age}",
            round_cents(base_exact),
        )
    ]
    for choice in riders:
        terms = table.rider(choice.rider_type)
        covered = sum_assured
        if terms.basis is RiderBasis.PER_MILLE:
            covered = choice.sum_assured
            amount = choice.sum_assured / 1000 * terms.rate
            formula = f"{_usd(choice.sum_assured)} / 1,000 x {terms.rate.normalize():f}"
        else:
            amount = lines[0].annual * terms.rate / 100
            formula = f"{terms.rate.normalize():f} % of the base premium"
        lines.append(PremiumLine(terms.name, formula, round_cents(amount), terms.rider_type, covered))
    if table.policy_fee:
        lines.append(PremiumLine("Policy fee", "once a year", round_cents(table.policy_fee)))
    annual = Money(sum((line.annual for line in lines), ZERO))
    factor = MODAL_FACTOR[instalments_a_year]
    return Premium(tuple(lines), annual, round_cents(annual * factor), instalments_a_year, table.rate_id)


LIFE_CATEGORIES = frozenset({Category.TERM, Category.WHOLE_LIFE, Category.ENDOWMENT, Category.ULIP})
