import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError

from core import sales
from core.audit.tables import StatusChange
from core.db import unit_of_work
from core.kit.errors import Conflict, IllegalMove, Invalid, NotFound, Refusal
from core.kit.ids import new_request_id
from core.sales.tables import Appointment, Followup, Lead
from tests import factories as make

NOW = datetime(2026, 3, 16, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def plan(lead: Lead, at: datetime, *, by, **values: object) -> int:
    new = sales.NewFollowup(about=sales.About(lead_id=lead.id), scheduled_at=at, **values)
    return sales.plan_followup(new, request_id=new_request_id(), by=by, now=NOW)


def book(lead: Lead, starts: datetime, ends: datetime, *, by, **values: object) -> int:
    about = sales.About(lead_id=lead.id)
    new = sales.NewAppointment(about=about, starts_at=starts, ends_at=ends, **values)
    return sales.book_appointment(new, request_id=new_request_id(), by=by, now=NOW)


def next_followup(lead: Lead) -> datetime | None:
    with unit_of_work() as session:
        return session.get_one(Lead, lead.id).next_followup


def followup(key: int) -> Followup:
    with unit_of_work() as session:
        return session.get_one(Followup, key)


def appointment(key: int) -> Appointment:
    with unit_of_work() as session:
        return session.get_one(Appointment, key)


def changes(entity: str) -> list[tuple[str | None, str, int | None, str | None]]:
    with unit_of_work() as session:
        found = session.scalars(
            select(StatusChange).where(StatusChange.entity == entity).order_by(StatusChange.id)
        )
        return [(one.from_status, one.to_status, one.actor_id, one.reason) for one in found]


# Follow-ups


def test_every_change_of_a_contact_writes_from_to_who_and_why(database: Engine):
    company = make.company()
    ann = company.ann_in_east.id
    lead = make.lead(company.ann_in_east)
    done, off = (plan(lead, NOW + n * DAY, by=company.ann) for n in (1, 2))
    sales.complete_followup(done, outcome="Spoke", completed_at=NOW, version=1, by=company.ann, now=NOW)
    sales.cancel_followup(off, version=1, by=company.ann, reason="Asked us not to call", now=NOW)
    assert changes("followup") == [
        (None, "planned", ann, None),
        (None, "planned", ann, None),
        ("planned", "completed", ann, None),
        ("planned", "cancelled", ann, "Asked us not to call"),
    ]
    meeting = book(lead, NOW + DAY, NOW + DAY + HOUR, by=company.ann)
    sales.cancel_appointment(meeting, version=1, by=company.ann, reason="Ill", now=NOW)
    assert changes("appointment") == [
        (None, "scheduled", ann, None),
        ("scheduled", "cancelled", ann, "Ill"),
    ]


def test_the_next_follow_up_of_a_lead_is_always_its_earliest_planned_one(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east)
    later = plan(lead, NOW + 3 * DAY, by=company.ann)
    sooner = plan(lead, NOW + 2 * DAY, by=company.ann)
    assert next_followup(lead) == NOW + 2 * DAY
    sales.reschedule_followup(sooner, scheduled_at=NOW + 4 * DAY, version=1, by=company.ann, now=NOW)
    assert next_followup(lead) == NOW + 3 * DAY
    sales.cancel_followup(later, version=1, by=company.ann, now=NOW)
    assert next_followup(lead) == NOW + 4 * DAY
    sales.complete_followup(sooner, outcome="Spoke", completed_at=NOW, version=2, by=company.ann, now=NOW)
    assert next_followup(lead) is None


def test_planning_a_follow_up_does_not_disturb_somebody_who_edits_the_lead(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east)
    plan(lead, NOW + DAY, by=company.ann)
    edited = sales.edit_lead(lead.id, {"state": "Ohio"}, version=lead.version, by=company.erin)
    assert edited.version == lead.version + 1


def test_completing_can_plan_the_next_one_in_the_same_breath(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east)
    first = plan(lead, NOW + HOUR, by=company.ann)
    sales.complete_followup(
        first,
        outcome="Call again",
        completed_at=NOW,
        version=1,
        by=company.ann,
        next_at=NOW + 7 * DAY,
        now=NOW,
    )
    assert (followup(first).status.value, followup(first).outcome) == ("completed", "Call again")
    assert next_followup(lead) == NOW + 7 * DAY


def test_a_follow_up_is_completed_once(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east)
    key = plan(lead, NOW + HOUR, by=company.ann)
    done = {"completed_at": NOW, "by": company.ann, "now": NOW}
    sales.complete_followup(key, outcome="Spoke", version=1, **done)
    with pytest.raises(Conflict):
        sales.complete_followup(key, outcome="Spoke again", version=1, **done)
    sales.complete_followup(key, outcome="Spoke again", version=2, **done)
    assert followup(key).outcome == "Spoke"


def test_completing_needs_an_outcome(database: Engine):
    company = make.company()
    key = plan(make.lead(company.ann_in_east), NOW + HOUR, by=company.ann)
    with pytest.raises(Invalid) as refused:
        sales.complete_followup(key, outcome=" ", completed_at=NOW, version=1, by=company.ann, now=NOW)
    assert refused.value.fields.keys() == {"outcome"}


def test_nothing_is_planned_in_the_past_and_nothing_was_done_in_the_future(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east)
    with pytest.raises(Invalid, match="passed"):
        plan(lead, NOW - HOUR, by=company.ann)
    key = plan(lead, NOW + HOUR, by=company.ann)
    with pytest.raises(Invalid, match="still to come"):
        sales.complete_followup(
            key, outcome="Spoke", completed_at=NOW + HOUR, version=1, by=company.ann, now=NOW
        )


def test_nothing_is_planned_with_a_lost_lead(database: Engine):
    company = make.company()
    with pytest.raises(Refusal, match="is lost"):
        plan(make.lead(company.ann_in_east, status="lost"), NOW + HOUR, by=company.ann)


def test_a_contact_without_a_plan_is_logged_and_lets_the_lead_move_on(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east)
    key = sales.log_followup(
        sales.About(lead_id=lead.id),
        outcome="Rang in",
        completed_at=NOW,
        direction="inbound",
        request_id=new_request_id(),
        by=company.ann,
        now=NOW,
    )
    assert (followup(key).status.value, followup(key).outcome) == ("completed", "Rang in")
    moved = sales.move_lead(lead.id, to="contacted", version=lead.version, by=company.ann)
    assert moved.version == lead.version + 1


def test_a_plan_sent_twice_is_made_once(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east)
    request = new_request_id()
    new = sales.NewFollowup(about=sales.About(lead_id=lead.id), scheduled_at=NOW + DAY)
    answers = {sales.plan_followup(new, request_id=request, by=company.ann, now=NOW) for _ in range(3)}
    assert len(answers) == 1


def test_the_clock_marks_follow_ups_as_missed_after_24_hours(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east)
    late = make.followup(
        company.ann_in_east, lead_id=lead.id, scheduled_at=NOW - DAY - timedelta(seconds=1)
    )
    due = make.followup(company.ann_in_east, lead_id=lead.id, scheduled_at=NOW - DAY)
    assert sales.mark_missed(now=NOW) == 1
    assert (followup(late.id).status.value, followup(due.id).status.value) == ("missed", "planned")
    assert next_followup(lead) == NOW - DAY
    with unit_of_work() as session:
        change = session.scalars(select(StatusChange).where(StatusChange.entity == "followup")).one()
    assert (change.actor_role, change.to_status) == ("system", "missed")
    assert sales.mark_missed(now=NOW) == 0


def test_a_missed_follow_up_can_still_be_completed_but_not_cancelled(database: Engine):
    company = make.company()
    missed = make.followup(company.ann_in_east, status="missed")
    with pytest.raises(IllegalMove):
        sales.cancel_followup(missed.id, version=1, by=company.ann, now=NOW)
    sales.complete_followup(
        missed.id, outcome="Spoke", completed_at=NOW, version=1, by=company.ann, now=NOW
    )


def test_the_follow_ups_of_a_foreign_lead_cannot_be_touched(database: Engine):
    company = make.company()
    foreign = make.followup(company.walt_in_west)
    with pytest.raises(NotFound, match="follow-up"):
        sales.cancel_followup(foreign.id, version=1, by=company.ann)
    new = sales.NewFollowup(about=sales.About(lead_id=foreign.lead_id), scheduled_at=NOW + DAY)
    with pytest.raises(NotFound):
        sales.plan_followup(new, request_id=new_request_id(), by=company.ann, now=NOW)


# Appointments


def test_an_overlap_is_refused_and_the_other_meeting_is_named(database: Engine):
    company = make.company()
    first, second = make.lead(company.ann_in_east), make.lead(company.ann_in_east)
    book(first, NOW + DAY, NOW + DAY + HOUR, by=company.ann)
    with pytest.raises(sales.AppointmentClash) as refused:
        book(second, NOW + DAY + HOUR / 2, NOW + DAY + 2 * HOUR, by=company.ann)
    assert refused.value.message == (
        "Ann Agent already has an appointment on Mar 17, 2026, 11:00 AM – 12:00 PM EDT"
        f" ({first.lead_code})."
    )


def test_one_meeting_may_begin_when_the_other_ends_and_others_are_free(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east)
    booked = {
        book(lead, NOW + DAY, NOW + DAY + HOUR, by=company.erin),
        book(lead, NOW + DAY + HOUR, NOW + DAY + 2 * HOUR, by=company.erin),
        book(lead, NOW + DAY, NOW + DAY + HOUR, by=company.erin, agent_id=company.dan_in_district.id),
    }
    assert len(booked) == 3


def test_of_two_bookings_at_the_same_moment_one_is_refused(database: Engine):
    company = make.company()
    leads = [make.lead(company.ann_in_east), make.lead(company.ann_in_east)]
    start = threading.Barrier(2)

    def send(lead: Lead) -> str:
        start.wait()
        try:
            book(lead, NOW + DAY, NOW + DAY + HOUR, by=company.ann)
        except sales.AppointmentClash:
            return "refused"
        return "booked"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(send, leads)) == ["booked", "refused"]


def test_the_database_itself_refuses_two_meetings_of_one_agent(database: Engine):
    company = make.company()
    make.appointment(company.ann_in_east, starts=NOW)
    with pytest.raises(IntegrityError, match="ex_appointments_agent_overlap"):
        make.appointment(company.ann_in_east, starts=NOW + HOUR / 2)


def test_rescheduling_books_a_linked_successor_which_may_overlap_the_old_one(database: Engine):
    company = make.company()
    key = book(make.lead(company.ann_in_east), NOW + DAY, NOW + DAY + HOUR, by=company.ann, location="Here")
    successor = sales.reschedule_appointment(
        key,
        starts_at=NOW + DAY + HOUR / 2,
        ends_at=NOW + DAY + 2 * HOUR,
        version=1,
        by=company.ann,
        now=NOW,
    )
    assert appointment(key).status.value == "rescheduled"
    new = appointment(successor)
    assert (new.status.value, new.rescheduled_from_id, new.location) == ("scheduled", key, "Here")


def test_a_reschedule_into_a_clash_leaves_the_old_meeting_as_it_was(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east)
    key = book(lead, NOW + DAY, NOW + DAY + HOUR, by=company.ann)
    book(lead, NOW + 2 * DAY, NOW + 2 * DAY + HOUR, by=company.ann)
    with pytest.raises(sales.AppointmentClash):
        sales.reschedule_appointment(
            key,
            starts_at=NOW + 2 * DAY,
            ends_at=NOW + 2 * DAY + HOUR,
            version=1,
            by=company.ann,
            now=NOW,
        )
    assert appointment(key).status.value == "scheduled"


def test_a_cancelled_meeting_frees_its_time(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east)
    key = book(lead, NOW + DAY, NOW + DAY + HOUR, by=company.ann)
    sales.cancel_appointment(key, version=1, by=company.ann, reason="Ill")
    again = book(lead, NOW + DAY, NOW + DAY + HOUR, by=company.ann)
    assert [appointment(one).status.value for one in (key, again)] == ["cancelled", "scheduled"]


def test_a_meeting_is_completed_or_missed_only_after_it_began(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east)
    key = book(lead, NOW + DAY, NOW + DAY + HOUR, by=company.ann)
    with pytest.raises(Invalid):
        sales.mark_no_show(key, version=1, by=company.ann, now=NOW)
    with pytest.raises(Invalid):
        sales.complete_appointment(key, outcome="Signed", version=1, by=company.ann, now=NOW)
    sales.complete_appointment(key, outcome="Signed", version=1, by=company.ann, now=NOW + 2 * DAY)
    done = appointment(key)
    assert (done.status.value, done.outcome, done.actual_datetime) == ("completed", "Signed", NOW + DAY)


@pytest.mark.parametrize(("hours", "field"), [(0, "ends_at"), (-1, "ends_at"), (13, "ends_at")])
def test_a_meeting_ends_after_it_starts_and_within_twelve_hours(database: Engine, hours, field):
    company = make.company()
    lead = make.lead(company.ann_in_east)
    with pytest.raises(Invalid) as refused:
        book(lead, NOW + DAY, NOW + DAY + hours * HOUR, by=company.ann)
    assert refused.value.field == field


def test_a_booking_sent_twice_is_made_once(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east)
    request = new_request_id()
    new = sales.NewAppointment(
        about=sales.About(lead_id=lead.id), starts_at=NOW + DAY, ends_at=NOW + DAY + HOUR
    )
    for _ in range(2):
        sales.book_appointment(new, request_id=request, by=company.ann, now=NOW)
    with unit_of_work() as session:
        assert session.scalar(select(func.count()).select_from(Appointment)) == 1


def test_contacts_with_a_customer_are_their_own_and_those_about_their_deals_in_scope(
    database: Engine,
):
    company = make.company()
    one = make.customer(agent=company.ann_in_east, territory_id=company.east.id)
    mine = make.lead(company.ann_in_east, customer_id=one.id)
    theirs = make.lead(company.walt_in_west, customer_id=one.id)
    direct = make.followup(company.ann_in_east, customer_id=one.id)
    about_mine = make.followup(company.ann_in_east, lead_id=mine.id)
    make.followup(company.walt_in_west, lead_id=theirs.id)
    make.followup(company.ann_in_east, lead_id=make.lead(company.ann_in_east).id)
    met = make.appointment(company.ann_in_east, customer_id=one.id)
    found = sales.contacts_with(one.id, by=company.ann)
    assert {row.id for row in found.followups} == {direct.id, about_mine.id}
    assert [row.id for row in found.appointments] == [met.id]
