"""First notice of loss: the rules that fire, likely duplicates, and the claim with its documents."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from core import audit
from core.access import Permission, Viewer, action, read, require
from core.claims import papers, rules, store
from core.claims.actions import event, investigate_if_suspect, log, target_on
from core.claims.proofs import DOCUMENT_KINDS
from core.claims.records import Check, ClaimRef, FlagRow, LikelyDuplicate, NoticeOfLoss
from core.claims.rules import Circumstances, Cover, Flag
from core.claims.status import CLAIM
from core.claims.tables import Claim, LossType
from core.db import once, unit_of_work
from core.documents import Upload
from core.documents.papers import check_all, mark
from core.kit.dates import business_date, utc_now
from core.kit.errors import Invalid, NotFound
from core.kit.fields import plain_text
from core.kit.ids import RequestId
from core.kit.money import round_cents
from core.kit.settings import settings
from core.policies import store as policy_store
from core.policies.tables import Policy

MOST_DOCUMENTS = 20


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
    """The kinds of loss that a policy insures, by its product and riders.

    Raises NotFound outside the scope.
    """
    with unit_of_work() as session:
        return store.insured(session, _policy(session, policy_id, by))


@action(Permission.CLAIMS_REPORT)
def report(
    notice: NoticeOfLoss,
    uploads: Sequence[Upload] = (),
    *,
    request_id: RequestId,
    by: Viewer,
    now: datetime | None = None,
) -> ClaimRef:
    """Enter a first notice of loss with its documents, once per request: all of it, or nothing.

    Flags are kept with the claim; from 40 fraud points on it goes to investigation, never to
    rejection (D22). Raises Invalid at the fields ("documents.N.file" and "documents.N.kind" for the
    N-th document), NotFound for a policy outside the scope.
    """
    at = now or utc_now()
    today = business_date(at, settings().time_zone)
    notice = _cleaned(notice)
    if uploads:
        require(by, Permission.DOCUMENTS_UPLOAD, what="claims.report")
    with unit_of_work() as session:
        insured = store.insured(session, _policy(session, notice.policy_id, by))
        if problems := notice_problems(notice, uploads, today=today, insured=insured):
            raise Invalid(problems)
        claim_id = once(
            session,
            request_id,
            action="claims.report",
            content={**asdict(notice), "documents": [mark(one) for one in uploads]},
            actor_id=by.user_id,
            make=lambda: _enter(session, notice, uploads, by=by, at=at, today=today),
        )
        return store.ref(session, session.get_one(Claim, claim_id))


def _cleaned(notice: NoticeOfLoss) -> NoticeOfLoss:
    """The same notice with its texts as they are kept."""
    return replace(
        notice,
        description=plain_text(notice.description, lines=True),
        loss_place=plain_text(notice.loss_place),
        claimant_name=plain_text(notice.claimant_name),
        claimant_relation=plain_text(notice.claimant_relation),
    )


def notice_problems(
    notice: NoticeOfLoss,
    uploads: Sequence[Upload],
    *,
    today: date,
    insured: Collection[LossType] | None = None,
) -> dict[str, str]:
    """What is wrong with a notice and its documents, by field; empty when it can be taken in.

    Whether the policy covers the kind of loss is looked at when those that it insures are given.
    """
    problems = check_all(uploads, DOCUMENT_KINDS)
    problems |= rules.overlong(
        description=notice.description,
        loss_place=notice.loss_place,
        claimant_name=notice.claimant_name,
        claimant_relation=notice.claimant_relation,
    )
    if insured is not None and (other := rules.not_insured(notice.loss_type, insured)):
        problems["loss_type"] = other
    if len(uploads) > MOST_DOCUMENTS:
        problems["documents"] = f"At most {MOST_DOCUMENTS} documents fit here; add the others later."
    if notice.loss_date > today:
        problems["loss_date"] = "The loss can't lie in the future."
    if not plain_text(notice.description):
        problems["description"] = "Say what happened."
    if told := rules.amount_problem(notice.estimated_amount):
        problems["estimated_amount"] = told
    elif notice.estimated_amount < 0:
        problems["estimated_amount"] = "Enter an amount from 0 on."
    if plain_text(notice.claimant_name) and not plain_text(notice.claimant_relation):
        problems["claimant_relation"] = "Say how the claimant is related to the policyholder."
    return problems


def _enter(
    session: Session,
    notice: NoticeOfLoss,
    uploads: Sequence[Upload],
    *,
    by: Viewer,
    at: datetime,
    today: date,
) -> int:
    policy = _policy(session, notice.policy_id, by)
    flags = _flags(session, policy, notice, reported=today)
    row = Claim(
        policy_id=policy.id,
        customer_id=policy.customer_id,
        agent_id=policy.agent_id,
        territory_id=policy.territory_id,
        claimant_name=notice.claimant_name or None,
        claimant_relation=notice.claimant_relation or None,
        loss_date=notice.loss_date,
        reported_date=today,
        loss_type=notice.loss_type,
        loss_place=notice.loss_place or None,
        description=notice.description,
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
    for upload in uploads:
        papers.keep(session, row, upload, by=by, at=at)
    codes = [flag.code for flag in flags]
    log(session, row, "claim.report", by=by, policy_id=policy.id, flags=codes)
    investigate_if_suspect(session, row, at)
    return row.id


def _policy(session: Session, policy_id: int, by: Viewer) -> Policy:
    found = policy_store.one(session, policy_id, by=by)
    if found is None:
        raise NotFound("policy", policy_id)
    return found


def _flags(session: Session, policy: Policy, notice: NoticeOfLoss, *, reported: date) -> list[Flag]:
    cover: Cover = store.cover(session, policy, notice.loss_date)
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
