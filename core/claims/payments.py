"""Pays, closes, reopens and withdraws claims."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import audit, policies
from core.access import Permission, Viewer, action
from core.catalog.tables import Line
from core.claims import rules, store
from core.claims.actions import change_reserve, event, locked, log, move, payment_hold, target_on
from core.claims.records import ClaimRef
from core.claims.status import CLAIM, PAYABLE
from core.claims.tables import Claim, ClaimPayment, LossType
from core.db import once, unit_of_work
from core.kit.dates import business_date, utc_now
from core.kit.errors import Conflict, Invalid, Refusal
from core.kit.fields import plain_text
from core.kit.ids import RequestId
from core.kit.money import ZERO, round_cents
from core.kit.settings import settings
from core.kit.wording import day_told


@action(Permission.CLAIMS_HANDLE)
def pay(
    claim_id: int,
    amount: Decimal | None,
    *,
    payee: str,
    payment_reference: str,
    paid_on: date | None,
    request_id: RequestId,
    by: Viewer,
    now: datetime | None = None,
) -> ClaimRef:
    """Record a payment on an approved claim, once per request; never above what was approved.

    The reserve falls by the same amount. When all is paid, the claim is settled; a settled death
    claim moves its life policy to claimed. Raises Conflict when nothing is approved, and Invalid with
    everything that is wrong, a reference that was used before among it; Refusal while a suspicion that
    was raised after the approval waits for its decision.
    """
    at = now or utc_now()
    payment = ClaimPayment(
        claim_id=claim_id,
        amount=amount if amount is not None else ZERO,
        paid_on=paid_on,
        payee=plain_text(payee),
        payment_reference=plain_text(payment_reference),
        paid_by=by.user_id,
    )
    with unit_of_work() as session:
        row = locked(session, claim_id, by)
        once(
            session,
            request_id,
            action="claims.pay",
            content={
                "claim": claim_id,
                "amount": str(amount),
                "payee": payment.payee,
                "reference": payment.payment_reference,
                "paid_on": paid_on,
            },
            actor_id=by.user_id,
            make=lambda: _pay(session, row, payment, by=by, at=at),
        )
        return store.ref(session, row)


def _pay(session: Session, row: Claim, payment: ClaimPayment, *, by: Viewer, at: datetime) -> int:
    if PAYABLE not in CLAIM[row.status.value].flags:
        raise Conflict(f"The claim is {CLAIM.label(row.status.value).lower()}: nothing can be paid.")
    if held := payment_hold(session, row):
        raise Refusal(held)
    today = business_date(at, settings().time_zone)
    problems = _payment_problems(row, payment, payment.paid_on, today=today)
    problems |= _reference_problems(session, payment)
    if problems:
        raise Invalid(problems)
    try:
        with session.begin_nested():
            session.add(payment)
    except IntegrityError as error:  # somebody else has used the reference just now
        used = _reference_problems(session, payment)
        raise Invalid(used or {"payment_reference": "It can't be recorded."}) from error
    before, row.paid_amount = row.paid_amount, round_cents(row.paid_amount + payment.amount)
    left = rules.reserve_after_payment(row.reserve_amount, payment.amount)
    change_reserve(session, row, left, why="Paid", by=by, at=at)
    reference = payment.payment_reference
    event(session, row, "payment", by=by, at=at, amount=payment.amount, note=reference)
    paid = {"paid_amount": [str(before), str(row.paid_amount)]}
    log(session, row, "claim.pay", by=by, changed=paid, payment=payment.id)
    settle_when_paid(session, row, reference, by=by, at=at, paid_on=payment.paid_on)
    return payment.id


def _payment_problems(
    row: Claim, payment: ClaimPayment, paid_on: date | None, *, today: date
) -> dict[str, str]:
    problems = rules.overlong(payee=payment.payee, payment_reference=payment.payment_reference)
    left = (row.approved_amount or ZERO) - row.paid_amount
    if told := rules.amount_problem(payment.amount):
        problems["amount"] = told
    elif payment.amount <= 0:
        problems["amount"] = "Enter an amount above 0."
    elif payment.amount > left:
        problems["amount"] = f"Only ${left:,.2f} of the approved amount is left to pay."
    if not payment.payee:
        problems["payee"] = "Say who is paid."
    if not payment.payment_reference:
        problems["payment_reference"] = "Enter the payment reference."
    if paid_on is None:
        problems["paid_on"] = "Enter when it was paid."
    elif paid_on > today:
        problems["paid_on"] = "The payment date can't lie in the future."
    elif paid_on < row.reported_date:
        problems["paid_on"] = f"The loss was reported on {day_told(row.reported_date)}, after that date."
    return problems


def _reference_problems(session: Session, payment: ClaimPayment) -> dict[str, str]:
    used = store.payment_by_reference(session, payment.payment_reference)
    if used is None:
        return {}
    told = (
        f"It is the reference of ${used.amount:,.2f} paid on {day_told(used.paid_on)}: each is used once."
    )
    return {"payment_reference": told}


def settle_when_paid(
    session: Session, row: Claim, reference: str, *, by: Viewer, at: datetime, paid_on: date
) -> None:
    """Settle an approved claim once nothing is left to pay; a death claim ends its life policy."""
    if row.paid_amount < (row.approved_amount or ZERO):
        return
    session.flush()
    given = {"payment_reference": reference, "paid_in_full": True}
    move(session, row, "settled", version=None, by=by, at=at, given=given)
    row.settled_on = paid_on
    change_reserve(session, row, ZERO, why="Settled", by=by, at=at)
    if row.loss_type is LossType.DEATH and store.line_of(session, row.policy_id) is Line.LIFE:
        policies.claimed_by_death(session, row.policy_id, died_on=row.loss_date, at=at)


@action(Permission.CLAIMS_HANDLE)
def close(claim_id: int, *, version: int, by: Viewer, now: datetime | None = None) -> ClaimRef:
    """Close a settled or rejected claim; refused while a reserve, payment or task is open (D21)."""
    at = now or utc_now()
    with unit_of_work() as session:
        row = locked(session, claim_id, by)
        keeps = rules.still_open(
            reserve=row.reserve_amount,
            approved=row.approved_amount or ZERO,
            paid=row.paid_amount,
            open_tasks=store.open_tasks(session, row.id),
        )
        if keeps:
            raise Refusal(f"The claim still has {' and '.join(keeps)}.", remedy="Clear it first.")
        if move(session, row, "closed", version=version, by=by, at=at, given={"nothing_open": True}):
            row.closed_on = business_date(at, settings().time_zone)
        return store.ref(session, row)


@action(Permission.CLAIMS_APPROVE)
def reopen(
    claim_id: int, *, evidence: str, version: int, by: Viewer, now: datetime | None = None
) -> ClaimRef:
    """Take a closed or rejected claim up again on new evidence; the decision before stays on file.

    The target counts anew.
    """
    at = now or utc_now()
    with unit_of_work() as session:
        row = locked(session, claim_id, by)
        given = {"new_evidence": plain_text(evidence, lines=True)}
        if move(session, row, "reopened", version=version, by=by, at=at, given=given, reason=evidence):
            row.target_on = target_on(business_date(at, settings().time_zone))
            row.closed_on = row.decided_on = None
            row.rejection_code = row.rejection_letter = None
        return store.ref(session, row)


@action(Permission.CLAIMS_REPORT)
def withdraw(
    claim_id: int, *, reason: str, version: int, by: Viewer, now: datetime | None = None
) -> ClaimRef:
    """Withdraw an undecided claim at the claimant's wish; the reserve becomes 0."""
    at = now or utc_now()
    with unit_of_work() as session:
        row = locked(session, claim_id, by)
        if row.paid_amount > 0:
            raise Refusal("Money was already paid on this claim: it can't be withdrawn any more.")
        audit.check_version(session, CLAIM.entity, CLAIM.noun, row, version)
        if row.status.value != "withdrawn":
            change_reserve(session, row, ZERO, why="Withdrawn", by=by, at=at)
        if move(session, row, "withdrawn", version=None, by=by, at=at, reason=reason):
            row.closed_on = business_date(at, settings().time_zone)
        return store.ref(session, row)
