"""What belongs to a customer: ways to reach them, notes, relations and consents."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import CheckConstraint, Computed, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, CreatedAt, Key, UpdatedAt, pg_enum, reference


class ContactKind(StrEnum):
    """What kind of address a contact is."""

    PHONE = "phone"
    MOBILE = "mobile"
    EMAIL = "email"
    POST = "post"
    OTHER = "other"


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


class Contact(Base):
    """One row per way to reach a customer, beyond those of the customer's own row."""

    __tablename__ = "contacts"
    __table_args__ = (
        Index(
            "ix_contacts_digits_trigram",
            "digits",
            postgresql_using="gin",
            postgresql_ops={"digits": "gin_trgm_ops"},
        ),
        Index(
            "ix_contacts_email_prefix", "email_lower", postgresql_ops={"email_lower": "text_pattern_ops"}
        ),
    )

    id: Mapped[Key]
    customer_id: Mapped[int] = reference("customers.id")
    contact_type: Mapped[ContactKind] = mapped_column(pg_enum(ContactKind, "contact_type"))
    contact_value: Mapped[str] = mapped_column(String(255), index=True)
    is_preferred: Mapped[bool] = mapped_column(server_default="false", default=False)
    is_valid: Mapped[bool] = mapped_column(server_default="true", default=True)
    # What search and the check for duplicates look at; kept by the database.
    digits: Mapped[str | None] = mapped_column(
        String(10),
        Computed(
            "case when contact_type in ('phone', 'mobile')"
            " then right(regexp_replace(contact_value, '[^0-9]', '', 'g'), 10) end",
            persisted=True,
        ),
    )
    email_lower: Mapped[str | None] = mapped_column(
        Text,
        Computed("case when contact_type = 'email' then lower(contact_value) end", persisted=True),
    )
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
