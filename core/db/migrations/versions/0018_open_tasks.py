"""The open tasks among the many that are done are found by whose they are and by claim."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TABLE = "claim_tasks"
COLUMNS = ("assigned_to", "claim_id")


def upgrade() -> None:
    for column in COLUMNS:
        op.create_index(
            f"ix_{TABLE}_open_{column}", TABLE, [column], postgresql_where=sa.text("done_at is null")
        )


def downgrade() -> None:
    for column in reversed(COLUMNS):
        op.drop_index(f"ix_{TABLE}_open_{column}", TABLE)
