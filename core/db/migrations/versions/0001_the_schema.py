"""The whole schema: types, tables, the triggers that keep them honest, and reference data."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")

ENUMS = {
    "agent_status": ("active", "on_leave", "terminated", "resigned"),
    "appointment_mode": ("in_person", "phone", "video", "online"),
    "appointment_status": ("scheduled", "completed", "cancelled", "rescheduled", "no_show"),
    "appointment_type": ("initial_meeting", "demo", "proposal", "closing", "service"),
    "claim_status": (
        "submitted",
        "documents",
        "investigation",
        "assessed",
        "approved",
        "rejected",
        "settled",
        "closed",
        "reopened",
        "withdrawn",
    ),
    "commission_status": ("calculated", "approved", "paid", "disputed", "adjusted"),
    "commission_tier": ("bronze", "silver", "gold", "platinum"),
    "commission_type": ("new_business", "renewal", "override", "bonus"),
    "contact_type": ("phone", "mobile", "email", "post", "other"),
    "direction": ("inbound", "outbound"),
    "document_type": (
        "id_proof",
        "address_proof",
        "income_proof",
        "application",
        "medical_report",
        "policy_contract",
        "other",
    ),
    "followup_status": ("planned", "completed", "missed", "cancelled"),
    "followup_type": ("call", "email", "meeting", "message", "other"),
    "gender": ("male", "female", "other"),
    "income_range": ("0-50k", "50k-100k", "100k-250k", "250k+"),
    "lead_source_type": ("online", "referral", "event", "partner", "direct", "other"),
    "lead_status": ("new", "contacted", "qualified", "proposal", "won", "lost"),
    "line_of_business": ("life", "health", "property_casualty"),
    "loss_type": (
        "death",
        "critical_illness",
        "disability",
        "hospitalisation",
        "outpatient",
        "collision",
        "comprehensive",
        "bodily_injury",
        "property_damage",
        "theft",
        "fire",
        "water",
        "weather",
        "liability",
        "other",
    ),
    "lost_reason_category": ("price", "product_fit", "competition", "timing", "service", "other"),
    "marital_status": ("single", "married", "divorced", "widowed"),
    "opportunity_stage": (
        "prospecting",
        "qualification",
        "proposal",
        "negotiation",
        "closed_won",
        "closed_lost",
    ),
    "payment_frequency": ("monthly", "quarterly", "semi-annual", "annual"),
    "payment_method": ("credit_card", "bank_transfer", "check", "cash"),
    "policy_end_reason": (
        "free_look",
        "customer",
        "fraud",
        "surrender",
        "expired",
        "renewed",
        "maturity",
        "death",
        "grace_expired",
        "declined",
        "withdrawn",
    ),
    "policy_status": (
        "applied",
        "underwriting",
        "issued",
        "active",
        "lapsed",
        "cancelled",
        "matured",
        "claimed",
    ),
    "premium_type": ("level", "stepped", "single"),
    "priority": ("low", "medium", "high"),
    "product_category": ("term", "whole_life", "endowment", "ulip", "health", "auto", "property"),
    "rider_type": ("accidental_death", "critical_illness", "waiver_of_premium", "disability"),
    "user_role": (
        "agent",
        "manager",
        "admin",
        "support",
        "senior_agent",
        "underwriter",
        "executive",
        "analyst",
        "customer",
    ),
}

CODE_SEQUENCES = (
    "account_code_seq",
    "customer_code_seq",
    "lead_code_seq",
    "opportunity_code_seq",
    "claim_number_seq",
)

WITH_UPDATED_AT = (
    "lead_sources",
    "lost_reasons",
    "users",
    "import_templates",
    "products",
    "saved_views",
    "territories",
    "accounts",
    "agents",
    "customers",
    "contacts",
    "leads",
    "opportunities",
    "policies",
    "appointments",
    "claims",
    "commissions",
    "customer_documents",
    "followups",
    "policy_riders",
    "claim_documents",
)

SET_UPDATED_AT = """
create function set_updated_at() returns trigger language plpgsql as $$
begin
    new.updated_at := greatest(clock_timestamp(), old.updated_at + interval '1 microsecond');
    return new;
end $$
"""

# hash = SHA-256(previous hash, canonical row); the lock makes the order of ids that of commits.
AUDIT_FUNCTIONS = """
create function audit_hash(previous bytea, entry audit_log) returns bytea
language sql stable as $$
    select sha256(
        previous || convert_to(
            jsonb_build_array(
                entry.id, extract(epoch from entry.at), entry.actor_id, entry.actor_role,
                entry.action, entry.entity, entry.entity_id, entry.reference, entry.details
            )::text,
            'UTF8'
        )
    )
$$;
create function audit_chain() returns trigger language plpgsql as $$
declare
    previous bytea;
begin
    perform pg_advisory_xact_lock(7249002);
    select a.hash into previous from audit_log a order by a.id desc limit 1;
    new.id := nextval(pg_get_serial_sequence('audit_log', 'id'));
    new.at := clock_timestamp();
    new.hash := audit_hash(coalesce(previous, ''::bytea), new);
    return new;
end $$;
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% only grows: % is refused', tg_table_name, tg_op;
end $$;
create trigger audit_chain before insert on audit_log
    for each row execute function audit_chain();
create trigger append_only before update or delete on audit_log
    for each row execute function refuse_change();
create trigger append_only_truncate before truncate on audit_log
    for each statement execute function refuse_change();
create trigger append_only before update or delete on status_history
    for each row execute function refuse_change();
create trigger append_only_truncate before truncate on status_history
    for each statement execute function refuse_change();
"""

HISTORY_VIEWS = """
create view lead_status_history as select * from status_history where entity = 'lead';
create view policy_status_history as select * from status_history where entity = 'policy';
"""

PRODUCT_CATEGORIES = """
insert into product_categories (category, name, line) values
    ('term', 'Term life', 'life'),
    ('whole_life', 'Whole life', 'life'),
    ('endowment', 'Endowment', 'life'),
    ('ulip', 'Unit-linked life', 'life'),
    ('health', 'Health', 'health'),
    ('auto', 'Auto', 'property_casualty'),
    ('property', 'Home and property', 'property_casualty')
"""

LEAD_SOURCES = """
insert into lead_sources (name, type, cost_per_lead) values
    ('Referral', 'referral', 0),
    ('Walk-in', 'direct', 0),
    ('Website', 'online', 38),
    ('Shared web leads', 'online', 14),
    ('Aged web leads', 'online', 3),
    ('Partner', 'partner', 25),
    ('Event', 'event', 45),
    ('Import', 'other', null)
"""

LOST_REASONS = """
insert into lost_reasons (name, category) values
    ('Premium too high', 'price'),
    ('Cheaper offer elsewhere', 'competition'),
    ('Stayed with current insurer', 'competition'),
    ('Cover does not fit', 'product_fit'),
    ('Not eligible', 'product_fit'),
    ('Not now', 'timing'),
    ('Could not be reached', 'timing'),
    ('Unhappy with the service', 'service'),
    ('Other', 'other')
"""


def enum(name: str) -> postgresql.ENUM:
    """One of ENUMS, already created."""
    return postgresql.ENUM(*ENUMS[name], name=name, create_type=False)


def upgrade() -> None:
    for extension in EXTENSIONS:
        op.execute(f"create extension if not exists {extension}")
    for name, values in ENUMS.items():
        postgresql.ENUM(*values, name=name).create(op.get_bind())
    for sequence in CODE_SEQUENCES:
        op.execute(f"create sequence {sequence}")
    create_tables()
    op.create_foreign_key(
        "fk_users_customer_id_customers",
        "users",
        "customers",
        ["customer_id"],
        ["id"],
        ondelete="RESTRICT",
    )
    op.execute(SET_UPDATED_AT)
    for table in WITH_UPDATED_AT:
        op.execute(
            f"create trigger set_updated_at before update on {table}"
            " for each row execute function set_updated_at()"
        )
    op.execute(AUDIT_FUNCTIONS)
    op.execute(HISTORY_VIEWS)
    for rows in (PRODUCT_CATEGORIES, LEAD_SOURCES, LOST_REASONS):
        op.execute(rows)


def create_tables() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_role", sa.String(length=30), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("entity", sa.String(length=40), nullable=False),
        sa.Column("entity_id", sa.BigInteger(), nullable=True),
        sa.Column("reference", sa.String(length=40), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_index("ix_audit_log_actor_id_id", "audit_log", ["actor_id", "id"], unique=False)
    op.create_index("ix_audit_log_at", "audit_log", ["at"], unique=False)
    op.create_index(
        "ix_audit_log_entity_entity_id_id", "audit_log", ["entity", "entity_id", "id"], unique=False
    )
    op.create_table(
        "code_counters",
        sa.Column("series", sa.String(length=40), nullable=False),
        sa.Column("last_number", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_code_counters")),
    )
    op.create_table(
        "holidays",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("is_federal", sa.Boolean(), server_default="false", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_holidays")),
    )
    op.create_table(
        "lead_sources",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("type", enum("lead_source_type"), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("cost_per_lead", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_sources")),
        sa.UniqueConstraint("name", name=op.f("uq_lead_sources_name")),
    )
    op.create_table(
        "lost_reasons",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("category", enum("lost_reason_category"), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lost_reasons")),
        sa.UniqueConstraint("name", name=op.f("uq_lost_reasons_name")),
    )
    op.create_table(
        "once_keys",
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("answer", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_once_keys")),
    )
    op.create_table(
        "product_categories",
        sa.Column("category", enum("product_category"), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("line", enum("line_of_business"), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("category", name=op.f("pk_product_categories")),
        sa.UniqueConstraint("name", name=op.f("uq_product_categories_name")),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
    )
    op.create_index("ix_sign_in_attempts_account_at", "sign_in_attempts", ["account", "at"], unique=False)
    op.create_index("ix_sign_in_attempts_address_at", "sign_in_attempts", ["address", "at"], unique=False)
    op.create_table(
        "status_history",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("entity", sa.String(length=40), nullable=False),
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("from_status", sa.String(length=40), nullable=True),
        sa.Column("to_status", sa.String(length=40), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_role", sa.String(length=30), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_history")),
    )
    op.create_index(
        "ix_status_history_entity_entity_id_id",
        "status_history",
        ["entity", "entity_id", "id"],
        unique=False,
    )
    op.create_index(
        "ix_status_history_entity_to_status_at",
        "status_history",
        ["entity", "to_status", "at"],
        unique=False,
    )
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("username", sa.String(length=50), nullable=False),
        sa.Column("email", sa.String(length=100), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("first_name", sa.String(length=50), nullable=False),
        sa.Column("last_name", sa.String(length=50), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("role", enum("user_role"), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("last_login", sa.DateTime(timezone=True), nullable=True),
        sa.Column("must_change_password", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
        sa.UniqueConstraint("username", name=op.f("uq_users_username")),
    )
    op.create_index(op.f("ix_users_customer_id"), "users", ["customer_id"], unique=False)
    op.create_index(op.f("ix_users_role"), "users", ["role"], unique=False)
    op.create_table(
        "agent_performance_metrics",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=False),
        sa.Column("metric_date", sa.Date(), nullable=False),
        sa.Column("leads_assigned", sa.Integer(), server_default="0", nullable=False),
        sa.Column("leads_contacted", sa.Integer(), server_default="0", nullable=False),
        sa.Column("appointments_scheduled", sa.Integer(), server_default="0", nullable=False),
        sa.Column("appointments_completed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("proposals_sent", sa.Integer(), server_default="0", nullable=False),
        sa.Column("policies_sold", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "premium_collected", sa.Numeric(precision=12, scale=2), server_default="0", nullable=False
        ),
        sa.Column(
            "commission_earned", sa.Numeric(precision=10, scale=2), server_default="0", nullable=False
        ),
        sa.Column("calls_made", sa.Integer(), server_default="0", nullable=False),
        sa.Column("emails_sent", sa.Integer(), server_default="0", nullable=False),
        sa.Column("conversion_rate", sa.Numeric(precision=5, scale=2), server_default="0", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["users.id"],
            name=op.f("fk_agent_performance_metrics_agent_id_users"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_performance_metrics")),
    )
    op.create_index(
        "ix_agent_performance_metrics_metric_date",
        "agent_performance_metrics",
        ["metric_date"],
        unique=False,
    )
    op.create_index(
        "uq_agent_performance_metrics_agent_day",
        "agent_performance_metrics",
        ["agent_id", "metric_date"],
        unique=True,
    )
    op.create_table(
        "import_runs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("entity", sa.String(length=40), nullable=False),
        sa.Column("template", sa.String(length=80), nullable=True),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("file_digest", sa.String(length=64), nullable=False),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.String(length=20), server_default="running", nullable=False),
        sa.Column("rows_read", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rows_created", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rows_updated", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rows_unchanged", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rows_failed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("started_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reverted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reverted_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["reverted_by"],
            ["users.id"],
            name=op.f("fk_import_runs_reverted_by_users"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["started_by"], ["users.id"], name=op.f("fk_import_runs_started_by_users"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_runs")),
    )
    op.create_index(op.f("ix_import_runs_reverted_by"), "import_runs", ["reverted_by"], unique=False)
    op.create_index(op.f("ix_import_runs_started_by"), "import_runs", ["started_by"], unique=False)
    op.create_table(
        "import_templates",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("entity", sa.String(length=40), nullable=False),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["users.id"],
            name=op.f("fk_import_templates_created_by_users"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_templates")),
        sa.UniqueConstraint("name", name=op.f("uq_import_templates_name")),
    )
    op.create_index(
        op.f("ix_import_templates_created_by"), "import_templates", ["created_by"], unique=False
    )
    op.create_table(
        "products",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("product_code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("category", enum("product_category"), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("min_sum_assured", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("max_sum_assured", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("min_term", sa.Integer(), nullable=True),
        sa.Column("max_term", sa.Integer(), nullable=True),
        sa.Column("min_age", sa.Integer(), nullable=False),
        sa.Column("max_age", sa.Integer(), nullable=False),
        sa.Column("premium_type", enum("premium_type"), server_default="level", nullable=False),
        sa.Column("commission_year1", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("commission_year2", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("commission_renewal", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("launch_date", sa.Date(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("min_age <= max_age", name=op.f("ck_products_age_limits")),
        sa.CheckConstraint(
            "min_sum_assured <= max_sum_assured", name=op.f("ck_products_sum_assured_limits")
        ),
        sa.CheckConstraint("min_term <= max_term", name=op.f("ck_products_term_limits")),
        sa.ForeignKeyConstraint(
            ["category"],
            ["product_categories.category"],
            name=op.f("fk_products_category_product_categories"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
        sa.UniqueConstraint("product_code", name=op.f("uq_products_product_code")),
    )
    op.create_index(op.f("ix_products_category"), "products", ["category"], unique=False)
    op.create_table(
        "refresh_runs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("state", sa.String(length=20), server_default="running", nullable=False),
        sa.Column("step", sa.String(length=80), server_default="Starting", nullable=False),
        sa.Column("progress", sa.Integer(), server_default="0", nullable=False),
        sa.Column("started_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "heartbeat_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_version", sa.String(length=40), nullable=True),
        sa.Column("rows_copied", sa.BigInteger(), nullable=True),
        sa.Column("checks", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["started_by"], ["users.id"], name=op.f("fk_refresh_runs_started_by_users"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh_runs")),
    )
    op.create_index(op.f("ix_refresh_runs_started_by"), "refresh_runs", ["started_by"], unique=False)
    op.create_index(op.f("ix_refresh_runs_state"), "refresh_runs", ["state"], unique=False)
    op.create_table(
        "saved_views",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("page", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("is_shared", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("state", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("fk_saved_views_owner_id_users"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
    )
    op.create_index(op.f("ix_saved_views_page"), "saved_views", ["page"], unique=False)
    op.create_index(
        "uq_saved_views_owner_page_name", "saved_views", ["owner_id", "page", "name"], unique=True
    )
    op.create_table(
        "territories",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("manager_id", sa.BigInteger(), nullable=True),
        sa.Column("parent_territory_id", sa.BigInteger(), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("parent_territory_id <> id", name=op.f("ck_territories_not_its_own_parent")),
        sa.ForeignKeyConstraint(
            ["manager_id"], ["users.id"], name=op.f("fk_territories_manager_id_users"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["parent_territory_id"],
            ["territories.id"],
            name=op.f("fk_territories_parent_territory_id_territories"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_territories")),
        sa.UniqueConstraint("code", name=op.f("uq_territories_code")),
    )
    op.create_index(op.f("ix_territories_manager_id"), "territories", ["manager_id"], unique=False)
    op.create_index(
        op.f("ix_territories_parent_territory_id"), "territories", ["parent_territory_id"], unique=False
    )
    op.create_table(
        "user_sessions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("claim_hash", sa.String(length=64), nullable=True),
        sa.Column("claim_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "last_seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=40), nullable=True),
        sa.Column("ip_address", postgresql.INET(), nullable=True),
        sa.Column("user_agent", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_user_sessions_user_id_users"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_sessions")),
        sa.UniqueConstraint("claim_hash", name=op.f("uq_user_sessions_claim_hash")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_sessions_token_hash")),
    )
    op.create_index(op.f("ix_user_sessions_user_id"), "user_sessions", ["user_id"], unique=False)
    op.create_table(
        "accounts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "account_code",
            sa.String(length=20),
            server_default=sa.text("'A-' || lpad(nextval('account_code_seq')::text, 6, '0')"),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("industry", sa.String(length=60), nullable=True),
        sa.Column("year_established", sa.Integer(), nullable=True),
        sa.Column("annual_revenue", sa.Numeric(precision=16, scale=2), nullable=True),
        sa.Column("employee_count", sa.Integer(), nullable=True),
        sa.Column("country", sa.String(length=50), nullable=True),
        sa.Column("parent_account_id", sa.BigInteger(), nullable=True),
        sa.Column("agent_id", sa.BigInteger(), nullable=True),
        sa.Column("territory_id", sa.BigInteger(), nullable=True),
        sa.Column("email", sa.String(length=100), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["users.id"], name=op.f("fk_accounts_agent_id_users"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["parent_account_id"],
            ["accounts.id"],
            name=op.f("fk_accounts_parent_account_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["territory_id"],
            ["territories.id"],
            name=op.f("fk_accounts_territory_id_territories"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("account_code", name=op.f("uq_accounts_account_code")),
    )
    op.create_index(op.f("ix_accounts_agent_id"), "accounts", ["agent_id"], unique=False)
    op.create_index(op.f("ix_accounts_name"), "accounts", ["name"], unique=False)
    op.create_index(op.f("ix_accounts_parent_account_id"), "accounts", ["parent_account_id"], unique=False)
    op.create_index(op.f("ix_accounts_territory_id"), "accounts", ["territory_id"], unique=False)
    op.create_table(
        "agents",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("agent_code", sa.String(length=50), nullable=False),
        sa.Column("license_number", sa.String(length=100), nullable=True),
        sa.Column("qualification", sa.String(length=100), nullable=True),
        sa.Column("experience_years", sa.Integer(), server_default="0", nullable=False),
        sa.Column("territory_id", sa.BigInteger(), nullable=False),
        sa.Column("reporting_manager_id", sa.BigInteger(), nullable=True),
        sa.Column("commission_tier", enum("commission_tier"), server_default="bronze", nullable=False),
        sa.Column("target_monthly", sa.Numeric(precision=12, scale=2), server_default="0", nullable=False),
        sa.Column("rating", sa.Numeric(precision=3, scale=2), server_default="0", nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("status", enum("agent_status"), server_default="active", nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["reporting_manager_id"],
            ["users.id"],
            name=op.f("fk_agents_reporting_manager_id_users"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["territory_id"],
            ["territories.id"],
            name=op.f("fk_agents_territory_id_territories"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_agents_user_id_users"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agents")),
        sa.UniqueConstraint("agent_code", name=op.f("uq_agents_agent_code")),
        sa.UniqueConstraint("license_number", name=op.f("uq_agents_license_number")),
        sa.UniqueConstraint("user_id", name=op.f("uq_agents_user_id")),
    )
    op.create_index(
        op.f("ix_agents_reporting_manager_id"), "agents", ["reporting_manager_id"], unique=False
    )
    op.create_index(op.f("ix_agents_territory_id"), "agents", ["territory_id"], unique=False)
    op.create_table(
        "daily_sales_summary",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=True),
        sa.Column("territory_id", sa.BigInteger(), nullable=True),
        sa.Column("product_id", sa.BigInteger(), nullable=True),
        sa.Column("policies_sold", sa.Integer(), server_default="0", nullable=False),
        sa.Column("total_premium", sa.Numeric(precision=12, scale=2), server_default="0", nullable=False),
        sa.Column(
            "total_sum_assured", sa.Numeric(precision=15, scale=2), server_default="0", nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["users.id"],
            name=op.f("fk_daily_sales_summary_agent_id_users"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
            name=op.f("fk_daily_sales_summary_product_id_products"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["territory_id"],
            ["territories.id"],
            name=op.f("fk_daily_sales_summary_territory_id_territories"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daily_sales_summary")),
    )
    op.create_index(
        op.f("ix_daily_sales_summary_agent_id"), "daily_sales_summary", ["agent_id"], unique=False
    )
    op.create_index(
        op.f("ix_daily_sales_summary_product_id"), "daily_sales_summary", ["product_id"], unique=False
    )
    op.create_index(
        op.f("ix_daily_sales_summary_territory_id"), "daily_sales_summary", ["territory_id"], unique=False
    )
    op.create_index(
        "uq_daily_sales_summary_grain",
        "daily_sales_summary",
        [
            "date",
            sa.literal_column("coalesce(agent_id, 0)"),
            sa.literal_column("coalesce(territory_id, 0)"),
            sa.literal_column("coalesce(product_id, 0)"),
        ],
        unique=True,
    )
    op.create_table(
        "import_errors",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("column", sa.String(length=120), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["import_runs.id"],
            name=op.f("fk_import_errors_run_id_import_runs"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_errors")),
    )
    op.create_index(op.f("ix_import_errors_run_id"), "import_errors", ["run_id"], unique=False)
    op.create_table(
        "import_keys",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("entity", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["import_runs.id"],
            name=op.f("fk_import_keys_run_id_import_runs"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_keys")),
    )
    op.create_index("ix_import_keys_entity_entity_id", "import_keys", ["entity", "entity_id"], unique=False)
    op.create_index(op.f("ix_import_keys_run_id"), "import_keys", ["run_id"], unique=False)
    op.create_index(
        "uq_import_keys_entity_source_key", "import_keys", ["entity", "source", "key"], unique=True
    )
    op.create_table(
        "imported_rows",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("entity", sa.String(length=40), nullable=False),
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["import_runs.id"],
            name=op.f("fk_imported_rows_run_id_import_runs"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_rows")),
    )
    op.create_index(
        "ix_imported_rows_entity_entity_id", "imported_rows", ["entity", "entity_id"], unique=False
    )
    op.create_index(op.f("ix_imported_rows_run_id"), "imported_rows", ["run_id"], unique=False)
    op.create_table(
        "agent_assignments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=False),
        sa.Column("territory_id", sa.BigInteger(), nullable=False),
        sa.Column("reporting_manager_id", sa.BigInteger(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint(
            "valid_to is null or valid_to > valid_from", name=op.f("ck_agent_assignments_span_is_forward")
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["agents.id"],
            name=op.f("fk_agent_assignments_agent_id_agents"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["reporting_manager_id"],
            ["users.id"],
            name=op.f("fk_agent_assignments_reporting_manager_id_users"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["territory_id"],
            ["territories.id"],
            name=op.f("fk_agent_assignments_territory_id_territories"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_assignments")),
    )
    op.create_index(op.f("ix_agent_assignments_agent_id"), "agent_assignments", ["agent_id"], unique=False)
    op.create_index(
        op.f("ix_agent_assignments_reporting_manager_id"),
        "agent_assignments",
        ["reporting_manager_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_agent_assignments_territory_id"), "agent_assignments", ["territory_id"], unique=False
    )
    op.create_index(
        "uq_agent_assignments_open",
        "agent_assignments",
        ["agent_id"],
        unique=True,
        postgresql_where=sa.text("valid_to is null"),
    )
    op.create_table(
        "customers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "customer_code",
            sa.String(length=20),
            server_default=sa.text("'C-' || lpad(nextval('customer_code_seq')::text, 6, '0')"),
            nullable=False,
        ),
        sa.Column("first_name", sa.String(length=50), nullable=False),
        sa.Column("last_name", sa.String(length=50), nullable=False),
        sa.Column("date_of_birth", sa.Date(), nullable=False),
        sa.Column("gender", enum("gender"), nullable=False),
        sa.Column("email", sa.String(length=100), nullable=True),
        sa.Column("phone_primary", sa.String(length=20), nullable=False),
        sa.Column("phone_secondary", sa.String(length=20), nullable=True),
        sa.Column("address_line1", sa.String(length=100), nullable=False),
        sa.Column("address_line2", sa.String(length=100), nullable=True),
        sa.Column("city", sa.String(length=50), nullable=False),
        sa.Column("state", sa.String(length=50), nullable=False),
        sa.Column("postal_code", sa.String(length=20), nullable=False),
        sa.Column("country", sa.String(length=50), server_default="USA", nullable=False),
        sa.Column("occupation", sa.String(length=100), nullable=True),
        sa.Column("income_range", enum("income_range"), nullable=True),
        sa.Column("marital_status", enum("marital_status"), nullable=True),
        sa.Column("has_children", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("source", sa.String(length=50), nullable=True),
        sa.Column("agent_id", sa.BigInteger(), nullable=True),
        sa.Column("territory_id", sa.BigInteger(), nullable=True),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_customers_account_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["users.id"], name=op.f("fk_customers_agent_id_users"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["territory_id"],
            ["territories.id"],
            name=op.f("fk_customers_territory_id_territories"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
        sa.UniqueConstraint("customer_code", name=op.f("uq_customers_customer_code")),
    )
    op.create_index(op.f("ix_customers_account_id"), "customers", ["account_id"], unique=False)
    op.create_index(
        "ix_customers_agent_id_created_at", "customers", ["agent_id", "created_at"], unique=False
    )
    op.create_index("ix_customers_created_at", "customers", ["created_at"], unique=False)
    op.create_index(op.f("ix_customers_date_of_birth"), "customers", ["date_of_birth"], unique=False)
    op.create_index(
        "ix_customers_last_name_first_name", "customers", ["last_name", "first_name"], unique=False
    )
    op.create_index(
        "ix_customers_lower_email", "customers", [sa.literal_column("lower(email)")], unique=False
    )
    op.create_index(op.f("ix_customers_phone_primary"), "customers", ["phone_primary"], unique=False)
    op.create_index(op.f("ix_customers_state"), "customers", ["state"], unique=False)
    op.create_index(op.f("ix_customers_territory_id"), "customers", ["territory_id"], unique=False)
    op.create_table(
        "contacts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_type", enum("contact_type"), nullable=False),
        sa.Column("contact_value", sa.String(length=255), nullable=False),
        sa.Column("is_preferred", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("is_valid", sa.Boolean(), server_default="true", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_contacts_customer_id_customers"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    op.create_index(op.f("ix_contacts_contact_value"), "contacts", ["contact_value"], unique=False)
    op.create_index(op.f("ix_contacts_customer_id"), "contacts", ["customer_id"], unique=False)
    op.create_table(
        "leads",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "lead_code",
            sa.String(length=20),
            server_default=sa.text("'L-' || lpad(nextval('lead_code_seq')::text, 6, '0')"),
            nullable=False,
        ),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("first_name", sa.String(length=50), nullable=False),
        sa.Column("last_name", sa.String(length=50), nullable=False),
        sa.Column("company_name", sa.String(length=100), nullable=True),
        sa.Column("email", sa.String(length=100), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column(
            "phone_digits",
            sa.String(length=10),
            sa.Computed("right(regexp_replace(phone, '[^0-9]', '', 'g'), 10)", persisted=True),
            nullable=True,
        ),
        sa.Column("date_of_birth", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=50), nullable=True),
        sa.Column("contact_consent", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("contact_consent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("product_interest", sa.BigInteger(), nullable=True),
        sa.Column("expected_premium", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("expected_sum_assured", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("status", enum("lead_status"), server_default="new", nullable=False),
        sa.Column(
            "status_changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("furthest_status", enum("lead_status"), server_default="new", nullable=False),
        sa.Column("reopen_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("priority", enum("priority"), server_default="medium", nullable=False),
        sa.Column("assigned_to", sa.BigInteger(), nullable=True),
        sa.Column("territory_id", sa.BigInteger(), nullable=True),
        sa.Column("lost_reason_id", sa.BigInteger(), nullable=True),
        sa.Column("lost_note", sa.Text(), nullable=True),
        sa.Column("next_followup", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "(status = 'lost') = (lost_reason_id is not null)", name=op.f("ck_leads_lost_has_reason")
        ),
        sa.CheckConstraint(
            "(status in ('won', 'lost')) = (closed_at is not null)", name=op.f("ck_leads_closed_has_time")
        ),
        sa.CheckConstraint("expected_premium >= 0", name=op.f("ck_leads_expected_premium_not_negative")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_leads_account_id_accounts"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["assigned_to"], ["users.id"], name=op.f("fk_leads_assigned_to_users"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_leads_created_by_users"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_leads_customer_id_customers"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["lost_reason_id"],
            ["lost_reasons.id"],
            name=op.f("fk_leads_lost_reason_id_lost_reasons"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["product_interest"],
            ["products.id"],
            name=op.f("fk_leads_product_interest_products"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["lead_sources.id"],
            name=op.f("fk_leads_source_id_lead_sources"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["territory_id"],
            ["territories.id"],
            name=op.f("fk_leads_territory_id_territories"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leads")),
        sa.UniqueConstraint("lead_code", name=op.f("uq_leads_lead_code")),
    )
    op.create_index(op.f("ix_leads_account_id"), "leads", ["account_id"], unique=False)
    op.create_index("ix_leads_assigned_to_created_at", "leads", ["assigned_to", "created_at"], unique=False)
    op.create_index("ix_leads_closed_at", "leads", ["closed_at"], unique=False)
    op.create_index("ix_leads_created_at", "leads", ["created_at"], unique=False)
    op.create_index(op.f("ix_leads_created_by"), "leads", ["created_by"], unique=False)
    op.create_index(op.f("ix_leads_customer_id"), "leads", ["customer_id"], unique=False)
    op.create_index(op.f("ix_leads_lost_reason_id"), "leads", ["lost_reason_id"], unique=False)
    op.create_index("ix_leads_lower_email", "leads", [sa.literal_column("lower(email)")], unique=False)
    op.create_index("ix_leads_phone_digits", "leads", ["phone_digits"], unique=False)
    op.create_index(op.f("ix_leads_product_interest"), "leads", ["product_interest"], unique=False)
    op.create_index(op.f("ix_leads_source_id"), "leads", ["source_id"], unique=False)
    op.create_index(
        "ix_leads_status_assigned_to_status_changed_at",
        "leads",
        ["status", "assigned_to", "status_changed_at"],
        unique=False,
    )
    op.create_index(
        "ix_leads_status_status_changed_at", "leads", ["status", "status_changed_at"], unique=False
    )
    op.create_index(
        "ix_leads_status_territory_id_status_changed_at",
        "leads",
        ["status", "territory_id", "status_changed_at"],
        unique=False,
    )
    op.create_index(op.f("ix_leads_territory_id"), "leads", ["territory_id"], unique=False)
    op.create_table(
        "opportunities",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "opportunity_code",
            sa.String(length=20),
            server_default=sa.text("'O-' || lpad(nextval('opportunity_code_seq')::text, 6, '0')"),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=True),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("product_id", sa.BigInteger(), nullable=True),
        sa.Column("source_id", sa.BigInteger(), nullable=True),
        sa.Column("stage", enum("opportunity_stage"), server_default="prospecting", nullable=False),
        sa.Column(
            "status_changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "furthest_stage", enum("opportunity_stage"), server_default="prospecting", nullable=False
        ),
        sa.Column("estimated_value", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("won_value", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("expected_close_date", sa.Date(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("priority", enum("priority"), server_default="medium", nullable=False),
        sa.Column("assigned_to", sa.BigInteger(), nullable=True),
        sa.Column("territory_id", sa.BigInteger(), nullable=True),
        sa.Column("lost_reason_id", sa.BigInteger(), nullable=True),
        sa.Column("lost_note", sa.Text(), nullable=True),
        sa.Column("reopen_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "(stage in ('closed_won', 'closed_lost')) = (closed_on is not null)",
            name=op.f("ck_opportunities_closed_has_date"),
        ),
        sa.CheckConstraint(
            "estimated_value >= 0", name=op.f("ck_opportunities_estimated_value_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_opportunities_account_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["assigned_to"],
            ["users.id"],
            name=op.f("fk_opportunities_assigned_to_users"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["users.id"],
            name=op.f("fk_opportunities_created_by_users"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_opportunities_customer_id_customers"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["leads.id"], name=op.f("fk_opportunities_lead_id_leads"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["lost_reason_id"],
            ["lost_reasons.id"],
            name=op.f("fk_opportunities_lost_reason_id_lost_reasons"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
            name=op.f("fk_opportunities_product_id_products"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["lead_sources.id"],
            name=op.f("fk_opportunities_source_id_lead_sources"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["territory_id"],
            ["territories.id"],
            name=op.f("fk_opportunities_territory_id_territories"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opportunities")),
        sa.UniqueConstraint("opportunity_code", name=op.f("uq_opportunities_opportunity_code")),
    )
    op.create_index(op.f("ix_opportunities_account_id"), "opportunities", ["account_id"], unique=False)
    op.create_index(
        "ix_opportunities_assigned_to_created_at",
        "opportunities",
        ["assigned_to", "created_at"],
        unique=False,
    )
    op.create_index("ix_opportunities_closed_on", "opportunities", ["closed_on"], unique=False)
    op.create_index(op.f("ix_opportunities_created_by"), "opportunities", ["created_by"], unique=False)
    op.create_index(op.f("ix_opportunities_customer_id"), "opportunities", ["customer_id"], unique=False)
    op.create_index(
        op.f("ix_opportunities_expected_close_date"), "opportunities", ["expected_close_date"], unique=False
    )
    op.create_index(op.f("ix_opportunities_lead_id"), "opportunities", ["lead_id"], unique=False)
    op.create_index(
        op.f("ix_opportunities_lost_reason_id"), "opportunities", ["lost_reason_id"], unique=False
    )
    op.create_index(op.f("ix_opportunities_product_id"), "opportunities", ["product_id"], unique=False)
    op.create_index(op.f("ix_opportunities_source_id"), "opportunities", ["source_id"], unique=False)
    op.create_index(
        "ix_opportunities_stage_assigned_to_status_changed_at",
        "opportunities",
        ["stage", "assigned_to", "status_changed_at"],
        unique=False,
    )
    op.create_index(
        "ix_opportunities_stage_status_changed_at",
        "opportunities",
        ["stage", "status_changed_at"],
        unique=False,
    )
    op.create_index(
        "ix_opportunities_stage_territory_id_status_changed_at",
        "opportunities",
        ["stage", "territory_id", "status_changed_at"],
        unique=False,
    )
    op.create_index(op.f("ix_opportunities_territory_id"), "opportunities", ["territory_id"], unique=False)
    op.create_table(
        "policies",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("policy_number", sa.String(length=50), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=False),
        sa.Column("territory_id", sa.BigInteger(), nullable=True),
        sa.Column("lead_id", sa.BigInteger(), nullable=True),
        sa.Column("application_date", sa.Date(), nullable=False),
        sa.Column("issue_date", sa.Date(), nullable=True),
        sa.Column("effective_date", sa.Date(), nullable=True),
        sa.Column("expiry_date", sa.Date(), nullable=True),
        sa.Column("sum_assured", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("premium_amount", sa.Numeric(precision=10, scale=2), nullable=False),
        sa.Column("payment_frequency", enum("payment_frequency"), nullable=False),
        sa.Column("payment_method", enum("payment_method"), nullable=False),
        sa.Column("status", enum("policy_status"), server_default="applied", nullable=False),
        sa.Column(
            "status_changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("end_reason", enum("policy_end_reason"), nullable=True),
        sa.Column("beneficiary_name", sa.String(length=100), nullable=True),
        sa.Column("beneficiary_relation", sa.String(length=50), nullable=True),
        sa.Column("riders_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "total_rider_premium", sa.Numeric(precision=10, scale=2), server_default="0.00", nullable=False
        ),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("expiry_date > effective_date", name=op.f("ck_policies_cover_is_forward")),
        sa.CheckConstraint(
            "premium_amount >= 0 and sum_assured >= 0", name=op.f("ck_policies_amounts_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["users.id"], name=op.f("fk_policies_agent_id_users"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_policies_created_by_users"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_policies_customer_id_customers"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["leads.id"], name=op.f("fk_policies_lead_id_leads"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
            name=op.f("fk_policies_product_id_products"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["territory_id"],
            ["territories.id"],
            name=op.f("fk_policies_territory_id_territories"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policies")),
        sa.UniqueConstraint("policy_number", name=op.f("uq_policies_policy_number")),
    )
    op.create_index("ix_policies_agent_id_issue_date", "policies", ["agent_id", "issue_date"], unique=False)
    op.create_index(op.f("ix_policies_created_by"), "policies", ["created_by"], unique=False)
    op.create_index(op.f("ix_policies_customer_id"), "policies", ["customer_id"], unique=False)
    op.create_index("ix_policies_issue_date", "policies", ["issue_date"], unique=False)
    op.create_index(op.f("ix_policies_lead_id"), "policies", ["lead_id"], unique=False)
    op.create_index(
        "ix_policies_product_id_issue_date", "policies", ["product_id", "issue_date"], unique=False
    )
    op.create_index("ix_policies_status_expiry_date", "policies", ["status", "expiry_date"], unique=False)
    op.create_index(
        "ix_policies_territory_id_issue_date", "policies", ["territory_id", "issue_date"], unique=False
    )
    op.create_table(
        "appointments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=True),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("opportunity_id", sa.BigInteger(), nullable=True),
        sa.Column("agent_id", sa.BigInteger(), nullable=False),
        sa.Column("appointment_type", enum("appointment_type"), nullable=False),
        sa.Column("scheduled_datetime", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actual_datetime", sa.DateTime(timezone=True), nullable=True),
        sa.Column("location", sa.String(length=255), nullable=True),
        sa.Column("mode", enum("appointment_mode"), nullable=False),
        sa.Column("status", enum("appointment_status"), server_default="scheduled", nullable=False),
        sa.Column(
            "status_changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("rescheduled_from_id", sa.BigInteger(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(length=255), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("agent_id"), "="),
            (sa.text("tstzrange(scheduled_datetime, ends_at)"), "&&"),
            where=sa.text("status = 'scheduled'"),
            using="gist",
            name="ex_appointments_agent_overlap",
        ),
        sa.CheckConstraint("ends_at > scheduled_datetime", name=op.f("ck_appointments_ends_after_start")),
        sa.CheckConstraint(
            "num_nonnulls(lead_id, customer_id, opportunity_id) > 0",
            name=op.f("ck_appointments_about_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["users.id"], name=op.f("fk_appointments_agent_id_users"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_appointments_customer_id_customers"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["leads.id"], name=op.f("fk_appointments_lead_id_leads"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["opportunity_id"],
            ["opportunities.id"],
            name=op.f("fk_appointments_opportunity_id_opportunities"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["rescheduled_from_id"],
            ["appointments.id"],
            name=op.f("fk_appointments_rescheduled_from_id_appointments"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
    )
    op.create_index(
        "ix_appointments_agent_id_status_scheduled_datetime",
        "appointments",
        ["agent_id", "status", "scheduled_datetime"],
        unique=False,
    )
    op.create_index(op.f("ix_appointments_customer_id"), "appointments", ["customer_id"], unique=False)
    op.create_index(op.f("ix_appointments_lead_id"), "appointments", ["lead_id"], unique=False)
    op.create_index(
        op.f("ix_appointments_opportunity_id"), "appointments", ["opportunity_id"], unique=False
    )
    op.create_index(
        op.f("ix_appointments_rescheduled_from_id"), "appointments", ["rescheduled_from_id"], unique=False
    )
    op.create_index(
        "ix_appointments_scheduled_datetime", "appointments", ["scheduled_datetime"], unique=False
    )
    op.create_table(
        "claims",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "claim_number",
            sa.String(length=30),
            server_default=sa.text("'CL-' || lpad(nextval('claim_number_seq')::text, 6, '0')"),
            nullable=False,
        ),
        sa.Column("policy_id", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=True),
        sa.Column("territory_id", sa.BigInteger(), nullable=True),
        sa.Column("claimant_name", sa.String(length=100), nullable=True),
        sa.Column("claimant_relation", sa.String(length=50), nullable=True),
        sa.Column("loss_date", sa.Date(), nullable=False),
        sa.Column("reported_date", sa.Date(), nullable=False),
        sa.Column("loss_type", enum("loss_type"), nullable=False),
        sa.Column("loss_place", sa.String(length=255), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column(
            "estimated_amount", sa.Numeric(precision=12, scale=2), server_default="0", nullable=False
        ),
        sa.Column("assessed_amount", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("approved_amount", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("paid_amount", sa.Numeric(precision=12, scale=2), server_default="0", nullable=False),
        sa.Column("reserve_amount", sa.Numeric(precision=12, scale=2), server_default="0", nullable=False),
        sa.Column("status", enum("claim_status"), server_default="submitted", nullable=False),
        sa.Column(
            "status_changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("documents_complete_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("assigned_to", sa.BigInteger(), nullable=True),
        sa.Column("assessed_by", sa.BigInteger(), nullable=True),
        sa.Column("approved_by", sa.BigInteger(), nullable=True),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("rejection_code", sa.String(length=30), nullable=True),
        sa.Column("fraud_points", sa.Integer(), server_default="0", nullable=False),
        sa.Column("is_fraud_suspected", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("loss_date <= reported_date", name=op.f("ck_claims_loss_before_report")),
        sa.CheckConstraint(
            "reserve_amount >= 0 and paid_amount >= 0", name=op.f("ck_claims_amounts_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["users.id"], name=op.f("fk_claims_agent_id_users"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["users.id"], name=op.f("fk_claims_approved_by_users"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["assessed_by"], ["users.id"], name=op.f("fk_claims_assessed_by_users"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["assigned_to"], ["users.id"], name=op.f("fk_claims_assigned_to_users"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_claims_created_by_users"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_claims_customer_id_customers"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["policies.id"], name=op.f("fk_claims_policy_id_policies"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["territory_id"],
            ["territories.id"],
            name=op.f("fk_claims_territory_id_territories"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
        sa.UniqueConstraint("claim_number", name=op.f("uq_claims_claim_number")),
    )
    op.create_index(
        "ix_claims_agent_id_reported_date", "claims", ["agent_id", "reported_date"], unique=False
    )
    op.create_index(op.f("ix_claims_approved_by"), "claims", ["approved_by"], unique=False)
    op.create_index(op.f("ix_claims_assessed_by"), "claims", ["assessed_by"], unique=False)
    op.create_index(op.f("ix_claims_assigned_to"), "claims", ["assigned_to"], unique=False)
    op.create_index(op.f("ix_claims_created_by"), "claims", ["created_by"], unique=False)
    op.create_index(op.f("ix_claims_customer_id"), "claims", ["customer_id"], unique=False)
    op.create_index("ix_claims_loss_date", "claims", ["loss_date"], unique=False)
    op.create_index(op.f("ix_claims_policy_id"), "claims", ["policy_id"], unique=False)
    op.create_index("ix_claims_reported_date", "claims", ["reported_date"], unique=False)
    op.create_index("ix_claims_status_assigned_to", "claims", ["status", "assigned_to"], unique=False)
    op.create_index(
        "ix_claims_territory_id_reported_date", "claims", ["territory_id", "reported_date"], unique=False
    )
    op.create_table(
        "commissions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("policy_id", sa.BigInteger(), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=False),
        sa.Column("commission_type", enum("commission_type"), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("premium_amount", sa.Numeric(precision=10, scale=2), nullable=False),
        sa.Column("commission_rate", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("commission_amount", sa.Numeric(precision=10, scale=2), nullable=False),
        sa.Column("status", enum("commission_status"), server_default="calculated", nullable=False),
        sa.Column(
            "status_changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("payment_date", sa.Date(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["users.id"], name=op.f("fk_commissions_agent_id_users"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"],
            ["policies.id"],
            name=op.f("fk_commissions_policy_id_policies"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commissions")),
    )
    op.create_index(
        "ix_commissions_agent_id_period_start", "commissions", ["agent_id", "period_start"], unique=False
    )
    op.create_index(op.f("ix_commissions_policy_id"), "commissions", ["policy_id"], unique=False)
    op.create_table(
        "customer_documents",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("policy_id", sa.BigInteger(), nullable=True),
        sa.Column("document_type", enum("document_type"), nullable=False),
        sa.Column("document_name", sa.String(length=100), nullable=False),
        sa.Column("file_path", sa.String(length=255), nullable=False),
        sa.Column(
            "upload_date", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("uploaded_by", sa.BigInteger(), nullable=False),
        sa.Column("verified", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("verified_by", sa.BigInteger(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notes", sa.String(length=255), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_customer_documents_customer_id_customers"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"],
            ["policies.id"],
            name=op.f("fk_customer_documents_policy_id_policies"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by"],
            ["users.id"],
            name=op.f("fk_customer_documents_uploaded_by_users"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["verified_by"],
            ["users.id"],
            name=op.f("fk_customer_documents_verified_by_users"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_documents")),
    )
    op.create_index(
        op.f("ix_customer_documents_customer_id"), "customer_documents", ["customer_id"], unique=False
    )
    op.create_index(
        op.f("ix_customer_documents_policy_id"), "customer_documents", ["policy_id"], unique=False
    )
    op.create_index(
        op.f("ix_customer_documents_uploaded_by"), "customer_documents", ["uploaded_by"], unique=False
    )
    op.create_index(
        op.f("ix_customer_documents_verified_by"), "customer_documents", ["verified_by"], unique=False
    )
    op.create_table(
        "followups",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=True),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("opportunity_id", sa.BigInteger(), nullable=True),
        sa.Column("agent_id", sa.BigInteger(), nullable=False),
        sa.Column("type", enum("followup_type"), nullable=False),
        sa.Column("direction", enum("direction"), nullable=False),
        sa.Column("status", enum("followup_status"), nullable=False),
        sa.Column(
            "status_changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("duration_minutes", sa.Integer(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(length=255), nullable=True),
        sa.Column("next_followup_scheduled", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "(status = 'completed') = (completed_at is not null)", name=op.f("ck_followups_done_has_time")
        ),
        sa.CheckConstraint(
            "num_nonnulls(lead_id, customer_id, opportunity_id) > 0",
            name=op.f("ck_followups_about_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["users.id"], name=op.f("fk_followups_agent_id_users"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_followups_customer_id_customers"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["leads.id"], name=op.f("fk_followups_lead_id_leads"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["opportunity_id"],
            ["opportunities.id"],
            name=op.f("fk_followups_opportunity_id_opportunities"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_followups")),
    )
    op.create_index(
        "ix_followups_agent_id_status_scheduled_at",
        "followups",
        ["agent_id", "status", "scheduled_at"],
        unique=False,
    )
    op.create_index("ix_followups_completed_at", "followups", ["completed_at"], unique=False)
    op.create_index(op.f("ix_followups_customer_id"), "followups", ["customer_id"], unique=False)
    op.create_index(op.f("ix_followups_lead_id"), "followups", ["lead_id"], unique=False)
    op.create_index(op.f("ix_followups_opportunity_id"), "followups", ["opportunity_id"], unique=False)
    op.create_index(
        "ix_followups_status_scheduled_at", "followups", ["status", "scheduled_at"], unique=False
    )
    op.create_table(
        "policy_riders",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("policy_id", sa.BigInteger(), nullable=False),
        sa.Column("rider_name", sa.String(length=100), nullable=False),
        sa.Column("rider_type", enum("rider_type"), nullable=False),
        sa.Column("sum_assured", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("premium_amount", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint("end_date > start_date", name=op.f("ck_policy_riders_span_is_forward")),
        sa.ForeignKeyConstraint(
            ["policy_id"],
            ["policies.id"],
            name=op.f("fk_policy_riders_policy_id_policies"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_riders")),
    )
    op.create_index(op.f("ix_policy_riders_policy_id"), "policy_riders", ["policy_id"], unique=False)
    op.create_table(
        "claim_documents",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("document_type", sa.String(length=40), nullable=False),
        sa.Column("document_name", sa.String(length=100), nullable=False),
        sa.Column("file_path", sa.String(length=255), nullable=False),
        sa.Column(
            "upload_date", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("uploaded_by", sa.BigInteger(), nullable=False),
        sa.Column("verified", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("verified_by", sa.BigInteger(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notes", sa.String(length=255), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"],
            ["claims.id"],
            name=op.f("fk_claim_documents_claim_id_claims"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by"],
            ["users.id"],
            name=op.f("fk_claim_documents_uploaded_by_users"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["verified_by"],
            ["users.id"],
            name=op.f("fk_claim_documents_verified_by_users"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_documents")),
    )
    op.create_index(op.f("ix_claim_documents_claim_id"), "claim_documents", ["claim_id"], unique=False)
    op.create_index(
        op.f("ix_claim_documents_uploaded_by"), "claim_documents", ["uploaded_by"], unique=False
    )
    op.create_index(
        op.f("ix_claim_documents_verified_by"), "claim_documents", ["verified_by"], unique=False
    )
    op.create_table(
        "claim_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("event_type", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_claim_events_actor_id_users"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claims.id"], name=op.f("fk_claim_events_claim_id_claims"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_events")),
    )
    op.create_index(op.f("ix_claim_events_actor_id"), "claim_events", ["actor_id"], unique=False)
    op.create_index(op.f("ix_claim_events_claim_id"), "claim_events", ["claim_id"], unique=False)


def downgrade() -> None:
    op.execute("drop view policy_status_history")
    op.execute("drop view lead_status_history")
    op.drop_constraint("fk_users_customer_id_customers", "users", type_="foreignkey")
    op.execute("drop function audit_hash(bytea, audit_log)")
    op.drop_table("claim_events")
    op.drop_table("claim_documents")
    op.drop_table("policy_riders")
    op.drop_table("followups")
    op.drop_table("customer_documents")
    op.drop_table("commissions")
    op.drop_table("claims")
    op.drop_table("appointments")
    op.drop_table("policies")
    op.drop_table("opportunities")
    op.drop_table("leads")
    op.drop_table("contacts")
    op.drop_table("customers")
    op.drop_table("agent_assignments")
    op.drop_table("imported_rows")
    op.drop_table("import_keys")
    op.drop_table("import_errors")
    op.drop_table("daily_sales_summary")
    op.drop_table("agents")
    op.drop_table("accounts")
    op.drop_table("user_sessions")
    op.drop_table("territories")
    op.drop_table("saved_views")
    op.drop_table("refresh_runs")
    op.drop_table("products")
    op.drop_table("import_templates")
    op.drop_table("import_runs")
    op.drop_table("agent_performance_metrics")
    op.drop_table("users")
    op.drop_table("status_history")
    op.drop_table("sign_in_attempts")
    op.drop_table("product_categories")
    op.drop_table("once_keys")
    op.drop_table("lost_reasons")
    op.drop_table("lead_sources")
    op.drop_table("holidays")
    op.drop_table("code_counters")
    op.drop_table("audit_log")
    for function in ("audit_chain", "refuse_change", "set_updated_at"):
        op.execute(f"drop function {function}()")
    for sequence in CODE_SEQUENCES:
        op.execute(f"drop sequence {sequence}")
    for name in ENUMS:
        op.execute(f"drop type {name}")
