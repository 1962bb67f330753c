"""Products and their categories."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, CreatedAt, Key, UpdatedAt, Versioned, pg_enum


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
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
