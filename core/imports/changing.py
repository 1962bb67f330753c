"""Changes records that a row tells anew, and notes what they were, so that a run can be reverted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from psycopg import Connection, sql
from psycopg.types.json import Jsonb

from core.imports.fields import FACTS, Change, Entity
from core.imports.landing import Failure, Landed
from core.imports.lookups import Lookups
from core.imports.mapping import ImportMapping
from core.imports.store import copy_rows

DIGEST = "_digest"


@dataclass(frozen=True, slots=True)
class Known:
    """The record that a key leads to, and what its row said when a run last brought it."""

    record_id: int
    digest: bytes | None
    run_id: int | None
    facts: Mapping[str, Any] | None = None


@dataclass(slots=True)
class Outcome:
    """What became of the rows that tell something new about records that exist.

    `filled` are those that this very run had created on the way, for another row that refers to them.
    """

    updated: int = 0
    filled: int = 0
    same: int = 0
    moves: list[tuple[int, Change]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


@dataclass(slots=True)
class _Work:
    sets: dict[tuple[tuple[str, ...], bool], list[list[object]]] = field(default_factory=dict)
    notes: list[tuple[int, Mapping[str, object] | None]] = field(default_factory=list)
    keys: list[list[object]] = field(default_factory=list)
    touched: list[int] = field(default_factory=list)


def change(
    spec: Entity,
    mapping: ImportMapping,
    rows: Sequence[tuple[Landed, Known]],
    *,
    run_id: int,
    columns: Mapping[str, str],
    lookups: Lookups,
) -> Outcome:
    """Bring records to what their rows say now, in the transaction of `lookups.connection`."""
    outcome, work = Outcome(), _Work()
    if not rows:
        return outcome
    connection = lookups.connection
    current = _current(connection, spec, columns, [known.record_id for _one, known in rows])
    for one, known in rows:
        row = current[known.record_id]
        revision = spec.rules.revise(row, one.record, lookups)
        if revision.problem:
            outcome.failures.append(Failure(one.line, None, None, revision.problem, one.cells))
            continue
        told = {
            column: one.record[name]
            for name, column in columns.items()
            if column not in spec.derived and one.record.get(name) not in {None, ""}
        }
        new = {name: value for name, value in {**told, **revision.values}.items() if row[name] != value}
        is_own = known.run_id == run_id and known.digest is None
        _plan(spec, work, known, row, new, is_own=is_own)
        facts = Jsonb(one.record[FACTS]) if FACTS in one.record else None
        work.keys.append([spec.name, mapping.source, one.key, known.record_id, run_id, one.digest, facts])
        if revision.move is not None:
            outcome.moves.append((known.record_id, revision.move))
        outcome.filled += is_own
        outcome.updated += bool(new) and not is_own
        outcome.same += not new and not is_own
    _write(connection, spec, work, run_id, lookups.today)
    return outcome


def note(
    connection: Connection[Any],
    spec: Entity,
    run_id: int | None,
    rows: Sequence[tuple[int, Mapping[str, object] | None]],
) -> None:
    """Remember which records a run touched, with what changed ones were before."""
    copy_rows(
        connection,
        sql.SQL("copy imported_rows (run_id, entity, entity_id, before) from stdin"),
        (
            (run_id, spec.name, record_id, None if before is None else json.dumps(before, default=_plain))
            for record_id, before in rows
        ),
    )


def _plan(
    spec: Entity,
    work: _Work,
    known: Known,
    row: Mapping[str, Any],
    new: Mapping[str, object],
    *,
    is_own: bool,
) -> None:
    if not is_own:
        before = {name: row[name] for name in new}
        version = {"version": row["version"]} if spec.is_versioned and new else {}
        work.notes.append(
            (known.record_id, {**before, **version, DIGEST: known.digest, FACTS: known.facts})
        )
    if new:
        names = tuple(sorted(new))
        group = work.sets.setdefault((names, is_own), [])
        group.append([*(new[name] for name in names), known.record_id])
        work.touched.append(known.record_id)


def _current(
    connection: Connection[Any], spec: Entity, columns: Mapping[str, str], ids: Sequence[int]
) -> dict[int, dict[str, Any]]:
    version = ("version",) if spec.is_versioned else ()
    names = sorted({"id", *columns.values(), *spec.derived, *version})
    statement = sql.SQL("select {} from {} where id = any(%s) order by id for update").format(
        sql.SQL(", ").join(map(sql.Identifier, names)), sql.Identifier(spec.table)
    )
    found = (dict(zip(names, values, strict=True)) for values in connection.execute(statement, [list(ids)]))
    return {row["id"]: row for row in found}


def _write(connection: Connection[Any], spec: Entity, work: _Work, run_id: int, today: date) -> None:
    with connection.cursor() as cursor:
        for (names, is_own), rows in work.sets.items():
            sets: list[sql.Composable] = [sql.SQL("{} = %s").format(sql.Identifier(name)) for name in names]
            if spec.is_versioned and not is_own:
                sets.append(sql.SQL("version = version + 1"))
            statement = sql.SQL("update {} set {} where id = %s").format(
                sql.Identifier(spec.table), sql.SQL(", ").join(sets)
            )
            cursor.executemany(statement, rows)
        cursor.executemany(
            "insert into import_keys (entity, source, key, entity_id, run_id, digest, facts)"
            " values (%s, %s, %s, %s, %s, %s, %s) on conflict (entity, source, key)"
            " do update set digest = excluded.digest, facts = excluded.facts,"
            " entity_id = excluded.entity_id",
            work.keys,
        )
    note(connection, spec, run_id, work.notes)
    if work.touched:
        for following in spec.follow_sql:
            connection.execute(following.encode(), {"ids": work.touched, "today": today})


def _plain(value: object) -> object:
    """What JSON has no word for, in the form that PostgreSQL reads back."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} can't be kept")
