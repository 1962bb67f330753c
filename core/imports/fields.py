"""What an importable entity is made of: its fields, its table, and its own rules.

An entity is one more `Entity` in entities.py; reading, mapping, preview, writing and reverting
are the same for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

from core.access import Permission
from core.kit.fields import Field as FormField
from core.kit.lifecycle import Lifecycle


class Kind(StrEnum):
    """What a field's text is turned into."""

    TEXT = "text"
    DATE = "date"
    DAY_START = "day_start"
    MONEY = "money"
    NUMBER = "number"
    FLAG = "flag"
    CHOICE = "choice"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Field:
    """One field that a column can be mapped to.

    `column` is where it is stored ("" is the field's own name, None nowhere: only rules read it),
    `limit` the longest text or the largest number, `of` the entity that a RECORD refers to,
    `default` what a blank becomes in a new record, `read` how a form reads such a text, `only` the
    statuses in which it may be filled (all when empty).
    """

    name: str
    label: str
    kind: Kind = Kind.TEXT
    column: str | None = ""
    required: bool = False
    limit: int | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    of: str = ""
    default: object = None
    read: Callable[[object], object] | None = None
    only: tuple[str, ...] = ()

    @property
    def stored_in(self) -> str | None:
        """The database column, if it has one."""
        return self.name if self.column == "" else self.column

    @property
    def is_date(self) -> bool:
        """Whether a date format must be stated."""
        return self.kind in {Kind.DATE, Kind.DAY_START}


Record = dict[str, Any]
# Where a record carries what its row tells that no field takes, by column, as the file says it.
FACTS = "_facts"


def labels(values: type[StrEnum]) -> dict[str, str]:
    """The choices of a field that takes an enumeration: value to what people read."""
    return {one.value: one.value.replace("_", " ").capitalize() for one in values}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field of a record."""

    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Change:
    """One step of a record's status history."""

    frm: str | None
    to: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Revision:
    """What a changed row means beyond its plain fields: derived columns, a move, or why it can't be."""

    values: Mapping[str, object] = field(default_factory=dict)
    move: Change | None = None
    problem: str = ""


class World(Protocol):
    """What an entity's rules may ask about the rest of the system."""

    @property
    def now(self) -> datetime: ...
    @property
    def today(self) -> date: ...
    @property
    def zone(self) -> str: ...
    @property
    def actor_id(self) -> int | None: ...
    def territory_of(self, user_id: int | None) -> int | None: ...
    def fact(self, entity: str, record_id: int | None) -> str | None: ...
    def is_taken(self, entity: str, code: str) -> bool: ...


def _no_problems(_record: Record, _world: World) -> Sequence[Problem]:
    return ()


def _no_form(_today: date) -> Sequence[FormField]:
    return ()


def _nothing(_record: Record, _id: int, _world: World) -> Record:
    return {}


def _no_history(_record: Record, _world: World) -> Sequence[Change]:
    return ()


def _alone(_record: Record, _id: int, _world: World) -> Mapping[str, Sequence[Record]]:
    return {}


def _unrevised(_current: Mapping[str, Any], _record: Record, _world: World) -> Revision:
    return Revision()


@dataclass(frozen=True, slots=True)
class Rules:
    """What an entity asks of its records beyond the kinds of its fields.

    `form` are the inputs of the form that people enter it by, which read its values here too.
    `check` finds what else is wrong with a record, `complete` gives the derived columns of a new
    one, `history` its status changes from first to last, `hangs` the rows of other tables, by table,
    that come with it; `revise` is asked when a record that exists is told anew.
    """

    form: Callable[[date], Sequence[FormField]] = _no_form
    check: Callable[[Record, World], Sequence[Problem]] = _no_problems
    complete: Callable[[Record, int, World], Record] = _nothing
    history: Callable[[Record, World], Sequence[Change]] = _no_history
    revise: Callable[[Mapping[str, Any], Record, World], Revision] = _unrevised
    hangs: Callable[[Record, int, World], Mapping[str, Sequence[Record]]] = _alone


@dataclass(frozen=True, slots=True)
class StatusColumns:
    """Where an entity with a lifecycle keeps its status, and how far it ever came ("" nowhere)."""

    lifecycle: Lifecycle
    field: str
    column: str
    furthest: str = ""


@dataclass(frozen=True, slots=True)
class Entity:
    """One kind of record that can be imported.

    Records are found by their key in the source, then by `code`, then by `name_sql` (compared in
    lower case where `folds_case`). `owner` and `territory` are the fields that row scope looks at.
    `derived` are the columns that `rules.complete` fills. `follow_sql` keeps the rows that hang on
    new or changed `ids` as of `today`, `unfollow_sql` removes them before a revert. `fact_sql` is one
    fact about a record that rules of others ask for. `demands` are (status, field, sentence): a
    mapping that can lead to the status must fill the field. `stub` is what a record needs besides its
    name to be created on the way, None where that asks for more than a default.
    """

    name: str
    noun: str
    plural: str
    table: str
    permission: Permission
    fields: tuple[Field, ...]
    code: str | None = None
    name_sql: str | None = None
    name_field: str = "name"
    folds_case: bool = True
    owner: str | None = None
    territory: str | None = None
    status: StatusColumns | None = None
    derived: tuple[str, ...] = ()
    is_versioned: bool = True
    fact_sql: str | None = None
    follow_sql: tuple[str, ...] = ()
    unfollow_sql: tuple[str, ...] = ()
    demands: tuple[tuple[str, str, str], ...] = ()
    stub: Mapping[str, str] | None = None
    rules: Rules = Rules()

    def __getitem__(self, name: str) -> Field:
        return next(one for one in self.fields if one.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        """Every field's name, in order."""
        return tuple(one.name for one in self.fields)

    def stored(self, fields: Sequence[str]) -> dict[str, str]:
        """Field to column, of the given fields that have one, in the entity's order."""
        return {
            one.name: column
            for one in self.fields
            if one.name in fields and (column := one.stored_in) is not None
        }
