"""Commissions that agents earn on policies."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Index, Numeric, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, CreatedAt, Key, UpdatedAt, Versioned, pg_enum, reference


class CommissionType(StrEnum):
    """Why a commission is earned."""

    NEW_BUSINESS = "new_business"
    RENEWAL = "renewal"
    OVERRIDE = "override"
    BONUS = "bonus"


class CommissionStatus(StrEnum):
    """State of a commission."""

    CALCULATED = "calculated"
    APPROVED = "approved"
    PAID = "paid"
    DISPUTED = "disputed"
    ADJUSTED = "adjusted"


class Commission(Versioned, Base):
    """One row per commission amount of an agent on a policy's premium in a period."""

    __tablename__ = "commissions"
    __table_args__ = (Index("ix_commissions_agent_id_period_start", "agent_id", "period_start"),)

    id: Mapped[Key]
    policy_id: Mapped[int] = reference("policies.id")
    agent_id: Mapped[int] = reference("users.id", index=False)
    commission_type: Mapped[CommissionType] = mapped_column(pg_enum(CommissionType, "commission_type"))
    period_start: Mapped[date]
    period_end: Mapped[date]
    premium_amount: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    commission_rate: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    commission_amount: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    status: Mapped[CommissionStatus] = mapped_column(
        pg_enum(CommissionStatus, "commission_status"), server_default="calculated"
    )
    status_changed_at: Mapped[CreatedAt]
    payment_date: Mapped[date | None]
    notes: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
