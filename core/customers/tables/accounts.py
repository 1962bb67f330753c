"""Company customers, and the people who act for them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, Numeric, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, CreatedAt, Key, UpdatedAt, Versioned, pg_enum, reference


class AccountRole(StrEnum):
    """What somebody is to a company: whom to ask about what."""

    DECISION_MAKER = "decision_maker"
    CONTACT = "contact"
    SIGNATORY = "signatory"
    BILLING = "billing"
    STAFF_OFFICE = "staff_office"
    OWNER = "owner"
    OTHER = "other"


class Account(Versioned, Base):
    """One row per company customer."""

    __tablename__ = "accounts"

    id: Mapped[Key]
    account_code: Mapped[str] = mapped_column(
        String(20),
        unique=True,
        server_default=text("'A-' || to_char(nextval('account_code_seq'), 'FM999999999000000')"),
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


class AccountPerson(Versioned, Base):
    """One row per person who acts for an account: a customer, or somebody known by name alone.

    Who merely works there is said by the customer's own account.
    """

    __tablename__ = "account_people"
    __table_args__ = (
        CheckConstraint("num_nonnulls(customer_id, name) = 1", name="customer_or_name"),
        Index("ix_account_people_account_id_role", "account_id", "role"),
    )

    id: Mapped[Key]
    account_id: Mapped[int] = reference("accounts.id", index=False)
    customer_id: Mapped[int | None] = reference("customers.id", nullable=True)
    name: Mapped[str | None] = mapped_column(String(100))
    role: Mapped[AccountRole] = mapped_column(pg_enum(AccountRole, "account_role"))
    email: Mapped[str | None] = mapped_column(String(100))
    phone: Mapped[str | None] = mapped_column(String(20))
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
