"""Claims with their events and documents."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, Numeric, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.access.roles import Role
from core.catalog.tables import Line
from core.db.base import Base, CreatedAt, Key, UpdatedAt, Versioned, pg_enum, reference
from core.documents.tables import Withdrawable, withdrawal_is_whole


class ClaimStatus(StrEnum):
    """State of a claim (domain.md section 1)."""

    SUBMITTED = "submitted"
    DOCUMENTS = "documents"
    INVESTIGATION = "investigation"
    ASSESSED = "assessed"
    APPROVED = "approved"
    REJECTED = "rejected"
    SETTLED = "settled"
    CLOSED = "closed"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"


class LossType(StrEnum):
    """What kind of loss is claimed."""

    DEATH = "death"
    CRITICAL_ILLNESS = "critical_illness"
    DISABILITY = "disability"
    HOSPITALISATION = "hospitalisation"
    OUTPATIENT = "outpatient"
    COLLISION = "collision"
    COMPREHENSIVE = "comprehensive"
    BODILY_INJURY = "bodily_injury"
    PROPERTY_DAMAGE = "property_damage"
    THEFT = "theft"
    FIRE = "fire"
    WATER = "water"
    WEATHER = "weather"
    LIABILITY = "liability"
    OTHER = "other"


class Claim(Versioned, Base):
    """One row per claim on a policy; amounts in US dollars, incurred = paid + reserve."""

    __tablename__ = "claims"
    __table_args__ = (
        CheckConstraint("loss_date <= reported_date", name="loss_before_report"),
        CheckConstraint("reserve_amount >= 0 and paid_amount >= 0", name="amounts_not_negative"),
        CheckConstraint(
            "reserve_amount = 0 or status not in ('closed', 'withdrawn')", name="closed_without_reserve"
        ),
        Index("ix_claims_status_assigned_to", "status", "assigned_to"),
        Index("ix_claims_agent_id_reported_date", "agent_id", "reported_date"),
        Index("ix_claims_territory_id_reported_date", "territory_id", "reported_date"),
        Index("ix_claims_reported_date", "reported_date"),
        Index("ix_claims_loss_date", "loss_date"),
        Index(
            "ix_claims_number_prefix",
            "claim_number",
            postgresql_ops={"claim_number": "varchar_pattern_ops"},
        ),
        Index(
            "ix_claims_number_trigram",
            "claim_number",
            postgresql_using="gin",
            postgresql_ops={"claim_number": "gin_trgm_ops"},
        ),
    )

    id: Mapped[Key]
    claim_number: Mapped[str] = mapped_column(
        String(30),
        unique=True,
        server_default=text("'CL-' || to_char(nextval('claim_number_seq'), 'FM999999999000000')"),
    )
    policy_id: Mapped[int] = reference("policies.id")
    customer_id: Mapped[int] = reference("customers.id")
    # The policy's agent and territory at the time of the report, for row scope and reports.
    agent_id: Mapped[int | None] = reference("users.id", nullable=True, index=False)
    territory_id: Mapped[int | None] = reference("territories.id", nullable=True, index=False)
    claimant_name: Mapped[str | None] = mapped_column(String(100))
    claimant_relation: Mapped[str | None] = mapped_column(String(50))
    loss_date: Mapped[date]
    reported_date: Mapped[date]
    loss_type: Mapped[LossType] = mapped_column(pg_enum(LossType, "loss_type"))
    loss_place: Mapped[str | None] = mapped_column(String(255))
    description: Mapped[str | None] = mapped_column(Text)
    estimated_amount: Mapped[Decimal] = mapped_column(Numeric(12, 2), server_default="0")
    assessed_amount: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    approved_amount: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    paid_amount: Mapped[Decimal] = mapped_column(Numeric(12, 2), server_default="0")
    reserve_amount: Mapped[Decimal] = mapped_column(Numeric(12, 2), server_default="0")
    status: Mapped[ClaimStatus] = mapped_column(
        pg_enum(ClaimStatus, "claim_status"), server_default="submitted"
    )
    status_changed_at: Mapped[CreatedAt]
    documents_complete_on: Mapped[date | None]
    decided_on: Mapped[date | None]
    settled_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    assigned_to: Mapped[int | None] = reference("users.id", nullable=True)
    assessed_by: Mapped[int | None] = reference("users.id", nullable=True)
    approved_by: Mapped[int | None] = reference("users.id", nullable=True)
    created_by: Mapped[int | None] = reference("users.id", nullable=True)
    # Above every single limit two approvers are needed; this is the first.
    first_approved_by: Mapped[int | None] = reference("users.id", nullable=True)
    approval_passed_to: Mapped[int | None] = reference("users.id", nullable=True)
    # The business day by which it should be decided.
    target_on: Mapped[date | None] = mapped_column(index=True)
    rejection_code: Mapped[str | None] = mapped_column(String(30))
    rejection_letter: Mapped[str | None] = mapped_column(Text)
    fraud_points: Mapped[int] = mapped_column(server_default="0")
    is_fraud_suspected: Mapped[bool] = mapped_column(server_default="false", default=False)
    notes: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]


class ClaimEvent(Base):
    """One row per thing that happened on a claim: notes, reserve changes, payments, decisions."""

    __tablename__ = "claim_events"

    id: Mapped[Key]
    claim_id: Mapped[int] = reference("claims.id")
    event_type: Mapped[str] = mapped_column(String(40))
    at: Mapped[CreatedAt]
    actor_id: Mapped[int | None] = reference("users.id", nullable=True)
    amount: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    note: Mapped[str | None] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")


class ClaimDocument(Withdrawable, Base):
    """One row per file of a claim."""

    __tablename__ = "claim_documents"
    __table_args__ = (withdrawal_is_whole(),)

    id: Mapped[Key]
    claim_id: Mapped[int] = reference("claims.id")
    document_type: Mapped[str] = mapped_column(String(40))
    document_name: Mapped[str] = mapped_column(String(100))
    file_path: Mapped[str] = mapped_column(String(255))
    upload_date: Mapped[CreatedAt]
    uploaded_by: Mapped[int] = reference("users.id")
    verified: Mapped[bool] = mapped_column(server_default="false", default=False)
    verified_by: Mapped[int | None] = reference("users.id", nullable=True)
    verified_at: Mapped[datetime | None]
    notes: Mapped[str | None] = mapped_column(String(255))
    content_type: Mapped[str | None] = mapped_column(String(100))
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(String(64))
    updated_at: Mapped[UpdatedAt]


class ClaimFlag(Base):
    """One row per rule that fired on a claim: cover checks, and fraud rules with their points."""

    __tablename__ = "claim_flags"
    __table_args__ = (Index("uq_claim_flags_claim_id_code", "claim_id", "code", unique=True),)

    id: Mapped[Key]
    claim_id: Mapped[int] = reference("claims.id", index=False)
    kind: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(40))
    points: Mapped[int] = mapped_column(server_default="0")
    explanation: Mapped[str] = mapped_column(Text)
    created_at: Mapped[CreatedAt]


class ClaimPayment(Base):
    """One row per payment on a claim; never changed."""

    __tablename__ = "claim_payments"
    __table_args__ = (CheckConstraint("amount > 0", name="amount_is_positive"),)

    id: Mapped[Key]
    claim_id: Mapped[int] = reference("claims.id")
    amount: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    paid_on: Mapped[date]
    payee: Mapped[str] = mapped_column(String(100))
    payment_reference: Mapped[str] = mapped_column(String(60), unique=True)
    paid_by: Mapped[int] = reference("users.id")
    created_at: Mapped[CreatedAt]


class ClaimTask(Base):
    """One row per thing to do on a claim."""

    __tablename__ = "claim_tasks"
    __table_args__ = (
        Index("ix_claim_tasks_open_assigned_to", "assigned_to", postgresql_where=text("done_at is null")),
        Index("ix_claim_tasks_open_claim_id", "claim_id", postgresql_where=text("done_at is null")),
    )

    id: Mapped[Key]
    claim_id: Mapped[int] = reference("claims.id")
    title: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date | None]
    assigned_to: Mapped[int | None] = reference("users.id", nullable=True)
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None] = reference("users.id", nullable=True)
    created_by: Mapped[int | None] = reference("users.id", nullable=True)
    created_at: Mapped[CreatedAt]


class ClaimAuthority(Versioned, Base):
    """One row per role and line: up to which cumulative amount it may approve a claim alone."""

    __tablename__ = "claim_authorities"
    __table_args__ = (Index("uq_claim_authorities_role_line", "role", "line", unique=True),)

    id: Mapped[Key]
    role: Mapped[Role] = mapped_column(pg_enum(Role, "user_role"))
    line: Mapped[Line] = mapped_column(pg_enum(Line, "line_of_business"))
    max_amount: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
