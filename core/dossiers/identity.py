"""Verifies the identity of a customer, with the risk that decides about the next review."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, String, cast, func, select
from sqlalchemy.orm import Session

from core import audit
from core.access import Permission, Viewer, action, read
from core.audit.tables import StatusChange
from core.catalog.tables import PremiumType, Product, ProductCategory
from core.claims.tables import Claim
from core.customers import KYC, KycMove, changing, kyc, reviews, risk, store
from core.customers.risk import Assessment, Laundering
from core.customers.status import SENIOR
from core.customers.tables import Customer, KycStatus, RiskBand
from core.db import unit_of_work
from core.kit.dates import add_months, business_date, utc_now
from core.kit.settings import settings
from core.policies import POLICY
from core.policies.tables import Policy, PolicyStatus

CLAIM_MONTHS = 36
LOOKED_BACK_DAYS = 7
_IN_FORCE = [PolicyStatus(value) for value in POLICY.flagged("in_force")]


@action(Permission.KYC_VERIFY)
def verify_kyc(
    customer_id: int, *, version: int, by: Viewer, note: str = "", now: datetime | None = None
) -> date:
    """Say that the customer is who they claim to be; returns the date of the next review.

    Both proofs have to be verified, by and of somebody else than who uploaded them. A high
    money-laundering risk needs a manager, underwriter or administrator and a note (domain.md 7).
    """
    at = now or utc_now()
    with unit_of_work() as session:
        row = changing.locked(session, customer_id, by=by)
        found = assessment(session, row, business_date(at, settings().time_zone))
        given = kyc.given(session, row, at, by=by, band=found.aml_band, reason=note)
        if kyc.move(session, row, to="verified", version=version, by=by, at=at, given=given, reason=note):
            kyc.verified(row, found, at)
        session.flush()
        assert row.kyc_review_on is not None  # noqa: S101  # a verified customer has a review date
        return row.kyc_review_on


@read(Permission.CUSTOMERS_VIEW)
def kyc_moves(customer_id: int, *, by: Viewer, now: datetime | None = None) -> tuple[KycMove, ...]:
    """The moves of the identity check that the viewer's role may make, and what each still needs.

    The note that a high risk needs is not missing yet: it is written with the decision.
    """
    at = now or utc_now()
    with unit_of_work() as session:
        row = changing.in_sight(session, customer_id, by=by)
        moves = KYC.moves(row.kyc_status.value, by.role_name)
        band = RiskBand.LOW
        if any(SENIOR in move.needs for move in moves):
            band = assessment(session, row, business_date(at, settings().time_zone)).aml_band
        given = kyc.given(session, row, at, by=by, band=band, reason="to be written")
    return tuple(
        KycMove(
            to=move.to,
            label=KYC.label(move.to),
            verb=move.verb,
            needs=move.needs,
            missing=tuple(need.ask for need in move.needs if not given.get(need.name)),
            needs_reason=move.needs_reason or (SENIOR in move.needs and band is RiskBand.HIGH),
        )
        for move in moves
    )


@action(Permission.CUSTOMERS_EDIT)
def score_risk(customer_id: int, *, by: Viewer, now: datetime | None = None) -> Assessment:
    """Compute both risk scores of a customer anew, and keep them with their reasons.

    The next review of a verified customer follows (core.customers.reviews).
    """
    with unit_of_work() as session:
        return score_again(session, changing.locked(session, customer_id, by=by), by=by, now=now)


def score_again(
    session: Session,
    row: Customer,
    *,
    by: audit.Actor,
    now: datetime | None = None,
    before: Laundering | None = None,
) -> Assessment:
    """The same of a locked customer; `before` is the score until now, where the record has moved on."""
    found = assessment(session, row, business_date(now or utc_now(), settings().time_zone))
    from_version, before = row.version, before or reviews.kept(row)
    changed: dict[str, object] = {}
    if (row.risk_score, row.risk_band) != (found.score, found.band):
        changed["risk_score"] = [row.risk_score, found.score]
    changed |= reviews.renew(session, row, before, found.laundering)
    kyc.score(row, found)
    if changed:
        details = {"changed": changed, "rules": risk.RULES_VERSION, "from_version": from_version}
        changing.told(session, row.id, by=by, action="customer.score", details=details)
    return found


def follow_cover(*, now: datetime) -> int:
    """Verified customers whose cover changed its kind are scored anew, by the clock; how many were.

    Looks back a week, for a server that stood still. Whom somebody is working on is done next time.
    """
    with unit_of_work() as session:
        found = session.execute(_cover_moved_since(now - timedelta(days=LOOKED_BACK_DAYS)))
        changed = [
            key
            for kept, kinds, has_single_premium, keys in found
            if reviews.kept_product([kept] if kept else None)
            != risk.product_reason(kinds or (), has_single_premium=has_single_premium)
            for key in keys
        ]
        rows = session.scalars(
            select(Customer)
            .where(Customer.id.in_(changed))
            .order_by(Customer.id)
            .with_for_update(skip_locked=True)
        ).all()
        for row in rows:
            score_again(session, row, by=audit.SystemActor(), now=now)
        return len(rows)


def _cover_moved_since(since: datetime) -> Select[Any]:
    """Verified customers some policy of whom moved, with the kinds of what is in force by now.

    A row for all of whom the same is kept and in force: they are many, and these ways are few.
    """
    moved = (
        select(Policy.customer_id)
        .join(StatusChange, StatusChange.entity_id == Policy.id)
        .where(
            StatusChange.entity == POLICY.entity,
            StatusChange.to_status.in_(POLICY.values),
            StatusChange.at >= since,
        )
    )
    in_force = Policy.status.in_(_IN_FORCE)
    held = (
        select(
            Customer.id,
            reviews.KEPT_PRODUCT.label("kept"),
            func.array_agg(cast(Product.category, String).distinct()).filter(in_force).label("kinds"),
            func.coalesce(
                func.bool_or(Product.premium_type == PremiumType.SINGLE).filter(in_force), False
            ).label("has_single_premium"),
        )
        .join(Policy, Policy.customer_id == Customer.id)
        .join(Product, Product.id == Policy.product_id)
        .where(Customer.kyc_status == KycStatus.VERIFIED, store.LIVE, Customer.id.in_(moved))
        .group_by(Customer.id)
        .subquery()
    )
    same = (held.c.kept, held.c.kinds, held.c.has_single_premium)
    return select(*same, func.array_agg(held.c.id)).group_by(*same)


def assessment(session: Session, row: Customer, today: date) -> Assessment:
    """Both scores from what the database knows."""
    claims = session.scalar(
        select(func.count())
        .select_from(Claim)
        .where(Claim.customer_id == row.id, Claim.reported_date >= add_months(today, -CLAIM_MONTHS))
    )
    held = session.execute(
        select(Product.category, Product.premium_type, ProductCategory.line)
        .join(Policy, Policy.product_id == Product.id)
        .join(ProductCategory, ProductCategory.category == Product.category)
        .where(Policy.customer_id == row.id, Policy.status.in_(_IN_FORCE))
        .distinct()
    ).all()
    facts = risk.Facts(
        date_of_birth=row.date_of_birth,
        occupation=row.occupation or "",
        customer_since=business_date(row.created_at, settings().time_zone),
        claims=claims or 0,
        lines=len({one.line for one in held}),
        categories=frozenset(one.category.value for one in held),
        has_single_premium=any(one.premium_type is PremiumType.SINGLE for one in held),
        is_pep=row.is_pep,
        country=row.country,
    )
    return risk.assess(facts, today)
