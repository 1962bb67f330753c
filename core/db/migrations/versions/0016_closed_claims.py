"""A closed or withdrawn claim holds no reserve; what such claims held goes, with an event."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "insert into claim_events (claim_id, event_type, amount, note)"
        " select id, 'reserve', -reserve_amount, 'Closed claims hold no reserve' from claims"
        " where reserve_amount <> 0 and status in ('closed', 'withdrawn')"
    )
    op.execute(
        "update claims set reserve_amount = 0, version = version + 1"
        " where reserve_amount <> 0 and status in ('closed', 'withdrawn')"
    )
    op.create_check_constraint(
        op.f("ck_claims_closed_without_reserve"),
        "claims",
        "reserve_amount = 0 or status not in ('closed', 'withdrawn')",
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_claims_closed_without_reserve"), "claims", type_="check")
