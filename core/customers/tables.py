"""Customers, their contacts, and accounts (company customers)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Index, Numeric, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, CreatedAt, Key, UpdatedAt, Versioned, pg_enum, reference


class Gender(StrEnum):
    """Gender as recorded."""

    MALE = "male"
    FEMALE = "female"
    OTHER = "other"


class IncomeRange(StrEnum):
    """Annual income bracket in US dollars."""

    UP_TO_50K = "0-50k"
    UP_TO_100K = "50k-100k"
    UP_TO_250K = "100k-250k"
    OVER_250K = "250k+"


class MaritalStatus(StrEnum):
    """Marital status as recorded."""

    SINGLE = "single"
    MARRIED = "married"
    DIVORCED = "divorced"
    WIDOWED = "widowed"


class ContactKind(StrEnum):
    """What kind of address a contact is."""

    PHONE = "phone"
    MOBILE = "mobile"
    EMAIL = "email"
    POST = "post"
    OTHER = "other"


class Account(Versioned, Base):
    """One row per company customer."""

    __tablename__ = "accounts"

    id: Mapped[Key]
    account_code: Mapped[str] = mapped_column(
        String(20),
        unique=True,
        server_default=text("'A-' || lpad(nextval('account_code_seq')::text, 6, '0')"),
    )
    name: Mapped[str] = mapped_column(String(100), index=True)
    industry: Mapped[str | None] = mapped_column(String(60))
    year_established: Mapped[int | None]
    # In US dollars a year.
    annual_revenue: Mapped[Decimal | None] = mapped_column(Numeric(16, 2))
    employee_count: Mapped[int | None]
    country: Mapped[str | None] = mapped_column(String(50))
    parent_account_id: Mapped[int | None] = reference("accounts.id", nullable=True)
    agent_id: Mapped[int | None] = reference("users.id", nullable=True)
    territory_id: Mapped[int | None] = reference("territories.id", nullable=True)
    email: Mapped[str | None] = mapped_column(String(100))
    phone: Mapped[str | None] = mapped_column(String(20))
    address: Mapped[str | None] = mapped_column(Text)
    notes: Mapped[str | None] = mapped_column(Text)
    archived_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]


class Customer(Versioned, Base):
    """One row per person who holds or may hold a policy."""

    __tablename__ = "customers"
    __table_args__ = (
        Index("ix_customers_agent_id_created_at", "agent_id", "created_at"),
        Index("ix_customers_last_name_first_name", "last_name", "first_name"),
        Index("ix_customers_lower_email", text("lower(email)")),
        Index("ix_customers_created_at", "created_at"),
    )

    id: Mapped[Key]
    customer_code: Mapped[str] = mapped_column(
        String(20),
        unique=True,
        server_default=text("'C-' || lpad(nextval('customer_code_seq')::text, 6, '0')"),
    )
    first_name: Mapped[str] = mapped_column(String(50))
    last_name: Mapped[str] = mapped_column(String(50))
    date_of_birth: Mapped[date] = mapped_column(index=True)
    gender: Mapped[Gender] = mapped_column(pg_enum(Gender, "gender"))
    email: Mapped[str | None] = mapped_column(String(100))
    phone_primary: Mapped[str] = mapped_column(String(20), index=True)
    phone_secondary: Mapped[str | None] = mapped_column(String(20))
    address_line1: Mapped[str] = mapped_column(String(100))
    address_line2: Mapped[str | None] = mapped_column(String(100))
    city: Mapped[str] = mapped_column(String(50))
    state: Mapped[str] = mapped_column(String(50), index=True)
    postal_code: Mapped[str] = mapped_column(String(20))
    country: Mapped[str] = mapped_column(String(50), server_default="USA", default="USA")
    occupation: Mapped[str | None] = mapped_column(String(100))
    income_range: Mapped[IncomeRange | None] = mapped_column(pg_enum(IncomeRange, "income_range"))
    marital_status: Mapped[MaritalStatus | None] = mapped_column(pg_enum(MaritalStatus, "marital_status"))
    has_children: Mapped[bool] = mapped_column(server_default="false", default=False)
    source: Mapped[str | None] = mapped_column(String(50))
    agent_id: Mapped[int | None] = reference("users.id", nullable=True, index=False)
    territory_id: Mapped[int | None] = reference("territories.id", nullable=True)
    account_id: Mapped[int | None] = reference("accounts.id", nullable=True)
    notes: Mapped[str | None] = mapped_column(Text)
    archived_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]


class Contact(Base):
    """One row per way to reach a customer, beyond those of the customer's own row."""

    __tablename__ = "contacts"

    id: Mapped[Key]
    customer_id: Mapped[int] = reference("customers.id")
    contact_type: Mapped[ContactKind] = mapped_column(pg_enum(ContactKind, "contact_type"))
    contact_value: Mapped[str] = mapped_column(String(255), index=True)
    is_preferred: Mapped[bool] = mapped_column(server_default="false", default=False)
    is_valid: Mapped[bool] = mapped_column(server_default="true", default=True)
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
