import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.exc import IntegrityError

from core import sales
from core.audit.tables import AuditEntry, StatusChange
from core.db import unit_of_work
from core.kit.errors import (
    Conflict,
    IllegalMove,
    Invalid,
    NotAllowed,
    NotFound,
    Refusal,
    RepeatedWithOtherContent,
)
from core.kit.ids import new_request_id
from core.sales.tables import Lead
from tests import factories as make

NOW = datetime(2026, 3, 16, 15, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def a_lead(**values: object) -> sales.NewLead:
    given = {"first_name": "Lena", "last_name": "Lang", "source_id": make.source_id()}
    return sales.NewLead(**{**given, **values})


def create(by, *, request_id=None, why="", **values: object) -> sales.Ref:
    request = request_id or new_request_id()
    return sales.create_lead(a_lead(**values), request_id=request, by=by, duplicates_reason=why, now=NOW)


def refused_for(by, **values: object) -> tuple[sales.Match, ...]:
    """Whom a new lead looks like."""
    with pytest.raises(sales.DuplicatesFound) as refused:
        create(by, **values)
    return refused.value.matches


def stored(lead_id: int) -> Lead:
    with unit_of_work() as session:
        return session.get_one(Lead, lead_id)


def history(entity_id: int) -> list[StatusChange]:
    with unit_of_work() as session:
        statement = (
            select(StatusChange).where(StatusChange.entity_id == entity_id).order_by(StatusChange.id)
        )
        return list(session.scalars(statement))


def audited(entity_id: int) -> list[AuditEntry]:
    with unit_of_work() as session:
        statement = select(AuditEntry).where(AuditEntry.entity_id == entity_id).order_by(AuditEntry.id)
        return list(session.scalars(statement))


def count_leads() -> int:
    with unit_of_work() as session:
        return session.scalar(select(func.count()).select_from(Lead)) or 0


# Entering


def test_an_agents_new_lead_is_their_own_and_stands_in_their_territory(database: Engine):
    company = make.company()
    lead = stored(create(company.ann).id)
    assert (lead.assigned_to, lead.territory_id) == (company.ann_in_east.id, company.east.id)
    assert (lead.status.value, lead.created_by) == ("new", company.ann_in_east.id)
    assert [(h.from_status, h.to_status, h.actor_role) for h in history(lead.id)] == [
        (None, "new", "agent")
    ]


def test_phones_and_e_mails_are_stored_in_one_form_whatever_is_typed(database: Engine):
    company = make.company()
    lead = stored(create(company.ann, phone="(212) 555-0123", email=" Lena@EXAMPLE.com ").id)
    assert (lead.phone, lead.phone_digits, lead.email) == (
        "+1 212-555-0123",
        "2125550123",
        "Lena@example.com",
    )


def test_names_in_any_script_are_kept_and_control_characters_are_not(database: Engine):
    company = make.company()
    lead = stored(create(company.ann, first_name=" 李\x00 小\u202e龙 ", last_name="Ó Súilleabháin").id)
    assert (lead.first_name, lead.last_name) == ("李 小龙", "Ó Súilleabháin")


def test_every_wrong_field_is_told_at_once(database: Engine):
    company = make.company()
    with pytest.raises(Invalid) as refused:
        create(
            company.ann,
            first_name="",
            last_name="L" * 51,
            email="lena@",
            phone="12",
            expected_premium=Decimal(-1),
            expected_sum_assured="a lot",
            date_of_birth=date(2026, 3, 17),
            priority="huge",
        )
    assert refused.value.fields.keys() == {
        "first_name",
        "last_name",
        "email",
        "phone",
        "expected_premium",
        "expected_sum_assured",
        "date_of_birth",
        "priority",
    }
    assert refused.value.fields["last_name"] == "At most 50 characters fit here; this has 51."
    assert count_leads() == 0


def test_a_source_that_is_not_on_the_list_is_refused(database: Engine):
    company = make.company()
    with pytest.raises(Invalid) as refused:
        create(company.ann, source_id=999_999)
    assert "source_id" in refused.value.fields


def test_an_agent_cannot_enter_a_lead_for_a_foreign_owner(database: Engine):
    company = make.company()
    with pytest.raises(Invalid) as refused:
        create(company.ann, assigned_to=company.walt_in_west.id)
    assert "assigned_to" in refused.value.fields


def test_a_managers_lead_for_a_territory_waits_there_without_an_owner(database: Engine):
    company = make.company()
    lead = stored(create(company.erin, territory_id=company.district.id).id)
    assert (lead.assigned_to, lead.territory_id) == (None, company.district.id)


def test_sixteen_sends_of_one_form_make_one_lead_and_get_the_same_answer(database: Engine):
    company = make.company()
    request, source = new_request_id(), make.source_id()
    new = sales.NewLead(first_name="Lena", last_name="Lang", source_id=source, phone="212 555 0123")
    start = threading.Barrier(16)

    def send(_: int) -> sales.Ref:
        start.wait()
        return sales.create_lead(new, request_id=request, by=company.ann)

    with ThreadPoolExecutor(16) as pool:
        answers = set(pool.map(send, range(16)))
    assert len(answers) == 1
    assert count_leads() == 1


def test_the_same_form_with_other_content_is_refused(database: Engine):
    company = make.company()
    request = new_request_id()
    create(company.ann, request_id=request)
    with pytest.raises(RepeatedWithOtherContent):
        create(company.ann, request_id=request, first_name="Lea")


# Duplicates


@pytest.mark.parametrize(
    ("known", "typed", "because"),
    [
        ({"phone": "+1 212-555-0123"}, {"phone": "212.555.0123"}, "same phone"),
        ({"email": "lena@example.com"}, {"email": "LENA@Example.COM"}, "same e-mail"),
        (
            {"first_name": "Léna", "date_of_birth": date(1990, 1, 2)},
            {"first_name": "LENA", "date_of_birth": date(1990, 1, 2)},
            "same name and date of birth",
        ),
    ],
)
def test_a_likely_duplicate_is_shown_before_it_is_saved(database: Engine, known, typed, because):
    company = make.company()
    first = create(company.ann, **known)
    (match,) = refused_for(company.ann, **typed)
    assert (match.code, match.because) == (first.code, (because,))
    assert count_leads() == 1


def test_going_on_despite_a_duplicate_needs_a_reason_which_is_logged(database: Engine):
    company = make.company()
    first = create(company.ann, phone="2125550123")
    second = create(company.ann, phone="2125550123", why="Father and son share a phone")
    details = audited(second.id)[-1].details
    assert (details["despite"], details["reason"]) == ([first.code], "Father and son share a phone")


def test_a_customer_is_a_match_too(database: Engine):
    company = make.company()
    customer = make.customer(agent=company.ann_in_east, phone_primary="+1 212-555-0123")
    (match,) = refused_for(company.ann, phone="(212) 5550123")
    assert (match.kind, match.code, match.is_visible) == ("customer", customer.customer_code, True)


def test_of_a_match_in_a_foreign_book_only_whose_it_is_is_told(database: Engine):
    company = make.company()
    create(company.walt, phone="2125550123")
    (match,) = refused_for(company.ann, phone="2125550123")
    assert (match.is_visible, match.owner, match.because) == (False, "Walt Western", ("same phone",))
    assert (match.id, match.code, match.title) == (None, "", "")


def test_two_forms_about_one_person_sent_at_once_do_not_both_pass(database: Engine):
    company = make.company()
    source = make.source_id()
    start = threading.Barrier(2)

    def send(first: str) -> str:
        new = sales.NewLead(first_name=first, last_name="Lang", source_id=source, phone="2125550123")
        start.wait()
        try:
            return sales.create_lead(new, request_id=new_request_id(), by=company.ann).code
        except sales.DuplicatesFound:
            return "refused"

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, ["Lena", "Lea"]))
    assert answers.count("refused") == 1


# Moving


def test_a_lead_is_contacted_only_after_a_completed_follow_up(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east)
    with pytest.raises(Invalid) as refused:
        sales.move_lead(lead.id, to="contacted", version=lead.version, by=company.ann)
    assert refused.value.fields.keys() == {"completed_followup"}
    make.followup(company.ann_in_east, lead_id=lead.id, status="completed")
    sales.move_lead(lead.id, to="contacted", version=lead.version, by=company.ann)
    assert stored(lead.id).status.value == "contacted"


def test_a_move_writes_from_to_who_when_and_why(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east, status="qualified")
    moved = sales.move_lead(
        lead.id, to="contacted", version=lead.version, by=company.erin, reason="Wrong product", now=NOW
    )
    (change,) = history(lead.id)
    assert (change.from_status, change.to_status, change.reason) == (
        "qualified",
        "contacted",
        "Wrong product",
    )
    assert (change.actor_id, change.actor_role, change.at) == (company.erin_manages_east.id, "manager", NOW)
    assert [entry.action for entry in audited(lead.id)] == ["lead.move"]
    assert (stored(lead.id).status_changed_at, moved.version) == (NOW, lead.version + 1)


def test_a_move_to_the_same_status_writes_nothing(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east)
    answer = sales.move_lead(lead.id, to="new", version=lead.version, by=company.ann)
    assert answer.version == lead.version
    assert history(lead.id) == audited(lead.id) == []


def test_what_a_move_asks_for_can_be_given_with_it(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east, status="contacted", expected_premium=None)
    product = make.product()
    given = {"product_interest": product.id, "expected_premium": "1,500.00", "contact_consent": True}
    sales.move_lead(lead.id, to="qualified", version=lead.version, by=company.ann, changes=given, now=NOW)
    found = stored(lead.id)
    assert (found.status.value, found.expected_premium, found.contact_consent_at) == (
        "qualified",
        1500,
        NOW,
    )


@pytest.mark.parametrize("status", ["new", "contacted", "qualified", "proposal"])
def test_losing_a_lead_without_a_reason_is_refused_and_nothing_moves(database: Engine, status):
    company = make.company()
    lead = make.lead(company.ann_in_east, status=status)
    before = sales.board("lead", by=company.ann, now=NOW).columns
    with pytest.raises(Invalid) as refused:
        sales.move_lead(lead.id, to="lost", version=lead.version, by=company.ann)
    assert refused.value.fields.keys() == {"lost_reason_id"}
    assert sales.board("lead", by=company.ann, now=NOW).columns == before
    assert history(lead.id) == []


def test_losing_for_another_reason_needs_a_note(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east)
    other = make.lost_reason_id("Other")
    with pytest.raises(Invalid) as refused:
        sales.move_lead(
            lead.id, to="lost", version=lead.version, by=company.ann, lost_reason_id=other, lost_note="  "
        )
    assert refused.value.fields.keys() == {"lost_note"}
    sales.move_lead(
        lead.id,
        to="lost",
        version=lead.version,
        by=company.ann,
        lost_reason_id=other,
        lost_note="Moved away",
    )
    assert stored(lead.id).lost_note == "Moved away"


def test_a_lost_reason_that_does_not_exist_is_no_reason(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east)
    with pytest.raises(Invalid):
        sales.move_lead(lead.id, to="lost", version=lead.version, by=company.ann, lost_reason_id=999_999)


def test_losing_a_lead_calls_off_what_was_planned_with_it(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east, next_followup=NOW + DAY)
    make.followup(company.ann_in_east, lead_id=lead.id, scheduled_at=NOW + DAY)
    make.appointment(company.ann_in_east, lead_id=lead.id, starts=NOW + DAY)
    reason = make.lost_reason_id()
    sales.move_lead(lead.id, to="lost", version=lead.version, by=company.ann, lost_reason_id=reason)
    found = sales.lead(lead.id, by=company.ann)
    assert [f.status for f in found.followups] == [a.status for a in found.appointments] == ["cancelled"]
    assert found.next_followup_at is None


def test_winning_needs_the_customer_that_the_lead_became(database: Engine):
    company = make.company()
    product = make.product()
    lead = make.lead(company.ann_in_east, status="proposal", product_interest=product.id)
    with pytest.raises(Invalid) as refused:
        sales.move_lead(lead.id, to="won", version=lead.version, by=company.ann)
    assert refused.value.fields.keys() == {"customer_id"}
    customer = make.customer(agent=company.ann_in_east)
    sales.move_lead(
        lead.id, to="won", version=lead.version, by=company.ann, customer_id=customer.id, now=NOW
    )
    found = stored(lead.id)
    assert (found.closed_at, found.furthest_status.value) == (NOW, "won")


def test_a_lead_cannot_be_won_with_a_customer_of_a_foreign_book(database: Engine):
    company = make.company()
    product = make.product()
    lead = make.lead(company.ann_in_east, status="proposal", product_interest=product.id)
    foreign = make.customer(agent=company.walt_in_west)
    with pytest.raises(Invalid):
        sales.move_lead(lead.id, to="won", version=lead.version, by=company.ann, customer_id=foreign.id)


def test_a_lost_lead_is_reopened_by_a_manager_within_180_days(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east, status="lost", closed_at=NOW - 180 * DAY, lost_note="Too dear")
    with pytest.raises(NotAllowed):
        sales.move_lead(
            lead.id, to="contacted", version=lead.version, by=company.ann, reason="Called back", now=NOW
        )
    sales.move_lead(
        lead.id, to="contacted", version=lead.version, by=company.erin, reason="Called back", now=NOW
    )
    found = stored(lead.id)
    assert (found.lost_reason_id, found.lost_note, found.closed_at) == (None, None, None)
    assert found.reopen_count == 1


def test_a_lead_lost_longer_ago_is_not_reopened(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east, status="lost", closed_at=NOW - 180 * DAY - timedelta(seconds=1))
    with pytest.raises(Invalid) as refused:
        sales.move_lead(
            lead.id, to="contacted", version=lead.version, by=company.erin, reason="Again", now=NOW
        )
    assert refused.value.fields.keys() == {"closed_recently"}


def test_moving_back_keeps_the_furthest_stage(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east, status="proposal")
    sales.move_lead(lead.id, to="contacted", version=lead.version, by=company.erin, reason="New start")
    assert stored(lead.id).furthest_status.value == "proposal"


def test_skipping_a_status_is_refused_with_the_moves_that_are_possible(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east)
    with pytest.raises(IllegalMove) as refused:
        sales.move_lead(lead.id, to="won", version=lead.version, by=company.ann)
    assert refused.value.legal == ("Contacted", "Lost")


def test_the_second_of_two_who_move_one_card_is_told_who_changed_what(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east, status="qualified")
    sales.move_lead(lead.id, to="contacted", version=lead.version, by=company.erin, reason="Wrong product")
    with pytest.raises(Conflict) as refused:
        sales.move_lead(
            lead.id,
            to="lost",
            version=lead.version,
            by=company.ann,
            lost_reason_id=make.lost_reason_id(),
        )
    assert (refused.value.who, refused.value.changes) == ("Erin East", (("Status", "Contacted"),))
    assert stored(lead.id).status.value == "contacted"


def test_of_two_moves_at_the_same_moment_one_is_made_and_one_refused(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east, status="qualified")
    reason = make.lost_reason_id()
    start = threading.Barrier(2)

    def move(to: str) -> str:
        start.wait()
        try:
            sales.move_lead(
                lead.id, to=to, version=lead.version, by=company.erin, reason="R", lost_reason_id=reason
            )
        except Conflict:
            return "refused"
        return to

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(move, ["contacted", "lost"]))
    assert answers.count("refused") == 1
    assert len(history(lead.id)) == 1


# Editing


def test_an_edit_writes_what_differs_and_keeps_personal_values_out_of_the_log(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east, priority="low")
    sales.edit_lead(
        lead.id, {"priority": "high", "last_name": "Secret"}, version=lead.version, by=company.ann
    )
    (entry,) = audited(lead.id)
    assert entry.details["changed"] == {"priority": ["low", "high"], "last_name": None}


def test_an_edit_that_changes_nothing_writes_nothing(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east)
    answer = sales.edit_lead(lead.id, {"last_name": lead.last_name}, version=lead.version, by=company.ann)
    assert (answer.version, audited(lead.id)) == (lead.version, [])


def test_editing_a_note_does_not_reset_the_time_in_stage(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east, status_changed_at=NOW - 5 * DAY)
    sales.edit_lead(lead.id, {"notes": "Called twice"}, version=lead.version, by=company.ann, now=NOW)
    assert sales.lead(lead.id, by=company.ann, now=NOW).days_in_stage == 5


def test_the_second_of_two_tabs_that_edit_a_lead_sees_what_changed(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east)
    first = sales.edit_lead(
        lead.id, {"expected_premium": Decimal(1500)}, version=lead.version, by=company.erin
    )
    sales.edit_lead(lead.id, {"state": "Ohio"}, version=first.version, by=company.erin)
    with pytest.raises(Conflict) as refused:
        sales.edit_lead(lead.id, {"priority": "high"}, version=lead.version, by=company.ann)
    assert refused.value.who == "Erin East"
    assert dict(refused.value.changes) == {"Expected premium": "1,500.00", "State": "Ohio"}
    assert stored(lead.id).priority.value == "medium"


def test_what_a_qualified_lead_rests_on_cannot_be_emptied(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east, status="qualified")
    with pytest.raises(Invalid) as refused:
        sales.edit_lead(lead.id, {"expected_premium": None}, version=lead.version, by=company.ann)
    assert "expected_premium" in refused.value.fields


def test_the_premium_of_a_won_lead_stays_as_it_was_agreed(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east, status="won")
    with pytest.raises(sales.ClosedDeal):
        sales.edit_lead(lead.id, {"expected_premium": 1}, version=lead.version, by=company.ann)


@pytest.mark.parametrize("changes", [{"status": "won"}, {"status": "lost"}, {"lost_reason_id": 1}])
def test_a_field_that_is_no_input_is_refused(database: Engine, changes):
    company = make.company()
    lead = make.lead(company.ann_in_east)
    with pytest.raises(Invalid) as refused:
        sales.edit_lead(lead.id, changes, version=lead.version, by=company.ann)
    assert refused.value.fields.keys() == changes.keys()
    assert stored(lead.id).status.value == "new"


def test_the_database_itself_knows_no_lost_lead_without_a_reason(database: Engine):
    lead = make.lead(make.company().ann_in_east)
    with pytest.raises(IntegrityError, match="lost_has_reason"), unit_of_work() as session:
        session.execute(update(Lead).where(Lead.id == lead.id).values(status="lost", closed_at=func.now()))


# Scope


def test_a_foreign_lead_looks_like_one_that_does_not_exist(database: Engine):
    company = make.company()
    foreign = make.lead(company.walt_in_west)
    for key in (foreign.id, foreign.lead_code, 999_999):
        with pytest.raises(NotFound):
            sales.lead(key, by=company.ann)
    with pytest.raises(NotFound):
        sales.move_lead(foreign.id, to="contacted", version=1, by=company.ann)
    with pytest.raises(NotFound):
        sales.edit_lead(foreign.id, {"notes": "x"}, version=1, by=company.ann)


def test_an_executive_sees_masked_contacts_and_no_notes(database: Engine):
    company = make.company()
    lead = make.lead(
        company.ann_in_east,
        email="lena@example.com",
        phone="+1 212-555-0123",
        date_of_birth=date(1990, 5, 1),
        notes="Ill since May",
    )
    found = sales.lead(lead.id, by=company.eve)
    assert (found.email, found.phone) == ("l***@example.com", "*** 0123")
    assert (found.birth_year, found.date_of_birth, found.notes, found.moves) == (1990, None, "", ())


# Handing over


def test_handing_over_moves_owner_territory_and_planned_follow_ups(database: Engine):
    company = make.company()
    leads = [make.lead(company.ann_in_east, territory_id=company.east.id) for _ in range(3)]
    planned = make.followup(company.ann_in_east, lead_id=leads[0].id)
    done = make.followup(company.ann_in_east, lead_id=leads[0].id, status="completed")
    dan = company.dan_in_district.id
    assert sales.assign_leads([lead.id for lead in leads], to=dan, by=company.erin) == 3
    assert {(stored(lead.id).assigned_to, stored(lead.id).territory_id) for lead in leads} == {
        (dan, company.district.id)
    }
    agents = {f.id: f.agent_id for f in sales.lead(leads[0].id, by=company.erin).followups}
    assert agents == {planned.id: dan, done.id: company.ann_in_east.id}
    assert [entry.action for entry in audited(leads[0].id)] == ["lead.assign"]


def test_handing_over_is_all_or_nothing(database: Engine):
    company = make.company()
    mine, foreign = make.lead(company.ann_in_east), make.lead(company.walt_in_west)
    with pytest.raises(NotFound):
        sales.assign_leads([mine.id, foreign.id], to=company.dan_in_district.id, by=company.erin)
    assert stored(mine.id).assigned_to == company.ann_in_east.id


def test_nothing_is_handed_to_somebody_outside_the_managers_line(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east)
    with pytest.raises(Refusal, match="hand anything"):
        sales.assign_leads([lead.id], to=company.walt_in_west.id, by=company.erin)


def test_agents_do_not_hand_over(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east)
    with pytest.raises(NotAllowed):
        sales.assign_leads([lead.id], to=company.ann_in_east.id, by=company.ann)


def test_closed_leads_stay_with_who_closed_them(database: Engine):
    company = make.company()
    won = [make.lead(company.ann_in_east, status="won") for _ in range(2)]
    to, by = company.dan_in_district.id, company.erin
    with pytest.raises(sales.ClosedDeal) as refused:
        sales.assign_leads([won[0].id], to=to, by=by)
    assert refused.value.message == f"1 of these is closed: {won[0].lead_code}."
    with pytest.raises(sales.ClosedDeal, match="2 of these are closed"):
        sales.assign_leads([lead.id for lead in won], to=to, by=by)
