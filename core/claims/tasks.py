"""What is to be done on a claim: put down and ticked off."""

from __future__ import annotations

from datetime import date, datetime

from core.access import Permission, Viewer, action
from core.claims import rules
from core.claims.actions import event, locked, worked_on
from core.claims.tables import ClaimTask
from core.db import unit_of_work
from core.kit.dates import utc_now
from core.kit.errors import Invalid, NotFound
from core.kit.fields import plain_text


@action(Permission.CLAIMS_HANDLE)
def add_task(claim_id: int, title: str, *, due_on: date | None, assigned_to: int | None, by: Viewer) -> int:
    """Put a thing to do on a claim; it keeps the claim from closing until done."""
    called = plain_text(title)
    if not called:
        raise Invalid({"title": "Say what is to be done."})
    if too_long := rules.overlong(title=called):
        raise Invalid(too_long)
    with unit_of_work() as session:
        row = worked_on(session, claim_id, by)
        task = ClaimTask(
            claim_id=row.id,
            title=called,
            due_on=due_on,
            assigned_to=assigned_to,
            created_by=by.user_id,
        )
        session.add(task)
        session.flush()
        return task.id


@action(Permission.CLAIMS_HANDLE)
def finish_task(claim_id: int, task_id: int, *, by: Viewer, now: datetime | None = None) -> None:
    """Tick a task off. Doing it again changes nothing."""
    at = now or utc_now()
    with unit_of_work() as session:
        row = locked(session, claim_id, by)
        task = session.get(ClaimTask, task_id)
        if task is None or task.claim_id != row.id:
            raise NotFound("task", task_id)
        if task.done_at is None:
            task.done_at, task.done_by = at, by.user_id
            event(session, row, "task_done", by=by, at=at, note=task.title)
