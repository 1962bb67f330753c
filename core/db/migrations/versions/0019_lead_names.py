"""Leads are found by names with a slip, as customers are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

COLUMNS = (
    ("search_name", "plain_text(first_name || ' ' || last_name)"),
    ("search_last_name", "plain_text(last_name)"),
)
NAMES, LAST_NAMES, TRIGRAMS = "ix_leads_name_prefix", "ix_leads_last_name_prefix", "ix_leads_name_trigram"


def upgrade() -> None:
    for column, made_of in COLUMNS:
        op.add_column(
            "leads", sa.Column(column, sa.Text(), sa.Computed(made_of, persisted=True), nullable=False)
        )
    op.create_index(NAMES, "leads", ["search_name"], postgresql_ops={"search_name": "text_pattern_ops"})
    op.create_index(
        LAST_NAMES,
        "leads",
        ["search_last_name", sa.text("id DESC")],
        postgresql_ops={"search_last_name": "text_pattern_ops"},
    )
    op.create_index(
        TRIGRAMS,
        "leads",
        ["search_name"],
        postgresql_using="gin",
        postgresql_ops={"search_name": "gin_trgm_ops"},
    )


def downgrade() -> None:
    for index in (TRIGRAMS, LAST_NAMES, NAMES):
        op.drop_index(index, "leads")
    for column, _ in reversed(COLUMNS):
        op.drop_column("leads", column)
