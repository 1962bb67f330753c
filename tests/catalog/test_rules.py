"""Eligibility and the plain-table premium."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalog.rules import (
    Applicant,
    Limit,
    Limits,
    RateBand,
    RateTable,
    RiderChoice,
    RiderTerms,
    failures,
    premium,
)
from core.catalog.tables import RiderBasis, RiderType
from core.kit.errors import Invalid, Refusal

TODAY = date(2024, 10, 1)
TERM = Limits(
    name="Term 20",
    is_active=True,
    min_age=18,
    max_age=60,
    min_sum_assured=Decimal(50_000),
    max_sum_assured=Decimal(1_000_000),
    min_term=5,
    max_term=30,
    max_maturity_age=75,
    unavailable_states=frozenset({"NY"}),
    is_life=True,
)
ANN = Applicant(date(1989, 3, 20), "CA", Decimal(100_000))
TABLE = RateTable(
    rate_id=7,
    version_number=1,
    valid_from=date(2024, 1, 1),
    policy_fee=Decimal(60),
    bands=(RateBand(18, 34, Decimal("1.10")), RateBand(35, 44, Decimal("1.40"))),
    riders=(
        RiderTerms(RiderType.ACCIDENTAL_DEATH, "Accidental death", RiderBasis.PER_MILLE, Decimal("0.80")),
        RiderTerms(
            RiderType.WAIVER_OF_PREMIUM,
            "Waiver of premium",
            RiderBasis.PERCENT_OF_BASE,
            Decimal(4),
        ),
    ),
)


def codes(limits: Limits, applicant: Applicant, amount: int, term: int | None) -> list[Limit]:
    found = failures(limits, applicant, sum_assured=Decimal(amount), term_years=term, on=TODAY)
    return [failure.limit for failure in found]


def test_an_application_within_every_limit_fails_none() -> None:
    assert codes(TERM, ANN, 500_000, 20) == []


def test_every_failing_limit_is_named_at_once_with_its_value() -> None:
    old = replace(ANN, date_of_birth=date(1960, 1, 1), state="NY")
    found = failures(
        replace(TERM, is_active=False), old, sum_assured=Decimal(2_000_000), term_years=40, on=TODAY
    )
    assert [failure.limit for failure in found] == [
        Limit.INACTIVE,
        Limit.AGE_MAX,
        Limit.SUM_MAX,
        Limit.TERM_MAX,
        Limit.MATURITY_AGE,
        Limit.STATE,
        Limit.INCOME_MULTIPLE,
    ]
    assert (found[2].allowed, found[2].given) == ("1000000", "2000000")
    assert "$2,000,000" in found[2].message
    assert "$1,000,000" in found[2].message


def test_a_product_without_limits_of_its_term_has_one_of_1_to_100_years() -> None:
    any_term = replace(TERM, min_term=None, max_term=None, max_maturity_age=None)
    terms = (None, -1, 0, 1, 100, 101)
    found = [codes(any_term, ANN, 100_000, term) for term in terms]
    assert found == [[], [Limit.TERM_MIN], [Limit.TERM_MIN], [], [], [Limit.TERM_MAX]]


@pytest.mark.parametrize(
    ("born", "failed"),
    [
        (date(1964, 10, 1), []),  # 60 today
        (date(1963, 10, 1), [Limit.AGE_MAX]),
        (date(2006, 10, 1), []),  # 18 today
        (date(2006, 10, 2), [Limit.AGE_MIN]),
    ],
)
def test_age_limits_are_inclusive(born: date, failed: list[Limit]) -> None:
    assert codes(TERM, replace(ANN, date_of_birth=born), 100_000, 5) == failed


@pytest.mark.parametrize(
    ("born", "most"),
    [
        (date(1984, 10, 1), 2_500_000),  # 40: 25 times
        (date(1983, 10, 1), 2_000_000),  # 41: 20 times
        (date(1973, 10, 1), 1_000_000),  # 51: 10 times
    ],
)
def test_the_income_multiple_falls_with_age(born: date, most: int) -> None:
    wide = replace(TERM, max_sum_assured=Decimal(9_000_000))
    applicant = replace(ANN, date_of_birth=born)
    assert codes(wide, applicant, most, 5) == []
    assert codes(wide, applicant, most + 1, 5) == [Limit.INCOME_MULTIPLE]


def test_income_does_not_limit_cover_of_a_house() -> None:
    house = replace(TERM, is_life=False)
    assert codes(house, replace(ANN, income_upper=Decimal(10_000)), 900_000, 5) == []


def test_the_premium_is_the_sum_of_its_lines() -> None:
    priced = premium(
        TABLE,
        age=35,
        sum_assured=Decimal(500_000),
        riders=[
            RiderChoice(RiderType.ACCIDENTAL_DEATH, Decimal(100_000)),
            RiderChoice(RiderType.WAIVER_OF_PREMIUM, Decimal(0)),
        ],
        instalments_a_year=12,
    )
    assert [line.annual for line in priced.lines] == [
        Decimal("700.00"),
        Decimal("80.00"),
        Decimal("28.00"),
        Decimal("60.00"),
    ]
    assert priced.annual == Decimal("868.00")
    assert priced.instalment == Decimal("75.95")
    assert priced.modal_loading == Decimal("43.40")


@pytest.mark.parametrize(
    ("instalments", "one"),
    [(1, "760.00"), (2, "387.60"), (4, "197.60"), (12, "66.50")],
)
def test_paying_in_instalments_takes_the_modal_factor(instalments: int, one: str) -> None:
    priced = premium(TABLE, age=35, sum_assured=Decimal(500_000), instalments_a_year=instalments)
    assert priced.instalment == Decimal(one)


@given(st.integers(18, 44), st.decimals(min_value=1, max_value=1_000_000, places=2))
def test_lines_always_add_up_to_the_cent(age: int, amount: Decimal) -> None:
    priced = premium(
        TABLE,
        age=age,
        sum_assured=amount,
        riders=[RiderChoice(RiderType.WAIVER_OF_PREMIUM, Decimal(0))],
        instalments_a_year=4,
    )
    assert sum(line.annual for line in priced.lines) == priced.annual


def test_an_age_without_a_rate_is_refused_beside_the_product() -> None:
    with pytest.raises(Refusal, match="no rate for age 50") as refusal:
        premium(TABLE, age=50, sum_assured=Decimal(100_000), instalments_a_year=1)
    assert refusal.value.field == "product_id"


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        ("-50000", "above $0"),
        ("0", "above $0"),
        ("NaN", "above $0"),
        ("100000.01", "is $100,000.01; the most is that of the policy, $100,000."),
        ("10000000000", "the most is that of the policy, $100,000."),
        ("0.005", "at most two decimals"),
    ],
)
def test_a_rider_covers_more_than_nothing_and_at_most_what_its_policy_does(amount: str, told: str) -> None:
    rider = RiderChoice(RiderType.ACCIDENTAL_DEATH, Decimal(amount))
    with pytest.raises(Invalid) as refusal:
        premium(TABLE, age=35, sum_assured=Decimal(100_000), riders=[rider], instalments_a_year=1)
    assert list(refusal.value.fields) == ["riders.accidental_death"]
    assert told in str(refusal.value)


@given(st.decimals(min_value=0, max_value=100_000, places=2).filter(bool))
def test_a_rider_never_lowers_the_premium(amount: Decimal) -> None:
    given_ = {"age": 35, "sum_assured": Decimal(100_000), "instalments_a_year": 1}
    rider = RiderChoice(RiderType.ACCIDENTAL_DEATH, amount)
    without = premium(TABLE, **given_)  # type: ignore[arg-type]
    assert premium(TABLE, riders=[rider], **given_).annual >= without.annual  # type: ignore[arg-type]


def test_a_rider_that_is_priced_by_the_base_premium_covers_what_its_policy_does() -> None:
    waiver = RiderChoice(RiderType.WAIVER_OF_PREMIUM, Decimal(-1))
    priced = premium(TABLE, age=35, sum_assured=Decimal(500_000), riders=[waiver], instalments_a_year=1)
    assert [(line.annual, line.sum_assured) for line in priced.lines if line.rider_type] == [
        (Decimal("28.00"), Decimal(500_000))
    ]


def test_a_rider_is_chosen_once() -> None:
    rider = RiderChoice(RiderType.ACCIDENTAL_DEATH, Decimal(50_000))
    with pytest.raises(Invalid, match="Accidental death is there twice") as refusal:
        premium(TABLE, age=35, sum_assured=Decimal(100_000), riders=[rider, rider], instalments_a_year=1)
    assert list(refusal.value.fields) == ["riders.accidental_death"]


def test_a_rider_that_the_product_does_not_offer_is_refused() -> None:
    with pytest.raises(Refusal, match="no disability rider"):
        premium(
            TABLE,
            age=35,
            sum_assured=Decimal(100_000),
            riders=[RiderChoice(RiderType.DISABILITY, Decimal(1))],
            instalments_a_year=1,
        )
