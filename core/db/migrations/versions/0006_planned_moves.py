"""Agents are moved ahead of the day: what waits for its date, and what goes along then."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

COLUMNS = ("is_planned", "takes_leads", "takes_customers")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column(
            "agent_assignments", sa.Column(name, sa.Boolean(), server_default="false", nullable=False)
        )


def downgrade() -> None:
    for name in reversed(COLUMNS):
        op.drop_column("agent_assignments", name)
