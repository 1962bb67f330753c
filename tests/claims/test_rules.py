"""Cover checks, fraud points, authority and closing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.access import Role
from core.catalog.tables import Category, Line, RiderType
from core.claims.rules import (
    Authority,
    Circumstances,
    Cover,
    Ruling,
    anomaly,
    breaks_off,
    contradiction,
    cover_flags,
    fraud_flags,
    hand_in,
    insured_losses,
    points,
    reserve_after_payment,
    roles_with_authority,
    rule_on_approval,
    still_open,
)
from core.claims.tables import LossType

BEGAN = date(2024, 1, 1)
AUTO = Cover(
    line=Line.PROPERTY_CASUALTY,
    insured=insured_losses(Category.AUTO),
    effective=BEGAN,
    expiry=date(2025, 1, 1),
    ended=None,
    is_issued=True,
    sum_assured=Decimal(50_000),
)
LIFE = replace(
    AUTO,
    line=Line.LIFE,
    insured=insured_losses(Category.TERM),
    expiry=date(2044, 1, 1),
    sum_assured=Decimal(500_000),
)
LIMITS = [
    Authority(Role.SUPPORT, Line.PROPERTY_CASUALTY, Decimal(2_500)),
    Authority(Role.MANAGER, Line.PROPERTY_CASUALTY, Decimal(50_000)),
    Authority(Role.ADMIN, Line.PROPERTY_CASUALTY, Decimal(250_000)),
    Authority(Role.MANAGER, Line.LIFE, Decimal(50_000)),
]


def cover_codes(cover: Cover, kind: LossType, on: date) -> list[str]:
    return [flag.code for flag in cover_flags(cover, kind, on)]


@pytest.mark.parametrize(
    ("on", "codes"),
    [
        (date(2023, 12, 31), ["BEFORE_COVER"]),
        (BEGAN, []),
        (date(2024, 12, 31), []),
        (date(2025, 1, 1), ["AFTER_EXPIRY"]),
    ],
)
def test_cover_runs_from_its_first_day_to_the_day_before_expiry(on: date, codes: list[str]) -> None:
    assert cover_codes(AUTO, LossType.COLLISION, on) == codes


def test_a_loss_after_a_cancellation_is_flagged_with_the_date() -> None:
    (flag,) = cover_flags(replace(AUTO, ended=date(2024, 6, 1)), LossType.THEFT, date(2024, 6, 1))
    assert (flag.code, flag.explanation) == (
        "AFTER_END",
        "Cover ended on Jun 1, 2024, before the loss.",
    )


def test_a_loss_while_the_policy_was_lapsed_is_flagged_and_not_after_it_came_back() -> None:
    gone = replace(AUTO, lapsed_spans=((date(2024, 3, 3), date(2024, 5, 1)),))
    assert cover_codes(gone, LossType.FIRE, date(2024, 3, 2)) == []
    assert cover_codes(gone, LossType.FIRE, date(2024, 3, 3)) == ["LAPSED"]
    assert cover_codes(gone, LossType.FIRE, date(2024, 5, 1)) == []


def test_a_hospital_stay_within_thirty_days_lies_in_the_waiting_period() -> None:
    health = replace(AUTO, line=Line.HEALTH, insured=insured_losses(Category.HEALTH))
    assert cover_codes(health, LossType.HOSPITALISATION, date(2024, 1, 30)) == ["WAITING_PERIOD"]
    assert cover_codes(health, LossType.HOSPITALISATION, date(2024, 1, 31)) == []


def test_a_life_policy_is_contestable_for_two_years_and_again_after_reinstatement() -> None:
    assert cover_codes(LIFE, LossType.DEATH, date(2025, 12, 31)) == ["CONTESTABLE"]
    assert cover_codes(LIFE, LossType.DEATH, date(2026, 1, 1)) == []
    again = replace(LIFE, reinstatements=(date(2025, 6, 1),))
    assert cover_codes(again, LossType.DEATH, date(2027, 5, 31)) == ["CONTESTABLE"]


def test_a_policy_that_was_never_issued_covers_nothing() -> None:
    assert cover_codes(replace(AUTO, is_issued=False), LossType.FIRE, BEGAN) == ["NOT_ISSUED"]


def test_a_collision_is_not_insured_by_a_life_policy() -> None:
    assert "OTHER_LINE" in cover_codes(LIFE, LossType.COLLISION, date(2030, 1, 1))


@pytest.mark.parametrize(
    ("category", "never"),
    [
        (Category.PROPERTY, {LossType.COLLISION, LossType.COMPREHENSIVE, LossType.BODILY_INJURY}),
        (Category.AUTO, {LossType.WATER, LossType.HOSPITALISATION, LossType.DEATH}),
        (Category.HEALTH, {LossType.DEATH, LossType.FIRE, LossType.CRITICAL_ILLNESS}),
        (Category.TERM, {LossType.CRITICAL_ILLNESS, LossType.DISABILITY, LossType.OTHER}),
    ],
)
def test_a_product_insures_the_losses_of_its_category_alone(
    category: Category, never: set[LossType]
) -> None:
    assert not never & set(insured_losses(category))


def test_a_rider_adds_the_loss_that_it_is_for() -> None:
    riders = {RiderType.CRITICAL_ILLNESS, RiderType.ACCIDENTAL_DEATH}
    assert insured_losses(Category.ULIP, riders) == (LossType.DEATH, LossType.CRITICAL_ILLNESS)
    assert insured_losses(Category.TERM, {RiderType.WAIVER_OF_PREMIUM})[1:] == (LossType.DISABILITY,)


def test_a_clean_claim_has_no_points() -> None:
    loss = date(2024, 6, 1)
    facts = Circumstances(loss, loss + timedelta(days=30), Decimal(44_999), 2)
    assert fraud_flags(AUTO, facts) == []


def test_every_fraud_rule_is_listed_with_its_points() -> None:
    loss = date(2024, 2, 1)
    cover = replace(AUTO, reinstatements=(date(2024, 1, 20),), last_beneficiary_change=date(2024, 1, 15))
    facts = Circumstances(
        loss,
        loss + timedelta(days=31),
        Decimal(45_000),
        3,
        has_cash_receipts=True,
    )
    flags = fraud_flags(cover, facts)
    assert {flag.code: flag.points for flag in flags} == {
        "EARLY_LOSS": 25,
        "MANY_CLAIMS": 20,
        "AFTER_REINSTATEMENT": 15,
        "LATE_REPORT": 10,
        "NEAR_LIMIT": 10,
        "BENEFICIARY_CHANGED": 15,
        "CASH_RECEIPTS": 5,
    }
    assert points(flags) == 100


@pytest.mark.parametrize(("amount", "codes"), [(99_999, []), (100_000, ["NEAR_LIMIT"])])
def test_an_amount_is_near_the_limit_of_the_policy_with_its_riders(amount: int, codes: list[str]) -> None:
    loss = date(2024, 6, 1)
    with_rider = replace(AUTO, sum_assured=Decimal(80_000), riders_sum=Decimal("31111.11"))
    flags = fraud_flags(with_rider, Circumstances(loss, loss, Decimal(amount), 1))
    assert [flag.code for flag in flags] == codes


def test_a_reinstatement_after_the_loss_says_nothing_of_it() -> None:
    again = replace(LIFE, reinstatements=(date(2024, 3, 1), date(2025, 6, 1)))
    assert cover_codes(again, LossType.DEATH, date(2025, 5, 31)) == ["CONTESTABLE"]
    facts = Circumstances(date(2024, 4, 1), date(2024, 4, 1), Decimal(1), 1)
    assert [flag.code for flag in fraud_flags(again, facts)] == ["AFTER_REINSTATEMENT"]


def test_an_anomaly_of_a_document_counts_twenty_points_and_is_told_as_it_was_written() -> None:
    flag = anomaly("The stamp is forged")
    assert (flag.code, flag.points, flag.explanation) == ("DOCUMENT_ANOMALY", 20, "The stamp is forged")


def ruling(total: int, role: Role, *, first: bool = False) -> Ruling:
    return rule_on_approval(Decimal(total), Line.PROPERTY_CASUALTY, role, LIMITS, has_first_approval=first)


@pytest.mark.parametrize(
    ("total", "role", "is_second", "expected"),
    [
        (2_500, Role.SUPPORT, False, Ruling.APPROVED),
        (2_501, Role.SUPPORT, False, Ruling.PASSED_ON),
        (50_000, Role.MANAGER, False, Ruling.APPROVED),
        (50_001, Role.MANAGER, False, Ruling.PASSED_ON),
        (250_000, Role.ADMIN, False, Ruling.APPROVED),
        (250_001, Role.ADMIN, False, Ruling.FIRST_OF_TWO),
        (250_001, Role.ADMIN, True, Ruling.APPROVED),
        (250_001, Role.MANAGER, True, Ruling.PASSED_ON),
        (1, Role.AGENT, False, Ruling.PASSED_ON),
    ],
)
def test_authority_is_a_limit_per_role_and_two_people_above_the_highest(
    total: int, role: Role, *, is_second: bool, expected: Ruling
) -> None:
    assert ruling(total, role, first=is_second) is expected


def test_the_next_holder_is_the_lowest_role_with_enough_authority() -> None:
    assert roles_with_authority(Decimal(3_000), Line.PROPERTY_CASUALTY, LIMITS) == (
        Role.MANAGER,
        Role.ADMIN,
    )
    assert roles_with_authority(Decimal(900_000), Line.PROPERTY_CASUALTY, LIMITS) == (Role.ADMIN,)
    assert roles_with_authority(Decimal(900_000), Line.LIFE, LIMITS) == (Role.MANAGER,)


@pytest.mark.parametrize(
    ("user_id", "told"),
    [
        (1, "reported it"),
        (2, "assessed it"),
        (3, "are the agent of its policy"),
        (4, "gave the first approval"),
        (5, ""),
    ],
)
def test_what_somebody_had_to_do_with_a_claim_is_told_and_nothing_else(user_id: int, told: str) -> None:
    assert hand_in(user_id, reported_by=1, assessed_by=2, agent_id=3, first_approved_by=4) == told
    assert hand_in(user_id, reported_by=None, assessed_by=None, agent_id=None, first_approved_by=None) == ""


def test_all_that_somebody_had_to_do_with_a_claim_is_told() -> None:
    told = hand_in(1, reported_by=1, assessed_by=1, agent_id=3, first_approved_by=None)
    assert told == "reported it and assessed it"


def test_a_payment_comes_out_of_the_reserve_down_to_nothing() -> None:
    assert reserve_after_payment(Decimal("100.00"), Decimal("40.00")) == Decimal("60.00")
    assert reserve_after_payment(Decimal("100.00"), Decimal("140.00")) == Decimal("0.00")


def test_a_claim_with_anything_open_names_all_of_it() -> None:
    assert still_open(reserve=Decimal(5), approved=Decimal(100), paid=Decimal("60.00"), open_tasks=2) == [
        "a reserve of $5.00",
        "$40.00 approved and not paid",
        "2 open tasks",
    ]
    assert still_open(reserve=Decimal(0), approved=Decimal(1), paid=Decimal(1), open_tasks=0) == []


@pytest.mark.parametrize(
    ("code", "fired", "speaks_against"),
    [
        ("OUTSIDE_PERIOD", (), "within the period of cover"),
        ("OUTSIDE_PERIOD", ("LAPSED",), ""),
        ("WAITING_PERIOD", ("LAPSED",), "outside any waiting period"),
        ("WAITING_PERIOD", ("WAITING_PERIOD",), ""),
        ("DUPLICATE", (), "No other claim"),
        ("DUPLICATE", ("DUPLICATE",), ""),
        ("NO_PROOF", (), ""),
    ],
)
def test_a_reason_that_the_cover_check_contradicts_is_told(
    code: str, fired: tuple[str, ...], speaks_against: str
) -> None:
    told = contradiction(code, fired)
    assert speaks_against in told
    assert bool(told) is bool(speaks_against)


@pytest.mark.parametrize(
    ("letter", "expected"),
    [
        ("Dear Ann,\n\nWe can't pay it, because", True),
        ("We can't pay it, because  ...", True),
        ("We can't pay it, because:\n\nSincerely, Sue", True),
        ("We can't pay it, because\nthe cover had ended.", False),
        ("Because of the fire, cover ended.", False),
    ],
)
def test_a_letter_that_leaves_open_why_breaks_off(letter: str, *, expected: bool) -> None:
    assert breaks_off(letter) is expected
