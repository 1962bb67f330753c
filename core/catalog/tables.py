"""Products and their categories."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, CreatedAt, Key, UpdatedAt, Versioned, pg_enum, reference


class Category(StrEnum):
    """Kind of insurance product."""

    TERM = "term"
    WHOLE_LIFE = "whole_life"
    ENDOWMENT = "endowment"
    ULIP = "ulip"
    HEALTH = "health"
    AUTO = "auto"
    PROPERTY = "property"


class Line(StrEnum):
    """Line of business that categories are grouped into for rules and reports."""

    LIFE = "life"
    HEALTH = "health"
    PROPERTY_CASUALTY = "property_casualty"


class PremiumType(StrEnum):
    """How the premium develops over the term."""

    LEVEL = "level"
    STEPPED = "stepped"
    SINGLE = "single"


class RiderType(StrEnum):
    """Kind of rider."""

    ACCIDENTAL_DEATH = "accidental_death"
    CRITICAL_ILLNESS = "critical_illness"
    WAIVER_OF_PREMIUM = "waiver_of_premium"
    DISABILITY = "disability"


class RiderBasis(StrEnum):
    """What a rider's rate is taken of."""

    PER_MILLE = "per_mille"
    PERCENT_OF_BASE = "percent_of_base"


class RateStatus(StrEnum):
    """State of a version of a rate table; only approved ones price."""

    DRAFT = "draft"
    APPROVED = "approved"
    REJECTED = "rejected"


class ProductCategory(Base):
    """One row per category: its name and line of business."""

    __tablename__ = "product_categories"

    category: Mapped[Category] = mapped_column(pg_enum(Category, "product_category"), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    line: Mapped[Line] = mapped_column(pg_enum(Line, "line_of_business"))
    description: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[CreatedAt]


class Product(Versioned, Base):
    """One row per insurance product with its limits and commission rates (percent)."""

    __tablename__ = "products"
    __table_args__ = (
        CheckConstraint("min_sum_assured <= max_sum_assured", name="sum_assured_limits"),
        CheckConstraint("min_age <= max_age", name="age_limits"),
        CheckConstraint("min_term <= max_term", name="term_limits"),
    )

    id: Mapped[Key]
    product_code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    category: Mapped[Category] = mapped_column(
        pg_enum(Category, "product_category"),
        ForeignKey("product_categories.category", ondelete="RESTRICT"),
        index=True,
    )
    description: Mapped[str | None] = mapped_column(Text)
    min_sum_assured: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    max_sum_assured: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    min_term: Mapped[int | None]
    max_term: Mapped[int | None]
    min_age: Mapped[int]
    max_age: Mapped[int]
    premium_type: Mapped[PremiumType] = mapped_column(
        pg_enum(PremiumType, "premium_type"), server_default="level"
    )
    commission_year1: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    commission_year2: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    commission_renewal: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    is_active: Mapped[bool] = mapped_column(server_default="true", default=True)
    launch_date: Mapped[date | None]
    # The highest age that the insured may reach within the term.
    max_maturity_age: Mapped[int | None]
    # Two-letter states in which the product is not sold.
    unavailable_states: Mapped[list[str]] = mapped_column(ARRAY(String(2)), server_default="{}")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]


class ProductRate(Versioned, Base):
    """One row per version of a product's rate table, valid from a date until the next one."""

    __tablename__ = "product_rates"
    __table_args__ = (
        Index("uq_product_rates_product_id_version_number", "product_id", "version_number", unique=True),
        Index(
            "uq_product_rates_product_id_valid_from_approved",
            "product_id",
            "valid_from",
            unique=True,
            postgresql_where=text("status = 'approved'"),
        ),
        CheckConstraint("approved_by <> entered_by", name="four_eyes"),
    )

    id: Mapped[Key]
    product_id: Mapped[int] = reference("products.id", index=False)
    version_number: Mapped[int]
    valid_from: Mapped[date]
    status: Mapped[RateStatus] = mapped_column(pg_enum(RateStatus, "rate_status"), server_default="draft")
    status_changed_at: Mapped[CreatedAt]
    # In US dollars a year, once per policy.
    policy_fee: Mapped[Decimal] = mapped_column(Numeric(8, 2), server_default="0")
    note: Mapped[str | None] = mapped_column(Text)
    entered_by: Mapped[int | None] = reference("users.id", nullable=True)
    approved_by: Mapped[int | None] = reference("users.id", nullable=True)
    decided_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]


class ProductRateRow(Base):
    """One row per age band of a rate version; ages inclusive, rate per 1,000 of sum assured."""

    __tablename__ = "product_rate_rows"
    __table_args__ = (
        CheckConstraint("age_from <= age_to", name="band_is_forward"),
        CheckConstraint("rate_per_mille >= 0", name="rate_not_negative"),
        Index("uq_product_rate_rows_rate_id_age_from", "rate_id", "age_from", unique=True),
    )

    id: Mapped[Key]
    rate_id: Mapped[int] = reference("product_rates.id", index=False)
    age_from: Mapped[int]
    age_to: Mapped[int]
    rate_per_mille: Mapped[Decimal] = mapped_column(Numeric(10, 4))


class RiderRate(Base):
    """One row per rider that a rate version offers."""

    __tablename__ = "rider_rates"
    __table_args__ = (
        Index("uq_rider_rates_rate_id_rider_type", "rate_id", "rider_type", unique=True),
        CheckConstraint("rate >= 0", name="rate_not_negative"),
    )

    id: Mapped[Key]
    rate_id: Mapped[int] = reference("product_rates.id", index=False)
    rider_type: Mapped[RiderType] = mapped_column(pg_enum(RiderType, "rider_type"))
    name: Mapped[str] = mapped_column(String(100))
    basis: Mapped[RiderBasis] = mapped_column(pg_enum(RiderBasis, "rider_basis"))
    rate: Mapped[Decimal] = mapped_column(Numeric(10, 4))
