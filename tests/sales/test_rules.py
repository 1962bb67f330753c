from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from core.sales import rules
from core.sales.status import LEAD, OPPORTUNITY, STAGE_WEIGHT

NOW = datetime(2026, 3, 16, 15, 0, tzinfo=UTC)
TODAY = date(2026, 3, 16)


@pytest.mark.parametrize(("hours", "days"), [(0, 0), (23, 0), (24, 1), (71, 2), (-5, 0)])
def test_days_in_stage_are_whole_days_since_entry(hours, days):
    assert rules.days_in_stage(NOW - timedelta(hours=hours), NOW) == days


def test_every_open_status_has_its_own_limit_and_no_closed_one_has():
    assert [s.rots_after_days for s in LEAD.statuses] == [3, 7, 14, 21, None, None]
    assert [s.rots_after_days for s in OPPORTUNITY.statuses][-2:] == [None, None]


@pytest.mark.parametrize(
    ("status", "days"), [("new", 3), ("contacted", 7), ("qualified", 14), ("proposal", 21)]
)
def test_an_open_lead_rots_at_the_limit_of_its_own_status(status, days):
    on_the_day = NOW - timedelta(days=days)
    assert not rules.is_rotting(LEAD, status, on_the_day + timedelta(seconds=1), NOW)
    assert rules.is_rotting(LEAD, status, on_the_day, NOW)


def test_the_weighted_value_is_rounded_half_up_to_the_cent():
    assert rules.weighted(Decimal("0.10"), Decimal("0.05")) == Decimal("0.01")
    assert rules.weighted(Decimal("3000.50"), Decimal("0.25")) == Decimal("750.13")


def test_every_status_has_a_weight():
    assert STAGE_WEIGHT["lead"].keys() == set(LEAD.values)
    assert STAGE_WEIGHT["opportunity"].keys() == set(OPPORTUNITY.values)


@pytest.mark.parametrize(
    ("furthest", "status", "kept"),
    [
        ("new", "qualified", "qualified"),
        ("proposal", "contacted", "proposal"),
        ("qualified", "lost", "qualified"),
        ("proposal", "won", "won"),
    ],
)
def test_the_furthest_stage_never_goes_back_and_lost_is_none(furthest, status, kept):
    assert rules.further(LEAD, furthest, status) == kept


@pytest.mark.parametrize(
    ("closed", "allowed"),
    [
        (NOW - timedelta(days=180), True),
        (NOW - timedelta(days=180, seconds=1), False),
        (TODAY - timedelta(days=180), True),
        (TODAY - timedelta(days=181), False),
        (None, False),
    ],
)
def test_a_loss_can_be_reopened_for_180_days(closed, allowed):
    assert rules.may_reopen(closed, NOW, TODAY) is allowed


def test_a_proposal_holds_on_to_all_that_led_there():
    assert rules.held_needs(LEAD, "proposal").keys() == {
        "completed_followup",
        "product_interest",
        "expected_premium",
        "contact_consent",
    }
    assert rules.held_needs(LEAD, "new") == rules.held_needs(LEAD, "lost") == {}


@pytest.mark.parametrize(
    ("name", "phone", "differs"),
    [
        ("Muller Zoe", "+1 614-555-0182", False),
        ("Alex Howard", "(626) 555-0144", False),
        ("Alex Howard", "+1 614-555-0182", True),
        ("Alex Howard", "", True),
        ("", "+1 614-555-0182", False),
    ],
)
def test_neither_name_nor_phone_of_another_person_agree(name, phone, differs):
    assert rules.is_another_person("Zoé Müller", "+1 626-555-0144", name, phone) is differs


def test_a_deal_is_marked_as_lost_by_words_that_name_what_happens():
    verbs = {
        move.verb
        for lifecycle in (LEAD, OPPORTUNITY)
        for status in lifecycle.statuses
        for move in status.moves
        if move.to in {"lost", "closed_lost"}
    }
    assert verbs == {"Mark as lost"}
