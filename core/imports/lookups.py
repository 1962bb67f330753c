"""Finds the records that rows refer to: by their key in the source, by code, then by name.

What is not found is created only where the mapping asks for it, else it is the row's problem.
A person whose view is limited finds only what they may see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from psycopg import Connection, sql

from core.access import Viewer
from core.audit import Actor
from core.imports.entities import ENTITIES
from core.imports.fields import Entity
from core.kit.dates import business_date

# Beyond so many remembered names of an entity the memory starts anew.
MEMORY = 100_000


@dataclass(frozen=True, slots=True)
class Found:
    """The record behind a text, or why there is none."""

    record_id: int | None
    problem: str = ""
    is_missing: bool = False


@dataclass(slots=True)
class Lookups:
    """What a run knows of other records; `connection` is that of the chunk under way."""

    actor: Actor
    source: str
    now: datetime
    zone: str
    connection: Connection[Any]
    _found: dict[str, dict[str, Found]] = field(default_factory=dict)
    _facts: dict[str, dict[int, str]] = field(default_factory=dict)
    _territories: dict[int, int | None] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return business_date(self.now, self.zone)

    @property
    def actor_id(self) -> int | None:
        return self.actor.user_id

    def forget(self) -> None:
        """Drop what was found inside a transaction that did not commit."""
        self._found.clear()
        self._facts.clear()
        self._territories.clear()

    def find(self, entity: Entity, texts: Iterable[str]) -> Mapping[str, Found]:
        """Each text's record; every text that was asked for is in the answer."""
        known = self._found.setdefault(entity.name, {})
        if len(known) > MEMORY:
            known.clear()
        wanted = list(dict.fromkeys(texts))
        new = [text for text in wanted if text not in known]
        if new:
            known.update(self._ask(entity, new))
        return known

    def remember(self, entity: Entity, text: str, record_id: int) -> None:
        """A record that was just created for a text."""
        self._found.setdefault(entity.name, {})[text] = Found(record_id)

    def learn(self, entity: Entity, ids: Iterable[int]) -> None:
        """Load what rules may ask about these records: their one fact, and agents' territories."""
        if entity.fact_sql is not None:
            facts = self._facts.setdefault(entity.name, {})
            if len(facts) > MEMORY:
                facts.clear()
            self._load(
                f"select id, {entity.fact_sql} from {entity.table} where id = any(%s)",  # noqa: S608  # ours
                [one for one in ids if one not in facts],
                facts,
            )
        elif entity.name == "user":
            self._load(
                "select user_id, territory_id from agents where user_id = any(%s)",
                [one for one in ids if one not in self._territories],
                self._territories,
            )

    def territory_of(self, user_id: int | None) -> int | None:
        return None if user_id is None else self._territories.get(user_id)

    def fact(self, entity: str, record_id: int | None) -> str | None:
        return None if record_id is None else self._facts.get(entity, {}).get(record_id)

    def is_taken(self, entity: str, code: str) -> bool:
        spec = ENTITIES[entity]
        if spec.code is None:
            return False
        statement = sql.SQL("select 1 from {} where {} = %s").format(
            sql.Identifier(spec.table), sql.Identifier(spec.code)
        )
        return self.connection.execute(statement, [code]).fetchone() is not None

    def _load(self, statement: str, ids: list[int], into: dict[int, Any]) -> None:
        if ids:
            into.update(self.connection.execute(statement.encode(), [ids]).fetchall())

    def _ask(self, entity: Entity, texts: list[str]) -> dict[str, Found]:
        found: dict[str, Found] = {}
        for statement, fold in self._statements(entity):
            left = [text for text in texts if text not in found]
            if not left:
                break
            asked = [fold(text) for text in left]
            hits: dict[str, set[int]] = {}
            params = {"texts": asked, "entity": entity.name, "source": self.source, **self._scope()}
            for name, record_id in self.connection.execute(statement, params):
                hits.setdefault(name, set()).add(record_id)
            for text, key in zip(left, asked, strict=True):
                if ids := hits.get(key):
                    found[text] = _one(entity, text, ids)
        return {text: found.get(text) or _none(entity, text) for text in texts}

    def _statements(self, entity: Entity) -> Iterable[tuple[sql.Composed, Callable[[str], str]]]:
        table, scope = sql.Identifier(entity.table), self._scope_sql(entity)
        yield (
            sql.SQL(
                "select k.key, t.id from import_keys k join {} t on t.id = k.entity_id"
                " where k.entity = %(entity)s and k.source = %(source)s and k.key = any(%(texts)s) {}"
            ).format(table, scope),
            _same,
        )
        if entity.code is not None:
            code = sql.Identifier(entity.code)
            yield (
                sql.SQL("select {0}, t.id from {1} t where {0} = any(%(texts)s) {2}").format(
                    code, table, scope
                ),
                _same,
            )
        if entity.name_sql is not None:
            name: sql.Composable = sql.SQL(entity.name_sql)  # of our own making
            if entity.folds_case:
                name = sql.SQL("lower({})").format(name)
            yield (
                sql.SQL("select {0}, t.id from {1} t where {0} = any(%(texts)s) {2}").format(
                    name, table, scope
                ),
                str.lower if entity.folds_case else _same,
            )

    def _scope_sql(self, entity: Entity) -> sql.Composable:
        """The row scope of core.access, for the entities whose rows belong to somebody."""
        if not isinstance(self.actor, Viewer) or self.actor.sees_all or entity.owner is None:
            return sql.SQL("")
        owner = sql.Identifier(entity[entity.owner].stored_in or "")
        territory = sql.Identifier(entity[entity.territory or ""].stored_in or "")
        return sql.SQL("and (t.{} = any(%(agents)s) or t.{} = any(%(territories)s))").format(
            owner, territory
        )

    def _scope(self) -> dict[str, list[int]]:
        if not isinstance(self.actor, Viewer):
            return {}
        return {
            "agents": sorted(self.actor.agent_ids),
            "territories": sorted(self.actor.territory_ids),
        }


def _same(text: str) -> str:
    return text


def _one(entity: Entity, text: str, ids: set[int]) -> Found:
    if len(ids) > 1:
        return Found(None, f"{len(ids)} {entity.plural} are called “{text}”; use the code.")
    return Found(next(iter(ids)))


def _none(entity: Entity, text: str) -> Found:
    return Found(None, f"There is no {entity.noun} “{text}”.", is_missing=True)
