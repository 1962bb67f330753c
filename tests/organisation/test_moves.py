"""Agents move from a day on; the past stays, and what goes along is said."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from core import organisation, people
from core.customers.tables import Customer
from core.db import unit_of_work
from core.kit.errors import Conflict, Invalid, NotFound, Refusal
from core.people import Place
from core.sales.tables import Lead, Opportunity
from tests import factories as make

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)
TODAY = date(2026, 11, 21)
LATER = date(2026, 12, 1)


@pytest.fixture
def company(database):
    return make.company()


def move(company, on=TODAY, *, version=1, **changes):
    given = {"territory_id": company.west.id, "manager_id": company.wade_manages_west.id, "valid_from": on}
    organisation.move_agent(
        company.ann_in_east.id, Place(**{**given, **changes}), version=version, by=company.adam, now=NOW
    )


def ann(company):
    return people.agent_profile(company.ann_in_east.id, by=company.adam)


def spans(company):
    return [
        (one.territory, one.valid_from, one.valid_to)
        for one in people.assignments(company.ann_in_east.id, by=company.adam)
    ]


def areas_of(model, owner):
    with unit_of_work() as session:
        return session.scalars(select(model.territory_id).where(owner).order_by(model.id)).all()


def test_a_move_of_today_closes_one_span_and_opens_the_next(company):
    move(company)
    assert (ann(company).territory, ann(company).manager) == ("West", "Wade West")
    assert spans(company) == [("West", TODAY, None), ("East", date(2020, 1, 6), TODAY)]


def test_a_second_move_on_the_same_day_replaces_the_first(company):
    move(company)
    move(company, version=ann(company).version, territory_id=company.district.id)
    assert spans(company) == [("East district", TODAY, None), ("East", date(2020, 1, 6), TODAY)]


def test_a_move_ahead_changes_nothing_until_its_day(company):
    move(company, LATER)
    assert (ann(company).territory, ann(company).planned_on) == ("East", LATER)
    assert ann(company).planned_territory == "West"
    assert organisation.arrive_planned(now=NOW + timedelta(days=9)) == 0
    assert organisation.arrive_planned(now=NOW + timedelta(days=10)) == 1
    assert organisation.arrive_planned(now=NOW + timedelta(days=10)) == 0
    assert (ann(company).territory, ann(company).planned_on) == ("West", None)
    assert spans(company) == [("West", LATER, None), ("East", date(2020, 1, 6), LATER)]


def test_a_planned_move_is_replaced_by_a_new_one(company):
    move(company, LATER)
    move(company, LATER + timedelta(days=1), version=ann(company).version, territory_id=company.district.id)
    assert spans(company)[0] == ("East district", LATER + timedelta(days=1), None)
    assert len(spans(company)) == 2


def test_a_move_of_today_drops_what_was_planned(company):
    move(company, LATER)
    move(company, version=ann(company).version, territory_id=company.district.id)
    assert spans(company) == [("East district", TODAY, None), ("East", date(2020, 1, 6), TODAY)]
    assert organisation.arrive_planned(now=NOW + timedelta(days=30)) == 0


def test_a_planned_move_is_taken_back(company):
    move(company, LATER)
    organisation.keep_agent(company.ann_in_east.id, version=ann(company).version, by=company.adam, now=NOW)
    assert spans(company) == [("East", date(2020, 1, 6), None)]
    with pytest.raises(Refusal, match="No move"):
        organisation.keep_agent(
            company.ann_in_east.id, version=ann(company).version, by=company.adam, now=NOW
        )


def test_the_past_is_not_rewritten(company):
    with pytest.raises(Invalid) as refusal:
        move(company, TODAY - timedelta(days=1))
    assert list(refusal.value.fields) == ["valid_from"]


def test_a_move_that_changes_nothing_or_leads_to_nowhere_is_refused(company):
    for field, changes in {
        "territory_id": {"territory_id": company.east.id, "manager_id": company.erin_manages_east.id},
        "manager_id": {"manager_id": company.walt_in_west.id},
    }.items():
        with pytest.raises(Invalid) as refusal:
            move(company, **changes)
        assert list(refusal.value.fields) == [field]


def test_the_second_of_two_movers_is_told(company):
    move(company, LATER)
    with pytest.raises(Conflict, match="Adam Admin"):
        move(company)
    with pytest.raises(NotFound):
        organisation.move_agent(
            company.admin.id, Place(company.west.id, None, TODAY), version=1, by=company.adam, now=NOW
        )


def test_rows_keep_their_territory_unless_they_go_along(company):
    owner = company.ann_in_east
    for status in ("new", "lost"):
        make.lead(owner, status=status, territory_id=company.east.id)
    make.opportunity(owner, territory_id=company.east.id)
    make.customer(agent=owner, territory_id=company.east.id)
    move(company)
    assert areas_of(Lead, Lead.assigned_to == owner.id) == [company.east.id] * 2
    move(company, version=ann(company).version, territory_id=company.district.id, takes_leads=True)
    assert areas_of(Lead, Lead.assigned_to == owner.id) == [company.district.id, company.east.id]
    assert areas_of(Opportunity, Opportunity.assigned_to == owner.id) == [company.district.id]
    assert areas_of(Customer, Customer.agent_id == owner.id) == [company.east.id]


def test_what_goes_along_with_a_move_ahead_goes_on_its_day(company):
    owner = company.ann_in_east
    make.lead(owner, territory_id=company.east.id)
    make.customer(agent=owner, territory_id=company.east.id)
    move(company, LATER, takes_leads=True, takes_customers=True)
    assert areas_of(Customer, Customer.agent_id == owner.id) == [company.east.id]
    organisation.arrive_planned(now=NOW + timedelta(days=10))
    assert areas_of(Lead, Lead.assigned_to == owner.id) == [company.west.id]
    assert areas_of(Customer, Customer.agent_id == owner.id) == [company.west.id]


@pytest.mark.parametrize(
    ("noun", "count", "told"),
    [
        ("open lead", 1, "1 open lead (L-1)"),
        ("open lead", 1203, "1,203 open leads (L-1 and 1,202 more)"),
        ("open opportunity", 1, "1 open opportunity (L-1)"),
        ("open opportunity", 2, "2 open opportunities (L-1 and 1 more)"),
    ],
)
def test_what_is_left_is_told_in_the_plural_where_it_is_more_than_one(noun, count, told):
    assert str(organisation.Leftover(noun, count, ("L-1",))) == told


def test_an_agents_book_counts_what_is_open(company):
    owner = company.ann_in_east
    make.lead(owner)
    make.lead(owner, status="won")
    make.customer(agent=owner)
    assert organisation.book_of(owner.id, by=company.adam) == organisation.Book(1, 0, 1)


def test_the_fields_of_an_agent_are_changed_and_audited(company):
    people.edit_agent(
        company.ann_in_east.id,
        {"license_number": "NY-1", "commission_tier": "gold", "target_monthly": "12,500"},
        version=1,
        by=company.adam,
    )
    found = ann(company)
    assert (found.license_number, found.commission_tier.value, str(found.target_monthly)) == (
        "NY-1",
        "gold",
        "12500.00",
    )


def test_a_licence_belongs_to_one_agent(company):
    people.edit_agent(company.ann_in_east.id, {"license_number": "NY-1"}, version=1, by=company.adam)
    with pytest.raises(Invalid) as refusal:
        people.edit_agent(
            company.dan_in_district.id, {"license_number": "ny-1"}, version=1, by=company.adam
        )
    assert list(refusal.value.fields) == ["license_number"]


def test_who_has_left_is_offered_no_more(company):
    people.edit_agent(company.ann_in_east.id, {"status": "resigned"}, version=1, by=company.adam)
    assert company.ann_in_east.id not in {one.user_id for one in people.agents(by=company.adam)}
