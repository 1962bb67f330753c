"""People who hold or may hold a policy."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Computed, Index, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
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


class KycStatus(StrEnum):
    """State of the identity check (domain.md sections 1 and 7)."""

    NOT_STARTED = "not_started"
    PENDING = "pending"
    VERIFIED = "verified"
    REJECTED = "rejected"
    EXPIRED = "expired"


class RiskBand(StrEnum):
    """Band of a risk score."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Customer(Versioned, Base):
    """One row per person who holds or may hold a policy."""

    __tablename__ = "customers"
    __table_args__ = (
        Index("ix_customers_agent_id_created_at", "agent_id", "created_at"),
        Index("ix_customers_last_name_first_name", "last_name", "first_name"),
        Index("ix_customers_lower_email", text("lower(email)")),
        Index("ix_customers_created_at", "created_at"),
        # Search: prefixes of codes, names, addresses and digits; parts and typos by trigrams.
        Index(
            "ix_customers_code_prefix",
            "customer_code",
            postgresql_ops={"customer_code": "varchar_pattern_ops"},
        ),
        Index(
            "ix_customers_name_prefix", "search_name", postgresql_ops={"search_name": "text_pattern_ops"}
        ),
        # Who has exactly a last name comes newest first.
        Index(
            "ix_customers_last_name_prefix",
            "search_last_name",
            text("id DESC"),
            postgresql_ops={"search_last_name": "text_pattern_ops"},
        ),
        Index(
            "ix_customers_email_prefix", "email_lower", postgresql_ops={"email_lower": "text_pattern_ops"}
        ),
        Index(
            "ix_customers_digits_prefix",
            "phone_digits",
            postgresql_ops={"phone_digits": "varchar_pattern_ops"},
        ),
        Index(
            "ix_customers_digits_suffix",
            "phone_reversed",
            postgresql_ops={"phone_reversed": "varchar_pattern_ops"},
        ),
        Index(
            "ix_customers_name_trigram",
            "search_name",
            postgresql_using="gin",
            postgresql_ops={"search_name": "gin_trgm_ops"},
        ),
        Index(
            "ix_customers_email_trigram",
            "email_local",
            postgresql_using="gin",
            postgresql_ops={"email_local": "gin_trgm_ops"},
        ),
        Index(
            "ix_customers_digits_trigram",
            "phone_digits",
            postgresql_using="gin",
            postgresql_ops={"phone_digits": "gin_trgm_ops"},
        ),
        Index(
            "ix_customers_code_trigram",
            "customer_code",
            postgresql_using="gin",
            postgresql_ops={"customer_code": "gin_trgm_ops"},
        ),
        Index(
            "ix_customers_second_digits_trigram",
            "second_digits",
            postgresql_using="gin",
            postgresql_ops={"second_digits": "gin_trgm_ops"},
        ),
    )

    id: Mapped[Key]
    customer_code: Mapped[str] = mapped_column(
        String(20),
        unique=True,
        server_default=text("'C-' || to_char(nextval('customer_code_seq'), 'FM999999999000000')"),
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
    kyc_status: Mapped[KycStatus] = mapped_column(
        pg_enum(KycStatus, "kyc_status"), server_default="not_started"
    )
    status_changed_at: Mapped[CreatedAt]
    kyc_review_on: Mapped[date | None]
    is_pep: Mapped[bool] = mapped_column(server_default="false", default=False)
    risk_score: Mapped[int | None]
    risk_band: Mapped[RiskBand | None] = mapped_column(pg_enum(RiskBand, "risk_band"))
    risk_reasons: Mapped[list[Any] | None] = mapped_column(JSONB)
    # The record that this one was merged into; its code stays searchable.
    merged_into_id: Mapped[int | None] = reference("customers.id", nullable=True)
    archived_at: Mapped[datetime | None]
    # What search looks at; kept by the database (plain_text is made by the migrations).
    search_name: Mapped[str] = mapped_column(
        Text, Computed("plain_text(first_name || ' ' || last_name)", persisted=True)
    )
    search_last_name: Mapped[str] = mapped_column(Text, Computed("plain_text(last_name)", persisted=True))
    email_lower: Mapped[str | None] = mapped_column(Text, Computed("lower(email)", persisted=True))
    email_local: Mapped[str | None] = mapped_column(
        Text, Computed("split_part(lower(email), '@', 1)", persisted=True)
    )
    phone_digits: Mapped[str | None] = mapped_column(
        String(10),
        Computed("right(regexp_replace(phone_primary, '[^0-9]', '', 'g'), 10)", persisted=True),
    )
    phone_reversed: Mapped[str | None] = mapped_column(
        String(10),
        Computed("reverse(right(regexp_replace(phone_primary, '[^0-9]', '', 'g'), 10))", persisted=True),
    )
    second_digits: Mapped[str | None] = mapped_column(
        String(10),
        Computed("right(regexp_replace(phone_secondary, '[^0-9]', '', 'g'), 10)", persisted=True),
    )
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
