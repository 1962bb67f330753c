"""Keeps what slows a great fill out of its way: foreign keys and secondary indexes.

Both are dropped and made again in the transaction of the fill, which is several times quicker than
keeping them up row by row; nobody else ever sees the tables without them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

# The tables with a row or more per customer; the others keep theirs, and can be read meanwhile.
TABLES = (
    "appointments", "claim_documents", "claim_events", "claim_flags", "claim_payments", "claims",
    "commissions", "consents", "contacts", "customer_documents", "customer_notes", "customers",
    "followups", "leads", "opportunities", "policies", "policy_beneficiaries", "policy_riders",
    "status_history",
)  # fmt: skip
_FOREIGN_KEYS = """
select format('alter table %%s drop constraint %%I', conrelid::regclass, conname),
    format('alter table %%s add constraint %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
from pg_constraint
where contype = 'f' and conrelid = any(%(tables)s::regclass[])
order by conrelid::regclass::text, conname
"""
# What backs a constraint (keys, uniqueness, exclusion) stays.
_INDEXES = """
select format('drop index %%s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
from pg_index i join pg_class c on c.oid = i.indrelid
where i.indrelid = any(%(tables)s::regclass[]) and not i.indisunique
    and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
order by c.relname, i.indexrelid::regclass::text
"""


@contextmanager
def unburdened(connection: psycopg.Connection[Any], made: Callable[[float], None]) -> Iterator[None]:
    """Do the block without them, then make them again; a failure rolls everything back.

    `made` is told which share of them is back.
    """
    tables = {"tables": list(TABLES)}
    found = [
        *connection.execute(_FOREIGN_KEYS, tables).fetchall(),
        *connection.execute(_INDEXES, tables).fetchall(),
    ]
    for drop, _ in found:
        connection.execute(drop)
    yield
    connection.execute("set local maintenance_work_mem = '512MB'")
    for number, (_, make) in enumerate(reversed(found), start=1):
        connection.execute(make)
        made(number / len(found))
