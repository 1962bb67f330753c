"""A company with one of everything that is copied, for tests that care about the whole."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from core.audit.tables import StatusChange
from core.commissions.tables import Commission, CommissionType
from tests import factories as make
from tests.factories import Company
from tests.factories.rows import put

NOON = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
THE_DAY = date(2026, 3, 2)


def one_of_each() -> Company:
    """A lead that was contacted, proposed and won by Ann in East on 2 March 2026, and what followed."""
    company = make.company()
    ann, east = company.ann_in_east, company.east
    client = make.customer(agent=ann, territory_id=east.id)
    term = make.product()
    lead = make.lead(
        ann,
        status="won",
        territory_id=east.id,
        product_interest=term.id,
        customer_id=client.id,
        account_id=make.account(agent=ann).id,
        expected_premium=Decimal("1200.50"),
        created_at=NOON,
        closed_at=NOON,
    )
    make.lead(ann, status="lost", territory_id=east.id, created_at=NOON, closed_at=NOON)
    make.opportunity(ann, stage="negotiation", territory_id=east.id, product_id=term.id)
    for frm, to in ((None, "new"), ("new", "contacted"), ("contacted", "proposal")):
        change(lead.id, frm, to)
    make.followup(ann, status="completed", lead_id=lead.id, completed_at=NOON)
    make.appointment(ann, lead_id=lead.id, starts=NOON)
    policy = make.policy(
        ann,
        customer_id=client.id,
        product_id=term.id,
        territory_id=east.id,
        lead_id=lead.id,
        issue_date=THE_DAY,
        premium_amount=Decimal("100.05"),
        payment_frequency="monthly",
    )
    make.claim(policy, paid_amount=Decimal("10.10"), reserve_amount=Decimal("0.90"))
    commission(policy.id, ann.id, "600.30")
    return company


def change(lead_id: int, frm: str | None, to: str, *, at: datetime = NOON) -> None:
    """One row of the status history of a lead."""
    put(
        StatusChange(
            entity="lead", entity_id=lead_id, from_status=frm, to_status=to, actor_role="agent", at=at
        )
    )


def commission(policy_id: int, agent_id: int, amount: str, *, on: date = THE_DAY) -> None:
    """One commission of a period that begins on the day."""
    put(
        Commission(
            policy_id=policy_id,
            agent_id=agent_id,
            commission_type=CommissionType.NEW_BUSINESS,
            period_start=on,
            period_end=on,
            premium_amount=Decimal("1200.60"),
            commission_rate=Decimal("50.00"),
            commission_amount=Decimal(amount),
        )
    )
