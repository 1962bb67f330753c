"""Accounts with their people, duplicates kept for review, and consents that only grow."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ROLES = ("decision_maker", "contact", "signatory", "billing", "staff_office", "owner", "other")

# What was said stays; whose it is follows a merge and its undoing, and nothing else.
CONSENTS_GROW = """
create function refuse_consent_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' then
        if (to_jsonb(new) - 'customer_id') = (to_jsonb(old) - 'customer_id') and exists (
            select from customers c
            where (c.id = old.customer_id and c.merged_into_id = new.customer_id)
                or (c.id = new.customer_id and c.merged_into_id = old.customer_id)
        ) then
            return new;
        end if;
    end if;
    raise exception '% only grows: % is refused', tg_table_name, tg_op;
end $$;
create trigger append_only before update or delete on consents
    for each row execute function refuse_consent_change();
create trigger append_only_truncate before truncate on consents
    for each statement execute function refuse_change();
"""


def _key() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _at(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)


def _foreign(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{parent}")
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=name, ondelete="RESTRICT")


def upgrade() -> None:
    _account_people()
    _duplicates()
    op.execute(CONSENTS_GROW)


def _account_people() -> None:
    table = "account_people"
    op.create_table(
        table,
        _key(),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=True),
        sa.Column("role", postgresql.ENUM(*ROLES, name="account_role"), nullable=False),
        sa.Column("email", sa.String(length=100), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        _at("created_at"),
        _at("updated_at"),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(customer_id, name) = 1", name=op.f("ck_account_people_customer_or_name")
        ),
        _foreign(table, "account_id", "accounts"),
        _foreign(table, "customer_id", "customers"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_people")),
    )
    op.create_index("ix_account_people_account_id_role", table, ["account_id", "role"])
    op.create_index(op.f("ix_account_people_customer_id"), table, ["customer_id"])
    op.execute(
        f"create trigger set_updated_at before update on {table}"
        " for each row execute function set_updated_at()"
    )


def _duplicates() -> None:
    op.create_table(
        "duplicate_runs",
        _key(),
        sa.Column("started_by", sa.BigInteger(), nullable=True),
        _at("started_at"),
        _at("heartbeat_at"),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("progress", sa.Integer(), server_default="0", nullable=False),
        sa.Column("compared", sa.Integer(), nullable=True),
        sa.Column("found", sa.Integer(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        _foreign("duplicate_runs", "started_by", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_runs")),
    )
    op.create_index(op.f("ix_duplicate_runs_started_by"), "duplicate_runs", ["started_by"])
    table = "duplicate_pairs"
    op.create_table(
        table,
        _key(),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("second_id", sa.BigInteger(), nullable=False),
        sa.Column("bits", sa.Float(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_duplicate_pairs_lower_id_first")),
        _foreign(table, "run_id", "duplicate_runs"),
        _foreign(table, "first_id", "customers"),
        _foreign(table, "second_id", "customers"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_pairs")),
    )
    op.create_index("ix_duplicate_pairs_run_id_id", table, ["run_id", "id"])
    op.create_index(op.f("ix_duplicate_pairs_first_id"), table, ["first_id"])
    op.create_index(op.f("ix_duplicate_pairs_second_id"), table, ["second_id"])


def downgrade() -> None:
    op.execute("drop trigger append_only_truncate on consents")
    op.execute("drop trigger append_only on consents")
    op.execute("drop function refuse_consent_change()")
    op.drop_table("duplicate_pairs")
    op.drop_table("duplicate_runs")
    op.drop_table("account_people")
    op.execute("drop type account_role")
