"""Policies and their riders."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, Numeric, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.catalog.tables import RiderType
from core.db.base import Base, CreatedAt, Key, UpdatedAt, Versioned, pg_enum, reference


class PaymentFrequency(StrEnum):
    """How often the premium is paid."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    SEMI_ANNUAL = "semi-annual"
    ANNUAL = "annual"

    @property
    def per_year(self) -> int:
        """Instalments a year."""
        return {"monthly": 12, "quarterly": 4, "semi-annual": 2, "annual": 1}[self.value]


class PaymentMethod(StrEnum):
    """How the premium is paid."""

    CREDIT_CARD = "credit_card"
    BANK_TRANSFER = "bank_transfer"
    CHECK = "check"
    CASH = "cash"


class PolicyStatus(StrEnum):
    """State of a policy."""

    APPLIED = "applied"
    UNDERWRITING = "underwriting"
    ISSUED = "issued"
    ACTIVE = "active"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"
    MATURED = "matured"
    CLAIMED = "claimed"


class EndReason(StrEnum):
    """Why cover ended (domain.md section 1, Policy)."""

    FREE_LOOK = "free_look"
    CUSTOMER = "customer"
    FRAUD = "fraud"
    SURRENDER = "surrender"
    EXPIRED = "expired"
    RENEWED = "renewed"
    MATURITY = "maturity"
    DEATH = "death"
    GRACE_EXPIRED = "grace_expired"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class BeneficiaryClass(StrEnum):
    """Who is paid first: a contingent only when no primary is left."""

    PRIMARY = "primary"
    CONTINGENT = "contingent"


class Policy(Versioned, Base):
    """One row per policy; premium_amount is one instalment, expiry_date is exclusive."""

    __tablename__ = "policies"
    __table_args__ = (
        CheckConstraint("premium_amount >= 0 and sum_assured >= 0", name="amounts_not_negative"),
        CheckConstraint("expiry_date > effective_date", name="cover_is_forward"),
        Index("ix_policies_agent_id_issue_date", "agent_id", "issue_date"),
        Index("ix_policies_territory_id_issue_date", "territory_id", "issue_date"),
        Index("ix_policies_product_id_issue_date", "product_id", "issue_date"),
        Index("ix_policies_status_expiry_date", "status", "expiry_date"),
        Index("ix_policies_issue_date", "issue_date"),
        Index(
            "ix_policies_number_trigram",
            "policy_number",
            postgresql_using="gin",
            postgresql_ops={"policy_number": "gin_trgm_ops"},
        ),
    )

    id: Mapped[Key]
    policy_number: Mapped[str] = mapped_column(String(50), unique=True)
    customer_id: Mapped[int] = reference("customers.id")
    product_id: Mapped[int] = reference("products.id", index=False)
    agent_id: Mapped[int] = reference("users.id", index=False)
    territory_id: Mapped[int | None] = reference("territories.id", nullable=True, index=False)
    lead_id: Mapped[int | None] = reference("leads.id", nullable=True)
    application_date: Mapped[date]
    issue_date: Mapped[date | None]
    effective_date: Mapped[date | None]
    expiry_date: Mapped[date | None]
    sum_assured: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    premium_amount: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    payment_frequency: Mapped[PaymentFrequency] = mapped_column(
        pg_enum(PaymentFrequency, "payment_frequency")
    )
    payment_method: Mapped[PaymentMethod] = mapped_column(pg_enum(PaymentMethod, "payment_method"))
    status: Mapped[PolicyStatus] = mapped_column(
        pg_enum(PolicyStatus, "policy_status"), server_default="applied"
    )
    status_changed_at: Mapped[CreatedAt]
    term_years: Mapped[int | None]
    # The rate version that priced it, and the lines that add up to the annual premium.
    rate_id: Mapped[int | None] = reference("product_rates.id", nullable=True)
    premium_lines: Mapped[list[Any] | None] = mapped_column(JSONB)
    annual_premium: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    # When and why cover ended, for the statuses that end it.
    end_date: Mapped[date | None]
    end_reason: Mapped[EndReason | None] = mapped_column(pg_enum(EndReason, "policy_end_reason"))
    beneficiary_name: Mapped[str | None] = mapped_column(String(100))
    beneficiary_relation: Mapped[str | None] = mapped_column(String(50))
    riders_count: Mapped[int] = mapped_column(server_default="0", default=0)
    total_rider_premium: Mapped[Decimal] = mapped_column(Numeric(10, 2), server_default="0.00")
    notes: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[int | None] = reference("users.id", nullable=True)
    archived_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]


class PolicyRider(Base):
    """One row per rider of a policy; end_date is exclusive."""

    __tablename__ = "policy_riders"
    __table_args__ = (CheckConstraint("end_date > start_date", name="span_is_forward"),)

    id: Mapped[Key]
    policy_id: Mapped[int] = reference("policies.id")
    rider_name: Mapped[str] = mapped_column(String(100))
    rider_type: Mapped[RiderType] = mapped_column(pg_enum(RiderType, "rider_type"))
    sum_assured: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    premium_amount: Mapped[Decimal] = mapped_column(Numeric(8, 2))
    start_date: Mapped[date]
    end_date: Mapped[date]
    is_active: Mapped[bool] = mapped_column(server_default="true", default=True)
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]


class Beneficiary(Base):
    """One row per beneficiary and span; shares per class add up to 100.00 at every date."""

    __tablename__ = "policy_beneficiaries"
    __table_args__ = (
        CheckConstraint("share_pct > 0 and share_pct <= 100", name="share_is_a_percentage"),
        CheckConstraint("valid_to is null or valid_to > valid_from", name="span_is_forward"),
    )

    id: Mapped[Key]
    policy_id: Mapped[int] = reference("policies.id")
    beneficiary_class: Mapped[BeneficiaryClass] = mapped_column(
        pg_enum(BeneficiaryClass, "beneficiary_class")
    )
    name: Mapped[str] = mapped_column(String(100))
    relation: Mapped[str] = mapped_column(String(50))
    date_of_birth: Mapped[date | None]
    share_pct: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    created_by: Mapped[int | None] = reference("users.id", nullable=True)
    created_at: Mapped[CreatedAt]


class PolicyChange(Base):
    """One row per dated change of a policy's terms: what it was and what it became."""

    __tablename__ = "policy_changes"
    __table_args__ = (
        Index("ix_policy_changes_policy_id_effective_date", "policy_id", "effective_date"),
        Index("ix_policy_changes_planned", "effective_date", postgresql_where=text("is_planned")),
    )

    id: Mapped[Key]
    policy_id: Mapped[int] = reference("policies.id", index=False)
    kind: Mapped[str] = mapped_column(String(40))
    effective_date: Mapped[date]
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
    after: Mapped[dict[str, Any]] = mapped_column(JSONB)
    reason: Mapped[str | None] = mapped_column(Text)
    # Waits for its date; what is entered for an earlier one takes its place.
    is_planned: Mapped[bool] = mapped_column(server_default="false", default=False)
    replaced_at: Mapped[datetime | None]
    created_by: Mapped[int | None] = reference("users.id", nullable=True)
    created_at: Mapped[CreatedAt]


class PolicyDraft(Versioned, Base):
    """One row per policy entry that is not submitted yet."""

    __tablename__ = "policy_drafts"

    id: Mapped[Key]
    owner_id: Mapped[int] = reference("users.id")
    customer_id: Mapped[int | None] = reference("customers.id", nullable=True)
    lead_id: Mapped[int | None] = reference("leads.id", nullable=True)
    request_id: Mapped[str] = mapped_column(String(64), unique=True)
    step: Mapped[str] = mapped_column(String(30))
    state: Mapped[dict[str, Any]] = mapped_column(JSONB)
    policy_id: Mapped[int | None] = reference("policies.id", nullable=True)
    discarded_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
