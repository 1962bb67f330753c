"""What is to be done on a claim: put down, handed on and ticked off."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from core.access import Permission, Viewer, action, read
from core.access.tables import User
from core.claims import rules, store
from core.claims.actions import event, locked, log, worked_on
from core.claims.records import Handler
from core.claims.tables import Claim, ClaimTask
from core.db import once, unit_of_work
from core.kit.dates import business_date, utc_now
from core.kit.errors import Conflict, Invalid, NotFound
from core.kit.fields import plain_text
from core.kit.ids import RequestId
from core.kit.settings import settings


@read(Permission.CLAIMS_HANDLE)
def task_takers(claim_id: int, *, by: Viewer) -> tuple[Handler, ...]:
    """Who can be given a task on a claim: whoever takes claims and sees this one, by name."""
    with unit_of_work() as session:
        row = store.one(session, claim_id, by=by)
        if row is None:
            raise NotFound("claim", claim_id)
        return tuple(Handler(*one) for one in store.task_takers(session, row))


@action(Permission.CLAIMS_HANDLE)
def add_task(
    claim_id: int,
    title: str,
    *,
    due_on: date | None,
    assigned_to: int | None,
    request_id: RequestId,
    by: Viewer,
    now: datetime | None = None,
) -> int:
    """Put a thing to do on a claim, once per request id; it keeps the claim from closing until done.

    It is due today at the earliest, by the office's day, and goes to nobody or to somebody of
    `task_takers`. Raises Invalid with what is wrong.
    """
    called = plain_text(title)
    past = _past(due_on, today=business_date(now or utc_now(), settings().time_zone))
    problems = rules.overlong(title=called) if called else {"title": "Say what is to be done."}
    if problems:
        raise Invalid(problems | past)
    with unit_of_work() as session:
        row = locked(session, claim_id, by)

        def make() -> int:
            worked_on(session, claim_id, by)
            if past:  # sent again on a later day, it is still the same
                raise Invalid(past)
            if assigned_to is not None:
                _taker(session, row, assigned_to)
            task = ClaimTask(
                claim_id=row.id,
                title=called,
                due_on=due_on,
                assigned_to=assigned_to,
                created_by=by.user_id,
            )
            session.add(task)
            session.flush()
            log(session, row, "claim.add_task", by=by, task=task.id)
            return task.id

        return once(
            session,
            request_id,
            action="claims.add_task",
            content={"claim": claim_id, "title": called, "due_on": due_on, "assigned_to": assigned_to},
            actor_id=by.user_id,
            make=make,
        )


@action(Permission.CLAIMS_HANDLE)
def assign_task(
    claim_id: int, task_id: int, *, from_: int | None, to: int, by: Viewer, now: datetime | None = None
) -> None:
    """Hand a task on from who was shown to have it, to somebody of `task_takers`.

    Raises Conflict when it is done already or somebody else has it by now, Invalid for who has it.
    """
    with unit_of_work() as session:
        row = worked_on(session, claim_id, by)
        task = _task(session, row, task_id)
        if task.done_at is not None:
            raise Conflict("The task is done already.")
        if task.assigned_to != from_:
            raise Conflict(f"{_name(session, task.assigned_to)} has it by now.")
        name = _taker(session, row, to)
        if task.assigned_to == to:
            raise Invalid({"assigned_to": f"{name} has it already."})
        before, task.assigned_to = task.assigned_to, to
        event(session, row, "task_assigned", by=by, at=now or utc_now(), note=f"{task.title}: to {name}")
        log(session, row, "claim.assign_task", by=by, task=task.id, changed={"assigned_to": [before, to]})


@action(Permission.CLAIMS_HANDLE)
def finish_task(claim_id: int, task_id: int, *, by: Viewer, now: datetime | None = None) -> None:
    """Tick a task off. Doing it again changes nothing."""
    at = now or utc_now()
    with unit_of_work() as session:
        row = locked(session, claim_id, by)
        task = _task(session, row, task_id)
        if task.done_at is None:
            task.done_at, task.done_by = at, by.user_id
            event(session, row, "task_done", by=by, at=at, note=task.title)
            log(session, row, "claim.finish_task", by=by, task=task.id)


def _past(due_on: date | None, *, today: date) -> dict[str, str]:
    if due_on is None or due_on >= today:
        return {}
    return {"due_on": "That day is over: a task is due today at the earliest."}


def _task(session: Session, row: Claim, task_id: int) -> ClaimTask:
    task = session.get(ClaimTask, task_id)
    if task is None or task.claim_id != row.id:
        raise NotFound("task", task_id)
    return task


def _name(session: Session, user_id: int | None) -> str:
    person = session.get(User, user_id) if user_id is not None else None
    return f"{person.first_name} {person.last_name}" if person else "Nobody"


def _taker(session: Session, row: Claim, user_id: int) -> str:
    """The name of who is given a task. Raises Invalid for whoever could not do it."""
    found = {one: name for one, name, _ in store.task_takers(session, row)}
    if user_id not in found:
        raise Invalid({"assigned_to": "That person doesn't handle claims or doesn't see this one."})
    return found[user_id]
