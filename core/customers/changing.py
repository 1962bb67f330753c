"""What every change of a customer goes through: the lock, the version, the audit row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from core import audit
from core.access import Viewer
from core.customers import store
from core.customers.status import KYC
from core.customers.tables import Customer
from core.kit.errors import Conflict, NotFound
from core.kit.fields import Field
from core.kit.wording import day_told

ENTITY = "customer"


def locked(session: Session, customer_id: int, *, by: Viewer, with_archived: bool = False) -> Customer:
    """The customer, locked until the transaction ends. NotFound when it is not in scope."""
    statement = select(Customer).where(Customer.id == customer_id, store.visible(by))
    if not with_archived:
        statement = statement.where(store.LIVE)
    row = session.scalars(
        statement.with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound("customer", customer_id)
    return row


def locked_beside(session: Session, customer_id: int) -> Customer:
    """The customer of a record that the viewer may change, locked; the caller has seen to the record."""
    return session.scalars(
        select(Customer)
        .where(Customer.id == customer_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def in_sight(session: Session, customer_id: int, *, by: Viewer) -> Customer:
    """The customer, not locked. NotFound when it is not in scope."""
    row = session.scalars(
        select(Customer).where(Customer.id == customer_id, store.visible(by))
    ).one_or_none()
    if row is None:
        raise NotFound("customer", customer_id)
    return row


def is_in_sight(session: Session, customer_id: int, *, by: Viewer) -> bool:
    """Whether the viewer may see the customer."""
    return bool(session.scalar(select(exists().where(Customer.id == customer_id, store.visible(by)))))


def told(
    session: Session,
    row_id: int,
    *,
    by: audit.Actor,
    action: str,
    details: Mapping[str, object] | None = None,
) -> None:
    """One audit row about a customer; `action` reads like "customer.archive"."""
    audit.record(session, actor=by, action=action, entity=ENTITY, entity_id=row_id, details=details or {})


def check_version(
    session: Session, row: Any, expected: int, fields: Iterable[Field], *, entity: str = ENTITY
) -> None:
    """Raises Conflict with who changed which fields since, and what they are now (quality.md R3)."""
    if row.version == expected:
        return
    entries = [
        entry
        for entry in audit.entries(session, entity, row.id)
        if int(entry.details.get("from_version", 0)) >= expected
    ]
    labels = {field.name: field.label for field in fields}
    labels |= {"kyc_status": "KYC", "agent_id": "Agent"}
    names = dict.fromkeys(name for entry in entries for name in entry.details.get("changed", {}))
    changes = [(labels[name], shown(name, getattr(row, name))) for name in names if name in labels]
    last = audit.last_change(session, entity, row.id)
    who = last.who if last else "Somebody"
    what = ", ".join(label.lower() for label, _ in changes)
    raise Conflict(
        f"{who} changed {what or f'this {entity}'} since you opened it. Nothing was overwritten.",
        who=who,
        at=last.at if last else None,
        changes=changes,
    )


def shown(name: str, value: object) -> str:
    """A value as people read it."""
    if name == "kyc_status":
        return KYC.label(str(value))
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, StrEnum):
        return value.value.replace("_", " ")
    if isinstance(value, date):
        return day_told(value)
    return str(value) if isinstance(value, (str, Decimal, int)) else ""


def differences(fields: Iterable[Field], row: Any, cleaned: Mapping[str, object]) -> dict[str, object]:
    """For the audit row: the fields that will differ, with old and new unless they are personal."""
    personal = {field.name for field in fields if field.personal}
    return {
        name: None if name in personal else [_plain(getattr(row, name)), _plain(value)]
        for name, value in cleaned.items()
        if getattr(row, name) != value
    }


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, (bool, int)) else str(value)
