"""The identity check of a customer: started, verified by somebody else, rejected, expired."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from core import audit
from core.access import Permission, Role, Viewer, action
from core.audit.tables import StatusChange
from core.customers import changing, papers, reviews, store
from core.customers.risk import Assessment
from core.customers.status import KYC
from core.customers.tables import Customer, KycStatus, RiskBand
from core.db import unit_of_work
from core.documents import DocumentType
from core.documents.tables import CustomerDocument
from core.kit.dates import business_date, utc_now
from core.kit.settings import settings

SENIORS = frozenset({Role.MANAGER, Role.UNDERWRITER, Role.ADMIN})
EXPIRED_AT_ONCE = 1_000
_DECIDED = (KycStatus.VERIFIED, KycStatus.REJECTED)
_PAST = (KycStatus.REJECTED, KycStatus.EXPIRED)


@action(Permission.CUSTOMERS_EDIT)
def start_kyc(customer_id: int, *, version: int, by: Viewer, now: datetime | None = None) -> None:
    """Put a customer forward to be verified; needs a proof of identity and one of address."""
    at = now or utc_now()
    with unit_of_work() as session:
        row = changing.locked(session, customer_id, by=by)
        move(session, row, to="pending", version=version, by=by, at=at, given=given(session, row, at))


@action(Permission.KYC_VERIFY)
def reject_kyc(
    customer_id: int, *, version: int, reason: str, by: Viewer, now: datetime | None = None
) -> None:
    """Say that the identity could not be verified, and why; newer proofs start the check again."""
    at = now or utc_now()
    with unit_of_work() as session:
        row = changing.locked(session, customer_id, by=by)
        move(session, row, to="rejected", version=version, by=by, at=at, reason=reason)


def expire_due(*, now: datetime) -> int:
    """Verified customers whose review date has come are expired, by the clock; how many were.

    At most 1,000 in one transaction; call again while it is not 0.
    """
    today = business_date(now, settings().time_zone)
    with unit_of_work() as session:
        rows = session.scalars(
            select(Customer)
            .where(Customer.kyc_status == KycStatus.VERIFIED, Customer.kyc_review_on <= today, store.LIVE)
            .order_by(Customer.id)
            .limit(EXPIRED_AT_ONCE)
            .with_for_update(skip_locked=True)
        ).all()
        for row in rows:
            audit.move(
                session,
                KYC,
                row,
                to="expired",
                actor=audit.SystemActor(),
                at=now,
                given={"review_is_due": True},
                status_column="kyc_status",
                details={"from_version": row.version},
            )
        return len(rows)


def move(
    session: Session,
    row: Customer,
    *,
    to: str,
    version: int | None,
    by: Viewer,
    at: datetime,
    given: Mapping[str, object] | None = None,
    reason: str = "",
) -> bool:
    """One checked move of the identity check of a locked customer."""
    if version is not None:
        changing.check_version(session, row, version, ())
    return audit.move(
        session,
        KYC,
        row,
        to=to,
        actor=by,
        at=at,
        given=given,
        reason=reason,
        status_column="kyc_status",
        details={"from_version": row.version},
    )


def given(
    session: Session,
    row: Customer,
    at: datetime,
    *,
    by: Viewer | None = None,
    band: RiskBand = RiskBand.LOW,
    reason: str = "",
) -> dict[str, object]:
    """What the moves need: proofs, who looked at them, and a senior where the risk is high."""
    today = business_date(at, settings().time_zone)
    found = papers.proofs(session, row, today)
    decided_at = _decided_at(session, row)
    identity, address = (
        _fresh(found[kind], decided_at) for kind in (DocumentType.ID_PROOF, DocumentType.ADDRESS_PROOF)
    )
    chosen = [_verified(identity), _verified(address)]
    is_senior = by is not None and by.role in SENIORS and bool(reason.strip())
    return {
        "id_proof": bool(identity),
        "address_proof": bool(address),
        "proofs_verified": all(chosen),
        "verifier_is_independent": by is not None
        and all(one is None or one.uploaded_by != by.user_id for one in chosen),
        "senior_approval": band is not RiskBand.HIGH or is_senior,
    }


def _decided_at(session: Session, row: Customer) -> datetime | None:
    """When the identity was last verified or rejected; None before the first decision.

    "Pending (ID and address proof)" stands for every way into the check, and a review looks at the
    person anew (domain.md sections 1 and 7). So what led to a rejection never counts again, also not
    once the check was started anew, and what led to a verification does not count after it expired.
    Nor does what led to the rejection of a record that was merged into this one.
    """
    merged = select(Customer.id).where(Customer.merged_into_id == row.id)
    decided_at = session.scalar(
        select(func.max(StatusChange.at)).where(
            StatusChange.entity == KYC.entity,
            or_(
                and_(StatusChange.entity_id == row.id, StatusChange.to_status.in_(_DECIDED)),
                and_(StatusChange.entity_id.in_(merged), StatusChange.to_status == KycStatus.REJECTED),
            ),
        )
    )
    if decided_at is None and row.kyc_status in _PAST:
        # The record came along without its history.
        return row.status_changed_at
    return decided_at


def _fresh(proofs: list[CustomerDocument], decided_at: datetime | None) -> list[CustomerDocument]:
    """The proofs that were uploaded since the last decision."""
    return [one for one in proofs if decided_at is None or one.upload_date > decided_at]


def _verified(proofs: list[CustomerDocument]) -> CustomerDocument | None:
    return next((one for one in proofs if one.verified), None)


def verified(row: Customer, found: Assessment, at: datetime) -> None:
    """Write what a verification leads to: scores, reasons and the date of the next review."""
    score(row, found)
    row.kyc_review_on = found.review_on(business_date(at, settings().time_zone))


def score(row: Customer, found: Assessment) -> None:
    """Write both scores with their reasons and the version of the rules."""
    row.risk_score, row.risk_band = found.score, found.band
    row.risk_reasons = [
        *reviews.told("risk", found.reasons),
        *reviews.told("aml", found.aml_reasons),
    ]
