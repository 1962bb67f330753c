"""The lists that sales forms choose from."""

from __future__ import annotations

from sqlalchemy import select

from core.access import Permission, Viewer, read
from core.db import unit_of_work
from core.sales import neighbours
from core.sales.records import LostReasonChoice, Named, OwnerChoice
from core.sales.tables import LeadSource, LostCategory, LostReason


@read(Permission.LEADS_VIEW)
def lead_sources(*, by: Viewer) -> tuple[Named, ...]:
    """Active lead sources, by name."""
    _ = by  # sources are everybody's
    statement = select(LeadSource.id, LeadSource.name).where(LeadSource.is_active).order_by(LeadSource.name)
    with unit_of_work() as session:
        return tuple(Named(*row) for row in session.execute(statement))


@read(Permission.LEADS_VIEW)
def lost_reasons(*, by: Viewer) -> tuple[LostReasonChoice, ...]:
    """Active lost reasons, by name; those that need a note come last."""
    _ = by  # reasons are everybody's
    with unit_of_work() as session:
        rows = session.scalars(
            select(LostReason).where(LostReason.is_active).order_by(LostReason.name)
        ).all()
    found = [
        LostReasonChoice(row.id, row.name, row.category.value, row.category is LostCategory.OTHER)
        for row in rows
    ]
    return tuple(sorted(found, key=lambda choice: choice.needs_note))


@read(Permission.LEADS_VIEW)
def owners(*, by: Viewer) -> tuple[OwnerChoice, ...]:
    """Active sellers and managers in the viewer's scope, by name."""
    with unit_of_work() as session:
        return neighbours.owner_choices(session, by=by)


@read(Permission.LEADS_VIEW)
def territories(*, by: Viewer) -> tuple[Named, ...]:
    """Active territories in the viewer's scope, by name."""
    with unit_of_work() as session:
        return neighbours.visible_territories(session, by=by)
