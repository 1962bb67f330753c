"""Pays, closes, reopens and withdraws claims."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from core import audit, policies
from core.access import Permission, Viewer, action
from core.claims import rules, store
from core.claims.actions import change_reserve, event, locked, move, target_on
from core.claims.records import ClaimRef
from core.claims.status import CLAIM
from core.claims.tables import Claim, ClaimPayment, LossType
from core.db import once, unit_of_work
from core.kit.dates import business_date, utc_now
from core.kit.errors import Conflict, Invalid, Refusal
from core.kit.ids import RequestId
from core.kit.money import ZERO, round_cents
from core.kit.settings import settings


@action(Permission.CLAIMS_HANDLE)
def pay(
    claim_id: int,
    amount: Decimal,
    *,
    payee: str,
    payment_reference: str,
    paid_on: date,
    request_id: RequestId,
    by: Viewer,
    now: datetime | None = None,
) -> ClaimRef:
    """Record a payment on an approved claim, once per request; never above what was approved.

    The reserve falls by the same amount. When all is paid, the claim is settled; a settled death
    claim moves its life policy to claimed.
    """
    at = now or utc_now()
    _check_payment(amount, payee, payment_reference, paid_on, business_date(at, settings().time_zone))
    with unit_of_work() as session:
        row = locked(session, claim_id, by)

        def make() -> int:
            _check_payable(row, amount)
            payment = ClaimPayment(
                claim_id=row.id,
                amount=round_cents(amount),
                paid_on=paid_on,
                payee=payee.strip(),
                payment_reference=payment_reference.strip(),
                paid_by=by.user_id,
            )
            session.add(payment)
            session.flush()
            row.paid_amount = round_cents(row.paid_amount + amount)
            left = rules.reserve_after_payment(row.reserve_amount, amount)
            change_reserve(session, row, left, why="Paid", by=by, at=at)
            event(session, row, "payment", by=by, at=at, amount=amount, note=payment_reference)
            settle_when_paid(session, row, payment_reference, by=by, at=at, paid_on=paid_on)
            return payment.id

        once(
            session,
            request_id,
            action="claims.pay",
            content={"claim": claim_id, "amount": str(amount), "reference": payment_reference},
            actor_id=by.user_id,
            make=make,
        )
        return store.ref(session, row)


def _check_payment(amount: Decimal, payee: str, payment_reference: str, paid_on: date, today: date) -> None:
    problems: dict[str, str] = {}
    if amount <= 0 or amount != round_cents(amount):
        problems["amount"] = "Enter an amount above 0 in whole cents."
    if not payee.strip():
        problems["payee"] = "Say who is paid."
    if not payment_reference.strip():
        problems["payment_reference"] = "Enter the payment reference."
    if paid_on > today:
        problems["paid_on"] = "The payment date can't lie in the future."
    if problems:
        raise Invalid(problems)


def _check_payable(row: Claim, amount: Decimal) -> None:
    if "payable" not in CLAIM[row.status.value].flags:
        raise Conflict(f"The claim is {CLAIM.label(row.status.value).lower()}: nothing can be paid.")
    left = (row.approved_amount or ZERO) - row.paid_amount
    if amount > left:
        raise Invalid({"amount": f"Only ${left:,.2f} of the approved amount is left to pay."})


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
    if row.loss_type is LossType.DEATH:
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
        given = {"new_evidence": evidence.strip()}
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
