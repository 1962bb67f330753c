"""Closing days as administrators keep them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from core import people
from core.access import Role
from core.kit.errors import Invalid, NotFound, Refusal
from core.kit.ids import new_request_id
from tests import factories as make

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)
MONDAY = date(2026, 12, 28)


@pytest.fixture
def admin(database):
    return make.viewer(make.user(Role.ADMIN))


def add(day, by, name="Stocktaking", request_id=None, now=NOW):
    return people.add_closed_day(day, name, request_id=request_id or new_request_id(), by=by, now=now)


def test_a_year_shows_federal_days_and_ones_own_in_order(admin):
    add(MONDAY, admin)
    found = [(one.day, one.name, one.is_federal) for one in people.closed_days(2026, by=admin)][-2:]
    assert found == [(date(2026, 12, 25), "Christmas Day", True), (MONDAY, "Stocktaking", False)]


def test_deadlines_pass_over_a_new_closing_day(admin):
    assert people.calendar([2026]).add_days(date(2026, 12, 24), 1) == MONDAY
    add(MONDAY, admin)
    assert people.calendar([2026]).add_days(date(2026, 12, 24), 1) == date(2026, 12, 29)


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2026, 11, 20), "is over"),
        (date(2026, 12, 26), "weekend"),
        (date(2026, 12, 25), "Christmas Day"),
        (None, "Choose a day"),
    ],
)
def test_only_a_working_day_to_come_can_be_closed(admin, day, told):
    with pytest.raises(Invalid, match=told):
        add(day, admin)


def test_a_day_is_closed_once(admin):
    request = new_request_id()
    assert {add(MONDAY, admin, request_id=request) for _ in range(2)} == {"2026-12-28"}
    with pytest.raises(Invalid, match="already"):
        add(MONDAY, admin)


def test_a_day_to_come_is_worked_on_after_all_but_the_past_stays(admin):
    add(MONDAY, admin)
    with pytest.raises(Refusal, match="is over"):
        people.remove_closed_day(MONDAY, by=admin, now=datetime(2027, 1, 4, tzinfo=UTC))
    people.remove_closed_day(MONDAY, by=admin, now=NOW)
    for day in (MONDAY, date(2026, 12, 25)):
        with pytest.raises(NotFound):
            people.remove_closed_day(day, by=admin, now=NOW)
