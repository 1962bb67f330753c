"""What is to be done on a claim: who can be given it, once only, handed on, ticked off."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from core import audit, claims
from core.access import Role
from core.claims.tables import ClaimTask
from core.db import unit_of_work
from core.kit.errors import Conflict, Invalid, Refusal, RepeatedWithOtherContent
from core.kit.ids import new_request_id
from tests import factories as make
from tests.factories.rows import put

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)
TODAY = date(2026, 11, 21)


@pytest.fixture
def claim(firm):
    return make.claim(make.policy(firm.ann_in_east, territory_id=firm.east.id))


def added(claim, by, *, to=None, title="Call the garage", request_id=None):
    return claims.add_task(
        claim.id, title, due_on=None, assigned_to=to, request_id=request_id or new_request_id(), by=by
    )


def handed_on(claim, task, to, *, from_, by):
    before = from_.user_id if from_ else None
    claims.assign_task(claim.id, task, from_=before, to=to.user_id, by=by, now=NOW)


def detail(claim, by):
    return claims.claim(claim.id, by=by, today=TODAY)


def test_a_task_is_given_to_whoever_handles_claims_and_sees_this_one(firm, sue, claim):
    for person in (sue.user_id, firm.erin.user_id, firm.adam.user_id):
        added(claim, sue, to=person)
    assert [task.assignee for task in detail(claim, sue).tasks] == [
        "Sue Support", "Erin East", "Adam Admin",
    ]  # fmt: skip


def test_a_task_is_given_to_nobody_who_could_not_do_it(firm, sue, claim):
    gone = make.user(Role.SUPPORT, name="Gone Support", is_active=False)
    for person in (firm.ann.user_id, firm.wade.user_id, firm.eve.user_id, gone.id, 10**12):
        with pytest.raises(Invalid) as refusal:
            added(claim, sue, to=person)
        assert refusal.value.fields == {
            "assigned_to": "That person doesn't handle claims or doesn't see this one."
        }
    assert detail(claim, sue).tasks == ()


def test_whom_a_claim_was_given_to_can_be_given_its_tasks(firm, sue, claim):
    claims.assign([claim.id], to=firm.wade.user_id, by=sue, now=NOW)
    added(claim, sue, to=firm.wade.user_id)
    assert [task.assignee for task in detail(claim, firm.wade).tasks] == ["Wade West"]


def test_those_who_are_offered_for_a_task_are_those_who_can_take_it(firm, sue, claim):
    make.user(Role.SUPPORT, name="Gone Support", is_active=False)
    offered = claims.task_takers(claim.id, by=sue)
    assert [one.name for one in offered] == ["Adam Admin", "Erin East", "Sue Support"]
    claims.assign([claim.id], to=firm.wade.user_id, by=sue, now=NOW)
    assert "Wade West" in {one.name for one in claims.task_takers(claim.id, by=sue)}


def test_a_task_and_a_note_that_are_sent_twice_are_there_once(sue, claim):
    task, note = new_request_id(), new_request_id()
    keys = {added(claim, sue, to=sue.user_id, request_id=task) for _ in range(2)}
    for _ in range(2):
        claims.add_note(claim.id, "The claimant called", request_id=note, by=sue, now=NOW)
    found = detail(claim, sue)
    assert {one.id for one in found.tasks} == keys
    assert [one.note for one in found.events] == ["The claimant called"]
    with pytest.raises(RepeatedWithOtherContent):
        added(claim, sue, title="Call the claimant", request_id=task)
    with pytest.raises(RepeatedWithOtherContent):
        claims.add_note(claim.id, "Nobody called", request_id=note, by=sue, now=NOW)


def due(claim, by, day, *, title="Call the garage", request_id=None, now=NOW):
    return claims.add_task(
        claim.id, title, due_on=day, assigned_to=None, request_id=request_id or new_request_id(), by=by,
        now=now,
    )  # fmt: skip


def test_a_task_is_due_today_at_the_earliest_and_that_is_told_beside_the_date(sue, claim):
    over = {"due_on": "That day is over: a task is due today at the earliest."}
    for title, told in (("Call the garage", {}), ("", {"title": "Say what is to be done."})):
        with pytest.raises(Invalid) as refusal:
            due(claim, sue, date(2026, 11, 20), title=title)
        assert refusal.value.fields == told | over
    assert detail(claim, sue).tasks == ()
    due(claim, sue, TODAY)
    assert [task.due_on for task in detail(claim, sue).tasks] == [TODAY]


def test_the_day_on_which_a_task_is_due_is_the_offices(sue, claim):
    late_in_the_evening = datetime(2026, 11, 22, 4, tzinfo=UTC)
    due(claim, sue, TODAY, now=late_in_the_evening)
    with pytest.raises(Invalid, match="That day is over"):
        due(claim, sue, TODAY, now=late_in_the_evening + timedelta(hours=1))


def test_a_task_that_is_sent_again_when_its_day_is_over_is_still_the_same(sue, claim):
    once = new_request_id()
    first = due(claim, sue, TODAY, request_id=once)
    assert due(claim, sue, TODAY, request_id=once, now=NOW + timedelta(days=1)) == first


def test_a_task_that_is_sent_again_after_the_claim_was_closed_is_still_the_same(sue, claim):
    once = new_request_id()
    first = added(claim, sue, request_id=once)
    claims.withdraw(claim.id, reason="Paid myself", version=1, by=sue, now=NOW)
    assert added(claim, sue, request_id=once) == first
    with unit_of_work() as session:
        assert session.scalar(select(func.count()).select_from(ClaimTask)) == 1


def test_a_task_is_handed_on_and_the_file_and_the_log_tell_it(firm, sue, claim):
    task = added(claim, sue, to=sue.user_id)
    handed_on(claim, task, firm.erin, from_=sue, by=sue)
    found = detail(claim, sue)
    assert [one.assignee for one in found.tasks] == ["Erin East"]
    assert [(one.who, one.kind, one.note) for one in found.events] == [
        ("Sue Support", "task_assigned", "Call the garage: to Erin East")
    ]
    with unit_of_work() as session:
        told = [
            dict(one.details) for one in audit.entries(session, "claim", claim.id) if "task" in one.action
        ]
    changed = {"assigned_to": [sue.user_id, firm.erin.user_id]}
    assert {"task": task, "changed": changed} in told


def test_a_task_is_handed_on_to_nobody_who_could_not_do_it(firm, sue, claim):
    task = added(claim, sue, to=sue.user_id)
    with pytest.raises(Invalid, match="doesn't see this one"):
        handed_on(claim, task, firm.wade, from_=sue, by=sue)
    assert [one.assignee for one in detail(claim, sue).tasks] == ["Sue Support"]


def test_a_task_is_not_handed_to_who_has_it(firm, sue, claim):
    task = added(claim, sue, to=firm.erin.user_id)
    with pytest.raises(Invalid, match="Erin East has it already"):
        handed_on(claim, task, firm.erin, from_=firm.erin, by=sue)


def test_a_task_that_somebody_else_has_by_now_is_not_taken_from_them(firm, sue, claim):
    task = added(claim, sue, to=sue.user_id)
    handed_on(claim, task, firm.erin, from_=sue, by=sue)
    for shown in (sue, None):
        with pytest.raises(Conflict, match="Erin East has it by now"):
            handed_on(claim, task, firm.adam, from_=shown, by=firm.adam)
    assert [one.assignee for one in detail(claim, sue).tasks] == ["Erin East"]


def test_what_is_done_or_of_a_claim_that_is_over_is_not_handed_on(firm, sue, claim):
    done, waiting = added(claim, sue), added(claim, sue, title="Call the claimant")
    claims.finish_task(claim.id, done, by=sue, now=NOW)
    with pytest.raises(Conflict, match="done already"):
        handed_on(claim, done, sue, from_=None, by=sue)
    claims.withdraw(claim.id, reason="Paid myself", version=1, by=sue, now=NOW)
    with pytest.raises(Refusal, match="is withdrawn"):
        handed_on(claim, waiting, sue, from_=None, by=sue)


def test_a_claim_waits_for_whoever_has_a_task_on_it_until_that_is_done(firm, sue, claim):
    def waits(by):
        mine = claims.ClaimFilter(waits_for_me=True)
        return [row.number for row in claims.queue(mine, by=by, today=TODAY).rows]

    task = added(claim, sue, to=firm.erin.user_id)
    assert (waits(firm.erin), waits(sue)) == ([claim.claim_number], [])
    claims.finish_task(claim.id, task, by=firm.erin, now=NOW)
    assert waits(firm.erin) == []


def test_a_settled_claim_waits_for_whoever_has_a_task_on_it_and_a_withdrawn_one_for_nobody(firm, sue):
    settled, withdrawn = (
        make.claim(
            make.policy(firm.ann_in_east, territory_id=firm.east.id), status=status, assigned_to=sue.user_id
        )
        for status in ("settled", "withdrawn")
    )
    for one in (settled, withdrawn):
        put(ClaimTask(claim_id=one.id, title="Call the garage", assigned_to=None))
    mine = claims.queue(claims.ClaimFilter(waits_for_me=True), by=sue, today=TODAY)
    assert [row.number for row in mine.rows] == [settled.claim_number]
