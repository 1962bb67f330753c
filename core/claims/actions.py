"""Reports, handles, decides, pays and closes claims, each in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from core import audit, people
from core.access import Permission, Viewer, action, read
from core.access.tables import User
from core.audit import SystemActor
from core.claims import rules, store
from core.claims.records import (
    Check,
    ClaimRef,
    FlagRow,
    LikelyDuplicate,
    NoticeOfLoss,
)
from core.claims.rules import Circumstances, Cover, Flag
from core.claims.status import CLAIM, HANDLING
from core.claims.tables import Claim, ClaimEvent, ClaimTask, LossType
from core.db import once, unit_of_work
from core.kit.dates import business_date, utc_now
from core.kit.errors import Invalid, NotFound
from core.kit.ids import RequestId
from core.kit.money import round_cents
from core.kit.settings import settings
from core.policies import store as policy_store
from core.policies.tables import Policy


@read(Permission.CLAIMS_REPORT)
def check_notice(notice: NoticeOfLoss, *, by: Viewer, today: date) -> Check:
    """Which rules would fire, and which claims look like the same loss, before anything is sent."""
    with unit_of_work() as session:
        policy = _policy(session, notice.policy_id, by)
        flags = _flags(session, policy, notice, reported=today)
        alike = store.duplicates(session, policy.id, notice.loss_type, notice.loss_date)
        return Check(
            tuple(FlagRow(f.kind.value, f.code, f.points, f.explanation) for f in flags),
            tuple(likely(one) for one in alike),
            rules.points(flags),
        )


@read(Permission.CLAIMS_REPORT)
def losses(policy_id: int, *, by: Viewer) -> tuple[LossType, ...]:
    """The kinds of loss that belong to the policy's line. Raises NotFound outside the scope."""
    with unit_of_work() as session:
        return rules.LOSSES_BY_LINE[store.line_of(session, _policy(session, policy_id, by).id)]


@action(Permission.CLAIMS_REPORT)
def report(
    notice: NoticeOfLoss, *, request_id: RequestId, by: Viewer, now: datetime | None = None
) -> ClaimRef:
    """Enter a first notice of loss, once per request.

    Flags are kept with the claim; from 40 fraud points on it goes to investigation, never to
    rejection (D22). Raises Invalid at the fields, NotFound for a policy outside the scope.
    """
    at = now or utc_now()
    today = business_date(at, settings().time_zone)
    _check_notice(notice, today)
    with unit_of_work() as session:
        claim_id = once(
            session,
            request_id,
            action="claims.report",
            content=asdict(notice),
            actor_id=by.user_id,
            make=lambda: _enter(session, notice, by=by, at=at, today=today),
        )
        return store.ref(session, session.get_one(Claim, claim_id))


def _check_notice(notice: NoticeOfLoss, today: date) -> None:
    problems: dict[str, str] = {}
    if notice.loss_date > today:
        problems["loss_date"] = "The loss can't lie in the future."
    if not notice.description.strip():
        problems["description"] = "Say what happened."
    if notice.estimated_amount < 0 or notice.estimated_amount >= Decimal(10) ** 10:
        problems["estimated_amount"] = "Enter an amount from 0 on."
    if notice.claimant_name.strip() and not notice.claimant_relation.strip():
        problems["claimant_relation"] = "Say how the claimant is related to the policyholder."
    if problems:
        raise Invalid(problems)


def _enter(session: Session, notice: NoticeOfLoss, *, by: Viewer, at: datetime, today: date) -> int:
    policy = _policy(session, notice.policy_id, by)
    flags = _flags(session, policy, notice, reported=today)
    row = Claim(
        policy_id=policy.id,
        customer_id=policy.customer_id,
        agent_id=policy.agent_id,
        territory_id=policy.territory_id,
        claimant_name=notice.claimant_name.strip() or None,
        claimant_relation=notice.claimant_relation.strip() or None,
        loss_date=notice.loss_date,
        reported_date=today,
        loss_type=notice.loss_type,
        loss_place=notice.loss_place.strip() or None,
        description=notice.description.strip(),
        estimated_amount=round_cents(notice.estimated_amount),
        reserve_amount=round_cents(notice.estimated_amount),
        status_changed_at=at,
        target_on=target_on(today),
        created_by=by.user_id,
        fraud_points=rules.points(flags),
        is_fraud_suspected=rules.points(flags) >= rules.INVESTIGATE_FROM,
    )
    session.add(row)
    session.flush()
    store.add_flags(session, row.id, flags)
    audit.born(session, CLAIM, row.id, status=CLAIM.start, actor=by, at=at)
    event(session, row, "reported", by=by, at=at, amount=row.estimated_amount)
    audit.record(
        session,
        actor=by,
        action="claim.report",
        entity=CLAIM.entity,
        entity_id=row.id,
        details={"policy_id": policy.id, "flags": [flag.code for flag in flags]},
    )
    _investigate_if_suspect(session, row, at)
    return row.id


def target_on(today: date) -> date:
    """The business day by which a claim that comes up today should be decided."""
    calendar = people.calendar(range(today.year, today.year + 2))
    return calendar.add_days(today, rules.TARGET_BUSINESS_DAYS)


def _investigate_if_suspect(session: Session, row: Claim, at: datetime) -> None:
    if row.fraud_points >= rules.INVESTIGATE_FROM and row.status.value in ("submitted", "documents"):
        audit.move(
            session,
            CLAIM,
            row,
            to="investigation",
            actor=SystemActor(),
            at=at,
            reason=f"{row.fraud_points} fraud points",
        )


def _policy(session: Session, policy_id: int, by: Viewer) -> Policy:
    found = policy_store.one(session, policy_id, by=by)
    if found is None:
        raise NotFound("policy", policy_id)
    return found


def _flags(session: Session, policy: Policy, notice: NoticeOfLoss, *, reported: date) -> list[Flag]:
    cover: Cover = store.cover(session, policy)
    before = store.claims_in_24_months(session, policy.customer_id, notice.loss_date)
    facts = Circumstances(
        loss_date=notice.loss_date,
        reported_date=reported,
        amount=notice.estimated_amount,
        claims_in_24_months=before + 1,
        has_cash_receipts=notice.has_cash_receipts,
    )
    return rules.cover_flags(cover, notice.loss_type, notice.loss_date) + rules.fraud_flags(cover, facts)


def likely(row: Claim) -> LikelyDuplicate:
    """A claim as a likely duplicate of another."""
    return LikelyDuplicate(
        row.id,
        row.claim_number,
        CLAIM.label(row.status.value),
        row.loss_date,
        row.estimated_amount,
    )


def event(
    session: Session,
    row: Claim,
    kind: str,
    *,
    by: Viewer,
    at: datetime,
    amount: Decimal | None = None,
    note: str = "",
) -> None:
    """Put something that happened into the claim's file."""
    session.add(
        ClaimEvent(
            claim_id=row.id,
            event_type=kind,
            at=at,
            actor_id=by.user_id,
            amount=amount,
            note=note.strip() or None,
        )
    )


@action(Permission.CLAIMS_HANDLE)
def assign(claim_ids: Sequence[int], *, to: int | None, by: Viewer, now: datetime | None = None) -> int:
    """Hand claims to a handler, or to nobody; all or none. How many changed hands."""
    at = now or utc_now()
    with unit_of_work() as session:
        person = session.get(User, to) if to is not None else None
        if to is not None and (person is None or not person.is_active):
            raise Invalid({"assigned_to": "That person can't take claims."})
        if person is not None and person.role.value not in HANDLING:
            raise Invalid({"assigned_to": "Claims go to support, managers or administrators."})
        changed = 0
        for claim_id in sorted(set(claim_ids)):
            row = locked(session, claim_id, by)
            if row.assigned_to == to:
                continue
            row.assigned_to = to
            name = f"{person.first_name} {person.last_name}" if person else "nobody"
            event(session, row, "assigned", by=by, at=at, note=f"To {name}")
            changed += 1
            audit.record(
                session,
                actor=by,
                action="claim.assign",
                entity=CLAIM.entity,
                entity_id=row.id,
                details={"changed": {"assigned_to": [None, to]}},
            )
        return changed


@action(Permission.CLAIMS_HANDLE)
def add_note(claim_id: int, note: str, *, by: Viewer, now: datetime | None = None) -> None:
    """Write a note into the claim's file."""
    if not note.strip():
        raise Invalid({"note": "Write something."})
    with unit_of_work() as session:
        event(session, locked(session, claim_id, by), "note", by=by, at=now or utc_now(), note=note)


@action(Permission.CLAIMS_HANDLE)
def add_task(claim_id: int, title: str, *, due_on: date | None, assigned_to: int | None, by: Viewer) -> int:
    """Put a thing to do on a claim; it keeps the claim from closing until done."""
    if not title.strip():
        raise Invalid({"title": "Say what is to be done."})
    with unit_of_work() as session:
        row = locked(session, claim_id, by)
        task = ClaimTask(
            claim_id=row.id,
            title=title.strip(),
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


@action(Permission.CLAIMS_HANDLE)
def set_reserve(
    claim_id: int,
    amount: Decimal,
    *,
    reason: str,
    version: int,
    by: Viewer,
    now: datetime | None = None,
) -> ClaimRef:
    """Set the outstanding reserve; every change is logged with its reason."""
    problems = {}
    if amount < 0:
        problems["amount"] = "A reserve can't be below 0."
    if not reason.strip():
        problems["reason"] = "Say why."
    if problems:
        raise Invalid(problems)
    with unit_of_work() as session:
        row = locked(session, claim_id, by)
        audit.check_version(session, CLAIM.entity, CLAIM.noun, row, version)
        change_reserve(session, row, round_cents(amount), why=reason, by=by, at=now or utc_now())
        return store.ref(session, row)


def change_reserve(
    session: Session, row: Claim, amount: Decimal, *, why: str, by: Viewer, at: datetime
) -> None:
    """Write a new reserve with its event and audit row; nothing when it stays as it was."""
    if amount == row.reserve_amount:
        return
    before, row.reserve_amount = row.reserve_amount, amount
    event(session, row, "reserve", by=by, at=at, amount=amount - before, note=why)
    audit.record(
        session,
        actor=by,
        action="claim.reserve",
        entity=CLAIM.entity,
        entity_id=row.id,
        details={"changed": {"reserve_amount": [str(before), str(amount)]}},
    )


@action(Permission.CLAIMS_HANDLE)
def mark_document_anomaly(
    claim_id: int, explanation: str, *, by: Viewer, now: datetime | None = None
) -> ClaimRef:
    """Note that something is wrong with a document: 20 points, and investigation from 40 on."""
    if not explanation.strip():
        raise Invalid({"explanation": "Say what is wrong."})
    at = now or utc_now()
    with unit_of_work() as session:
        row = locked(session, claim_id, by)
        flag = Flag(rules.FlagKind.FRAUD, "DOCUMENT_ANOMALY", 20, explanation.strip())
        flags_before = {one.code for one in store.parts(session, row.id)[0]}
        if flag.code not in flags_before:
            store.add_flags(session, row.id, [flag])
            row.fraud_points += flag.points
            row.is_fraud_suspected = row.fraud_points >= rules.INVESTIGATE_FROM
            event(session, row, "flag", by=by, at=at, note=explanation)
            session.flush()
            _investigate_if_suspect(session, row, at)
        return store.ref(session, row)


def locked(session: Session, claim_id: int, by: Viewer) -> Claim:
    """The claim, locked for this transaction. Raises NotFound outside the scope."""
    row = store.one(session, claim_id, by=by, lock=True)
    if row is None:
        raise NotFound("claim", claim_id)
    return row
