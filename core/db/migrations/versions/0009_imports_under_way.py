"""Imports: how far the pass is that only checks, told while the run is under way."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "import_runs", sa.Column("rows_checked", sa.Integer(), server_default="0", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("import_runs", "rows_checked")
