"""Daily summaries that the refresh writes back, by the same definitions as the KPI pages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import Date, Index, Numeric, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, CreatedAt, Key, reference


class AgentPerformanceMetric(Base):
    """One row per agent and day on which anything happened."""

    __tablename__ = "agent_performance_metrics"
    __table_args__ = (
        Index("uq_agent_performance_metrics_agent_day", "agent_id", "metric_date", unique=True),
        Index("ix_agent_performance_metrics_metric_date", "metric_date"),
    )

    id: Mapped[Key]
    agent_id: Mapped[int] = reference("users.id", index=False)
    metric_date: Mapped[date]
    leads_assigned: Mapped[int] = mapped_column(server_default="0")
    leads_contacted: Mapped[int] = mapped_column(server_default="0")
    appointments_scheduled: Mapped[int] = mapped_column(server_default="0")
    appointments_completed: Mapped[int] = mapped_column(server_default="0")
    proposals_sent: Mapped[int] = mapped_column(server_default="0")
    policies_sold: Mapped[int] = mapped_column(server_default="0")
    premium_collected: Mapped[Decimal] = mapped_column(Numeric(12, 2), server_default="0")
    commission_earned: Mapped[Decimal] = mapped_column(Numeric(10, 2), server_default="0")
    calls_made: Mapped[int] = mapped_column(server_default="0")
    emails_sent: Mapped[int] = mapped_column(server_default="0")
    conversion_rate: Mapped[Decimal] = mapped_column(Numeric(5, 2), server_default="0")
    created_at: Mapped[CreatedAt]


class DailySalesSummary(Base):
    """One row per day, agent, territory and product (docs/decisions: the grain)."""

    __tablename__ = "daily_sales_summary"
    __table_args__ = (
        # PostgreSQL 14 has no NULLS NOT DISTINCT; overall rows have no agent.
        Index(
            "uq_daily_sales_summary_grain",
            "date",
            text("coalesce(agent_id, 0)"),
            text("coalesce(territory_id, 0)"),
            text("coalesce(product_id, 0)"),
            unique=True,
        ),
    )

    id: Mapped[Key]
    date: Mapped[date] = mapped_column(Date)
    agent_id: Mapped[int | None] = reference("users.id", nullable=True)
    territory_id: Mapped[int | None] = reference("territories.id", nullable=True)
    product_id: Mapped[int | None] = reference("products.id", nullable=True)
    policies_sold: Mapped[int] = mapped_column(server_default="0")
    total_premium: Mapped[Decimal] = mapped_column(Numeric(12, 2), server_default="0")
    total_sum_assured: Mapped[Decimal] = mapped_column(Numeric(15, 2), server_default="0")
