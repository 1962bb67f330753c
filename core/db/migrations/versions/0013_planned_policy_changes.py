"""Policies are changed ahead of the day: what waits for its date."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLE = "policy_changes"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("is_planned", sa.Boolean(), server_default="false", nullable=False))
    op.add_column(TABLE, sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_policy_changes_planned", TABLE, ["effective_date"], postgresql_where=sa.text("is_planned")
    )


def downgrade() -> None:
    op.drop_index("ix_policy_changes_planned", TABLE)
    op.drop_column(TABLE, "replaced_at")
    op.drop_column(TABLE, "is_planned")
