"""Codes are found by their parts, customers by second phones and further contacts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

DIGITS = "right(regexp_replace({0}, '[^0-9]', '', 'g'), 10)"
COLUMNS = (
    ("customers", "second_digits", sa.String(10), DIGITS.format("phone_secondary")),
    (
        "contacts",
        "digits",
        sa.String(10),
        f"case when contact_type in ('phone', 'mobile') then {DIGITS.format('contact_value')} end",
    ),
    (
        "contacts",
        "email_lower",
        sa.Text(),
        "case when contact_type = 'email' then lower(contact_value) end",
    ),
)
TRIGRAMS = (
    ("ix_customers_code_trigram", "customers", "customer_code"),
    ("ix_leads_code_trigram", "leads", "lead_code"),
    ("ix_opportunities_code_trigram", "opportunities", "opportunity_code"),
    ("ix_claims_number_trigram", "claims", "claim_number"),
    ("ix_customers_second_digits_trigram", "customers", "second_digits"),
    ("ix_contacts_digits_trigram", "contacts", "digits"),
)
EMAILS = "ix_contacts_email_prefix"


def upgrade() -> None:
    for table, column, kind, made_of in COLUMNS:
        op.add_column(table, sa.Column(column, kind, sa.Computed(made_of, persisted=True), nullable=True))
    for index, table, column in TRIGRAMS:
        op.create_index(
            index, table, [column], postgresql_using="gin", postgresql_ops={column: "gin_trgm_ops"}
        )
    op.create_index(EMAILS, "contacts", ["email_lower"], postgresql_ops={"email_lower": "text_pattern_ops"})


def downgrade() -> None:
    op.drop_index(EMAILS, "contacts")
    for index, table, _ in reversed(TRIGRAMS):
        op.drop_index(index, table)
    for table, column, *_ in reversed(COLUMNS):
        op.drop_column(table, column)
