"""Policies and claims."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from core.access.tables import User
from core.claims.proofs import REQUIRED
from core.claims.tables import Claim, ClaimDocument, LossType
from core.db import unit_of_work
from core.kit.dates import utc_now
from core.policies.tables import PaymentFrequency, PaymentMethod, Policy, PolicyStatus
from tests.factories.catalog import product
from tests.factories.customers import customer
from tests.factories.people import user
from tests.factories.rows import number, put


def policy(agent: User, *, status: str = "active", **columns: object) -> Policy:
    """A yearly policy, for a new customer and product unless they are named."""
    given: dict[str, object] = {
        "policy_number": f"PD-{number():08d}",
        "agent_id": agent.id,
        "application_date": date(2025, 3, 1),
        "issue_date": date(2025, 3, 10),
        "effective_date": date(2025, 4, 1),
        "expiry_date": date(2026, 4, 1),
        "sum_assured": Decimal(100_000),
        "premium_amount": Decimal("1200.00"),
        "payment_frequency": PaymentFrequency.ANNUAL,
        "payment_method": PaymentMethod.BANK_TRANSFER,
        "status": PolicyStatus(status),
    }
    if "customer_id" not in columns:
        given["customer_id"] = customer(agent=agent).id
    if "product_id" not in columns:
        given["product_id"] = product().id
    return put(Policy(**{**given, **columns}))


def claim(on: Policy, **columns: object) -> Claim:
    """A claim on the policy, with the policy's customer, agent and territory."""
    given: dict[str, object] = {
        "policy_id": on.id,
        "customer_id": on.customer_id,
        "agent_id": on.agent_id,
        "territory_id": on.territory_id,
        "loss_date": date(2025, 6, 1),
        "reported_date": date(2025, 6, 3),
        "loss_type": LossType.OTHER,
        "estimated_amount": Decimal("2500.00"),
    }
    return put(Claim(**{**given, **columns}))


def prove(claim_id: int) -> None:
    """Every document that the claim's loss asks for, verified by somebody."""
    with unit_of_work() as session:
        loss_type = session.get_one(Claim, claim_id).loss_type
    uploader, verifier = user(name="Una Upload"), user(name="Vera Verify")
    for kind in REQUIRED[loss_type]:
        put(
            ClaimDocument(
                claim_id=claim_id,
                document_type=kind,
                document_name=f"{kind}.pdf",
                file_path="documents/none.pdf",
                uploaded_by=uploader.id,
                verified=True,
                verified_by=verifier.id,
                verified_at=utc_now(),
            )
        )
