"""Beneficiary shares, terms and ends of cover."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kit.errors import Invalid
from core.policies.rules import (
    Share,
    Term,
    check_shares,
    expiry_date,
    policy_number,
    reinstatable_until,
    summary_of,
    term_of,
    within_reinstatement_window,
    wrong_end,
)
from core.policies.tables import BeneficiaryClass, EndReason

PRIMARY, CONTINGENT = BeneficiaryClass.PRIMARY, BeneficiaryClass.CONTINGENT
TODAY = date(2026, 11, 21)


def share(kind: BeneficiaryClass, percent: str, name: str = "Ann") -> Share:
    return Share(kind, name, "spouse", Decimal(percent))


def problems(*shares: Share) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        check_shares(shares, today=TODAY)
    return refusal.value.fields


def test_thirds_have_to_add_up_to_exactly_a_hundred_percent() -> None:
    thirds = [share(PRIMARY, "33.33") for _ in range(3)]
    assert problems(*thirds) == {
        "beneficiaries": "The shares of the primary beneficiaries add up to 99.99 %,"
        " not to 100.00 %: 0.01 missing."
    }
    check_shares([share(PRIMARY, "33.34"), *thirds[:2]], today=TODAY)


def test_each_class_adds_up_on_its_own() -> None:
    check_shares([share(PRIMARY, "100"), share(CONTINGENT, "60"), share(CONTINGENT, "40")], today=TODAY)
    assert "contingent" in problems(share(PRIMARY, "100"), share(CONTINGENT, "60"))["beneficiaries"]


def test_a_contingent_needs_a_primary() -> None:
    assert "needs a primary" in problems(share(CONTINGENT, "100"))["beneficiaries"]


def test_every_bad_row_is_named_at_its_field() -> None:
    fields = problems(share(PRIMARY, "100"), share(PRIMARY, "0"), share(PRIMARY, "0.005", name=" "))
    assert set(fields) == {
        "beneficiaries.1.share_pct",
        "beneficiaries.2.share_pct",
        "beneficiaries.2.name",
        "beneficiaries",
    }


def test_nobody_who_is_not_born_yet_benefits() -> None:
    unborn = replace(share(PRIMARY, "100"), date_of_birth=TODAY + timedelta(days=1))
    assert set(problems(unborn)) == {"beneficiaries.0.date_of_birth"}
    check_shares([replace(unborn, date_of_birth=TODAY)], today=TODAY)


def test_a_policy_may_have_no_beneficiary_at_all() -> None:
    check_shares([], today=TODAY)
    assert summary_of([]) == (None, None)


@given(st.lists(st.integers(1, 9_999), unique=True, max_size=9))
def test_any_split_of_a_hundred_percent_is_taken(cuts: list[int]) -> None:
    parts = [Decimal(end - start) / 100 for start, end in pairwise([0, *sorted(cuts), 10_000])]
    shares = [share(PRIMARY, str(part)) for part in parts]
    check_shares(shares, today=TODAY)
    assert summary_of(shares) == ("Ann", "spouse")


def test_cover_from_29_february_expires_on_the_28th_of_a_common_year() -> None:
    assert expiry_date(date(2024, 2, 29), 1) == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("category", "chosen", "age", "years"),
    [("auto", 5, 40, 1), ("term", 20, 40, 20), ("whole_life", None, 40, 60)],
)
def test_the_term_follows_the_category(category: str, chosen: int, age: int, years: int) -> None:
    assert term_of(category, chosen, age=age) == years


def test_policy_numbers_sort_as_they_were_given() -> None:
    assert policy_number(123) == "P-00000123"


POLICY = Term(date(2024, 1, 1), date(2044, 1, 1), issued=date(2023, 12, 20))
YOUNG = Term(date(2026, 11, 1), date(2027, 11, 1), issued=date(2026, 10, 22))
COMING = Term(date(2026, 12, 1), date(2027, 12, 1), issued=date(2026, 11, 20))
LAPSED = replace(POLICY, ended=date(2026, 11, 5))
EXPIRED = Term(date(2025, 9, 1), date(2026, 9, 1), issued=date(2025, 9, 1))
APPLIED = Term(date(2026, 11, 10), is_application=True)


@pytest.mark.parametrize(
    ("reason", "term", "first", "last"),
    [
        (EndReason.CUSTOMER, POLICY, date(2026, 10, 21), TODAY),
        (EndReason.SURRENDER, POLICY, date(2026, 10, 21), TODAY),
        (EndReason.FRAUD, POLICY, date(2024, 1, 1), TODAY),
        (EndReason.CUSTOMER, YOUNG, date(2026, 11, 1), TODAY),
        (EndReason.FREE_LOOK, YOUNG, date(2026, 11, 1), TODAY),
        (EndReason.CUSTOMER, COMING, date(2026, 12, 1), date(2026, 12, 1)),
        (EndReason.CUSTOMER, LAPSED, date(2026, 10, 5), date(2026, 11, 5)),
        (EndReason.RENEWED, EXPIRED, date(2026, 8, 1), date(2026, 9, 1)),
        (EndReason.WITHDRAWN, APPLIED, date(2026, 11, 10), TODAY),
    ],
)
def test_each_reason_ends_cover_within_its_days(
    reason: EndReason, term: Term, first: date, last: date
) -> None:
    for day in (first, last):
        assert wrong_end(reason, day, term, today=TODAY) == {}
    for day in (first - timedelta(days=1), last + timedelta(days=1), date(2050, 1, 1)):
        assert list(wrong_end(reason, day, term, today=TODAY)) == ["end_date"]


def test_a_free_look_is_over_thirty_days_after_the_issue() -> None:
    last = TODAY - timedelta(days=30)
    assert wrong_end(EndReason.FREE_LOOK, TODAY, replace(POLICY, issued=last), today=TODAY) == {}
    issued = replace(POLICY, issued=last - timedelta(days=1))
    found = wrong_end(EndReason.FREE_LOOK, TODAY, issued, today=TODAY)
    assert list(found) == ["end_reason"]
    assert "it lasts 30 days from the issue" in found["end_reason"]


@pytest.mark.parametrize(
    ("reason", "term"),
    [
        (EndReason.DEATH, POLICY),
        (EndReason.WITHDRAWN, POLICY),
        (EndReason.CUSTOMER, APPLIED),
        (EndReason.DECLINED, APPLIED),
    ],
)
def test_a_reason_of_another_move_does_not_cancel(reason: EndReason, term: Term) -> None:
    assert wrong_end(reason, TODAY, term, today=TODAY) == {"end_reason": "That is not a reason to cancel."}


def test_all_that_is_wrong_with_a_cancellation_is_told_at_once() -> None:
    ahead = date(2050, 1, 1)
    assert set(wrong_end(EndReason.DEATH, ahead, POLICY, today=TODAY)) == {"end_reason", "end_date"}
    assert set(wrong_end(None, ahead, POLICY, today=TODAY)) == {"end_date"}
    assert set(wrong_end(EndReason.DEATH, None, POLICY, today=TODAY)) == {"end_reason"}
    assert wrong_end(None, POLICY.begins, POLICY, today=TODAY) == {}  # it may be for fraud


def test_a_lapsed_policy_can_be_reinstated_for_three_years() -> None:
    assert within_reinstatement_window(date(2023, 11, 21), None, TODAY)
    assert not within_reinstatement_window(date(2023, 11, 20), None, TODAY)
    assert not within_reinstatement_window(None, None, TODAY)


def test_a_lapsed_policy_can_be_reinstated_within_its_term_only() -> None:
    lapsed_on, tomorrow = date(2026, 9, 1), TODAY + timedelta(days=1)
    assert within_reinstatement_window(lapsed_on, tomorrow, TODAY)
    assert not within_reinstatement_window(lapsed_on, TODAY, TODAY)
    assert reinstatable_until(lapsed_on, date(2040, 1, 1)) == date(2029, 9, 1)
