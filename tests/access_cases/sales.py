"""Sales: leads, opportunities, follow-ups and appointments."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from core import sales
from core.access import SEES_ALL_ROWS, Permission, Role, Viewer
from core.kit.ids import new_request_id
from tests import factories as make
from tests.access_cases.world import Case, Owner, about, by_scope, for_all, may_own

NOW = datetime(2026, 3, 16, 15, 0, tzinfo=UTC)
days = itertools.count(1)
LATER, END = NOW + timedelta(days=1), NOW + timedelta(days=1, hours=1)
VIEW, EDIT, ASSIGN = Permission.LEADS_VIEW, Permission.LEADS_EDIT, Permission.LEADS_ASSIGN


def lead(owner: Owner) -> int:
    return make.lead(owner.user, territory_id=owner.area.id).id


def customer(owner: Owner) -> int:
    return make.customer(**owner.row).id


def opportunity(owner: Owner) -> int:
    return make.opportunity(owner.user, territory_id=owner.area.id).id


def followup(owner: Owner) -> int:
    return make.followup(owner.user, lead_id=lead(owner), scheduled_at=NOW - timedelta(hours=1)).id


def appointment(owner: Owner) -> int:
    # Each on a day of its own, because nobody is in two places at a time.
    starts = NOW - timedelta(days=next(days))
    return make.appointment(owner.user, lead_id=lead(owner), starts=starts).id


def agent(owner: Owner) -> int:
    return owner.user.id


def listed(cards: tuple[sales.Card, ...], key: int) -> bool:
    return key in {card.id for card in cards}


def on_board(key: int, by: Viewer) -> bool:
    return any(listed(column.cards, key) for column in sales.board("lead", by=by, now=NOW).columns)


def in_column(key: int, by: Viewer) -> bool:
    cards, _ = sales.column_cards("opportunity", "prospecting", after=None, by=by, now=NOW)
    return listed(cards, key)


def create_lead(key: int, by: Viewer) -> sales.Ref:
    new = sales.NewLead(first_name="Lena", last_name="L", source_id=make.source_id(), assigned_to=key)
    return sales.create_lead(new, request_id=new_request_id(), by=by)


def create_opportunity(key: int, by: Viewer) -> sales.Ref:
    new = sales.NewOpportunity(name="Deal", lead_id=key, territory_id=None)
    return sales.create_opportunity(new, request_id=new_request_id(), by=by)


def plan(key: int, by: Viewer) -> int:
    new = sales.NewFollowup(about=sales.About(lead_id=key), scheduled_at=LATER)
    return sales.plan_followup(new, request_id=new_request_id(), by=by, now=NOW)


def log(key: int, by: Viewer) -> int:
    return sales.log_followup(
        sales.About(opportunity_id=key),
        outcome="Spoke",
        completed_at=NOW,
        request_id=new_request_id(),
        by=by,
        now=NOW,
    )


def book(key: int, by: Viewer) -> int:
    new = sales.NewAppointment(about=sales.About(lead_id=key), starts_at=LATER, ends_at=END)
    return sales.book_appointment(new, request_id=new_request_id(), by=by, now=NOW)


def at_1(**options: Any) -> dict[str, Any]:
    return {"version": 1, "now": NOW, **options}


def taker(by: Viewer) -> int:
    """Somebody to whom the viewer could hand a lead."""
    return sales.owners(by=by)[0].id if by.can(VIEW) else by.user_id


def in_own_area(role: Role, position: str) -> bool:
    """Managers choose from the territories that they manage, agents from none."""
    return by_scope(role, position) if position != "own" else role in SEES_ALL_ROWS


CASES: dict[str, Case] = {
    "sales.board": about(VIEW, lead, on_board),
    "sales.column_cards": about(VIEW, opportunity, in_column),
    "sales.deals": about(VIEW, lead, lambda key, by: listed(sales.deals("lead", by=by, now=NOW).rows, key)),
    "sales.lead": about(VIEW, lead, lambda key, by: sales.lead(key, by=by)),
    "sales.opportunity": about(VIEW, opportunity, lambda key, by: sales.opportunity(key, by=by)),
    "sales.lead_sources": for_all(VIEW, lambda by: sales.lead_sources(by=by)),
    "sales.lost_reasons": for_all(VIEW, lambda by: sales.lost_reasons(by=by)),
    "sales.owners": about(
        VIEW,
        agent,
        lambda key, by: key in {owner.id for owner in sales.owners(by=by)},
        is_visible=may_own,
    ),
    "sales.territories": about(
        VIEW,
        lambda owner: owner.area.id,
        lambda key, by: key in {area.id for area in sales.territories(by=by)},
        is_visible=in_own_area,
    ),
    "sales.create_lead": about(EDIT, agent, create_lead, fields=("assigned_to",), is_visible=may_own),
    "sales.edit_lead": about(
        EDIT, lead, lambda key, by: sales.edit_lead(key, {"state": "Ohio"}, **at_1(), by=by)
    ),
    "sales.move_lead": about(
        EDIT, lead, lambda key, by: sales.move_lead(key, to="contacted", **at_1(), by=by)
    ),
    "sales.assign_leads": about(
        ASSIGN, lead, lambda key, by: sales.assign_leads([key], to=taker(by), by=by)
    ),
    "sales.create_opportunity": about(EDIT, lead, create_opportunity, fields=("lead_id",)),
    "sales.edit_opportunity": about(
        EDIT, opportunity, lambda key, by: sales.edit_opportunity(key, {"notes": "x"}, **at_1(), by=by)
    ),
    "sales.move_opportunity": about(
        EDIT, opportunity, lambda key, by: sales.move_opportunity(key, to="proposal", **at_1(), by=by)
    ),
    "sales.assign_opportunities": about(
        ASSIGN, opportunity, lambda key, by: sales.assign_opportunities([key], to=taker(by), by=by)
    ),
    "sales.plan_followup": about(EDIT, lead, plan),
    "sales.log_followup": about(EDIT, opportunity, log),
    "sales.complete_followup": about(
        EDIT,
        followup,
        lambda key, by: sales.complete_followup(key, outcome="Spoke", completed_at=NOW, **at_1(), by=by),
    ),
    "sales.reschedule_followup": about(
        EDIT,
        followup,
        lambda key, by: sales.reschedule_followup(key, scheduled_at=LATER, **at_1(), by=by),
    ),
    "sales.cancel_followup": about(
        EDIT, followup, lambda key, by: sales.cancel_followup(key, **at_1(), by=by)
    ),
    "sales.book_appointment": about(EDIT, lead, book),
    "sales.complete_appointment": about(
        EDIT,
        appointment,
        lambda key, by: sales.complete_appointment(key, outcome="Met", **at_1(), by=by),
    ),
    "sales.reschedule_appointment": about(
        EDIT,
        appointment,
        lambda key, by: sales.reschedule_appointment(key, starts_at=LATER, ends_at=END, **at_1(), by=by),
    ),
    "sales.cancel_appointment": about(
        EDIT, appointment, lambda key, by: sales.cancel_appointment(key, **at_1(), by=by)
    ),
    "sales.mark_no_show": about(
        EDIT, appointment, lambda key, by: sales.mark_no_show(key, **at_1(), by=by)
    ),
    "sales.contacts_with": about(VIEW, customer, lambda key, by: sales.contacts_with(key, by=by)),
    "sales.my_day": for_all(Permission.HOME_VIEW, lambda by: sales.my_day(by=by, now=NOW)),
}
