"""Lead sources, lost reasons, leads, opportunities, follow-ups and appointments."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, Computed, Index, Numeric, String, Text, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, CreatedAt, Key, UpdatedAt, Versioned, pg_enum, reference


class SourceType(StrEnum):
    """Channel family of a lead source."""

    ONLINE = "online"
    REFERRAL = "referral"
    EVENT = "event"
    PARTNER = "partner"
    DIRECT = "direct"
    OTHER = "other"


class LostCategory(StrEnum):
    """Family of a lost reason."""

    PRICE = "price"
    PRODUCT_FIT = "product_fit"
    COMPETITION = "competition"
    TIMING = "timing"
    SERVICE = "service"
    OTHER = "other"


class LeadStatus(StrEnum):
    """Stage of a lead."""

    NEW = "new"
    CONTACTED = "contacted"
    QUALIFIED = "qualified"
    PROPOSAL = "proposal"
    WON = "won"
    LOST = "lost"


class Priority(StrEnum):
    """How urgent a lead is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class OpportunityStage(StrEnum):
    """Stage of an opportunity."""

    PROSPECTING = "prospecting"
    QUALIFICATION = "qualification"
    PROPOSAL = "proposal"
    NEGOTIATION = "negotiation"
    CLOSED_WON = "closed_won"
    CLOSED_LOST = "closed_lost"


class FollowupType(StrEnum):
    """Medium of a follow-up."""

    CALL = "call"
    EMAIL = "email"
    MEETING = "meeting"
    MESSAGE = "message"
    OTHER = "other"


class Direction(StrEnum):
    """Who started the communication."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class FollowupStatus(StrEnum):
    """State of a follow-up."""

    PLANNED = "planned"
    COMPLETED = "completed"
    MISSED = "missed"
    CANCELLED = "cancelled"


class AppointmentType(StrEnum):
    """Purpose of an appointment."""

    INITIAL_MEETING = "initial_meeting"
    DEMO = "demo"
    PROPOSAL = "proposal"
    CLOSING = "closing"
    SERVICE = "service"


class AppointmentMode(StrEnum):
    """Medium of an appointment."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    VIDEO = "video"
    ONLINE = "online"


class AppointmentStatus(StrEnum):
    """State of an appointment."""

    SCHEDULED = "scheduled"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    RESCHEDULED = "rescheduled"
    NO_SHOW = "no_show"


class LeadSource(Versioned, Base):
    """One row per origin of leads; cost in US dollars per lead."""

    __tablename__ = "lead_sources"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(100), unique=True)
    type: Mapped[SourceType] = mapped_column(pg_enum(SourceType, "lead_source_type"))
    description: Mapped[str | None] = mapped_column(Text)
    cost_per_lead: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))
    is_active: Mapped[bool] = mapped_column(server_default="true", default=True)
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]


class LostReason(Versioned, Base):
    """One row per reason for which a lead is lost or a policy cancelled."""

    __tablename__ = "lost_reasons"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(100), unique=True)
    description: Mapped[str | None] = mapped_column(Text)
    category: Mapped[LostCategory] = mapped_column(pg_enum(LostCategory, "lost_reason_category"))
    is_active: Mapped[bool] = mapped_column(server_default="true", default=True)
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]


class Lead(Versioned, Base):
    """One row per prospective sale to a person or company."""

    __tablename__ = "leads"
    __table_args__ = (
        CheckConstraint("expected_premium >= 0", name="expected_premium_not_negative"),
        CheckConstraint("(status = 'lost') = (lost_reason_id is not null)", name="lost_has_reason"),
        CheckConstraint("(status in ('won', 'lost')) = (closed_at is not null)", name="closed_has_time"),
        # The board: open leads of some owners by stage; closed ones by when they closed.
        Index(
            "ix_leads_status_assigned_to_status_changed_at", "status", "assigned_to", "status_changed_at"
        ),
        Index(
            "ix_leads_status_territory_id_status_changed_at", "status", "territory_id", "status_changed_at"
        ),
        Index("ix_leads_status_status_changed_at", "status", "status_changed_at"),
        Index("ix_leads_assigned_to_created_at", "assigned_to", "created_at"),
        Index("ix_leads_created_at", "created_at"),
        Index("ix_leads_closed_at", "closed_at"),
        Index("ix_leads_lower_email", text("lower(email)")),
        Index("ix_leads_phone_digits", "phone_digits"),
        Index("ix_leads_date_of_birth", "date_of_birth"),
        Index(
            "ix_leads_search_text_trigram",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
        ),
        Index(
            "ix_leads_code_trigram",
            "lead_code",
            postgresql_using="gin",
            postgresql_ops={"lead_code": "gin_trgm_ops"},
        ),
        # Search by names, as for customers: whole ones, last names newest first, and typos by trigrams.
        Index("ix_leads_name_prefix", "search_name", postgresql_ops={"search_name": "text_pattern_ops"}),
        Index(
            "ix_leads_last_name_prefix",
            "search_last_name",
            text("id DESC"),
            postgresql_ops={"search_last_name": "text_pattern_ops"},
        ),
        Index(
            "ix_leads_name_trigram",
            "search_name",
            postgresql_using="gin",
            postgresql_ops={"search_name": "gin_trgm_ops"},
        ),
    )

    id: Mapped[Key]
    lead_code: Mapped[str] = mapped_column(
        String(20),
        unique=True,
        server_default=text("'L-' || to_char(nextval('lead_code_seq'), 'FM999999999000000')"),
    )
    customer_id: Mapped[int | None] = reference("customers.id", nullable=True)
    account_id: Mapped[int | None] = reference("accounts.id", nullable=True)
    first_name: Mapped[str] = mapped_column(String(50))
    last_name: Mapped[str] = mapped_column(String(50))
    company_name: Mapped[str | None] = mapped_column(String(100))
    email: Mapped[str | None] = mapped_column(String(100))
    phone: Mapped[str | None] = mapped_column(String(20))
    # The last ten digits of the phone, for matching in any format; kept by the database.
    phone_digits: Mapped[str | None] = mapped_column(
        String(10),
        Computed("right(regexp_replace(phone, '[^0-9]', '', 'g'), 10)", persisted=True),
    )
    # What the search for a person looks at; kept by the database (plain_text is made by the migrations).
    search_name: Mapped[str] = mapped_column(
        Text, Computed("plain_text(first_name || ' ' || last_name)", persisted=True)
    )
    search_last_name: Mapped[str] = mapped_column(Text, Computed("plain_text(last_name)", persisted=True))
    # What a board's text filter looks at.
    search_text: Mapped[str | None] = mapped_column(
        Text,
        Computed(
            "plain_text(first_name || ' ' || last_name || ' ' || coalesce(company_name, '')"
            " || ' ' || coalesce(email, ''))",
            persisted=True,
        ),
    )
    date_of_birth: Mapped[date | None]
    state: Mapped[str | None] = mapped_column(String(50))
    contact_consent: Mapped[bool] = mapped_column(server_default="false", default=False)
    contact_consent_at: Mapped[datetime | None]
    source_id: Mapped[int] = reference("lead_sources.id")
    product_interest: Mapped[int | None] = reference("products.id", nullable=True)
    expected_premium: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    expected_sum_assured: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    status: Mapped[LeadStatus] = mapped_column(pg_enum(LeadStatus, "lead_status"), server_default="new")
    status_changed_at: Mapped[CreatedAt]
    furthest_status: Mapped[LeadStatus] = mapped_column(
        pg_enum(LeadStatus, "lead_status"), server_default="new"
    )
    reopen_count: Mapped[int] = mapped_column(server_default="0")
    closed_at: Mapped[datetime | None]
    priority: Mapped[Priority] = mapped_column(pg_enum(Priority, "priority"), server_default="medium")
    assigned_to: Mapped[int | None] = reference("users.id", nullable=True, index=False)
    territory_id: Mapped[int | None] = reference("territories.id", nullable=True)
    lost_reason_id: Mapped[int | None] = reference("lost_reasons.id", nullable=True)
    lost_note: Mapped[str | None] = mapped_column(Text)
    next_followup: Mapped[datetime | None]
    notes: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[int | None] = reference("users.id", nullable=True)
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]


class Opportunity(Versioned, Base):
    """One row per named deal with a lead, an account or a customer."""

    __tablename__ = "opportunities"
    __table_args__ = (
        CheckConstraint("estimated_value >= 0", name="estimated_value_not_negative"),
        CheckConstraint(
            "(stage in ('closed_won', 'closed_lost')) = (closed_on is not null)",
            name="closed_has_date",
        ),
        Index(
            "ix_opportunities_stage_assigned_to_status_changed_at",
            "stage",
            "assigned_to",
            "status_changed_at",
        ),
        Index(
            "ix_opportunities_stage_territory_id_status_changed_at",
            "stage",
            "territory_id",
            "status_changed_at",
        ),
        Index("ix_opportunities_stage_status_changed_at", "stage", "status_changed_at"),
        Index("ix_opportunities_assigned_to_created_at", "assigned_to", "created_at"),
        Index("ix_opportunities_closed_on", "closed_on"),
        Index(
            "ix_opportunities_code_trigram",
            "opportunity_code",
            postgresql_using="gin",
            postgresql_ops={"opportunity_code": "gin_trgm_ops"},
        ),
    )

    id: Mapped[Key]
    opportunity_code: Mapped[str] = mapped_column(
        String(20),
        unique=True,
        server_default=text("'O-' || to_char(nextval('opportunity_code_seq'), 'FM999999999000000')"),
    )
    name: Mapped[str] = mapped_column(String(120))
    lead_id: Mapped[int | None] = reference("leads.id", nullable=True)
    account_id: Mapped[int | None] = reference("accounts.id", nullable=True)
    customer_id: Mapped[int | None] = reference("customers.id", nullable=True)
    product_id: Mapped[int | None] = reference("products.id", nullable=True)
    source_id: Mapped[int | None] = reference("lead_sources.id", nullable=True)
    stage: Mapped[OpportunityStage] = mapped_column(
        pg_enum(OpportunityStage, "opportunity_stage"), server_default="prospecting"
    )
    status_changed_at: Mapped[CreatedAt]
    furthest_stage: Mapped[OpportunityStage] = mapped_column(
        pg_enum(OpportunityStage, "opportunity_stage"), server_default="prospecting"
    )
    # What is expected while it is open; what was agreed once it is won.
    estimated_value: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    won_value: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    expected_close_date: Mapped[date | None] = mapped_column(index=True)
    # When the selling began: the engage date; null until somebody has engaged.
    opened_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    priority: Mapped[Priority] = mapped_column(pg_enum(Priority, "priority"), server_default="medium")
    assigned_to: Mapped[int | None] = reference("users.id", nullable=True, index=False)
    territory_id: Mapped[int | None] = reference("territories.id", nullable=True)
    lost_reason_id: Mapped[int | None] = reference("lost_reasons.id", nullable=True)
    lost_note: Mapped[str | None] = mapped_column(Text)
    reopen_count: Mapped[int] = mapped_column(server_default="0")
    notes: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[int | None] = reference("users.id", nullable=True)
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]


class Followup(Versioned, Base):
    """One row per planned or done contact with a lead or customer."""

    __tablename__ = "followups"
    __table_args__ = (
        CheckConstraint("num_nonnulls(lead_id, customer_id, opportunity_id) > 0", name="about_somebody"),
        CheckConstraint("(status = 'completed') = (completed_at is not null)", name="done_has_time"),
        Index("ix_followups_agent_id_status_scheduled_at", "agent_id", "status", "scheduled_at"),
        Index("ix_followups_status_scheduled_at", "status", "scheduled_at"),
        Index("ix_followups_completed_at", "completed_at"),
    )

    id: Mapped[Key]
    lead_id: Mapped[int | None] = reference("leads.id", nullable=True)
    customer_id: Mapped[int | None] = reference("customers.id", nullable=True)
    opportunity_id: Mapped[int | None] = reference("opportunities.id", nullable=True)
    agent_id: Mapped[int] = reference("users.id", index=False)
    type: Mapped[FollowupType] = mapped_column(pg_enum(FollowupType, "followup_type"))
    direction: Mapped[Direction] = mapped_column(pg_enum(Direction, "direction"))
    status: Mapped[FollowupStatus] = mapped_column(pg_enum(FollowupStatus, "followup_status"))
    status_changed_at: Mapped[CreatedAt]
    scheduled_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    duration_minutes: Mapped[int | None]
    notes: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(String(255))
    next_followup_scheduled: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]


class Appointment(Versioned, Base):
    """One row per meeting; two scheduled ones of an agent can't overlap."""

    __tablename__ = "appointments"
    __table_args__ = (
        CheckConstraint("ends_at > scheduled_datetime", name="ends_after_start"),
        CheckConstraint("num_nonnulls(lead_id, customer_id, opportunity_id) > 0", name="about_somebody"),
        ExcludeConstraint(
            ("agent_id", "="),
            (text("tstzrange(scheduled_datetime, ends_at)"), "&&"),
            name="ex_appointments_agent_overlap",
            using="gist",
            where=text("status = 'scheduled'"),
        ),
        Index(
            "ix_appointments_agent_id_status_scheduled_datetime", "agent_id", "status", "scheduled_datetime"
        ),
        Index("ix_appointments_scheduled_datetime", "scheduled_datetime"),
    )

    id: Mapped[Key]
    lead_id: Mapped[int | None] = reference("leads.id", nullable=True)
    customer_id: Mapped[int | None] = reference("customers.id", nullable=True)
    opportunity_id: Mapped[int | None] = reference("opportunities.id", nullable=True)
    agent_id: Mapped[int] = reference("users.id", index=False)
    appointment_type: Mapped[AppointmentType] = mapped_column(pg_enum(AppointmentType, "appointment_type"))
    scheduled_datetime: Mapped[datetime]
    ends_at: Mapped[datetime]
    actual_datetime: Mapped[datetime | None]
    location: Mapped[str | None] = mapped_column(String(255))
    mode: Mapped[AppointmentMode] = mapped_column(pg_enum(AppointmentMode, "appointment_mode"))
    status: Mapped[AppointmentStatus] = mapped_column(
        pg_enum(AppointmentStatus, "appointment_status"), server_default="scheduled"
    )
    status_changed_at: Mapped[CreatedAt]
    rescheduled_from_id: Mapped[int | None] = reference("appointments.id", nullable=True)
    notes: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(String(255))
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
