"""Open deals that go to another territory with the agent who owns them."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import audit
from core.audit import Actor
from core.db import unit_of_work
from core.sales.status import LEAD, OPPORTUNITY
from core.sales.tables import Lead, Opportunity


def carry_open_deals(owner_id: int, territory_id: int, *, actor: Actor) -> int:
    """Put the owner's open leads and opportunities into a territory; how many were elsewhere."""
    with unit_of_work() as session:
        return _leads(session, owner_id, territory_id, actor) + _opportunities(
            session, owner_id, territory_id, actor
        )


def _leads(session: Session, owner_id: int, territory_id: int, actor: Actor) -> int:
    before = session.execute(
        select(Lead.id, Lead.territory_id)
        .where(
            Lead.assigned_to == owner_id,
            Lead.status.in_(LEAD.flagged("open")),
            Lead.territory_id.is_distinct_from(territory_id),
        )
        .with_for_update()
    ).all()
    session.execute(
        update(Lead)
        .where(Lead.id.in_([row.id for row in before]))
        .values(territory_id=territory_id, version=Lead.version + 1)
    )
    _note(session, "lead", [(row.id, row.territory_id) for row in before], territory_id, actor)
    return len(before)


def _opportunities(session: Session, owner_id: int, territory_id: int, actor: Actor) -> int:
    before = session.execute(
        select(Opportunity.id, Opportunity.territory_id)
        .where(
            Opportunity.assigned_to == owner_id,
            Opportunity.stage.in_(OPPORTUNITY.flagged("open")),
            Opportunity.territory_id.is_distinct_from(territory_id),
        )
        .with_for_update()
    ).all()
    session.execute(
        update(Opportunity)
        .where(Opportunity.id.in_([row.id for row in before]))
        .values(territory_id=territory_id, version=Opportunity.version + 1)
    )
    _note(session, "opportunity", [(row.id, row.territory_id) for row in before], territory_id, actor)
    return len(before)


def _note(
    session: Session, entity: str, rows: list[tuple[int, int | None]], territory_id: int, actor: Actor
) -> None:
    audit.record_many(
        session,
        actor=actor,
        action=f"{entity}.carry",
        entity=entity,
        rows=[(key, {"changed": {"territory_id": [before, territory_id]}}) for key, before in rows],
    )
