"""Imports: what a row tells that no field here takes, kept beside its key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("import_keys", sa.Column("facts", postgresql.JSONB(), nullable=True))


def downgrade() -> None:
    op.drop_column("import_keys", "facts")
