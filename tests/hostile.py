"""A company whose every free text is odd or hostile, as no form would let it become at once.

Which columns are free text is told by a rule, so that a new one is filled without a word here. Rows with
an even id hold a mark that means something in Markdown and names the column; the others hold the strings
of the set in turn.
"""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Computed, Enum, Integer, String, Table, bindparam, update
from sqlalchemy import text as sql

from core import audit, demo
from core.db import Base, unit_of_work
from core.kit.dates import business_date, utc_now
from core.kit.settings import ROOT, settings
from tests.customers.test_robustness import strings

# What people never type: keys, digests, and words that the code reads.
CODES = frozenset(
    {
        "customer_code", "lead_code", "opportunity_code", "account_code", "agent_code", "product_code",
        "policy_number", "claim_number", "territories.code", "rejection_code", "claim_flags.code",
        "username", "password_hash", "token_hash", "claim_hash", "sha256", "file_digest", "fingerprint",
        "file_path", "content_type", "text_version", "request_id", "series", "entity", "action", "page",
        "published_version", "from_status", "to_status", "actor_role", "end_reason",
        "import_runs.state", "import_runs.template", "import_runs.source", "refresh_runs.state",
        "refresh_runs.step", "policy_drafts.step", "claim_flags.kind", "policy_changes.kind",
        "claim_events.event_type", "claim_documents.document_type", "import_keys.key",
        "import_keys.source", "payment_reference",
    }
)  # fmt: skip
# The audit log is chained, and gets rows of its own; the others hold nothing that is shown.
TABLES_LEFT_ALONE = frozenset({"audit_log", "once_keys", "sign_in_attempts", "code_counters"})
MARK = re.compile(r"\*\*b(\d+)\*\*")


def load_tables() -> None:
    """Import the tables of every context, so that a new one is filled too."""
    for path in sorted((ROOT / "core").glob("*/tables*")):
        importlib.import_module(f"core.{path.parent.name}.tables")


def free_texts() -> list[Column[Any]]:
    """Every column that holds what somebody typed."""
    load_tables()
    return [
        column
        for table in Base.metadata.sorted_tables
        if table.name not in TABLES_LEFT_ALONE
        for column in table.columns
        if isinstance(column.type, String)
        and not isinstance(column.type, Enum)
        and not column.foreign_keys
        and not column.primary_key
        and not isinstance(column.computed, Computed)
        and not {column.name, f"{table.name}.{column.name}"} & CODES
    ]


def mark(column: Column[Any]) -> str:
    """What the rows of even ids hold: bold, and the number of the column."""
    return f"**b{free_texts().index(column)}**"


def named(found: str) -> str:
    """The column that a mark tells of."""
    column = free_texts()[int(MARK.search(found)[1])]  # type: ignore[index]
    return f"{column.table.name}.{column.name}"


def spoil(shift: int = 0) -> None:
    """Write a mark or a string of the set into every free text of the bound database."""
    every = [one.replace("\0", "") for one in strings()]
    by_table: dict[Table, list[tuple[int, Column[Any]]]] = {}
    for at, column in enumerate(free_texts()):
        by_table.setdefault(column.table, []).append((at, column))
    with unit_of_work() as session:
        for table, columns in by_table.items():
            values = {column.name: _value(table, at, column) for at, column in columns}
            given = {f"s{at}": _fitting(every, column, at + shift) for at, column in columns}
            session.execute(sql(f"alter table {table.name} disable trigger user"))  # append-only ones too
            session.execute(update(table).values(values), given)
            session.execute(sql(f"alter table {table.name} enable trigger user"))


def _value(table: Table, at: int, column: Column[Any]) -> Any:
    own = next(iter(table.primary_key))
    key = own.name if isinstance(own.type, Integer) else f"abs(hashtext({own.name}::text)::bigint)"
    given = f"cast(:s{at} as text[])"
    chosen = f"({given})[1 + {key} % array_length({given}, 1)]"
    most = column.type.length or 4000  # type: ignore[attr-defined]
    if not _is_unique(column):
        whole = f"case when {key} % 2 = 0 then '**b{at}**' else {chosen} end"
    else:
        whole = (
            f"case when {key} % 2 = 0 then '**b{at}**' else left({chosen}, {most - 10}) end || ' ' || {key}"
        )
    filled = f"left({whole}, {most})"
    if column.nullable and _is_checked(column):
        filled = f"case when {column.name} is null then null else {filled} end"
    return sql(filled).bindparams(bindparam(f"s{at}"))


def _is_unique(column: Column[Any]) -> bool:
    return bool(column.unique) or any(
        column.name in {one.name for one in getattr(index, "columns", ())}
        and getattr(index, "unique", True)
        for index in (*column.table.indexes,)
    )


def _is_checked(column: Column[Any]) -> bool:
    return any(column.name in str(getattr(one, "sqltext", "")) for one in column.table.constraints)


def _fitting(every: Sequence[str], column: Column[Any], at: int) -> list[str]:
    begin = at * 37 % len(every)
    return [*every[begin:], *every[:begin]]


def fill(customers: int) -> None:
    """The invented company with some of what its history lacks, and all of its texts spoiled."""
    load_tables()
    demo.fill(customers, today=business_date(utc_now(), settings().time_zone))
    some = strings()[::40]
    with unit_of_work() as session:
        for statement in _LACKING:
            session.execute(sql(statement), {"cells": json.dumps(some[:4])})
        for one in some:
            audit.record(
                session, actor=audit.SystemActor(), action="customers.edit", entity="customer",
                entity_id=1, details={"reason": one, "changed": {"name": one}},
            )  # fmt: skip
    spoil()


_LACKING = (
    """
    insert into saved_views (owner_id, page, name, state, is_shared)
    select u.id, p.page, n::text, '{"q": "**b1**"}', n = 2
    from users u, (values ('pipeline'), ('policies'), ('claims')) p (page), generate_series(1, 2) n
    where u.username in ('agent', 'manager', 'support')
    """,
    """
    insert into customer_relations (customer_id, related_customer_id, kind)
    select a.id, a.id + 1, 'spouse' from customers a join customers b on b.id = a.id + 1 where a.id % 3 = 0
    """,
    "insert into duplicate_runs (heartbeat_at, finished_at, compared, found) values (now(), now(), 1, 1)",
    """
    insert into duplicate_pairs (run_id, first_id, second_id, bits, reasons)
    select (select max(id) from duplicate_runs), a.id, a.id + 2, 9, '["Same name"]'
    from customers a join customers b on b.id = a.id + 2 where a.id % 4 < 2
    """,
    """
    insert into customer_merges (kept_id, merged_id, moved, reason, merged_by)
    select a.id, a.id + 5, '{}', 'x', 1 from customers a join customers b on b.id = a.id + 5 where a.id < 20
    """,
    """
    insert into import_runs (entity, source, file_name, file_digest, mapping, header, state, rows_total,
        rows_read, rows_failed, message, finished_at, started_by)
    select 'leads', 'Own ' || n, 'x', 'x', '{"entity": "leads", "fields": {}}', :cells, state, 4, 4, 4, 'x',
        now(), 1
    from generate_series(1, 4) n, (values ('done'), ('interrupted')) s (state)
    """,
    """
    insert into import_errors (run_id, line, "column", value, reason, cells)
    select r.id, n, 'x', 'x', 'x', :cells from import_runs r, generate_series(1, 4) n
    """,
    """
    insert into import_templates (name, entity, mapping)
    select 'x' || n, 'leads', '{"entity": "leads", "fields": {}}' from generate_series(1, 4) n
    """,
    """
    insert into refresh_runs (state, step, message, started_at, finished_at)
    select 'failed', 'x', 'x', now() - interval '1 day' * n, now() - interval '1 day' * n
    from generate_series(1, 4) n
    """,
)
