"""Codes keep all their digits beyond 999,999: lpad cuts what is longer than its width."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CODES = (
    ("leads", "lead_code", "L", "lead_code_seq"),
    ("opportunities", "opportunity_code", "O", "opportunity_code_seq"),
    ("accounts", "account_code", "A", "account_code_seq"),
    ("customers", "customer_code", "C", "customer_code_seq"),
    ("claims", "claim_number", "CL", "claim_number_seq"),
)


def upgrade() -> None:
    for table, column, prefix, sequence in CODES:
        op.execute(
            f"alter table {table} alter column {column}"
            f" set default '{prefix}-' || to_char(nextval('{sequence}'), 'FM999999999000000')"
        )


def downgrade() -> None:
    for table, column, prefix, sequence in CODES:
        op.execute(
            f"alter table {table} alter column {column}"
            f" set default '{prefix}-' || lpad(nextval('{sequence}')::text, 6, '0')"
        )
