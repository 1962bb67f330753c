"""Documents of customers: the policy entry that one was uploaded in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLE, COLUMN = "customer_documents", "draft_id"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column(COLUMN, sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_customer_documents_draft_id_policy_drafts"),
        TABLE,
        "policy_drafts",
        [COLUMN],
        ["id"],
        ondelete="RESTRICT",
    )
    op.create_index(op.f("ix_customer_documents_draft_id"), TABLE, [COLUMN], unique=False)


def downgrade() -> None:
    op.drop_column(TABLE, COLUMN)
