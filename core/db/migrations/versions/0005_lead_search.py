"""Leads are found by parts of name, company and e-mail, and by birth date, without reading them all."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SEARCH_TEXT = (
    "plain_text(first_name || ' ' || last_name || ' ' || coalesce(company_name, '')"
    " || ' ' || coalesce(email, ''))"
)


def upgrade() -> None:
    op.add_column("leads", sa.Column("search_text", sa.Text(), sa.Computed(SEARCH_TEXT, persisted=True)))
    op.create_index(
        "ix_leads_search_text_trigram",
        "leads",
        ["search_text"],
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )
    op.create_index("ix_leads_date_of_birth", "leads", ["date_of_birth"])


def downgrade() -> None:
    op.drop_index("ix_leads_date_of_birth", "leads")
    op.drop_index("ix_leads_search_text_trigram", "leads")
    op.drop_column("leads", "search_text")
