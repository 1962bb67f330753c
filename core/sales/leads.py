"""Enters, edits, moves and hands over leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core import audit
from core.access import Permission, Viewer, action
from core.db import once, unit_of_work
from core.kit.dates import business_date, utc_now
from core.kit.fields import Field, clean, plain_text
from core.kit.ids import RequestId
from core.kit.settings import settings
from core.sales import contacts, deal_actions, duplicates, moves, rules
from core.sales.errors import DuplicatesFound
from core.sales.records import NewLead, Ref
from core.sales.shapes import SHAPES
from core.sales.status import LOST
from core.sales.tables import Lead

SHAPE = SHAPES["lead"]


def fields(at: datetime) -> tuple[Field, ...]:
    """The inputs of a lead at a moment."""
    return rules.lead_fields(business_date(at, settings().time_zone))


@action(Permission.LEADS_EDIT)
def create_lead(
    new: NewLead,
    *,
    request_id: RequestId,
    by: Viewer,
    duplicates_reason: str = "",
    now: datetime | None = None,
) -> Ref:
    """Enter a lead once per request id.

    Raises Invalid with every wrong field, and DuplicatesFound while somebody like it exists and no
    reason for another one is given; the reason is logged (quality.md D7, R1).
    """
    at = now or utc_now()
    with unit_of_work() as session:
        made = once(
            session,
            request_id,
            action="sales.create_lead",
            content={**asdict(new), "duplicates_reason": duplicates_reason},
            actor_id=by.user_id,
            make=lambda: _enter(session, new, why=plain_text(duplicates_reason, lines=True), by=by, at=at),
        )
        session.flush()
        return deal_actions.ref(SHAPE, session.get_one(Lead, made))


def _enter(session: Session, new: NewLead, *, why: str, by: Viewer, at: datetime) -> int:
    values = asdict(new)
    owner = {name: values.pop(name) for name in ("assigned_to", "territory_id")}
    cleaned = clean(fields(at), values)
    deal_actions.check_named(session, cleaned, by=by)
    duplicates.hold(session, new)
    found = duplicates.matches(session, duplicates.Person.of(new), by=by)
    if found and not why:
        raise DuplicatesFound(found)
    row = Lead(
        **cleaned,
        **deal_actions.new_owner(session, **owner, by=by),
        contact_consent_at=at if cleaned["contact_consent"] else None,
        status=SHAPE.stage(SHAPE.lifecycle.start),
        furthest_status=SHAPE.stage(SHAPE.lifecycle.start),
        status_changed_at=at,
        created_at=at,
        created_by=by.user_id,
    )
    session.add(row)
    session.flush()
    details: dict[str, object] = {"changed": deal_actions.born_fields(fields(at), cleaned)}
    if found:
        details |= {"despite": [match.code for match in found if match.code], "reason": why}
    audit.born(session, SHAPE.lifecycle, row.id, status=SHAPE.lifecycle.start, actor=by, at=at)
    audit.record(session, actor=by, action="lead.create", entity="lead", entity_id=row.id, details=details)
    return row.id


@action(Permission.LEADS_EDIT)
def edit_lead(
    lead_id: int,
    changes: Mapping[str, object],
    *,
    version: int,
    by: Viewer,
    now: datetime | None = None,
) -> Ref:
    """Change some fields. Raises Conflict when somebody else was faster, and Invalid, ClosedDeal."""
    at = now or utc_now()
    inputs = fields(at)
    with unit_of_work() as session:
        row = deal_actions.locked(session, SHAPE, lead_id, by=by)
        deal_actions.check_version(session, SHAPE, row, version, inputs)
        _write(session, row, clean(deal_actions.only_known(inputs, changes), changes), by=by, at=at)
        session.flush()
        return deal_actions.ref(SHAPE, row)


def _write(session: Session, row: Lead, cleaned: Mapping[str, Any], *, by: Viewer, at: datetime) -> None:
    had_consent = row.contact_consent
    deal_actions.write_changes(session, SHAPE, fields(at), row, cleaned, by=by)
    if row.contact_consent != had_consent:
        row.contact_consent_at = at if row.contact_consent else None


@action(Permission.LEADS_EDIT)
def move_lead(
    lead_id: int,
    *,
    to: str,
    version: int,
    by: Viewer,
    reason: str = "",
    lost_reason_id: int | None = None,
    lost_note: str = "",
    customer_id: int | None = None,
    changes: Mapping[str, object] | None = None,
    now: datetime | None = None,
) -> Ref:
    """Move a lead to another status; `changes` are fields that the move asked for.

    Raises Conflict, IllegalMove, NotAllowed, or Invalid with everything that is missing
    (quality.md D1, D4, D5). A move to the status that it has writes nothing.
    """
    at = now or utc_now()
    inputs = fields(at)
    told = clean((rules.REASON_FIELD, rules.NOTE_FIELD), {"reason": reason, "lost_note": lost_note})
    why, note = str(told["reason"] or ""), str(told["lost_note"] or "")
    wanted = {**(changes or {}), **({"customer_id": customer_id} if customer_id is not None else {})}
    cleaned = clean(deal_actions.only_known(inputs, wanted), wanted)
    with unit_of_work() as session:
        row = deal_actions.locked(session, SHAPE, lead_id, by=by)
        deal_actions.check_version(session, SHAPE, row, version, inputs)
        if row.status.value == to:
            return deal_actions.ref(SHAPE, row)
        with session.no_autoflush:
            _write(session, row, cleaned, by=by, at=at)
            given = facts(session, row, at=at) | moves.lost_reason(session, lost_reason_id, note)
            moves.finish_move(session, SHAPE, row, to=to, by=by, at=at, given=given, reason=why, note=note)
            is_open = rules.is_open(SHAPE.lifecycle, to)
            row.closed_at = None if is_open else at
        session.flush()
        if LOST in SHAPE.lifecycle[to].flags:
            contacts.call_off(session, SHAPE, row, by=by, at=at)
        return deal_actions.ref(SHAPE, row)


def facts(session: Session, row: Lead, *, at: datetime) -> dict[str, object]:
    """What the needs of a lead's moves look at."""
    return {
        "completed_followup": contacts.was_spoken_to(session, row.id),
        "product_interest": row.product_interest,
        "expected_premium": row.expected_premium,
        "contact_consent": row.contact_consent,
        "customer_id": row.customer_id,
        "closed_recently": rules.may_reopen(row.closed_at, at, business_date(at, settings().time_zone)),
    }


@action(Permission.LEADS_ASSIGN)
def assign_leads(lead_ids: Sequence[int], *, to: int, by: Viewer) -> int:
    """Hand open leads, with their planned follow-ups, to an owner; all of them or none.

    Returns how many changed hands.
    """
    with unit_of_work() as session:
        moved = deal_actions.assign(session, SHAPE, lead_ids, to=to, by=by)
        contacts.hand_over(session, SHAPE, [row.id for row in moved], to=to)
    return len(moved)
