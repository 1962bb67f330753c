"""Verifies the identity of a customer, with the risk that decides about the next review."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access import Permission, Viewer, action
from core.catalog.tables import PremiumType, Product, ProductCategory
from core.claims.tables import Claim
from core.customers import changing, kyc, risk
from core.customers.risk import Assessment
from core.customers.tables import Customer
from core.db import unit_of_work
from core.kit.dates import add_months, business_date, utc_now
from core.kit.settings import settings
from core.policies import POLICY
from core.policies.tables import Policy, PolicyStatus

CLAIM_MONTHS = 36
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


@action(Permission.CUSTOMERS_EDIT)
def score_risk(customer_id: int, *, by: Viewer, now: datetime | None = None) -> Assessment:
    """Compute both risk scores of a customer anew, and keep them with their reasons."""
    at = now or utc_now()
    with unit_of_work() as session:
        row = changing.locked(session, customer_id, by=by)
        found = assessment(session, row, business_date(at, settings().time_zone))
        if (row.risk_score, row.risk_band) != (found.score, found.band):
            changed = {"risk_score": [row.risk_score, found.score]}
            details = {"changed": changed, "rules": risk.RULES_VERSION, "from_version": row.version}
            changing.told(session, row.id, by=by, action="customer.score", details=details)
        kyc.score(row, found)
        return found


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
