"""Writes landed rows: tells new, changed and unchanged apart, and stores them in bulk.

A row is known by its key in the source (import_keys). One that says what it said last time is left
alone, so that work done here since is not undone; one that says something else changes the fields
that it fills, and a blank in it leaves what is there. Status columns are written here, not by
core.audit.move, because a file tells of moves that were made elsewhere at their own time; each
has its row in status_history all the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from psycopg import Connection, sql

from core.imports import changing
from core.imports.changing import Known
from core.imports.entities import ENTITIES
from core.imports.fields import FACTS, Change, Entity, Kind, Record
from core.imports.landing import Failure, Landed
from core.imports.lookups import Found, Lookups
from core.imports.mapping import ImportMapping, Source
from core.imports.store import Counts, copy_rows
from core.imports.values import NotAValue, converter


@dataclass(slots=True)
class Split:
    """The rows of a chunk by what is to be done with them."""

    new: list[Landed] = field(default_factory=list)
    changed: list[tuple[Landed, Known]] = field(default_factory=list)
    unchanged: int = 0


class Writer:
    """Writes the rows of one run. Without a run id nothing is stored: rows are only told apart."""

    def __init__(self, mapping: ImportMapping, lookups: Lookups, *, run_id: int | None) -> None:
        self._mapping = mapping
        self._spec = mapping.spec
        self._lookups = lookups
        self._run_id = run_id
        filled = {*mapping.fields, *(one.name for one in self._spec.fields if one.default is not None)}
        self._columns = self._spec.stored(sorted(filled))
        self._imagined = 0

    def write(self, landed: Sequence[Landed]) -> tuple[Counts, list[Failure]]:
        """Store rows in the transaction of `lookups.connection`; (what became of them, failures)."""
        split = self._split(landed)
        if self._run_id is None:
            counts = Counts(created=len(split.new), updated=len(split.changed), unchanged=split.unchanged)
            return counts, []
        self._insert(
            self._spec,
            self._columns,
            [one.record for one in split.new],
            [(one.key, one.digest) for one in split.new],
        )
        outcome = changing.change(
            self._spec,
            self._mapping,
            split.changed,
            run_id=self._run_id,
            columns=self._columns,
            lookups=self._lookups,
        )
        write_history(self._lookups, self._spec, self._run_id, outcome.moves)
        counts = Counts(
            created=len(split.new) + outcome.filled,
            updated=outcome.updated,
            unchanged=split.unchanged + outcome.same,
            failed=len(outcome.failures),
        )
        return counts, outcome.failures

    def create_missing(
        self, spec: Entity, texts: Sequence[str], given: Mapping[str, str]
    ) -> Mapping[str, Found]:
        """Create records that rows refer to, from their names and what the mapping gives for them."""
        found: dict[str, Found] = {}
        records: dict[str, Record] = {}
        for text in texts:
            record, problem = self._stub(spec, text, given)
            if problem:
                told = f"There is no {spec.noun} “{text}”, and it can't be created: {problem}"
                found[text] = Found(None, told)
            else:
                records[text] = record
        for text, new_id in zip(records, self._new_records(spec, records), strict=True):
            self._lookups.remember(spec, text, new_id)
            found[text] = Found(new_id)
        return found

    def _new_records(self, spec: Entity, records: Mapping[str, Record]) -> list[int]:
        """Their ids; a trial only imagines some, below 0."""
        if self._run_id is None:
            self._imagined -= len(records)
            return list(range(self._imagined, self._imagined + len(records)))
        keys = [(text, None) for text in records]
        made = list(records.values())
        return self._insert(spec, spec.stored(tuple(made[0])), made, keys) if made else []

    def _stub(self, spec: Entity, text: str, given: Mapping[str, str]) -> tuple[Record, str]:
        record: Record = {one.name: one.default for one in spec.fields if one.default is not None}
        for name, told in {**given, spec.name_field: text}.items():
            one = spec[name]
            try:
                if one.kind is Kind.RECORD:
                    record[name] = self._referred(spec, ENTITIES[one.of], told, given)
                else:
                    convert = converter(one, Source(constant=told), self._lookups.zone)
                    record[name] = convert(told, told)
            except NotAValue as error:
                return {}, f"{one.label}: {error}"
        problems = [problem.reason for problem in spec.rules.check(record, self._lookups)]
        return record, " ".join(problems)

    def _referred(self, spec: Entity, target: Entity, text: str, given: Mapping[str, str]) -> int:
        """A parent of the same kind is created along with it; anything else must be there."""
        hit = self._lookups.find(target, [text])[text]
        if hit.is_missing and target is spec:
            further = {name: told for name, told in given.items() if spec[name].kind is not Kind.RECORD}
            hit = self.create_missing(spec, [text], further)[text]
        if hit.record_id is None:
            raise NotAValue(hit.problem)
        return hit.record_id

    def _split(self, landed: Sequence[Landed]) -> Split:
        spec = self._spec
        statement = sql.SQL(
            "select k.key, k.entity_id, k.digest, k.run_id, k.facts from import_keys k"
            " join {} t on t.id = k.entity_id"
            " where k.entity = %s and k.source = %s and k.key = any(%s)"
        ).format(sql.Identifier(spec.table))
        rows = self._lookups.connection.execute(
            statement, [spec.name, self._mapping.source, [one.key for one in landed]]
        )
        known = {key: Known(*found) for key, *found in rows}
        adopted = self._adoptable([one for one in landed if one.key not in known])
        split = Split()
        for one in landed:
            found = known.get(one.key) or adopted.get(one.key)
            if found is None:
                split.new.append(one)
            elif found.digest == one.digest:
                split.unchanged += 1
            else:
                split.changed.append((one, found))
        return split

    def _adoptable(self, landed: Sequence[Landed]) -> dict[str, Known]:
        """Records of the same code or name that no key of this source leads to yet."""
        if not self._mapping.adopt or not landed:
            return {}
        name = self._spec.name_field
        texts = {one.key: str(one.texts.get(name) or one.record.get(name) or "") for one in landed}
        found = self._lookups.find(self._spec, [text for text in texts.values() if text])
        return {
            key: Known(record_id, None, None)
            for key, text in texts.items()
            if text and (record_id := found[text].record_id) is not None and record_id > 0
        }

    def _insert(
        self,
        spec: Entity,
        columns: Mapping[str, str],
        records: Sequence[Record],
        keys: Sequence[tuple[str, bytes | None]],
    ) -> list[int]:
        if not records:
            return []
        connection, world = self._lookups.connection, self._lookups
        ids = _new_ids(connection, spec.table, len(records))
        pairs = list(zip(ids, records, strict=True))
        plain = {name: column for name, column in columns.items() if column not in spec.derived}
        copy_rows(
            connection,
            sql.SQL("copy {} ({}) from stdin").format(
                sql.Identifier(spec.table),
                sql.SQL(", ").join(map(sql.Identifier, ("id", *plain.values(), *spec.derived))),
            ),
            ((new_id, *_values(spec, plain, record, new_id, world)) for new_id, record in pairs),
        )
        moves = [
            (new_id, change) for new_id, record in pairs for change in spec.rules.history(record, world)
        ]
        write_history(self._lookups, spec, self._run_id, moves)
        self._hang(spec, pairs)
        for statement in spec.follow_sql:
            connection.execute(statement.encode(), {"ids": ids, "today": world.today})
        copy_rows(
            connection,
            sql.SQL("copy import_keys (entity, source, key, entity_id, run_id, digest, facts) from stdin"),
            (
                (spec.name, self._mapping.source, key, new_id, self._run_id, digest, _facts(record))
                for (new_id, record), (key, digest) in zip(pairs, keys, strict=True)
            ),
        )
        changing.note(connection, spec, self._run_id, [(new_id, None) for new_id in ids])
        return ids

    def _hang(self, spec: Entity, pairs: Sequence[tuple[int, Record]]) -> None:
        """The rows of other tables that come with new records; those of a table have the same columns."""
        tables: dict[str, list[Record]] = {}
        for new_id, record in pairs:
            for table, rows in spec.rules.hangs(record, new_id, self._lookups).items():
                tables.setdefault(table, []).extend(rows)
        for table, rows in tables.items():
            if not rows:
                continue
            columns = tuple(rows[0])
            copy_rows(
                self._lookups.connection,
                sql.SQL("copy {} ({}) from stdin").format(
                    sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
                ),
                ([row[column] for column in columns] for row in rows),
            )


def _facts(record: Record) -> str | None:
    return json.dumps(record[FACTS]) if FACTS in record else None


def write_history(
    lookups: Lookups, spec: Entity, run_id: int | None, moves: Sequence[tuple[int, Change]]
) -> None:
    """The status changes that a file tells of, by whoever runs the import."""
    if spec.status is None or not moves:
        return
    actor, entity = lookups.actor, spec.status.lifecycle.entity
    copy_rows(
        lookups.connection,
        sql.SQL(
            "copy status_history (entity, entity_id, from_status, to_status, actor_id, actor_role, at,"
            " reason) from stdin"
        ),
        (
            (entity, one, move.frm, move.to, actor.user_id, actor.role_name, move.at, f"Import {run_id}")
            for one, move in moves
        ),
    )


def _new_ids(connection: Connection[Any], table: str, count: int) -> list[int]:
    rows = connection.execute(
        "select nextval(pg_get_serial_sequence(%s, 'id')) from generate_series(1, %s)", [table, count]
    )
    return [new_id for (new_id,) in rows]


def _values(
    spec: Entity, plain: Mapping[str, str], record: Record, new_id: int, world: Lookups
) -> list[object]:
    derived = spec.rules.complete(record, new_id, world)
    return [*(record.get(name) for name in plain), *(derived[column] for column in spec.derived)]
