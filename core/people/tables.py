"""Territories, agents with their dated assignments, closing days, and saved views."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Date, Index, Numeric, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, CreatedAt, Key, UpdatedAt, Versioned, pg_enum, reference


class CommissionTier(StrEnum):
    """Level that an agent's commission rate is multiplied by (domain.md section 5)."""

    BRONZE = "bronze"
    SILVER = "silver"
    GOLD = "gold"
    PLATINUM = "platinum"


class AgentStatus(StrEnum):
    """Employment status of an agent."""

    ACTIVE = "active"
    ON_LEAVE = "on_leave"
    TERMINATED = "terminated"
    RESIGNED = "resigned"


class Territory(Versioned, Base):
    """One row per sales territory; a tree by parent_territory_id."""

    __tablename__ = "territories"
    __table_args__ = (CheckConstraint("parent_territory_id <> id", name="not_its_own_parent"),)

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(100))
    code: Mapped[str] = mapped_column(String(20), unique=True)
    description: Mapped[str | None] = mapped_column(Text)
    manager_id: Mapped[int | None] = reference("users.id", nullable=True)
    parent_territory_id: Mapped[int | None] = reference("territories.id", nullable=True)
    is_active: Mapped[bool] = mapped_column(server_default="true", default=True)
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]


class Agent(Versioned, Base):
    """One row per agent profile of a user; territory and manager are those of today."""

    __tablename__ = "agents"

    id: Mapped[Key]
    user_id: Mapped[int] = reference("users.id", index=False, unique=True)
    agent_code: Mapped[str] = mapped_column(String(50), unique=True)
    license_number: Mapped[str | None] = mapped_column(String(100), unique=True)
    qualification: Mapped[str | None] = mapped_column(String(100))
    experience_years: Mapped[int] = mapped_column(server_default="0", default=0)
    territory_id: Mapped[int] = reference("territories.id")
    reporting_manager_id: Mapped[int | None] = reference("users.id", nullable=True)
    commission_tier: Mapped[CommissionTier] = mapped_column(
        pg_enum(CommissionTier, "commission_tier"), server_default="bronze"
    )
    target_monthly: Mapped[Decimal] = mapped_column(Numeric(12, 2), server_default="0")
    rating: Mapped[Decimal] = mapped_column(Numeric(3, 2), server_default="0")
    joined_on: Mapped[date]
    status: Mapped[AgentStatus] = mapped_column(
        pg_enum(AgentStatus, "agent_status"), server_default="active"
    )
    archived_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]


class AgentAssignment(Base):
    """One row per span in which an agent belonged to a territory and a manager; [from, to)."""

    __tablename__ = "agent_assignments"
    __table_args__ = (
        CheckConstraint("valid_to is null or valid_to > valid_from", name="span_is_forward"),
        Index(
            "uq_agent_assignments_open",
            "agent_id",
            unique=True,
            postgresql_where=text("valid_to is null"),
        ),
    )

    id: Mapped[Key]
    agent_id: Mapped[int] = reference("agents.id")
    territory_id: Mapped[int] = reference("territories.id")
    reporting_manager_id: Mapped[int | None] = reference("users.id", nullable=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    # Entered ahead: true until the day has come and the agent's row follows.
    is_planned: Mapped[bool] = mapped_column(server_default="false", default=False)
    # Whether open leads and opportunities, and customers, go to the new territory with the agent.
    takes_leads: Mapped[bool] = mapped_column(server_default="false", default=False)
    takes_customers: Mapped[bool] = mapped_column(server_default="false", default=False)
    created_at: Mapped[CreatedAt]


class Holiday(Base):
    """One row per day on which the office is closed besides weekends."""

    __tablename__ = "holidays"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    is_federal: Mapped[bool] = mapped_column(server_default="false")
    created_at: Mapped[CreatedAt]


class SavedView(Versioned, Base):
    """One row per named set of filters of a page; shared ones are everybody's."""

    __tablename__ = "saved_views"
    __table_args__ = (Index("uq_saved_views_owner_page_name", "owner_id", "page", "name", unique=True),)

    id: Mapped[Key]
    owner_id: Mapped[int] = reference("users.id", index=False)
    page: Mapped[str] = mapped_column(String(60), index=True)
    name: Mapped[str] = mapped_column(String(60))
    is_shared: Mapped[bool] = mapped_column(server_default="false")
    state: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
