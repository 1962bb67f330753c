"""Takes a run back: what it created is removed, what it changed becomes what it was.

Only where nothing was done with these records since; else the revert is refused and says with which.
Status history and audit only grow, so what they tell of removed records stays.
"""

from __future__ import annotations

import json
from typing import Any

import psycopg
from psycopg import Connection, sql
from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlalchemy.orm import Session

from core.db import psycopg_of
from core.imports import store
from core.imports.changing import DIGEST
from core.imports.entities import ENTITIES
from core.imports.errors import NotRevertible
from core.imports.fields import FACTS, Entity
from core.kit.dates import business_date, utc_now
from core.kit.settings import settings

NAMED = 5


def take_back(session: Session, run_id: int) -> dict[str, int]:
    """Undo a run in this transaction; returns how many records of each entity were put back.

    Raises NotRevertible when records were changed since or others depend on them.
    """
    session.execute(text("set local statement_timeout = 0"))
    connection = psycopg_of(session)
    kinds = store.touched(session, run_id)
    for name in kinds:
        _refuse_changed(connection, ENTITIES[name], run_id)
    for name in kinds:
        _put_back(connection, ENTITIES[name], run_id)
    for name in kinds:
        _remove(connection, ENTITIES[name], run_id)
    store.forget_run(session, run_id)
    return kinds


def _refuse_changed(connection: Connection[Any], spec: Entity, run_id: int) -> None:
    """A record's version tells whether anybody has changed it after the run."""
    if not spec.is_versioned:
        return
    code = sql.Identifier(spec.code) if spec.code else sql.SQL("id::text")
    rows = connection.execute(
        sql.SQL(
            "select t.{code}, count(*) over () from imported_rows r join {table} t on t.id = r.entity_id"
            " where r.run_id = %s and r.entity = %s and t.version <>"
            " case when r.before is null then 1"
            " else coalesce((r.before ->> 'version')::int + 1, t.version) end"
            " order by t.id limit %s"
        ).format(code=code, table=sql.Identifier(spec.table))
        if spec.code
        else sql.SQL(
            "select t.id::text, count(*) over () from imported_rows r join {table} t"
            " on t.id = r.entity_id where r.run_id = %s and r.entity = %s and t.version <>"
            " case when r.before is null then 1"
            " else coalesce((r.before ->> 'version')::int + 1, t.version) end"
            " order by t.id limit %s"
        ).format(table=sql.Identifier(spec.table)),
        [run_id, spec.name, NAMED],
    ).fetchall()
    if rows:
        count, names = rows[0][1], ", ".join(str(row[0]) for row in rows)
        more = f" and {count - len(rows)} more" if count > len(rows) else ""
        raise NotRevertible(
            f"{count} {spec.plural} of this run have been changed since: {names}{more}.",
            remedy="Correct them one by one, or import a corrected file.",
        )


def _put_back(connection: Connection[Any], spec: Entity, run_id: int) -> None:
    rows = connection.execute(
        "select entity_id, before from imported_rows where run_id = %s and entity = %s"
        " and before is not null",
        [run_id, spec.name],
    ).fetchall()
    with connection.cursor() as cursor:
        for record_id, before in rows:
            digest, facts = before.pop(DIGEST, None), before.pop(FACTS, None)
            before.pop("version", None)
            if before:
                _restore(cursor, spec, record_id, before)
            cursor.execute(
                "update import_keys set digest = decode(%s, 'hex'), facts = %s"
                " where entity = %s and entity_id = %s and run_id is distinct from %s",
                [digest, Jsonb(facts) if facts is not None else None, spec.name, record_id, run_id],
            )
    if rows:
        today = business_date(utc_now(), settings().time_zone)
        ids = [record_id for record_id, _before in rows]
        for statement in spec.follow_sql:
            connection.execute(statement.encode(), {"ids": ids, "today": today})


def _restore(cursor: psycopg.Cursor[Any], spec: Entity, record_id: int, before: dict[str, Any]) -> None:
    names = [sql.Identifier(name) for name in before]
    version = sql.SQL(", version = t.version + 1") if spec.is_versioned else sql.SQL("")
    cursor.execute(
        sql.SQL(
            "update {table} t set {sets}{version}"
            " from jsonb_populate_record(null::{table}, %s::jsonb) was where t.id = %s"
        ).format(
            table=sql.Identifier(spec.table),
            sets=sql.SQL(", ").join(sql.SQL("{0} = was.{0}").format(name) for name in names),
            version=version,
        ),
        [json.dumps(before), record_id],
    )


def _remove(connection: Connection[Any], spec: Entity, run_id: int) -> None:
    made = "select entity_id from imported_rows where run_id = %s and entity = %s and before is null"
    ids = [record_id for (record_id,) in connection.execute(made.encode(), [run_id, spec.name])]
    if not ids:
        return
    for statement in spec.unfollow_sql:
        connection.execute(statement.encode(), {"ids": ids})
    try:
        connection.execute(
            sql.SQL("delete from {} where id = any(%s)").format(sql.Identifier(spec.table)), [ids]
        )
    except (psycopg.errors.ForeignKeyViolation, psycopg.errors.RestrictViolation) as error:
        used_by = (error.diag.table_name or "other records").replace("_", " ")
        raise NotRevertible(
            f"Some {spec.plural} of this run are used by {used_by}.",
            remedy=f"Revert the import of the {used_by} first, or remove them.",
        ) from None
