"""Imports: the source and header of a run, the failing row, and what a row said last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    json = postgresql.JSONB
    op.add_column("import_runs", sa.Column("source", sa.String(80), nullable=False, server_default=""))
    op.alter_column("import_runs", "source", server_default=None)
    op.add_column("import_runs", sa.Column("header", json(), nullable=False, server_default="[]"))
    op.add_column("import_runs", sa.Column("rows_total", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("import_errors", sa.Column("cells", json(), nullable=False, server_default="[]"))
    op.alter_column("import_errors", "cells", server_default=None)
    op.add_column("import_keys", sa.Column("digest", sa.LargeBinary(16), nullable=True))


def downgrade() -> None:
    op.drop_column("import_keys", "digest")
    op.drop_column("import_errors", "cells")
    op.drop_column("import_runs", "rows_total")
    op.drop_column("import_runs", "header")
    op.drop_column("import_runs", "source")
