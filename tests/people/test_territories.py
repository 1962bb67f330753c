"""The territory tree as administrators keep it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest

from core import organisation, people
from core.db import unit_of_work
from core.kit.errors import Conflict, Invalid, NotFound, Refusal
from core.kit.ids import new_request_id
from tests import factories as make

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)
TODAY = date(2026, 11, 21)


@pytest.fixture
def company(database):
    return make.company()


def node(territory, company):
    return next(one for one in people.territory_tree(by=company.adam) if one.id == territory.id)


def create(company, **values):
    return people.create_territory(values, request_id=new_request_id(), by=company.adam)


def test_the_tree_counts_agents_here_and_below(company):
    found = {
        one.name: (one.depth, one.agents, one.agents_below)
        for one in people.territory_tree(by=company.adam)
    }
    assert found == {
        "Country": (0, 0, 3),
        "East": (1, 1, 2),
        "East district": (2, 1, 1),
        "West": (1, 1, 1),
    }


def test_a_territory_is_made_below_another(company):
    key = create(company, code="n1", name="North", parent_id=company.country.id)
    found = next(one for one in people.territory_tree(by=company.adam) if one.id == key)
    assert (found.code, found.path, found.is_active) == ("N1", "Country › North", True)


def test_wrong_fields_are_told_at_once(company):
    with pytest.raises(Invalid) as refusal:
        create(company, code="", name=" ")
    assert set(refusal.value.fields) == {"code", "name"}


def test_a_code_is_given_once(company):
    with pytest.raises(Invalid, match="has this code"):
        create(company, code=company.east.code.lower(), name="Other")


def test_only_an_active_manager_leads_a_territory(company):
    with pytest.raises(Invalid, match="active manager"):
        people.edit_territory(company.east.id, {"manager_id": company.admin.id}, version=1, by=company.adam)


def test_renaming_tells_the_second_of_two_editors(company):
    people.edit_territory(company.east.id, {"name": "Orient"}, version=1, by=company.adam)
    with pytest.raises(Conflict, match="Adam Admin changed its name"):
        people.edit_territory(company.east.id, {"name": "Levant"}, version=1, by=company.adam)
    assert node(company.east, company).name == "Orient"


def test_a_territory_moves_with_all_below_it(company):
    people.move_territory(company.east.id, company.west.id, version=1, by=company.adam)
    assert node(company.district, company).path == "Country › West › East › East district"


def test_a_territory_never_belongs_to_itself_or_to_one_below_it(company):
    for parent in (company.east, company.district):
        with pytest.raises(Invalid, match="itself or to one below"):
            people.move_territory(company.east.id, parent.id, version=1, by=company.adam)


def test_two_moves_at_once_never_close_a_circle(company):
    def move(pair):
        try:
            people.move_territory(pair[0].id, pair[1].id, version=1, by=company.adam)
        except Refusal:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        done = list(threads.map(move, [(company.east, company.west), (company.west, company.east)]))
    assert done.count(True) == 1
    assert len(people.territory_tree(by=company.adam)) == 4


def test_a_territory_in_use_is_not_retired(company):
    with pytest.raises(Refusal, match="agents 2, territories below 1"):
        organisation.retire_territory(company.east.id, version=1, by=company.adam)


def test_an_empty_territory_is_retired_and_used_again(company):
    key = create(company, code="N1", name="North", parent_id=company.country.id)
    organisation.retire_territory(key, version=1, by=company.adam)
    with pytest.raises(Invalid):
        create(company, code="N2", name="Below", parent_id=key)
    people.reactivate_territory(key, version=2, by=company.adam)
    create(company, code="N2", name="Below", parent_id=key)


def empty_west(company):
    """Walt leaves, and so do his manager's duties: only records are left in the West."""
    place = people.Place(company.east.id, None, TODAY)
    organisation.move_agent(company.walt_in_west.id, place, version=1, by=company.adam, now=NOW)
    return company.west.id


def test_what_is_left_in_a_territory_is_named_before_it_is_retired(company):
    lead = make.lead(company.walt_in_west, territory_id=company.west.id)
    make.customer(agent=company.walt_in_west, customer_code="C-77", territory_id=company.west.id)
    with pytest.raises(Refusal, match=rf"1 open lead \({lead.lead_code}\), 1 customer \(C-77\)"):
        organisation.retire_territory(empty_west(company), version=1, by=company.adam)
    assert node(company.west, company).is_active


def test_a_closed_lead_does_not_keep_a_territory(company):
    make.lead(company.walt_in_west, status="lost", territory_id=company.west.id)
    organisation.retire_territory(empty_west(company), version=1, by=company.adam)
    assert not node(company.west, company).is_active


def test_what_is_left_goes_to_the_heir_with_the_territory_retired(company):
    lead = make.lead(company.walt_in_west, territory_id=company.west.id)
    deal = make.opportunity(company.walt_in_west, territory_id=company.west.id)
    customer = make.customer(agent=company.walt_in_west, territory_id=company.west.id)
    account = make.account(agent=company.walt_in_west, territory_id=company.west.id)
    key = empty_west(company)
    organisation.retire_territory(key, heir_id=company.east.id, version=1, by=company.adam)
    with unit_of_work() as session:
        places = [session.get(type(one), one.id).territory_id for one in (lead, deal, customer, account)]
    assert places == [company.east.id] * 4
    assert not node(company.west, company).is_active


def test_a_retired_territory_takes_nothing_over(company):
    make.lead(company.walt_in_west, territory_id=company.west.id)
    north = create(company, code="N1", name="North", parent_id=company.country.id)
    organisation.retire_territory(north, version=1, by=company.adam)
    with pytest.raises(Invalid, match="no such territory in use"):
        organisation.retire_territory(empty_west(company), heir_id=north, version=1, by=company.adam)
    assert node(company.west, company).is_active


def test_a_move_is_previewed_with_what_it_carries_and_who_sees_it(company):
    make.lead(company.dan_in_district, territory_id=company.district.id)
    make.lead(company.dan_in_district, territory_id=company.district.id, status="lost")
    make.lead(company.walt_in_west, territory_id=company.west.id)
    found = organisation.preview_territory_move(company.district.id, company.west.id, by=company.adam)
    assert (found.territories, found.agents, found.open_leads) == (1, 1, 1)
    assert (found.gaining, found.losing) == (("Wade West",), ("Erin East",))
    with pytest.raises(NotFound):
        organisation.preview_territory_move(999_999, None, by=company.adam)
