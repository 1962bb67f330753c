"""What every change of a lead or opportunity goes through: lock, version, input and owner."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, customers
from core.access import Viewer
from core.kit.errors import Conflict, Invalid, NotFound, Refusal
from core.kit.fields import Field
from core.kit.wording import day_told
from core.sales import deal_store, neighbours, rules
from core.sales.errors import ClosedDeal
from core.sales.records import Ref
from core.sales.shapes import SHAPES, Shape
from core.sales.tables import LeadSource

# How many codes a refusal names before it counts the rest.
NAMED = 5
# What was agreed or lost over; it stays as it is once a deal is closed.
SETTLED = frozenset(
    {"expected_premium", "product_interest", "estimated_value", "won_value", "product_id", "source_id"}
)


def locked(session: Session, shape: Shape, deal_id: int, *, by: Viewer) -> Any:
    """The row, locked until the transaction ends. NotFound when it is not in scope."""
    row = session.scalars(
        select(shape.model)
        .where(shape.model.id == deal_id, deal_store.visible(shape, by))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound(shape.lifecycle.noun, deal_id)
    return row


def ref(shape: Shape, row: Any) -> Ref:
    """Id, code and version of a written row."""
    return Ref(row.id, getattr(row, shape.code.key), row.version)


def check_version(session: Session, shape: Shape, row: Any, expected: int, fields: Iterable[Field]) -> None:
    """Raises Conflict with who changed which fields, and what they are now (quality.md D5, R3)."""
    if row.version == expected:
        return
    noun = shape.lifecycle.noun
    last = audit.last_change(session, noun, row.id)
    later = [
        entry
        for entry in audit.entries(session, noun, row.id)
        if int(entry.details.get("from_version", 0)) >= expected
    ]
    names = list(dict.fromkeys(name for entry in later for name in entry.details.get("changed", {})))
    labels = {field.name: field.label for field in fields}
    labels |= {shape.status_column: "Status", "assigned_to": "Owner"}
    changes = [
        (labels[name], _as_text(shape, name, getattr(row, name))) for name in names if name in labels
    ]
    who = last.who if last else "Somebody"
    what = ", ".join(label.lower() for label, _ in changes)
    raise Conflict(
        f"{who} changed {what or 'it'} since you opened this {noun}. Nothing was overwritten.",
        who=who,
        at=last.at if last else None,
        changes=changes,
    )


def _as_text(shape: Shape, name: str, value: object) -> str:
    if name == shape.status_column:
        return shape.lifecycle.label(str(value))
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    if isinstance(value, StrEnum):
        return value.value.replace("_", " ")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return day_told(value)
    # Ids of other records say nothing to people.
    return value if isinstance(value, str) else ""


def only_known(inputs: Sequence[Field], changes: Mapping[str, object]) -> Sequence[Field]:
    """The inputs, when every change is of one of them; Invalid otherwise."""
    unknown = changes.keys() - {field.name for field in inputs}
    if unknown:
        raise Invalid(dict.fromkeys(sorted(unknown), "This can't be changed here."))
    return inputs


def changed_fields(fields: Iterable[Field], row: Any, cleaned: Mapping[str, object]) -> dict[str, object]:
    """For the audit row: the fields that will differ, with old and new unless they are personal."""
    personal = {field.name for field in fields if field.personal}
    return {
        name: None if name in personal else [_plain(getattr(row, name)), _plain(value)]
        for name, value in cleaned.items()
        if getattr(row, name) != value
    }


def born_fields(fields: Iterable[Field], cleaned: Mapping[str, object]) -> dict[str, object]:
    """For the audit row of a new record: the fields that were filled in."""
    personal = {field.name for field in fields if field.personal}
    return {
        name: None if name in personal else [None, _plain(value)]
        for name, value in cleaned.items()
        if value is not None
    }


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, (bool, int)) else str(value)


def write_changes(
    session: Session,
    shape: Shape,
    fields: Sequence[Field],
    row: Any,
    cleaned: Mapping[str, Any],
    *,
    by: Viewer,
) -> bool:
    """Write what differs, with one audit row; False when nothing does.

    Raises ClosedDeal for what was settled, and Invalid for what the stage can't be without.
    """
    changed = changed_fields(fields, row, cleaned)
    if not changed:
        return False
    status = str(getattr(row, shape.status_column))
    labels = {field.name: field.label for field in fields}
    if not rules.is_open(shape.lifecycle, status) and (settled := SETTLED & changed.keys()):
        noun = shape.lifecycle.noun
        what = ", ".join(sorted(labels[name].lower() for name in settled))
        raise ClosedDeal(
            f"This {noun} is closed, so its {what} can't change any more.",
            remedy="A lost one can be reopened by a manager.",
        )
    held = rules.held_needs(shape.lifecycle, status)
    emptied = {name: held[name] for name in changed if name in held and cleaned[name] is None}
    if emptied:
        raise Invalid(emptied)
    check_named(session, {name: cleaned[name] for name in changed}, by=by)
    audit.record(
        session,
        actor=by,
        action=f"{shape.kind}.edit",
        entity=shape.kind,
        entity_id=row.id,
        details={"changed": changed, "from_version": row.version},
    )
    for name in changed:
        setattr(row, name, cleaned[name])
    return True


def check_named(session: Session, cleaned: Mapping[str, Any], *, by: Viewer) -> None:
    """Raises Invalid for every product, source, account, customer or lead that can't be chosen."""

    def is_source(key: int) -> bool:
        return bool(session.scalar(select(LeadSource.is_active).where(LeadSource.id == key)))

    def is_lead(key: int) -> bool:
        shape = SHAPES["lead"]
        wanted = select(shape.model.id).where(shape.model.id == key, deal_store.visible(shape, by))
        return session.scalar(wanted) is not None

    checks: dict[str, tuple[Callable[[int], object], str]] = {
        "product_interest": (
            lambda key: neighbours.is_sold(session, key),
            "Choose a product that is sold.",
        ),
        "product_id": (lambda key: neighbours.is_sold(session, key), "Choose a product that is sold."),
        "source_id": (is_source, "Choose a source from the list."),
        "lead_id": (is_lead, "Choose a lead of yours."),
        "account_id": (lambda key: customers.account(key, by=by), "Choose an account that you can open."),
        "customer_id": (lambda key: customers.choice(key, by=by), "Choose a customer that you can open."),
    }
    problems = {}
    for name, (is_there, ask) in checks.items():
        value = cleaned.get(name)
        if value is not None and not _holds(is_there, value):
            problems[name] = ask
    if problems:
        raise Invalid(problems)


def _holds(is_there: Callable[[int], object], key: int) -> bool:
    try:
        return bool(is_there(key))
    except NotFound:
        return False


def new_owner(
    session: Session, *, assigned_to: int | None, territory_id: int | None, by: Viewer
) -> dict[str, int | None]:
    """Owner and territory of a new deal (records.NewLead). Raises Invalid for a foreign one."""
    if assigned_to is not None:
        owner = neighbours.owner_choice(session, assigned_to, by=by)
        if owner is None:
            raise Invalid({"assigned_to": "Choose an owner of yours."})
        return {"assigned_to": owner.id, "territory_id": owner.territory_id}
    if territory_id is not None:
        allowed = {area.id for area in neighbours.visible_territories(session, by=by)}
        if territory_id not in allowed:
            raise Invalid({"territory_id": "Choose a territory of yours."})
        return {"assigned_to": None, "territory_id": territory_id}
    own = neighbours.owner_choice(session, by.user_id, by=by)
    if own is None and not by.sees_all:
        raise Invalid({"assigned_to": "Choose an owner."})
    return {
        "assigned_to": own.id if own else None,
        "territory_id": own.territory_id if own else None,
    }


def assign(session: Session, shape: Shape, ids: Sequence[int], *, to: int, by: Viewer) -> list[Any]:
    """Hand open deals to an owner within the viewer's scope; all of them or none.

    The territory follows the owner. Returns the rows that changed hands.
    """
    owner = neighbours.owner_choice(session, to, by=by)
    if owner is None:
        raise Refusal(
            "You can't hand anything to that person.",
            remedy="Choose an active seller of yours.",
            field="to",
        )
    rows = [locked(session, shape, deal_id, by=by) for deal_id in sorted(set(ids))]
    closed = [
        row for row in rows if not rules.is_open(shape.lifecycle, str(getattr(row, shape.status_column)))
    ]
    if closed:
        codes = ", ".join(str(getattr(row, shape.code.key)) for row in closed[:NAMED])
        more = f" and {len(closed) - NAMED} more" if len(closed) > NAMED else ""
        raise ClosedDeal(
            f"{len(closed)} of these {'is' if len(closed) == 1 else 'are'} closed: {codes}{more}.",
            remedy="Take what is closed out of the selection, then hand over the rest.",
        )
    moved = [row for row in rows if row.assigned_to != owner.id]
    audit.record_many(
        session,
        actor=by,
        action=f"{shape.kind}.assign",
        entity=shape.kind,
        rows=[
            (
                row.id,
                {
                    "changed": {
                        "assigned_to": [row.assigned_to, owner.id],
                        "territory_id": [row.territory_id, owner.territory_id],
                    },
                    "from_version": row.version,
                },
            )
            for row in moved
        ],
    )
    for row in moved:
        row.assigned_to, row.territory_id = owner.id, owner.territory_id
    return moved
