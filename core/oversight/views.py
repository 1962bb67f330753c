"""Pages of the audit log, newest first, and the check of its chain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from core import audit
from core.access import Permission, Viewer, read
from core.db import unit_of_work
from core.kit.dates import start_of_day
from core.kit.fields import plain_text
from core.kit.settings import settings
from core.oversight import store

PAGE_ROWS = 50


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What is looked for; dates are business dates, both included. Empty is everything.

    `record` is a code such as L-000123, or a record's number.
    """

    entity: str | None = None
    record: str = ""
    actor_id: int | None = None
    action: str | None = None
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One thing done; `at` is UTC, `code` the record's code where it has one.

    `names` says who or what the ids in changed fields are, by field and id.
    """

    id: int
    at: datetime
    actor: str
    actor_role: str
    action: str
    entity: str
    entity_id: int | None
    code: str | None
    reference: str | None
    details: Mapping[str, Any]
    names: Mapping[tuple[str, int], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some rows, newest first; `next_before` asks for the older ones, None when there are none."""

    rows: tuple[AuditRow, ...]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class ChainResult:
    """How many rows were walked, the first that does not fit the one before it, and when it was made."""

    rows: int
    broken_at: int | None
    broken_when: datetime | None

    @property
    def is_whole(self) -> bool:
        """Whether every row fits."""
        return self.broken_at is None


@read(Permission.AUDIT_VIEW)
def read_audit(sought: AuditFilter, *, before: int | None = None, by: Viewer) -> AuditPage:
    """The 50 newest rows that match, of those older than the row `before`."""
    del by  # whoever reads the log reads all of it
    zone = settings().time_zone
    record, entity = plain_text(sought.record)[:40], plain_text(sought.entity or "") or None
    with unit_of_work() as db:
        rows = store.rows(
            db,
            entity=entity,
            records=store.records_of(db, record, entity=entity) if record else None,
            actor_id=sought.actor_id,
            action=plain_text(sought.action or "") or None,
            since=start_of_day(sought.first_day, zone) if sought.first_day else None,
            until=start_of_day(sought.last_day + timedelta(days=1), zone) if sought.last_day else None,
            before=before,
            limit=PAGE_ROWS + 1,
        )
        shown = rows[:PAGE_ROWS]
        codes = store.codes_of(db, [(row.entity, row.entity_id) for row in shown])
        referred = {row.id: _referred(row.entity, row.details) for row in shown}
        names = store.names_of(db, {one for found in referred.values() for one in found.values()})
    more = len(rows) > PAGE_ROWS
    found = tuple(
        AuditRow(
            **row._mapping,  # noqa: SLF001 # public
            code=codes.get((row.entity, row.entity_id)),
            names={at: names[one] for at, one in referred[row.id].items() if one in names},
        )
        for row in shown
    )
    return AuditPage(found, found[-1].id if more else None)


def _referred(entity: str, details: Mapping[str, Any]) -> dict[tuple[str, int], tuple[str, int]]:
    """By changed field and the id in it: what it is the id of."""
    changed = details.get("changed")
    found: dict[tuple[str, int], tuple[str, int]] = {}
    for name, values in changed.items() if isinstance(changed, dict) else ():
        kind = store.refers_to(entity, name)
        for key in values if isinstance(values, list) else [values]:
            if kind and isinstance(key, int):
                found[name, key] = (kind, key)
    return found


@read(Permission.AUDIT_VIEW)
def filter_choices(*, by: Viewer) -> tuple[list[str], list[str], list[tuple[int, str]]]:
    """The kinds of record, the recent actions, and the people (id, name) that the log tells of."""
    del by
    with unit_of_work() as db:
        return store.choices(db)


@read(Permission.AUDIT_VIEW)
def check_chain(*, by: Viewer, report: Callable[[float], None] = lambda _share: None) -> ChainResult:
    """Recompute every hash of the log, and tell the first row that was tampered with."""
    del by
    with unit_of_work() as db:
        found = audit.check_chain(db, report=report)
        when = store.moment_of(db, found.broken_at) if found.broken_at is not None else None
    return ChainResult(found.rows, found.broken_at, when)
