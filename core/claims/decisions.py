"""Assesses, approves, rejects, pays, closes and reopens claims."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from core import audit, policies
from core.access import Permission, Viewer, action
from core.claims import rules, store
from core.claims.actions import change_reserve, event, locked, target_on
from core.claims.records import ClaimRef, Decision
from core.claims.rules import Ruling
from core.claims.status import CLAIM
from core.claims.tables import Claim, ClaimPayment, LossType
from core.db import once, unit_of_work
from core.kit.dates import business_date, utc_now
from core.kit.errors import Conflict, Invalid, Refusal
from core.kit.ids import RequestId
from core.kit.money import ZERO, round_cents
from core.kit.settings import settings


def _move(
    session: Session,
    row: Claim,
    to: str,
    *,
    version: int | None,
    by: Viewer,
    at: datetime,
    given: Mapping[str, object] | None = None,
    reason: str = "",
) -> bool:
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
    )
    if moved:
        event(session, row, to, by=by, at=at, note=reason)
    return moved


@action(Permission.CLAIMS_HANDLE)
def collect_documents(claim_id: int, *, version: int, by: Viewer, now: datetime | None = None) -> ClaimRef:
    """Begin to collect the documents."""
    with unit_of_work() as session:
        row = locked(session, claim_id, by)
        _move(session, row, "documents", version=version, by=by, at=now or utc_now())
        return store.ref(session, row)


@action(Permission.CLAIMS_HANDLE)
def investigate(
    claim_id: int, *, reason: str, version: int, by: Viewer, now: datetime | None = None
) -> ClaimRef:
    """Send a claim to investigation, with a reason."""
    with unit_of_work() as session:
        row = locked(session, claim_id, by)
        _move(session, row, "investigation", version=version, by=by, at=now or utc_now(), reason=reason)
        return store.ref(session, row)


@action(Permission.CLAIMS_HANDLE)
def assess(
    claim_id: int,
    amount: Decimal,
    *,
    documents_complete: bool,
    version: int,
    by: Viewer,
    note: str = "",
    now: datetime | None = None,
) -> ClaimRef:
    """Set what the claim is worth in total; the reserve becomes what of it is not paid yet.

    From the status documents, the required documents have to be complete and verified.
    """
    if amount <= 0:
        raise Invalid({"assessed_amount": "Enter an amount above 0, or reject the claim."})
    at = now or utc_now()
    with unit_of_work() as session:
        row = locked(session, claim_id, by)
        if amount < row.paid_amount:
            raise Invalid({"assessed_amount": f"${row.paid_amount:,.2f} were already paid on this claim."})
        given = {
            "documents_complete": documents_complete,
            "assessed_amount": amount,
            "reserve_set": True,
        }
        if _move(session, row, "assessed", version=version, by=by, at=at, given=given, reason=note):
            row.assessed_amount, row.assessed_by = round_cents(amount), by.user_id
            row.first_approved_by = row.approval_passed_to = None
            row.documents_complete_on = row.documents_complete_on or business_date(at, settings().time_zone)
            left = round_cents(amount - row.paid_amount)
            change_reserve(session, row, left, why="Assessed", by=by, at=at)
        return store.ref(session, row)


@action(Permission.CLAIMS_APPROVE)
def approve(claim_id: int, *, version: int, by: Viewer, now: datetime | None = None) -> Decision:
    """Approve the assessed total, within one's authority, by somebody who is not involved.

    Above one's limit nothing is approved: the claim is passed on to the next holder with enough
    authority, who is named. Above the highest limit two holders are needed (D12).
    Raises Invalid when the approver entered, assessed or sold it, Conflict, IllegalMove.
    """
    at = now or utc_now()
    with unit_of_work() as session:
        row = locked(session, claim_id, by)
        audit.check_version(session, CLAIM.entity, CLAIM.noun, row, version)
        _check_independent(row, by)
        if row.status.value != "assessed":
            _move(session, row, "approved", version=None, by=by, at=at)
        total = row.assessed_amount or ZERO
        line = store.line_of(session, row.policy_id)
        limits = store.authorities(session)
        ruling = rules.rule_on_approval(
            total, line, by.role, limits, has_first_approval=row.first_approved_by is not None
        )
        if ruling is Ruling.APPROVED:
            _approve(session, row, by=by, at=at)
            return Decision(ruling, store.ref(session, row))
        if ruling is Ruling.FIRST_OF_TWO:
            row.first_approved_by = by.user_id
            event(session, row, "first_approval", by=by, at=at, amount=total)
        name = _pass_on(session, row, total, by=by, at=at)
        return Decision(ruling, store.ref(session, row), name)


def _approve(session: Session, row: Claim, *, by: Viewer, at: datetime) -> None:
    given = {"decider_is_independent": True, "within_authority": True}
    _move(session, row, "approved", version=None, by=by, at=at, given=given)
    row.approved_amount, row.approved_by = row.assessed_amount, by.user_id
    row.approval_passed_to = None
    row.decided_on = business_date(at, settings().time_zone)


def _check_independent(row: Claim, by: Viewer) -> None:
    if row.first_approved_by == by.user_id:
        raise Invalid({"decider_is_independent": "You gave the first approval: a second person decides."})
    if not rules.is_independent(by.user_id, [row.created_by, row.assessed_by, row.agent_id]):
        raise Invalid(
            {"decider_is_independent": "Who entered, assessed or sold it can't decide it."},
            remedy="Ask a colleague with authority.",
        )


def _pass_on(session: Session, row: Claim, total: Decimal, *, by: Viewer, at: datetime) -> str:
    line = store.line_of(session, row.policy_id)
    involved = [
        one
        for one in (row.created_by, row.assessed_by, row.agent_id, row.first_approved_by, by.user_id)
        if one is not None
    ]
    found = store.next_approver(
        session,
        roles=rules.roles_with_authority(total, line, store.authorities(session)),
        involved=involved,
        territory_id=row.territory_id,
    )
    if found is None:
        raise Refusal(
            f"Nobody else has the authority to approve ${total:,.2f}.",
            remedy="Ask an administrator to set the limits of authority.",
        )
    row.approval_passed_to, name = found
    event(session, row, "passed_on", by=by, at=at, amount=total, note=f"To {name}")
    audit.record(
        session,
        actor=by,
        action="claim.pass_on",
        entity=CLAIM.entity,
        entity_id=row.id,
        details={"amount": str(total), "to": found[0]},
    )
    return name


@action(Permission.CLAIMS_APPROVE)
def reject(
    claim_id: int,
    *,
    code: str,
    letter: str,
    version: int,
    by: Viewer,
    now: datetime | None = None,
) -> ClaimRef:
    """Reject a claim with a coded reason and the letter; the reserve becomes 0."""
    if code and code not in rules.REJECTION_REASONS:
        raise Invalid({"rejection_code": "Choose one of the reasons."})
    at = now or utc_now()
    with unit_of_work() as session:
        row = locked(session, claim_id, by)
        _check_independent(row, by)
        if row.paid_amount > 0:
            raise Refusal("Money was already paid on this claim: it can't be rejected any more.")
        given = {
            "decider_is_independent": True,
            "rejection_code": code,
            "letter_text": letter.strip(),
        }
        if _move(session, row, "rejected", version=version, by=by, at=at, given=given):
            row.rejection_code, row.rejection_letter = code, letter.strip()
            row.decided_on = business_date(at, settings().time_zone)
            row.approval_passed_to = row.first_approved_by = None
            change_reserve(session, row, ZERO, why="Rejected", by=by, at=at)
        return store.ref(session, row)


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
            _settle_when_paid(session, row, payment_reference, by=by, at=at, paid_on=paid_on)
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


def _settle_when_paid(
    session: Session, row: Claim, reference: str, *, by: Viewer, at: datetime, paid_on: date
) -> None:
    if row.paid_amount < (row.approved_amount or ZERO):
        return
    session.flush()
    given = {"payment_reference": reference, "paid_in_full": True}
    _move(session, row, "settled", version=None, by=by, at=at, given=given)
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
        if _move(session, row, "closed", version=version, by=by, at=at, given={"nothing_open": True}):
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
        if _move(session, row, "reopened", version=version, by=by, at=at, given=given, reason=evidence):
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
        if _move(session, row, "withdrawn", version=version, by=by, at=at, reason=reason):
            change_reserve(session, row, ZERO, why="Withdrawn", by=by, at=at)
            row.closed_on = business_date(at, settings().time_zone)
        return store.ref(session, row)
