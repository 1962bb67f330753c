"""Reads claims for the queue and for the detail, in scope and masked by role."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from core import people
from core.access import Permission, Viewer, read
from core.access.tables import User
from core.claims import actions, approvals, papers, proofs, queue_store, rules, store
from core.claims.notices import likely
from core.claims.records import (
    Approval,
    ClaimDetail,
    ClaimFilter,
    ClaimPage,
    ClaimRow,
    EventRow,
    FlagRow,
    Handler,
    PaymentRow,
    TaskRow,
)
from core.claims.status import CLAIM, SOMEBODY_ELSE, WAITING
from core.claims.tables import Claim, ClaimFlag
from core.db import unit_of_work
from core.kit.dates import BusinessCalendar
from core.kit.errors import NotFound
from core.kit.lifecycle import MoveOption
from core.kit.masking import initial
from core.kit.money import ZERO

MANY = 500


@read(Permission.CLAIMS_VIEW)
def queue(
    wanted: ClaimFilter, *, by: Viewer, today: date, after: str | None = None, limit: int = 50
) -> ClaimPage:
    """A page of the queue: what waits for the viewer first, then by the nearest target."""
    size = min(limit, MANY)
    with unit_of_work() as session:
        found = queue_store.page(session, wanted, by=by, today=today, after=after, limit=size + 1)
        count, reserve = queue_store.totals(session, wanted, by=by, today=today)
    calendar = _calendar([row[0] for row in found], today)
    rows = tuple(_row(row, by=by, today=today, calendar=calendar) for row in found[:size])
    return ClaimPage(rows, count, reserve, found[size - 1].place if len(found) > size else None)


@read(Permission.CLAIMS_VIEW)
def claim(claim_id: int | str, *, by: Viewer, today: date) -> ClaimDetail:
    """Everything about one claim, by id or number. Raises NotFound outside the scope."""
    with unit_of_work() as session:
        found = (
            store.one(session, claim_id, by=by)
            if isinstance(claim_id, int)
            else store.by_number(session, claim_id, by=by)
        )
        if found is None:
            raise NotFound("claim", claim_id)
        return _detail(session, found, by=by, today=today)


@read(Permission.CLAIMS_VIEW)
def handlers(*, by: Viewer) -> tuple[Handler, ...]:
    """Who can be given claims: active support, managers and administrators, by name."""
    del by
    with unit_of_work() as session:
        return tuple(Handler(*one) for one in store.handlers(session))


def _calendar(rows: list[Claim], today: date) -> BusinessCalendar:
    days = [today, *(row.reported_date for row in rows), *(row.target_on or today for row in rows)]
    return people.calendar(range(min(days).year, max(days).year + 1))


def _row(found: Any, *, by: Viewer, today: date, calendar: BusinessCalendar) -> ClaimRow:
    row: Claim = found[0]
    status = CLAIM[row.status.value]
    is_waiting = WAITING in status.flags
    until = today if is_waiting else (row.decided_on or row.closed_on or today)
    may = by.can(Permission.PII_VIEW)
    first, last = found.first_name, found.last_name
    return ClaimRow(
        id=row.id,
        number=row.claim_number,
        status=status.value,
        status_label=status.label,
        tone=status.tone,
        line=found.line.value,
        loss_type=row.loss_type.value,
        policy_id=row.policy_id,
        policy_number=found.policy_number,
        customer_id=row.customer_id,
        customer=f"{first} {last}" if may else f"{initial(first)} {initial(last)}",
        product=found.product,
        loss_date=row.loss_date,
        reported_date=row.reported_date,
        age_days=calendar.days_between(row.reported_date, max(until, row.reported_date)),
        target_on=row.target_on,
        days_left=calendar.days_between(today, row.target_on) if is_waiting and row.target_on else None,
        estimated_amount=row.estimated_amount,
        approved_amount=row.approved_amount,
        reserve_amount=row.reserve_amount,
        paid_amount=row.paid_amount,
        assignee_id=row.assigned_to,
        assignee=found.assignee or "",
        fraud_points=row.fraud_points,
        flag_codes=tuple(sorted(found.codes or ())),
        waits_for_me=found.waits,
        version=row.version,
    )


def _detail(session: Session, row: Claim, *, by: Viewer, today: date) -> ClaimDetail:
    flags, events, payments, tasks = store.parts(session, row.id)
    may = by.can(Permission.PII_VIEW)
    alike = store.duplicates(session, row.policy_id, row.loss_type, row.loss_date, but=row.id)
    documents = papers.listed(session, row, by=by)
    live = tuple(one for one in documents if one.withdrawn_at is None)
    limits = approvals.limits_of(session, row)
    approval = approvals.foreseen(session, row, by, limits)
    hand_in = approvals.hand_in(row, by)
    return ClaimDetail(
        row=_row(
            queue_store.row(session, row.id, by=by), by=by, today=today, calendar=_calendar([row], today)
        ),
        claimant_name=(row.claimant_name or "") if may else initial(row.claimant_name),
        claimant_relation=row.claimant_relation or "",
        loss_place=by.free_text(row.loss_place),
        description=by.free_text(row.description),
        assessed_amount=row.assessed_amount,
        assessed_by=_name(session, row.assessed_by),
        first_approved_by=_name(session, row.first_approved_by),
        passed_to=store.passed_to(session, row),
        rejection_code=row.rejection_code or "",
        rejection_letter=by.free_text(row.rejection_letter),
        agent_id=row.agent_id,
        flags=tuple(FlagRow(f.kind, f.code, f.points, _explained(f, by)) for f in flags),
        duplicates=tuple(likely(one) for one in alike),
        events=tuple(
            EventRow(e.at, name or "The system", e.event_type, e.amount, by.free_text(e.note))
            for e, name in events
        ),
        payments=tuple(
            PaymentRow(p.id, p.amount, p.paid_on, by.free_text(p.payee), p.payment_reference, name)
            for p, name in payments
        ),
        tasks=tuple(
            TaskRow(
                t.id,
                by.free_text(t.title, instead="Task"),
                t.due_on,
                t.assigned_to,
                name or "",
                t.done_at is not None,
            )
            for t, name in tasks
        ),
        moves=_moves(row, by, is_involved=bool(hand_in), approval=approval),
        keeps_open=tuple(
            rules.still_open(
                reserve=row.reserve_amount,
                approved=row.approved_amount or ZERO,
                paid=row.paid_amount,
                open_tasks=sum(1 for task, _ in tasks if task.done_at is None),
            )
        ),
        own_limit=approvals.own_limit(by, limits).counted,
        hand_in=hand_in,
        approval=approval,
        documents=live,
        withdrawn=tuple(one for one in documents if one.withdrawn_at is not None),
        proofs=proofs.asked(row.loss_type, live),
        payment_held=actions.payment_hold(session, row),
    )


def _explained(flag: ClaimFlag, by: Viewer) -> str:
    """Rules tell of days and amounts; what is wrong with a document somebody has written."""
    if flag.code != rules.ANOMALY:
        return flag.explanation
    return by.free_text(flag.explanation, instead=rules.SOME_ANOMALY)


_PERMISSION = {
    "approved": Permission.CLAIMS_APPROVE,
    "rejected": Permission.CLAIMS_APPROVE,
    "reopened": Permission.CLAIMS_APPROVE,
    "withdrawn": Permission.CLAIMS_REPORT,
}


def _moves(
    row: Claim, by: Viewer, *, is_involved: bool, approval: Approval | None
) -> tuple[MoveOption, ...]:
    """Moves that the core would take from the viewer: no decision on what they took part in."""
    is_hindered = approval is not None and approval.ruling is None
    return tuple(
        move
        for move in CLAIM.options(row.status.value, by.role_name)
        if by.can(_PERMISSION.get(move.to, Permission.CLAIMS_HANDLE))
        and not (is_involved and SOMEBODY_ELSE in move.needs)
        and not (is_hindered and move.to == "approved")
    )


def _name(session: Session, user_id: int | None) -> str:
    found = session.get(User, user_id) if user_id is not None else None
    return f"{found.first_name} {found.last_name}" if found else ""
