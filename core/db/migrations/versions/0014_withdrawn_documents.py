"""Documents are withdrawn: when, by whom and why; the row and its file stay."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = ("customer_documents", "claim_documents")
CHANGED = ("verified", "verified_by", "verified_at", "notes", "withdrawn_at", "withdrawn_reason")
WHOLE = "(withdrawn_at is null) = (withdrawn_by is null)"


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        op.add_column(table, sa.Column("withdrawn_by", sa.BigInteger(), nullable=True))
        op.add_column(table, sa.Column("withdrawn_reason", sa.String(length=255), nullable=True))
        op.create_foreign_key(
            op.f(f"fk_{table}_withdrawn_by_users"),
            table,
            "users",
            ["withdrawn_by"],
            ["id"],
            ondelete="RESTRICT",
        )
        op.create_index(op.f(f"ix_{table}_withdrawn_by"), table, ["withdrawn_by"], unique=False)
        op.create_check_constraint(op.f(f"ck_{table}_withdrawal_is_whole"), table, WHOLE)


def downgrade() -> None:
    for table in TABLES:
        # What comes back as a document proves nothing any more, and its note says why.
        rows = sa.table(table, *(sa.column(name) for name in CHANGED))
        why = sa.func.concat_ws(": ", "Withdrawn", rows.c.withdrawn_reason)
        op.execute(
            rows.update()
            .where(rows.c.withdrawn_at.is_not(None))
            .values(verified=False, verified_by=None, verified_at=None, notes=sa.func.left(why, 255))
        )
        for column in ("withdrawn_reason", "withdrawn_by", "withdrawn_at"):
            op.drop_column(table, column)
