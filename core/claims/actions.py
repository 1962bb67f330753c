"""The daily work on claims: handed over, noted, reserved, looked into; each in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from core import audit, people
from core.access import Permission, Viewer, action
from core.access.tables import User
from core.audit import Actor, SystemActor
from core.claims import rules, store
from core.claims.records import ClaimRef
from core.claims.rules import Flag
from core.claims.status import CLAIM, CLOSED, HANDLING, PAYABLE
from core.claims.tables import Claim, ClaimEvent
from core.db import once, unit_of_work
from core.kit.dates import utc_now
from core.kit.errors import Invalid, NotFound, Refusal
from core.kit.fields import plain_text
from core.kit.ids import RequestId
from core.kit.money import round_cents


def target_on(today: date) -> date:
    """The business day by which a claim that comes up today should be decided."""
    calendar = people.calendar(range(today.year, today.year + 2))
    return calendar.add_days(today, rules.TARGET_BUSINESS_DAYS)


# From where enough fraud points send a claim to investigation; once approved, it is taken back first.
SUSPECTED_FROM = frozenset({"submitted", "documents", "assessed", "reopened"})


def investigate_if_suspect(session: Session, row: Claim, at: datetime) -> None:
    """From enough fraud points on, an undecided claim is looked into (D22)."""
    if row.fraud_points >= rules.INVESTIGATE_FROM and row.status.value in SUSPECTED_FROM:
        row.approval_passed_to = row.first_approved_by = None
        why = f"{row.fraud_points} fraud points"
        move(session, row, "investigation", version=None, by=SystemActor(), at=at, reason=why)


def flag(session: Session, row: Claim, flags: Sequence[Flag]) -> bool:
    """Put flags on a claim and count the points of those that it had not; whether there were any.

    A rule that fired stays: what was suspect at first notice is not forgotten by a lower amount.
    """
    new = store.add_flags(session, row.id, flags)
    row.fraud_points += rules.points(new)
    row.is_fraud_suspected = row.is_fraud_suspected or row.fraud_points >= rules.INVESTIGATE_FROM
    session.flush()
    return bool(new)


def event(
    session: Session,
    row: Claim,
    kind: str,
    *,
    by: Actor,
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
            note=plain_text(note, lines=True) or None,
        )
    )


def log(session: Session, row: Claim, done: str, *, by: Actor, **details: object) -> None:
    """Put something that was done with a claim into the audit log; no personal data."""
    audit.record(session, actor=by, action=done, entity=CLAIM.entity, entity_id=row.id, details=details)


@action(Permission.CLAIMS_HANDLE)
def assign(claim_ids: Sequence[int], *, to: int | None, by: Viewer, now: datetime | None = None) -> int:
    """Hand claims to a handler, or to nobody; all or none. How many changed hands.

    Raises Invalid when whoever is chosen has all of them already.
    """
    at = now or utc_now()
    with unit_of_work() as session:
        person = session.get(User, to) if to is not None else None
        if to is not None and (person is None or not person.is_active):
            raise Invalid({"assigned_to": "That person can't take claims."})
        if person is not None and person.role.value not in HANDLING:
            raise Invalid({"assigned_to": "Claims go to support, managers or administrators."})
        changed = 0
        for claim_id in sorted(set(claim_ids)):
            row = worked_on(session, claim_id, by)
            if row.assigned_to == to:
                continue
            before, row.assigned_to = row.assigned_to, to
            name = f"{person.first_name} {person.last_name}" if person else "nobody"
            event(session, row, "assigned", by=by, at=at, note=f"To {name}")
            changed += 1
            log(session, row, "claim.assign", by=by, changed={"assigned_to": [before, to]})
        if not changed:
            raise Invalid({"assigned_to": "Who is chosen has it already."})
        return changed


@action(Permission.CLAIMS_HANDLE)
def add_note(
    claim_id: int, note: str, *, request_id: RequestId, by: Viewer, now: datetime | None = None
) -> None:
    """Write a note into the claim's file, once per request id."""
    if not plain_text(note):
        raise Invalid({"note": "Write something."})
    with unit_of_work() as session:
        row = locked(session, claim_id, by)

        def make() -> int:
            event(session, row, "note", by=by, at=now or utc_now(), note=note)
            log(session, row, "claim.add_note", by=by)
            return row.id

        once(
            session,
            request_id,
            action="claims.add_note",
            content={"claim": claim_id, "note": note},
            actor_id=by.user_id,
            make=make,
        )


@action(Permission.CLAIMS_HANDLE)
def set_reserve(
    claim_id: int,
    amount: Decimal | None,
    *,
    reason: str,
    version: int,
    by: Viewer,
    now: datetime | None = None,
) -> ClaimRef:
    """Set the outstanding reserve; every change is logged with its reason.

    Raises Invalid with everything that is wrong.
    """
    problems = {}
    if amount is None:
        problems["amount"] = "Enter the reserve; 0 for none."
    elif told := rules.amount_problem(amount):
        problems["amount"] = told
    elif amount < 0:
        problems["amount"] = "A reserve can't be below 0."
    if not plain_text(reason):
        problems["reason"] = "Say why."
    if problems or amount is None:
        raise Invalid(problems)
    with unit_of_work() as session:
        row = worked_on(session, claim_id, by)
        audit.check_version(session, CLAIM.entity, CLAIM.noun, row, version)
        if round_cents(amount) == row.reserve_amount:
            raise Invalid({"amount": "That is the reserve already."})
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
    log(session, row, "claim.reserve", by=by, changed={"reserve_amount": [str(before), str(amount)]})


@action(Permission.CLAIMS_HANDLE)
def mark_document_anomaly(
    claim_id: int, explanation: str, *, by: Viewer, now: datetime | None = None
) -> ClaimRef:
    """Note that something is wrong with a document: 20 points once, and investigation from 40 on.

    On an approved claim nothing is paid until it is decided anew (`payment_hold`).
    """
    told = plain_text(explanation, lines=True)
    if not told:
        raise Invalid({"explanation": "Say what is wrong."})
    at = now or utc_now()
    with unit_of_work() as session:
        row = worked_on(session, claim_id, by)
        before = row.fraud_points
        is_new = flag(session, row, [rules.anomaly(told)])
        is_payable = PAYABLE in CLAIM[row.status.value].flags
        if is_new or (is_payable and not store.flagged_since_approval(session, row.id)):
            event(session, row, "flag", by=by, at=at, note=explanation)
            log(session, row, "claim.flag", by=by, changed={"fraud_points": [before, row.fraud_points]})
            session.flush()
            investigate_if_suspect(session, row, at)
        return store.ref(session, row)


def payment_hold(session: Session, row: Claim) -> str:
    """Why nothing is paid on an approved claim for the time being; "" when it can be.

    What is suspect is decided by whoever may approve it, as before the approval (D22).
    """
    is_payable = PAYABLE in CLAIM[row.status.value].flags
    if not is_payable or not store.flagged_since_approval(session, row.id):
        return ""
    return (
        "A document anomaly was marked after the approval: nothing is paid until a manager takes the"
        " approval back and the claim is decided anew."
    )


def locked(session: Session, claim_id: int, by: Viewer) -> Claim:
    """The claim, locked for this transaction. Raises NotFound outside the scope."""
    row = store.one(session, claim_id, by=by, lock=True)
    if row is None:
        raise NotFound("claim", claim_id)
    return row


def worked_on(session: Session, claim_id: int, by: Viewer) -> Claim:
    """`locked`, for work and money; refused when the claim is closed or withdrawn (D21)."""
    row = locked(session, claim_id, by)
    status = CLAIM[row.status.value]
    if CLOSED in status.flags:
        remedy = "Reopen it first." if status.moves else "Report the loss anew."
        raise Refusal(f"Claim {row.claim_number} is {status.label.lower()}.", remedy=remedy)
    return row


def move(
    session: Session,
    row: Claim,
    to: str,
    *,
    version: int | None,
    by: Actor,
    at: datetime,
    given: Mapping[str, object] | None = None,
    reason: str = "",
    kind: str = "",
    amount: Decimal | None = None,
    details: Mapping[str, object] | None = None,
) -> bool:
    """One checked move of a locked claim, with its event; False when it is there already.

    The event is of that kind where the status that it moves to does not tell what was done, and has the
    amount. The audit row has the `details` too.
    """
    moved = audit.move(
        session,
        CLAIM,
        row,
        to=to,
        actor=by,
        at=at,
        given=given or {},
        reason=reason,
        expected_version=version,
        details=details,
    )
    if moved:
        event(session, row, kind or to, by=by, at=at, amount=amount, note=reason)
    return moved
