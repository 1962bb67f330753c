from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from core import sales
from tests import factories as make

# 11:00 in New York on Monday 16 March.
NOW = datetime(2026, 3, 16, 15, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def kinds(day: sales.MyDay) -> list[str]:
    return [item.kind for item in day.items]


def test_an_agents_day_tells_what_is_due_in_order_of_urgency(database: Engine):
    company = make.company()
    ann = company.ann_in_east
    lead = make.lead(ann, status_changed_at=NOW, first_name="Lena", last_name="Lang")
    about = {"lead_id": lead.id}
    make.appointment(ann, starts=NOW + DAY, **about)
    make.followup(ann, scheduled_at=NOW + 2 * HOUR, **about)
    make.appointment(ann, starts=NOW + HOUR, **about)
    make.followup(ann, scheduled_at=NOW - 2 * HOUR, **about)
    make.lead(ann, status_changed_at=NOW - 4 * DAY)
    day = sales.my_day(by=company.ann, now=NOW)
    assert kinds(day) == [
        "followup_overdue",
        "appointment_today",
        "followup_today",
        "rotting",
        "appointment_tomorrow",
    ]
    first = day.items[0]
    assert (first.title, first.reason, first.is_overdue) == ("Lena Lang", "Call overdue for 2 h", True)
    assert first.link == sales.Link("pipeline", (("lead", lead.lead_code), ("part", "contacts")))
    assert day.items[3].link.params[1:] == ()
    assert day.counts["followup_overdue"] == 1


def test_what_is_due_after_midnight_of_the_office_is_not_today(database: Engine):
    company = make.company()
    # 23:30 in New York is today although it is tomorrow in UTC; 00:30 is not.
    make.followup(company.ann_in_east, scheduled_at=datetime(2026, 3, 17, 3, 30, tzinfo=UTC))
    make.followup(company.ann_in_east, scheduled_at=datetime(2026, 3, 17, 4, 30, tzinfo=UTC))
    assert sales.my_day(by=company.ann, now=NOW).counts["followup_today"] == 1


def test_the_dearest_of_the_rotting_leads_comes_first_and_all_are_counted(database: Engine):
    company = make.company()
    for premium in (100, 300, 200):
        make.lead(company.ann_in_east, status_changed_at=NOW - 30 * DAY, expected_premium=Decimal(premium))
    day = sales.my_day(by=company.ann, now=NOW, limit=2)
    assert [item.value for item in day.items] == [300, 200]
    assert day.counts["rotting"] == 3


@pytest.mark.parametrize("status", ["won", "lost"])
def test_closed_leads_need_nobody(database: Engine, status):
    company = make.company()
    make.lead(company.ann_in_east, status=status, status_changed_at=NOW - 90 * DAY)
    assert sales.my_day(by=company.ann, now=NOW).items == ()


def test_a_manager_sees_unassigned_leads_of_the_area_and_the_lines_rotting_ones(database: Engine):
    company = make.company()
    make.lead(None, territory_id=company.district.id, status_changed_at=NOW)
    make.lead(None, territory_id=company.west.id, status_changed_at=NOW)
    make.lead(company.dan_in_district, status_changed_at=NOW - 5 * DAY)
    make.lead(company.walt_in_west, status_changed_at=NOW - 5 * DAY)
    day = sales.my_day(by=company.erin, now=NOW)
    assert (day.counts["unassigned"], day.counts["rotting"]) == (1, 1)


def test_a_manager_is_told_whose_a_standing_lead_is_and_an_agent_knows(database: Engine):
    company = make.company()
    make.lead(company.dan_in_district, status_changed_at=NOW - 5 * DAY)
    make.lead(company.ann_in_east, status_changed_at=NOW - 5 * DAY)
    told = sales.my_day(by=company.erin, now=NOW).items
    assert {item.owner for item in told} == {"Dan District", "Ann Agent"}
    assert [item.owner for item in sales.my_day(by=company.ann, now=NOW).items] == [""]


def test_a_missed_follow_up_is_shown_until_something_newer_is_planned_or_done(database: Engine):
    company = make.company()
    ann = company.ann_in_east
    lead = make.lead(ann, status_changed_at=NOW)
    make.followup(ann, lead_id=lead.id, status="missed", scheduled_at=NOW - 2 * DAY)
    assert kinds(sales.my_day(by=company.ann, now=NOW)) == ["followup_missed"]
    make.followup(ann, lead_id=lead.id, scheduled_at=NOW + 5 * DAY)
    assert kinds(sales.my_day(by=company.ann, now=NOW)) == []


def test_who_only_reads_has_an_empty_day(database: Engine):
    company = make.company()
    make.lead(company.ann_in_east, status_changed_at=NOW - 5 * DAY)
    assert sales.my_day(by=company.eve, now=NOW) == sales.MyDay((), {})


def test_owners_to_choose_from_are_the_active_people_in_scope(database: Engine):
    company = make.company()
    make.agent(
        name="Rita Resigned", area=company.east, manager=company.erin_manages_east, status="resigned"
    )
    assert [owner.name for owner in sales.owners(by=company.erin)] == [
        "Ann Agent",
        "Dan District",
        "Erin East",
    ]
    assert [owner.name for owner in sales.owners(by=company.ann)] == ["Ann Agent"]
    assert [area.name for area in sales.territories(by=company.erin)] == ["East", "East district"]


def test_the_reason_that_needs_a_note_comes_last(database: Engine):
    company = make.company()
    reasons = sales.lost_reasons(by=company.ann)
    assert [reason.name for reason in reasons if reason.needs_note] == [reasons[-1].name] == ["Other"]
    assert "Website" in [source.name for source in sales.lead_sources(by=company.ann)]


def test_a_day_calls_media_and_purposes_what_their_records_call_them(database: Engine):
    company = make.company()
    ann = company.ann_in_east
    make.appointment(ann, starts=NOW + HOUR, appointment_type="demo")
    make.followup(ann, scheduled_at=NOW + HOUR, type="email")
    day = sales.my_day(by=company.ann, now=NOW)
    meeting, followup = (item.reason for item in day.items)
    assert meeting.startswith("Presentation, ")
    assert followup == "E-mail due today"
