"""Assesses, approves, takes back and rejects claims."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from core import audit
from core.access import Permission, Viewer, action
from core.claims import actions, approvals, papers, rules, store
from core.claims.actions import change_reserve, event, locked, log, move
from core.claims.approvals import Ruled
from core.claims.payments import settle_when_paid
from core.claims.records import ClaimRef, Decision
from core.claims.rules import Cover, Ruling
from core.claims.status import CLAIM, PAYABLE
from core.claims.tables import Claim
from core.db import unit_of_work
from core.kit.dates import business_date, utc_now
from core.kit.errors import Conflict, Invalid, Refusal
from core.kit.fields import plain_text
from core.kit.money import ZERO, round_cents
from core.kit.settings import settings
from core.policies.tables import Policy


@action(Permission.CLAIMS_HANDLE)
def collect_documents(claim_id: int, *, version: int, by: Viewer, now: datetime | None = None) -> ClaimRef:
    """Begin to collect the documents."""
    with unit_of_work() as session:
        row = locked(session, claim_id, by)
        move(session, row, "documents", version=version, by=by, at=now or utc_now())
        return store.ref(session, row)


@action(Permission.CLAIMS_HANDLE)
def investigate(
    claim_id: int, *, reason: str, version: int, by: Viewer, now: datetime | None = None
) -> ClaimRef:
    """Send a claim to investigation, with a reason."""
    with unit_of_work() as session:
        row = locked(session, claim_id, by)
        move(session, row, "investigation", version=version, by=by, at=now or utc_now(), reason=reason)
        return store.ref(session, row)


@action(Permission.CLAIMS_HANDLE)
def assess(
    claim_id: int,
    amount: Decimal,
    *,
    version: int,
    by: Viewer,
    note: str = "",
    now: datetime | None = None,
) -> ClaimRef:
    """Set what the claim is worth in total; the reserve becomes what of it is not paid yet.

    Every document that the loss asks for has to be there and verified by somebody else than who
    uploaded it: that is looked up, never said. What is approved has to be taken back first. The fraud
    rules are looked at anew with the amount; enough points send it to investigation (D22).
    Raises Invalid above what the policy pays at most, and for what is no amount in whole cents.
    """
    problem = rules.amount_problem(amount)
    if not problem and amount <= 0:
        problem = "Enter an amount above 0, or reject the claim."
    if problem:
        raise Invalid({"assessed_amount": problem})
    at = now or utc_now()
    with unit_of_work() as session:
        row = locked(session, claim_id, by)
        if amount < row.paid_amount:
            raise Invalid({"assessed_amount": f"${row.paid_amount:,.2f} were already paid on this claim."})
        if PAYABLE in CLAIM[row.status.value].flags:
            raise Refusal("The claim is approved.", remedy="Take the approval back first.")
        cover = store.cover(session, session.get_one(Policy, row.policy_id), row.loss_date)
        if cover.limit is not None and amount > cover.limit:
            raise Invalid({"assessed_amount": f"The policy pays at most ${cover.limit:,.2f}."})
        before = row.status.value
        if _to_assessed(session, row, amount, version=version, by=by, at=at, note=note):
            row.assessed_amount, row.assessed_by = round_cents(amount), by.user_id
            row.first_approved_by = row.approval_passed_to = None
            row.documents_complete_on = row.documents_complete_on or business_date(at, settings().time_zone)
            left = round_cents(amount - row.paid_amount)
            change_reserve(session, row, left, why="Assessed", by=by, at=at)
            _flag_anew(session, row, cover, came_from=before, at=at)
        return store.ref(session, row)


def _flag_anew(session: Session, row: Claim, cover: Cover, *, came_from: str, at: datetime) -> None:
    """The fraud rules with the assessed amount; who has just investigated has seen them."""
    facts = rules.Circumstances(
        loss_date=row.loss_date,
        reported_date=row.reported_date,
        amount=row.assessed_amount or ZERO,
        claims_in_24_months=store.claims_in_24_months(session, row.customer_id, row.loss_date),
    )
    is_new = actions.flag(session, row, rules.fraud_flags(cover, facts))
    if came_from != "investigation" and (is_new or not store.was_investigated(session, row.id)):
        actions.investigate_if_suspect(session, row, at)


def _to_assessed(
    session: Session, row: Claim, amount: Decimal, *, version: int, by: Viewer, at: datetime, note: str
) -> bool:
    missing = papers.missing(session, row)
    given = {"documents_complete": not missing, "assessed_amount": amount, "reserve_set": True}
    try:
        return move(
            session, row, "assessed", version=version, by=by, at=at, given=given, reason=note,
            amount=round_cents(amount), details={"amount": str(round_cents(amount))},
        )  # fmt: skip
    except Invalid as invalid:
        if "documents_complete" not in invalid.fields:
            raise
        named = ", ".join(kind.replace("_", " ") for kind in missing)
        told = {**invalid.fields, "documents_complete": f"Missing or not verified: {named}."}
        raise Invalid(told, remedy="Somebody else than who uploaded a document verifies it.") from None


@action(Permission.CLAIMS_APPROVE)
def approve(claim_id: int, *, version: int, by: Viewer, now: datetime | None = None) -> Decision:
    """Approve the assessed total, within one's authority, by somebody who is not involved.

    Above one's limit nothing is approved: the claim is passed on to the next holder with enough
    authority, who is named. Above the highest limit two holders are needed (D12).
    Raises Invalid when the approver reported, assessed or sold it, Conflict, IllegalMove, and Refusal
    when what it was assessed by was withdrawn since.
    """
    at = now or utc_now()
    with unit_of_work() as session:
        row = locked(session, claim_id, by)
        audit.check_version(session, CLAIM.entity, CLAIM.noun, row, version)
        if row.status.value != "assessed":
            approvals.check_independent(row, by)
            move(session, row, "approved", version=None, by=by, at=at)
        ruled = approvals.rule(session, row, by)
        if ruled.ruling is Ruling.APPROVED:
            _approve(session, row, by=by, at=at)
        else:
            _leave_to_next(session, row, ruled, by=by, at=at)
        return Decision(ruled.ruling, store.ref(session, row), ruled.next_name)


def _approve(session: Session, row: Claim, *, by: Viewer, at: datetime) -> None:
    given = {"decider_is_independent": True, "within_authority": True}
    told = {"amount": str(row.assessed_amount)}
    move(session, row, "approved", version=None, by=by, at=at, given=given, details=told)
    row.approved_amount, row.approved_by = row.assessed_amount, by.user_id
    row.approval_passed_to = None
    row.decided_on = business_date(at, settings().time_zone)
    last = store.last_payment(session, row.id)
    if last is not None:
        # Taken back or reopened, and found to be worth no more than what was paid before.
        settle_when_paid(session, row, last.payment_reference, by=by, at=at, paid_on=last.paid_on)


def _leave_to_next(session: Session, row: Claim, ruled: Ruled, *, by: Viewer, at: datetime) -> None:
    """The first of two approvals, or none: in both cases somebody else, who is named, decides next."""
    total, is_first = row.assessed_amount or ZERO, ruled.ruling is Ruling.FIRST_OF_TWO
    before, row.approval_passed_to = row.approval_passed_to, ruled.next_id
    if is_first:
        row.first_approved_by = by.user_id
    kind, note = (
        ("first_approval", f"{ruled.next_name} decides next")
        if is_first
        else ("passed_on", f"To {ruled.next_name}")
    )
    event(session, row, kind, by=by, at=at, amount=total, note=note)
    done = "claim.first_approval" if is_first else "claim.pass_on"
    changed = {"approval_passed_to": [before, ruled.next_id]}
    log(session, row, done, by=by, changed=changed, amount=str(total))


@action(Permission.CLAIMS_APPROVE)
def take_back(
    claim_id: int, *, reason: str, version: int, by: Viewer, now: datetime | None = None
) -> ClaimRef:
    """Take an approval back, with a reason: the claim waits for its decision again.

    What was paid stays paid; it can be assessed anew from investigation, or approved again. What became
    suspect after the approval is decided then: with enough points it goes to investigation (D22).
    """
    at = now or utc_now()
    with unit_of_work() as session:
        row = locked(session, claim_id, by)
        audit.check_version(session, CLAIM.entity, CLAIM.noun, row, version)
        if PAYABLE not in CLAIM[row.status.value].flags:
            raise Conflict(f"The claim is {CLAIM.label(row.status.value).lower()}: nothing is approved.")
        is_suspect = bool(actions.payment_hold(session, row))
        if move(session, row, "assessed", version=None, by=by, at=at, reason=reason, kind="taken_back"):
            row.approved_amount = row.approved_by = row.decided_on = None
            row.first_approved_by = row.approval_passed_to = None
            if is_suspect:
                session.flush()
                actions.investigate_if_suspect(session, row, at)
        return store.ref(session, row)


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
    text, problems = plain_text(letter, lines=True), {}
    if code and code not in rules.REJECTION_REASONS:
        problems["rejection_code"] = "Choose one of the reasons."
    if rules.breaks_off(text):
        problems["letter_text"] = "The letter ends at “because”: say why it is not paid."
    if problems:
        raise Invalid(problems)
    at = now or utc_now()
    with unit_of_work() as session:
        row = locked(session, claim_id, by)
        approvals.check_independent(row, by)
        if row.paid_amount > 0:
            raise Refusal("Money was already paid on this claim: it can't be rejected any more.")
        given = {
            "decider_is_independent": True,
            "rejection_code": code,
            "letter_text": text,
        }
        if move(session, row, "rejected", version=version, by=by, at=at, given=given):
            row.rejection_code, row.rejection_letter = code, text
            row.decided_on = business_date(at, settings().time_zone)
            row.approval_passed_to = row.first_approved_by = None
            change_reserve(session, row, ZERO, why="Rejected", by=by, at=at)
        return store.ref(session, row)
