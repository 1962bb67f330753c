"""Customers are found by their last name alone, the newest first, without reading all of that name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLE, COLUMN, INDEX = "customers", "search_last_name", "ix_customers_last_name_prefix"


def upgrade() -> None:
    op.add_column(
        TABLE,
        sa.Column(COLUMN, sa.Text(), sa.Computed("plain_text(last_name)", persisted=True), nullable=False),
    )
    op.create_index(INDEX, TABLE, [COLUMN, sa.text("id DESC")], postgresql_ops={COLUMN: "text_pattern_ops"})


def downgrade() -> None:
    op.drop_index(INDEX, TABLE)
    op.drop_column(TABLE, COLUMN)
