"""The lists behind sales: lead sources and lost reasons. What is in use is retired, never deleted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import audit
from core.access import Permission, Viewer, action, read
from core.db import once, unit_of_work
from core.kit.errors import Invalid, NotFound, Refusal
from core.kit.fields import Field, amount, choice, clean, text
from core.kit.ids import RequestId
from core.sales.tables import LeadSource, LostCategory, LostReason, SourceType


class ListKind(StrEnum):
    """Which list."""

    SOURCES = "lead_source"
    REASONS = "lost_reason"


@dataclass(frozen=True, slots=True)
class ListItem:
    """One entry of a list; `kind` is its type or category, the cost is in US dollars per lead."""

    id: int
    version: int
    name: str
    kind: str
    description: str | None
    cost_per_lead: Decimal | None
    is_active: bool


@dataclass(frozen=True, slots=True)
class _List:
    model: Any
    noun: str
    kind_column: str
    fields: tuple[Field, ...]


_NAME = Field("name", "Name", text(100), required=True)
_DESCRIPTION = Field("description", "Description", text(500, lines=True))
_LISTS: Mapping[ListKind, _List] = MappingProxyType(
    {
        ListKind.SOURCES: _List(
            LeadSource,
            "lead source",
            "type",
            (
                _NAME,
                Field("type", "Type", choice(SourceType), required=True),
                _DESCRIPTION,
                Field("cost_per_lead", "Cost per lead", amount(Decimal("999999.99"))),
            ),
        ),
        ListKind.REASONS: _List(
            LostReason,
            "lost reason",
            "category",
            (_NAME, Field("category", "Category", choice(LostCategory), required=True), _DESCRIPTION),
        ),
    }
)


@read(Permission.REFERENCE_ADMIN)
def list_items(kind: ListKind, *, by: Viewer) -> tuple[ListItem, ...]:
    """Every entry of a list, those in use first, by name."""
    del by  # the lists are everybody's
    model = _LISTS[kind].model
    with unit_of_work() as session:
        rows = session.scalars(select(model).order_by(model.is_active.desc(), model.name))
        return tuple(
            ListItem(
                row.id,
                row.version,
                row.name,
                getattr(row, _LISTS[kind].kind_column).value,
                row.description,
                getattr(row, "cost_per_lead", None),
                row.is_active,
            )
            for row in rows
        )


@action(Permission.REFERENCE_ADMIN)
def create_item(kind: ListKind, values: Mapping[str, object], *, request_id: RequestId, by: Viewer) -> int:
    """Enter a list's new entry; its id, once per request. Raises Invalid with a message per field."""
    about = _LISTS[kind]
    every: dict[str, object] = {field.name: None for field in about.fields}
    cleaned = clean(about.fields, {**every, **values})
    try:
        with unit_of_work() as session:

            def make() -> int:
                _check_name(session, about, cleaned["name"], other_than=0)
                row = about.model(**cleaned)
                session.add(row)
                session.flush()
                _note(session, f"{kind}.create", kind, row.id, by, {"name": row.name})
                key: int = row.id
                return key

            return once(
                session,
                request_id,
                action=f"sales.create_{kind}",
                content=cleaned,
                actor_id=by.user_id,
                make=make,
            )
    except IntegrityError as error:
        raise Invalid({"name": f"Another {about.noun} has just taken this name."}) from error


@action(Permission.REFERENCE_ADMIN)
def edit_item(
    kind: ListKind, item_id: int, values: Mapping[str, object], *, version: int, by: Viewer
) -> None:
    """Change a list's entry. Raises NotFound, Conflict, or Invalid with a message per field."""
    about = _LISTS[kind]
    cleaned = clean(about.fields, values)
    with unit_of_work() as session:
        row = _locked(session, kind, item_id, version)
        told = {
            name: [_plain(getattr(row, name)), _plain(value)]
            for name, value in cleaned.items()
            if getattr(row, name) != value
        }
        if not told:
            return
        if "name" in told:
            _check_name(session, about, cleaned["name"], other_than=item_id)
        for name in told:
            setattr(row, name, cleaned[name])
        _note(session, f"{kind}.edit", kind, item_id, by, told)


@action(Permission.REFERENCE_ADMIN)
def retire_item(kind: ListKind, item_id: int, *, version: int, by: Viewer) -> None:
    """Offer an entry no more; records that have it keep it.

    Raises NotFound, Conflict, or Refusal for the last one in use.
    """
    with unit_of_work() as session:
        row = _locked(session, kind, item_id, version)
        if not row.is_active:
            return
        model = _LISTS[kind].model
        if not session.scalar(select(exists().where(model.is_active, model.id != item_id))):
            raise Refusal(
                f"This is the last {_LISTS[kind].noun} in use.", remedy="Enter another one first."
            )
        row.is_active = False
        _note(session, f"{kind}.retire", kind, item_id, by, {"is_active": False})


@action(Permission.REFERENCE_ADMIN)
def restore_item(kind: ListKind, item_id: int, *, version: int, by: Viewer) -> None:
    """Offer a retired entry again. Raises NotFound, Conflict."""
    with unit_of_work() as session:
        row = _locked(session, kind, item_id, version)
        if not row.is_active:
            row.is_active = True
            _note(session, f"{kind}.restore", kind, item_id, by, {"is_active": True})


@action(Permission.REFERENCE_ADMIN)
def delete_item(kind: ListKind, item_id: int, *, version: int, by: Viewer) -> None:
    """Delete an entry that was never used. Raises NotFound, Conflict, or Refusal for one in use."""
    noun = _LISTS[kind].noun
    try:
        with unit_of_work() as session:
            row = _locked(session, kind, item_id, version)
            session.delete(row)
            _note(session, f"{kind}.delete", kind, item_id, by, {"name": row.name})
    except IntegrityError as error:
        raise Refusal(
            f"This {noun} is in use and can't be deleted.", remedy="Retire it: records keep it then."
        ) from error


def _locked(session: Session, kind: ListKind, item_id: int, version: int) -> Any:
    row = session.get(_LISTS[kind].model, item_id, with_for_update=True)
    if row is None:
        raise NotFound(_LISTS[kind].noun, item_id)
    audit.check_version(session, kind.value, _LISTS[kind].noun, row, version)
    return row


def _check_name(session: Session, about: _List, name: object, *, other_than: int) -> None:
    same = func.lower(about.model.name) == str(name).lower()
    if session.scalar(select(exists().where(same, about.model.id != other_than))):
        raise Invalid({"name": f"Another {about.noun} has this name."})


def _plain(value: object) -> str | None:
    return None if value is None else str(value)


def _note(
    session: Session, what: str, kind: ListKind, item_id: int, by: Viewer, changed: Mapping[str, object]
) -> None:
    audit.record(
        session,
        actor=by,
        action=what,
        entity=kind.value,
        entity_id=item_id,
        details={"changed": dict(changed)},
    )
