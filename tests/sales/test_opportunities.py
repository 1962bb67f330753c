from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from core import sales
from core.db import unit_of_work
from core.kit.errors import Conflict, Invalid, NotFound
from core.kit.ids import new_request_id
from core.sales.tables import Opportunity
from tests import factories as make

NOW = datetime(2026, 3, 16, 15, 0, tzinfo=UTC)
TODAY = date(2026, 3, 16)


def stored(key: int) -> Opportunity:
    with unit_of_work() as session:
        return session.get_one(Opportunity, key)


def test_an_opportunity_goes_from_prospecting_to_won(database: Engine):
    company = make.company()
    account = make.account(agent=company.ann_in_east)
    ref = sales.create_opportunity(
        sales.NewOpportunity(name="Fleet cover", account_id=account.id),
        request_id=new_request_id(),
        by=company.ann,
        now=NOW,
    )
    step = {"by": company.ann, "now": NOW}
    ref = sales.move_opportunity(ref.id, to="qualification", version=ref.version, **step)
    with pytest.raises(Invalid) as refused:
        sales.move_opportunity(ref.id, to="proposal", version=ref.version, **step)
    assert refused.value.fields.keys() == {"estimated_value", "expected_close_date"}
    given = {"estimated_value": "12,000.00", "expected_close_date": date(2026, 6, 30)}
    ref = sales.move_opportunity(ref.id, to="proposal", version=ref.version, changes=given, **step)
    ref = sales.move_opportunity(ref.id, to="negotiation", version=ref.version, **step)
    with pytest.raises(Invalid) as refused:
        sales.move_opportunity(ref.id, to="closed_won", version=ref.version, **step)
    assert refused.value.fields.keys() == {"won_value"}
    sales.move_opportunity(
        ref.id, to="closed_won", version=ref.version, won_value=Decimal("11500.00"), **step
    )
    won = stored(ref.id)
    assert (won.won_value, won.closed_on, won.opened_on) == (Decimal("11500.00"), TODAY, TODAY)
    assert (won.furthest_stage.value, won.territory_id) == ("closed_won", company.east.id)


def test_losing_an_opportunity_needs_a_reason(database: Engine):
    company = make.company()
    deal = make.opportunity(company.ann_in_east)
    with pytest.raises(Invalid) as refused:
        sales.move_opportunity(deal.id, to="closed_lost", version=deal.version, by=company.ann)
    assert refused.value.fields.keys() == {"lost_reason_id"}


def test_a_reopened_opportunity_is_open_again_and_counts_it(database: Engine):
    company = make.company()
    deal = make.opportunity(company.ann_in_east, stage="closed_lost", closed_on=TODAY - timedelta(days=180))
    sales.move_opportunity(
        deal.id, to="qualification", version=deal.version, by=company.erin, reason="Asked again", now=NOW
    )
    found = stored(deal.id)
    assert (found.closed_on, found.lost_reason_id, found.reopen_count) == (None, None, 1)


def test_two_tabs_that_edit_an_opportunity_do_not_overwrite_each_other(database: Engine):
    company = make.company()
    deal = make.opportunity(company.ann_in_east)
    changes = {"name": "Bigger deal", "expected_close_date": date(2027, 3, 1)}
    sales.edit_opportunity(deal.id, changes, version=deal.version, by=company.ann, now=NOW)
    with pytest.raises(Conflict) as refused:
        sales.edit_opportunity(deal.id, {"name": "Deal"}, version=deal.version, by=company.erin, now=NOW)
    assert dict(refused.value.changes) == {"Name": "Bigger deal", "Expected close date": "Mar 1, 2027"}


def test_the_second_of_two_who_move_an_opportunity_is_told_and_nothing_is_overwritten(database: Engine):
    company = make.company()
    deal = make.opportunity(company.ann_in_east, stage="proposal", expected_close_date=TODAY)
    reason = make.lost_reason_id()
    sales.move_opportunity(deal.id, to="negotiation", version=deal.version, by=company.erin, now=NOW)
    with pytest.raises(Conflict) as refused:
        sales.move_opportunity(
            deal.id, to="closed_lost", version=deal.version, by=company.ann, lost_reason_id=reason, now=NOW
        )
    assert refused.value.who == "Erin East"
    assert stored(deal.id).stage.value == "negotiation"


def test_a_foreign_opportunity_cannot_be_opened_moved_or_handed_over(database: Engine):
    company = make.company()
    foreign = make.opportunity(company.walt_in_west)
    with pytest.raises(NotFound):
        sales.opportunity(foreign.opportunity_code, by=company.ann)
    with pytest.raises(NotFound):
        sales.move_opportunity(foreign.id, to="closed_lost", version=1, by=company.ann)
    with pytest.raises(NotFound):
        sales.assign_opportunities([foreign.id], to=company.ann_in_east.id, by=company.erin)


def test_an_opportunity_shows_its_lead_account_moves_and_history(database: Engine):
    company = make.company()
    lead, account = make.lead(company.ann_in_east), make.account(name="Acme")
    ref = sales.create_opportunity(
        sales.NewOpportunity(name="Acme fleet", lead_id=lead.id, account_id=account.id),
        request_id=new_request_id(),
        by=company.ann,
    )
    found = sales.opportunity(ref.code, by=company.ann)
    assert (found.lead and found.lead.name, found.account and found.account.name) == (
        lead.lead_code,
        "Acme",
    )
    assert [move.to for move in found.moves] == ["qualification", "closed_lost"]
    assert [(entry.who, entry.what) for entry in found.history] == [
        ("Ann Agent", "entered it as Prospecting")
    ]
    assert [named.name for named in sales.lead(lead.id, by=company.ann).opportunities] == [
        f"{ref.code} Acme fleet"
    ]
