"""Daily work: search, KYC, consent, merges, rates, drafts, beneficiaries, claim decisions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ENUMS = {
    "beneficiary_class": ("primary", "contingent"),
    "consent_channel": ("email", "phone", "sms", "post"),
    "consent_purpose": ("marketing", "service", "profiling"),
    "kyc_status": ("not_started", "pending", "verified", "rejected", "expired"),
    "rate_status": ("draft", "approved", "rejected"),
    "relation_kind": ("spouse", "child", "parent", "sibling", "household", "employer", "other"),
    "rider_basis": ("per_mille", "percent_of_base"),
    "risk_band": ("low", "medium", "high"),
}

WITH_UPDATED_AT = ("claim_authorities", "product_rates", "policy_drafts")

# unaccent is only stable, because its dictionary could change; a generated column needs immutable.
PLAIN_TEXT = """
create function plain_text(given text) returns text
language sql immutable strict parallel safe as $$
    select lower(unaccent('unaccent'::regdictionary, given))
$$
"""

# Authority on a claim's cumulative total in US dollars (domain.md section 6).
AUTHORITIES = """
insert into claim_authorities (role, line, max_amount) values
    ('support', 'property_casualty', 2500),
    ('support', 'health', 2500),
    ('manager', 'property_casualty', 50000),
    ('manager', 'health', 50000),
    ('manager', 'life', 50000),
    ('admin', 'property_casualty', 250000),
    ('admin', 'health', 250000),
    ('admin', 'life', 250000)
"""


def enum(name: str) -> postgresql.ENUM:
    """One of the types, already created."""
    return postgresql.ENUM(name=name, create_type=False)


def upgrade() -> None:
    for name, values in ENUMS.items():
        postgresql.ENUM(*values, name=name).create(op.get_bind())
    op.execute(PLAIN_TEXT)
    change_tables()
    for table in WITH_UPDATED_AT:
        op.execute(
            f"create trigger set_updated_at before update on {table}"
            " for each row execute function set_updated_at()"
        )
    op.execute(AUTHORITIES)


def change_tables() -> None:
    op.create_table(
        "claim_authorities",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("role", enum("user_role"), nullable=False),
        sa.Column("line", enum("line_of_business"), nullable=False),
        sa.Column("max_amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_authorities")),
    )
    op.create_index("uq_claim_authorities_role_line", "claim_authorities", ["role", "line"], unique=True)
    op.create_table(
        "product_rates",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("status", enum("rate_status"), server_default="draft", nullable=False),
        sa.Column(
            "status_changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("policy_fee", sa.Numeric(precision=8, scale=2), server_default="0", nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("entered_by", sa.BigInteger(), nullable=True),
        sa.Column("approved_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("approved_by <> entered_by", name=op.f("ck_product_rates_four_eyes")),
        sa.ForeignKeyConstraint(
            ["approved_by"],
            ["users.id"],
            name=op.f("fk_product_rates_approved_by_users"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"],
            ["users.id"],
            name=op.f("fk_product_rates_entered_by_users"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
            name=op.f("fk_product_rates_product_id_products"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_rates")),
    )
    op.create_index(op.f("ix_product_rates_approved_by"), "product_rates", ["approved_by"], unique=False)
    op.create_index(op.f("ix_product_rates_entered_by"), "product_rates", ["entered_by"], unique=False)
    op.create_index(
        "uq_product_rates_product_id_valid_from_approved",
        "product_rates",
        ["product_id", "valid_from"],
        unique=True,
        postgresql_where=sa.text("status = 'approved'"),
    )
    op.create_index(
        "uq_product_rates_product_id_version_number",
        "product_rates",
        ["product_id", "version_number"],
        unique=True,
    )
    op.create_table(
        "product_rate_rows",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("rate_id", sa.BigInteger(), nullable=False),
        sa.Column("age_from", sa.Integer(), nullable=False),
        sa.Column("age_to", sa.Integer(), nullable=False),
        sa.Column("rate_per_mille", sa.Numeric(precision=10, scale=4), nullable=False),
        sa.CheckConstraint("age_from <= age_to", name=op.f("ck_product_rate_rows_band_is_forward")),
        sa.CheckConstraint("rate_per_mille >= 0", name=op.f("ck_product_rate_rows_rate_not_negative")),
        sa.ForeignKeyConstraint(
            ["rate_id"],
            ["product_rates.id"],
            name=op.f("fk_product_rate_rows_rate_id_product_rates"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_rate_rows")),
    )
    op.create_index(
        "uq_product_rate_rows_rate_id_age_from", "product_rate_rows", ["rate_id", "age_from"], unique=True
    )
    op.create_table(
        "rider_rates",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("rate_id", sa.BigInteger(), nullable=False),
        sa.Column("rider_type", enum("rider_type"), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("basis", enum("rider_basis"), nullable=False),
        sa.Column("rate", sa.Numeric(precision=10, scale=4), nullable=False),
        sa.CheckConstraint("rate >= 0", name=op.f("ck_rider_rates_rate_not_negative")),
        sa.ForeignKeyConstraint(
            ["rate_id"],
            ["product_rates.id"],
            name=op.f("fk_rider_rates_rate_id_product_rates"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rider_rates")),
    )
    op.create_index(
        "uq_rider_rates_rate_id_rider_type", "rider_rates", ["rate_id", "rider_type"], unique=True
    )
    op.create_table(
        "consents",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", enum("consent_channel"), nullable=False),
        sa.Column("purpose", enum("consent_purpose"), nullable=False),
        sa.Column("is_granted", sa.Boolean(), nullable=False),
        sa.Column("text_version", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("recorded_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_consents_customer_id_customers"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["users.id"], name=op.f("fk_consents_recorded_by_users"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(
        "ix_consents_customer_id_channel_purpose_id",
        "consents",
        ["customer_id", "channel", "purpose", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_consents_recorded_by"), "consents", ["recorded_by"], unique=False)
    op.create_table(
        "customer_merges",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kept_id", sa.BigInteger(), nullable=False),
        sa.Column("merged_id", sa.BigInteger(), nullable=False),
        sa.Column("moved", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("merged_by", sa.BigInteger(), nullable=True),
        sa.Column("merged_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("undone_by", sa.BigInteger(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["kept_id"],
            ["customers.id"],
            name=op.f("fk_customer_merges_kept_id_customers"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["merged_by"],
            ["users.id"],
            name=op.f("fk_customer_merges_merged_by_users"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["merged_id"],
            ["customers.id"],
            name=op.f("fk_customer_merges_merged_id_customers"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["undone_by"],
            ["users.id"],
            name=op.f("fk_customer_merges_undone_by_users"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_merges")),
    )
    op.create_index(op.f("ix_customer_merges_kept_id"), "customer_merges", ["kept_id"], unique=False)
    op.create_index(op.f("ix_customer_merges_merged_by"), "customer_merges", ["merged_by"], unique=False)
    op.create_index(op.f("ix_customer_merges_merged_id"), "customer_merges", ["merged_id"], unique=False)
    op.create_index(op.f("ix_customer_merges_undone_by"), "customer_merges", ["undone_by"], unique=False)
    op.create_table(
        "customer_notes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["users.id"],
            name=op.f("fk_customer_notes_created_by_users"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_customer_notes_customer_id_customers"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_notes")),
    )
    op.create_index(op.f("ix_customer_notes_created_by"), "customer_notes", ["created_by"], unique=False)
    op.create_index(op.f("ix_customer_notes_customer_id"), "customer_notes", ["customer_id"], unique=False)
    op.create_table(
        "customer_relations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("related_customer_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", enum("relation_kind"), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint(
            "customer_id <> related_customer_id", name=op.f("ck_customer_relations_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_customer_relations_customer_id_customers"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["related_customer_id"],
            ["customers.id"],
            name=op.f("fk_customer_relations_related_customer_id_customers"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_relations")),
    )
    op.create_index(
        op.f("ix_customer_relations_related_customer_id"),
        "customer_relations",
        ["related_customer_id"],
        unique=False,
    )
    op.create_index(
        "uq_customer_relations_customer_id_related_customer_id",
        "customer_relations",
        ["customer_id", "related_customer_id"],
        unique=True,
    )
    op.create_table(
        "not_duplicates",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("second_id", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "decided_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_not_duplicates_lower_id_first")),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["users.id"],
            name=op.f("fk_not_duplicates_decided_by_users"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["first_id"],
            ["customers.id"],
            name=op.f("fk_not_duplicates_first_id_customers"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["second_id"],
            ["customers.id"],
            name=op.f("fk_not_duplicates_second_id_customers"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_not_duplicates")),
    )
    op.create_index(op.f("ix_not_duplicates_decided_by"), "not_duplicates", ["decided_by"], unique=False)
    op.create_index(op.f("ix_not_duplicates_second_id"), "not_duplicates", ["second_id"], unique=False)
    op.create_index(
        "uq_not_duplicates_first_id_second_id", "not_duplicates", ["first_id", "second_id"], unique=True
    )
    op.create_table(
        "policy_beneficiaries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("policy_id", sa.BigInteger(), nullable=False),
        sa.Column("beneficiary_class", enum("beneficiary_class"), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("relation", sa.String(length=50), nullable=False),
        sa.Column("date_of_birth", sa.Date(), nullable=True),
        sa.Column("share_pct", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint(
            "share_pct > 0 and share_pct <= 100", name=op.f("ck_policy_beneficiaries_share_is_a_percentage")
        ),
        sa.CheckConstraint(
            "valid_to is null or valid_to > valid_from",
            name=op.f("ck_policy_beneficiaries_span_is_forward"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["users.id"],
            name=op.f("fk_policy_beneficiaries_created_by_users"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"],
            ["policies.id"],
            name=op.f("fk_policy_beneficiaries_policy_id_policies"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_beneficiaries")),
    )
    op.create_index(
        op.f("ix_policy_beneficiaries_created_by"), "policy_beneficiaries", ["created_by"], unique=False
    )
    op.create_index(
        op.f("ix_policy_beneficiaries_policy_id"), "policy_beneficiaries", ["policy_id"], unique=False
    )
    op.create_table(
        "policy_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("policy_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("effective_date", sa.Date(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["users.id"],
            name=op.f("fk_policy_changes_created_by_users"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"],
            ["policies.id"],
            name=op.f("fk_policy_changes_policy_id_policies"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_changes")),
    )
    op.create_index(op.f("ix_policy_changes_created_by"), "policy_changes", ["created_by"], unique=False)
    op.create_index(
        "ix_policy_changes_policy_id_effective_date",
        "policy_changes",
        ["policy_id", "effective_date"],
        unique=False,
    )
    op.create_table(
        "policy_drafts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("lead_id", sa.BigInteger(), nullable=True),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("step", sa.String(length=30), nullable=False),
        sa.Column("state", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("policy_id", sa.BigInteger(), nullable=True),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_policy_drafts_customer_id_customers"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["leads.id"], name=op.f("fk_policy_drafts_lead_id_leads"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("fk_policy_drafts_owner_id_users"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"],
            ["policies.id"],
            name=op.f("fk_policy_drafts_policy_id_policies"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_drafts")),
        sa.UniqueConstraint("request_id", name=op.f("uq_policy_drafts_request_id")),
    )
    op.create_index(op.f("ix_policy_drafts_customer_id"), "policy_drafts", ["customer_id"], unique=False)
    op.create_index(op.f("ix_policy_drafts_lead_id"), "policy_drafts", ["lead_id"], unique=False)
    op.create_index(op.f("ix_policy_drafts_owner_id"), "policy_drafts", ["owner_id"], unique=False)
    op.create_index(op.f("ix_policy_drafts_policy_id"), "policy_drafts", ["policy_id"], unique=False)
    op.create_table(
        "claim_flags",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("points", sa.Integer(), server_default="0", nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claims.id"], name=op.f("fk_claim_flags_claim_id_claims"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_flags")),
    )
    op.create_index("uq_claim_flags_claim_id_code", "claim_flags", ["claim_id", "code"], unique=True)
    op.create_table(
        "claim_payments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("payee", sa.String(length=100), nullable=False),
        sa.Column("payment_reference", sa.String(length=60), nullable=False),
        sa.Column("paid_by", sa.BigInteger(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_claim_payments_amount_is_positive")),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claims.id"], name=op.f("fk_claim_payments_claim_id_claims"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["paid_by"], ["users.id"], name=op.f("fk_claim_payments_paid_by_users"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_payments")),
        sa.UniqueConstraint("payment_reference", name=op.f("uq_claim_payments_payment_reference")),
    )
    op.create_index(op.f("ix_claim_payments_claim_id"), "claim_payments", ["claim_id"], unique=False)
    op.create_index(op.f("ix_claim_payments_paid_by"), "claim_payments", ["paid_by"], unique=False)
    op.create_table(
        "claim_tasks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("assigned_to", sa.BigInteger(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.BigInteger(), nullable=True),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["assigned_to"],
            ["users.id"],
            name=op.f("fk_claim_tasks_assigned_to_users"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claims.id"], name=op.f("fk_claim_tasks_claim_id_claims"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_claim_tasks_created_by_users"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["done_by"], ["users.id"], name=op.f("fk_claim_tasks_done_by_users"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_tasks")),
    )
    op.create_index(op.f("ix_claim_tasks_assigned_to"), "claim_tasks", ["assigned_to"], unique=False)
    op.create_index(op.f("ix_claim_tasks_claim_id"), "claim_tasks", ["claim_id"], unique=False)
    op.create_index(op.f("ix_claim_tasks_created_by"), "claim_tasks", ["created_by"], unique=False)
    op.create_index(op.f("ix_claim_tasks_done_by"), "claim_tasks", ["done_by"], unique=False)
    op.add_column("claim_documents", sa.Column("content_type", sa.String(length=100), nullable=True))
    op.add_column("claim_documents", sa.Column("size_bytes", sa.BigInteger(), nullable=True))
    op.add_column("claim_documents", sa.Column("sha256", sa.String(length=64), nullable=True))
    op.add_column("claims", sa.Column("first_approved_by", sa.BigInteger(), nullable=True))
    op.add_column("claims", sa.Column("approval_passed_to", sa.BigInteger(), nullable=True))
    op.add_column("claims", sa.Column("target_on", sa.Date(), nullable=True))
    op.add_column("claims", sa.Column("rejection_letter", sa.Text(), nullable=True))
    op.create_index(op.f("ix_claims_approval_passed_to"), "claims", ["approval_passed_to"], unique=False)
    op.create_index(op.f("ix_claims_first_approved_by"), "claims", ["first_approved_by"], unique=False)
    op.create_index(
        "ix_claims_number_prefix",
        "claims",
        ["claim_number"],
        unique=False,
        postgresql_ops={"claim_number": "varchar_pattern_ops"},
    )
    op.create_index(op.f("ix_claims_target_on"), "claims", ["target_on"], unique=False)
    op.create_foreign_key(
        op.f("fk_claims_approval_passed_to_users"),
        "claims",
        "users",
        ["approval_passed_to"],
        ["id"],
        ondelete="RESTRICT",
    )
    op.create_foreign_key(
        op.f("fk_claims_first_approved_by_users"),
        "claims",
        "users",
        ["first_approved_by"],
        ["id"],
        ondelete="RESTRICT",
    )
    op.add_column("customer_documents", sa.Column("content_type", sa.String(length=100), nullable=True))
    op.add_column("customer_documents", sa.Column("size_bytes", sa.BigInteger(), nullable=True))
    op.add_column("customer_documents", sa.Column("sha256", sa.String(length=64), nullable=True))
    op.add_column("customer_documents", sa.Column("expires_on", sa.Date(), nullable=True))
    op.create_index(
        op.f("ix_customer_documents_expires_on"), "customer_documents", ["expires_on"], unique=False
    )
    op.add_column(
        "customers",
        sa.Column("kyc_status", enum("kyc_status"), server_default="not_started", nullable=False),
    )
    op.add_column(
        "customers",
        sa.Column(
            "status_changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
    )
    op.add_column("customers", sa.Column("kyc_review_on", sa.Date(), nullable=True))
    op.add_column("customers", sa.Column("is_pep", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("customers", sa.Column("risk_score", sa.Integer(), nullable=True))
    op.add_column("customers", sa.Column("risk_band", enum("risk_band"), nullable=True))
    op.add_column(
        "customers", sa.Column("risk_reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=True)
    )
    op.add_column("customers", sa.Column("merged_into_id", sa.BigInteger(), nullable=True))
    op.add_column(
        "customers",
        sa.Column(
            "search_name",
            sa.Text(),
            sa.Computed("plain_text(first_name || ' ' || last_name)", persisted=True),
            nullable=False,
        ),
    )
    op.add_column(
        "customers",
        sa.Column("email_lower", sa.Text(), sa.Computed("lower(email)", persisted=True), nullable=True),
    )
    op.add_column(
        "customers",
        sa.Column(
            "email_local",
            sa.Text(),
            sa.Computed("split_part(lower(email), '@', 1)", persisted=True),
            nullable=True,
        ),
    )
    op.add_column(
        "customers",
        sa.Column(
            "phone_digits",
            sa.String(length=10),
            sa.Computed("right(regexp_replace(phone_primary, '[^0-9]', '', 'g'), 10)", persisted=True),
            nullable=True,
        ),
    )
    op.add_column(
        "customers",
        sa.Column(
            "phone_reversed",
            sa.String(length=10),
            sa.Computed(
                "reverse(right(regexp_replace(phone_primary, '[^0-9]', '', 'g'), 10))", persisted=True
            ),
            nullable=True,
        ),
    )
    op.create_index(
        "ix_customers_code_prefix",
        "customers",
        ["customer_code"],
        unique=False,
        postgresql_ops={"customer_code": "varchar_pattern_ops"},
    )
    op.create_index(
        "ix_customers_digits_prefix",
        "customers",
        ["phone_digits"],
        unique=False,
        postgresql_ops={"phone_digits": "varchar_pattern_ops"},
    )
    op.create_index(
        "ix_customers_digits_suffix",
        "customers",
        ["phone_reversed"],
        unique=False,
        postgresql_ops={"phone_reversed": "varchar_pattern_ops"},
    )
    op.create_index(
        "ix_customers_digits_trigram",
        "customers",
        ["phone_digits"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"phone_digits": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_customers_email_prefix",
        "customers",
        ["email_lower"],
        unique=False,
        postgresql_ops={"email_lower": "text_pattern_ops"},
    )
    op.create_index(
        "ix_customers_email_trigram",
        "customers",
        ["email_local"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"email_local": "gin_trgm_ops"},
    )
    op.create_index(op.f("ix_customers_merged_into_id"), "customers", ["merged_into_id"], unique=False)
    op.create_index(
        "ix_customers_name_prefix",
        "customers",
        ["search_name"],
        unique=False,
        postgresql_ops={"search_name": "text_pattern_ops"},
    )
    op.create_index(
        "ix_customers_name_trigram",
        "customers",
        ["search_name"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search_name": "gin_trgm_ops"},
    )
    op.create_foreign_key(
        op.f("fk_customers_merged_into_id_customers"),
        "customers",
        "customers",
        ["merged_into_id"],
        ["id"],
        ondelete="RESTRICT",
    )
    op.add_column("policies", sa.Column("term_years", sa.Integer(), nullable=True))
    op.add_column("policies", sa.Column("rate_id", sa.BigInteger(), nullable=True))
    op.add_column(
        "policies", sa.Column("premium_lines", postgresql.JSONB(astext_type=sa.Text()), nullable=True)
    )
    op.add_column("policies", sa.Column("annual_premium", sa.Numeric(precision=12, scale=2), nullable=True))
    op.create_index(
        "ix_policies_number_trigram",
        "policies",
        ["policy_number"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"policy_number": "gin_trgm_ops"},
    )
    op.create_index(op.f("ix_policies_rate_id"), "policies", ["rate_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_policies_rate_id_product_rates"),
        "policies",
        "product_rates",
        ["rate_id"],
        ["id"],
        ondelete="RESTRICT",
    )
    op.add_column("products", sa.Column("max_maturity_age", sa.Integer(), nullable=True))
    op.add_column(
        "products",
        sa.Column(
            "unavailable_states", postgresql.ARRAY(sa.String(length=2)), server_default="{}", nullable=False
        ),
    )


def downgrade() -> None:
    op.drop_column("products", "unavailable_states")
    op.drop_column("products", "max_maturity_age")
    op.drop_constraint(op.f("fk_policies_rate_id_product_rates"), "policies", type_="foreignkey")
    op.drop_index(op.f("ix_policies_rate_id"), table_name="policies")
    op.drop_index(
        "ix_policies_number_trigram",
        table_name="policies",
        postgresql_using="gin",
        postgresql_ops={"policy_number": "gin_trgm_ops"},
    )
    op.drop_column("policies", "annual_premium")
    op.drop_column("policies", "premium_lines")
    op.drop_column("policies", "rate_id")
    op.drop_column("policies", "term_years")
    op.drop_constraint(op.f("fk_customers_merged_into_id_customers"), "customers", type_="foreignkey")
    op.drop_index(
        "ix_customers_name_trigram",
        table_name="customers",
        postgresql_using="gin",
        postgresql_ops={"search_name": "gin_trgm_ops"},
    )
    op.drop_index(
        "ix_customers_name_prefix",
        table_name="customers",
        postgresql_ops={"search_name": "text_pattern_ops"},
    )
    op.drop_index(op.f("ix_customers_merged_into_id"), table_name="customers")
    op.drop_index(
        "ix_customers_email_trigram",
        table_name="customers",
        postgresql_using="gin",
        postgresql_ops={"email_local": "gin_trgm_ops"},
    )
    op.drop_index(
        "ix_customers_email_prefix",
        table_name="customers",
        postgresql_ops={"email_lower": "text_pattern_ops"},
    )
    op.drop_index(
        "ix_customers_digits_trigram",
        table_name="customers",
        postgresql_using="gin",
        postgresql_ops={"phone_digits": "gin_trgm_ops"},
    )
    op.drop_index(
        "ix_customers_digits_suffix",
        table_name="customers",
        postgresql_ops={"phone_reversed": "varchar_pattern_ops"},
    )
    op.drop_index(
        "ix_customers_digits_prefix",
        table_name="customers",
        postgresql_ops={"phone_digits": "varchar_pattern_ops"},
    )
    op.drop_index(
        "ix_customers_code_prefix",
        table_name="customers",
        postgresql_ops={"customer_code": "varchar_pattern_ops"},
    )
    op.drop_column("customers", "phone_reversed")
    op.drop_column("customers", "phone_digits")
    op.drop_column("customers", "email_local")
    op.drop_column("customers", "email_lower")
    op.drop_column("customers", "search_name")
    op.drop_column("customers", "merged_into_id")
    op.drop_column("customers", "risk_reasons")
    op.drop_column("customers", "risk_band")
    op.drop_column("customers", "risk_score")
    op.drop_column("customers", "is_pep")
    op.drop_column("customers", "kyc_review_on")
    op.drop_column("customers", "status_changed_at")
    op.drop_column("customers", "kyc_status")
    op.drop_index(op.f("ix_customer_documents_expires_on"), table_name="customer_documents")
    op.drop_column("customer_documents", "expires_on")
    op.drop_column("customer_documents", "sha256")
    op.drop_column("customer_documents", "size_bytes")
    op.drop_column("customer_documents", "content_type")
    op.drop_constraint(op.f("fk_claims_first_approved_by_users"), "claims", type_="foreignkey")
    op.drop_constraint(op.f("fk_claims_approval_passed_to_users"), "claims", type_="foreignkey")
    op.drop_index(op.f("ix_claims_target_on"), table_name="claims")
    op.drop_index(
        "ix_claims_number_prefix",
        table_name="claims",
        postgresql_ops={"claim_number": "varchar_pattern_ops"},
    )
    op.drop_index(op.f("ix_claims_first_approved_by"), table_name="claims")
    op.drop_index(op.f("ix_claims_approval_passed_to"), table_name="claims")
    op.drop_column("claims", "rejection_letter")
    op.drop_column("claims", "target_on")
    op.drop_column("claims", "approval_passed_to")
    op.drop_column("claims", "first_approved_by")
    op.drop_column("claim_documents", "sha256")
    op.drop_column("claim_documents", "size_bytes")
    op.drop_column("claim_documents", "content_type")
    op.drop_index(op.f("ix_claim_tasks_done_by"), table_name="claim_tasks")
    op.drop_index(op.f("ix_claim_tasks_created_by"), table_name="claim_tasks")
    op.drop_index(op.f("ix_claim_tasks_claim_id"), table_name="claim_tasks")
    op.drop_index(op.f("ix_claim_tasks_assigned_to"), table_name="claim_tasks")
    op.drop_table("claim_tasks")
    op.drop_index(op.f("ix_claim_payments_paid_by"), table_name="claim_payments")
    op.drop_index(op.f("ix_claim_payments_claim_id"), table_name="claim_payments")
    op.drop_table("claim_payments")
    op.drop_index("uq_claim_flags_claim_id_code", table_name="claim_flags")
    op.drop_table("claim_flags")
    op.drop_index(op.f("ix_policy_drafts_policy_id"), table_name="policy_drafts")
    op.drop_index(op.f("ix_policy_drafts_owner_id"), table_name="policy_drafts")
    op.drop_index(op.f("ix_policy_drafts_lead_id"), table_name="policy_drafts")
    op.drop_index(op.f("ix_policy_drafts_customer_id"), table_name="policy_drafts")
    op.drop_table("policy_drafts")
    op.drop_index("ix_policy_changes_policy_id_effective_date", table_name="policy_changes")
    op.drop_index(op.f("ix_policy_changes_created_by"), table_name="policy_changes")
    op.drop_table("policy_changes")
    op.drop_index(op.f("ix_policy_beneficiaries_policy_id"), table_name="policy_beneficiaries")
    op.drop_index(op.f("ix_policy_beneficiaries_created_by"), table_name="policy_beneficiaries")
    op.drop_table("policy_beneficiaries")
    op.drop_index("uq_not_duplicates_first_id_second_id", table_name="not_duplicates")
    op.drop_index(op.f("ix_not_duplicates_second_id"), table_name="not_duplicates")
    op.drop_index(op.f("ix_not_duplicates_decided_by"), table_name="not_duplicates")
    op.drop_table("not_duplicates")
    op.drop_index("uq_customer_relations_customer_id_related_customer_id", table_name="customer_relations")
    op.drop_index(op.f("ix_customer_relations_related_customer_id"), table_name="customer_relations")
    op.drop_table("customer_relations")
    op.drop_index(op.f("ix_customer_notes_customer_id"), table_name="customer_notes")
    op.drop_index(op.f("ix_customer_notes_created_by"), table_name="customer_notes")
    op.drop_table("customer_notes")
    op.drop_index(op.f("ix_customer_merges_undone_by"), table_name="customer_merges")
    op.drop_index(op.f("ix_customer_merges_merged_id"), table_name="customer_merges")
    op.drop_index(op.f("ix_customer_merges_merged_by"), table_name="customer_merges")
    op.drop_index(op.f("ix_customer_merges_kept_id"), table_name="customer_merges")
    op.drop_table("customer_merges")
    op.drop_index(op.f("ix_consents_recorded_by"), table_name="consents")
    op.drop_index("ix_consents_customer_id_channel_purpose_id", table_name="consents")
    op.drop_table("consents")
    op.drop_index("uq_rider_rates_rate_id_rider_type", table_name="rider_rates")
    op.drop_table("rider_rates")
    op.drop_index("uq_product_rate_rows_rate_id_age_from", table_name="product_rate_rows")
    op.drop_table("product_rate_rows")
    op.drop_index("uq_product_rates_product_id_version_number", table_name="product_rates")
    op.drop_index(
        "uq_product_rates_product_id_valid_from_approved",
        table_name="product_rates",
        postgresql_where=sa.text("status = 'approved'"),
    )
    op.drop_index(op.f("ix_product_rates_entered_by"), table_name="product_rates")
    op.drop_index(op.f("ix_product_rates_approved_by"), table_name="product_rates")
    op.drop_table("product_rates")
    op.drop_index("uq_claim_authorities_role_line", table_name="claim_authorities")
    op.drop_table("claim_authorities")
    op.execute("drop function plain_text(text)")
    for name in ENUMS:
        op.execute(f"drop type {name}")
