"""Customers, their contacts, and accounts (company customers)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Computed, Index, Numeric, String, Text, text
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


class ContactKind(StrEnum):
    """What kind of address a contact is."""

    PHONE = "phone"
    MOBILE = "mobile"
    EMAIL = "email"
    POST = "post"
    OTHER = "other"


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


class ConsentChannel(StrEnum):
    """By which medium a customer may be reached."""

    EMAIL = "email"
    PHONE = "phone"
    SMS = "sms"
    POST = "post"


class ConsentPurpose(StrEnum):
    """What for."""

    MARKETING = "marketing"
    SERVICE = "service"
    PROFILING = "profiling"


class RelationKind(StrEnum):
    """How two customers belong together."""

    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    SIBLING = "sibling"
    HOUSEHOLD = "household"
    EMPLOYER = "employer"
    OTHER = "other"


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


class CustomerNote(Base):
    """One row per note about a customer."""

    __tablename__ = "customer_notes"

    id: Mapped[Key]
    customer_id: Mapped[int] = reference("customers.id")
    body: Mapped[str] = mapped_column(Text)
    created_by: Mapped[int | None] = reference("users.id", nullable=True)
    created_at: Mapped[CreatedAt]


class CustomerRelation(Base):
    """One row per relation, read as: related_customer is the kind of customer."""

    __tablename__ = "customer_relations"
    __table_args__ = (
        CheckConstraint("customer_id <> related_customer_id", name="two_people"),
        Index(
            "uq_customer_relations_customer_id_related_customer_id",
            "customer_id",
            "related_customer_id",
            unique=True,
        ),
    )

    id: Mapped[Key]
    customer_id: Mapped[int] = reference("customers.id", index=False)
    related_customer_id: Mapped[int] = reference("customers.id")
    kind: Mapped[RelationKind] = mapped_column(pg_enum(RelationKind, "relation_kind"))
    created_at: Mapped[CreatedAt]


class Consent(Base):
    """One row per consent or withdrawal; the newest of a channel and purpose holds.

    A trigger refuses changes and deletes; only a merge, or its undoing, moves a row to the other record.
    """

    __tablename__ = "consents"
    __table_args__ = (
        Index("ix_consents_customer_id_channel_purpose_id", "customer_id", "channel", "purpose", "id"),
    )

    id: Mapped[Key]
    customer_id: Mapped[int] = reference("customers.id", index=False)
    channel: Mapped[ConsentChannel] = mapped_column(pg_enum(ConsentChannel, "consent_channel"))
    purpose: Mapped[ConsentPurpose] = mapped_column(pg_enum(ConsentPurpose, "consent_purpose"))
    is_granted: Mapped[bool]
    text_version: Mapped[str] = mapped_column(String(40))
    at: Mapped[CreatedAt]
    recorded_by: Mapped[int | None] = reference("users.id", nullable=True)


class CustomerMerge(Base):
    """One row per merge: which record went into which, and what was moved, so it can be undone."""

    __tablename__ = "customer_merges"

    id: Mapped[Key]
    kept_id: Mapped[int] = reference("customers.id")
    merged_id: Mapped[int] = reference("customers.id")
    moved: Mapped[dict[str, Any]] = mapped_column(JSONB)
    reason: Mapped[str | None] = mapped_column(Text)
    merged_by: Mapped[int | None] = reference("users.id", nullable=True)
    merged_at: Mapped[CreatedAt]
    undone_by: Mapped[int | None] = reference("users.id", nullable=True)
    undone_at: Mapped[datetime | None]


class NotDuplicate(Base):
    """One row per pair that somebody looked at and found to be two people; lower id first."""

    __tablename__ = "not_duplicates"
    __table_args__ = (
        CheckConstraint("first_id < second_id", name="lower_id_first"),
        Index("uq_not_duplicates_first_id_second_id", "first_id", "second_id", unique=True),
    )

    id: Mapped[Key]
    first_id: Mapped[int] = reference("customers.id", index=False)
    second_id: Mapped[int] = reference("customers.id")
    decided_by: Mapped[int | None] = reference("users.id", nullable=True)
    decided_at: Mapped[CreatedAt]


class DuplicateRun(Base):
    """One row per comparison of all customers with one another: how far it is, and how it ended."""

    __tablename__ = "duplicate_runs"

    id: Mapped[Key]
    started_by: Mapped[int | None] = reference("users.id", nullable=True)
    started_at: Mapped[CreatedAt]
    heartbeat_at: Mapped[CreatedAt]
    finished_at: Mapped[datetime | None]
    progress: Mapped[int] = mapped_column(server_default="0")
    compared: Mapped[int | None]
    found: Mapped[int | None]
    # Why it failed; empty when it did not.
    message: Mapped[str | None] = mapped_column(Text)


class DuplicatePair(Base):
    """One row per pair that the last comparison held for one person; lower id first."""

    __tablename__ = "duplicate_pairs"
    __table_args__ = (
        CheckConstraint("first_id < second_id", name="lower_id_first"),
        Index("ix_duplicate_pairs_run_id_id", "run_id", "id"),
    )

    id: Mapped[Key]
    run_id: Mapped[int] = reference("duplicate_runs.id", index=False)
    first_id: Mapped[int] = reference("customers.id")
    second_id: Mapped[int] = reference("customers.id")
    bits: Mapped[float]
    reasons: Mapped[list[str]] = mapped_column(JSONB)
