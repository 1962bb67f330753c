"""Enters, edits, moves and hands over opportunities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from sqlalchemy.orm import Session

from core import audit
from core.access import Permission, Viewer, action
from core.db import once, unit_of_work
from core.kit.dates import business_date, utc_now
from core.kit.fields import Field, clean
from core.kit.ids import RequestId
from core.kit.settings import settings
from core.sales import contacts, deal_actions, moves, rules
from core.sales.records import NewOpportunity, Ref
from core.sales.shapes import SHAPES
from core.sales.status import LOST, WON
from core.sales.tables import Opportunity

SHAPE = SHAPES["opportunity"]


def _today(at: datetime) -> date:
    return business_date(at, settings().time_zone)


def fields(at: datetime) -> tuple[Field, ...]:
    """The inputs of an opportunity at a moment."""
    return rules.opportunity_fields(_today(at))


@action(Permission.LEADS_EDIT)
def create_opportunity(
    new: NewOpportunity, *, request_id: RequestId, by: Viewer, now: datetime | None = None
) -> Ref:
    """Enter an opportunity once per request id. Raises Invalid with every wrong field."""
    at = now or utc_now()
    with unit_of_work() as session:
        made = once(
            session,
            request_id,
            action="sales.create_opportunity",
            content=asdict(new),
            actor_id=by.user_id,
            make=lambda: _enter(session, new, by=by, at=at),
        )
        session.flush()
        return deal_actions.ref(SHAPE, session.get_one(Opportunity, made))


def _enter(session: Session, new: NewOpportunity, *, by: Viewer, at: datetime) -> int:
    values = asdict(new)
    owner = {name: values.pop(name) for name in ("assigned_to", "territory_id")}
    cleaned = clean(fields(at), values)
    deal_actions.check_named(session, cleaned, by=by)
    row = Opportunity(
        **cleaned,
        **deal_actions.new_owner(session, **owner, by=by),
        stage=SHAPE.stage(SHAPE.lifecycle.start),
        furthest_stage=SHAPE.stage(SHAPE.lifecycle.start),
        status_changed_at=at,
        created_at=at,
        created_by=by.user_id,
    )
    session.add(row)
    session.flush()
    audit.born(session, SHAPE.lifecycle, row.id, status=SHAPE.lifecycle.start, actor=by, at=at)
    audit.record(
        session,
        actor=by,
        action="opportunity.create",
        entity="opportunity",
        entity_id=row.id,
        details={"changed": deal_actions.born_fields(fields(at), cleaned)},
    )
    return row.id


@action(Permission.LEADS_EDIT)
def edit_opportunity(
    opportunity_id: int,
    changes: Mapping[str, object],
    *,
    version: int,
    by: Viewer,
    now: datetime | None = None,
) -> Ref:
    """Change some fields. Raises Conflict when somebody else was faster, and Invalid, ClosedDeal."""
    inputs = fields(now or utc_now())
    cleaned = clean(deal_actions.only_known(inputs, changes), changes)
    with unit_of_work() as session:
        row = deal_actions.locked(session, SHAPE, opportunity_id, by=by)
        deal_actions.check_version(session, SHAPE, row, version, inputs)
        deal_actions.write_changes(session, SHAPE, inputs, row, cleaned, by=by)
        session.flush()
        return deal_actions.ref(SHAPE, row)


@action(Permission.LEADS_EDIT)
def move_opportunity(
    opportunity_id: int,
    *,
    to: str,
    version: int,
    by: Viewer,
    reason: str = "",
    lost_reason_id: int | None = None,
    lost_note: str = "",
    won_value: object = None,
    changes: Mapping[str, object] | None = None,
    now: datetime | None = None,
) -> Ref:
    """Move an opportunity to another stage; winning needs the agreed value in US dollars.

    `changes` are fields that the move asked for. Raises Conflict, IllegalMove, NotAllowed, or
    Invalid with everything that is missing. A move to the stage that it has writes nothing.
    """
    at = now or utc_now()
    inputs = fields(at)
    told = clean(
        (rules.REASON_FIELD, rules.NOTE_FIELD, rules.WON_VALUE_FIELD),
        {"reason": reason, "lost_note": lost_note, "won_value": won_value},
    )
    why, note = str(told["reason"] or ""), str(told["lost_note"] or "")
    cleaned = clean(deal_actions.only_known(inputs, changes or {}), changes or {})
    with unit_of_work() as session:
        row = deal_actions.locked(session, SHAPE, opportunity_id, by=by)
        deal_actions.check_version(session, SHAPE, row, version, inputs)
        if row.stage.value == to:
            return deal_actions.ref(SHAPE, row)
        with session.no_autoflush:
            deal_actions.write_changes(session, SHAPE, inputs, row, cleaned, by=by)
            given = facts(row, at=at) | moves.lost_reason(session, lost_reason_id, note)
            given["won_value"] = told["won_value"]
            moves.finish_move(session, SHAPE, row, to=to, by=by, at=at, given=given, reason=why, note=note)
            _settle(row, to, cast(Decimal | None, told["won_value"]), _today(at))
        session.flush()
        if LOST in SHAPE.lifecycle[to].flags:
            contacts.call_off(session, SHAPE, row, by=by, at=at)
        return deal_actions.ref(SHAPE, row)


def _settle(row: Opportunity, to: str, won_value: Decimal | None, today: date) -> None:
    """Keep the dates and the agreed value in step with the stage."""
    is_open = rules.is_open(SHAPE.lifecycle, to)
    row.closed_on = None if is_open else today
    row.won_value = won_value if WON in SHAPE.lifecycle[to].flags else None
    if is_open and to != SHAPE.lifecycle.start and row.opened_on is None:
        row.opened_on = today


def facts(row: Opportunity, *, at: datetime) -> dict[str, object]:
    """What the needs of an opportunity's moves look at."""
    return {
        "estimated_value": row.estimated_value,
        "expected_close_date": row.expected_close_date,
        "party": row.account_id or row.customer_id or row.lead_id,
        "won_value": row.won_value,
        "closed_recently": rules.may_reopen(row.closed_on, at, _today(at)),
    }


@action(Permission.LEADS_ASSIGN)
def assign_opportunities(opportunity_ids: Sequence[int], *, to: int, by: Viewer) -> int:
    """Hand open opportunities, with their planned follow-ups, to an owner; all of them or none.

    Returns how many changed hands.
    """
    with unit_of_work() as session:
        moved = deal_actions.assign(session, SHAPE, opportunity_ids, to=to, by=by)
        contacts.hand_over(session, SHAPE, [row.id for row in moved], to=to)
    return len(moved)
