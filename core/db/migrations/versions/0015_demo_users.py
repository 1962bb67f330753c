"""Users know whether they are invented: outside demo mode those are let in no more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# The addresses that demo data gives; nobody else can have one (RFC 2606).
INVENTED = """
update users
set is_demo = true
where email like '%@policydesk.example'
  and exists (select from audit_log where entity = 'demo')
"""


def upgrade() -> None:
    op.add_column("users", sa.Column("is_demo", sa.Boolean(), server_default="false", nullable=False))
    op.execute(INVENTED)


def downgrade() -> None:
    op.drop_column("users", "is_demo")
