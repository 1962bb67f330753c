"""Agents and territories to choose from are those in scope; views are one's own or shared."""

from __future__ import annotations

from datetime import date

import pytest

from core import people
from core.access import Role
from core.kit.errors import Invalid, NotAllowed, NotFound
from core.people.tables import Holiday
from tests import factories as make
from tests.factories.rows import put


@pytest.fixture
def company(database):
    return make.company()


def names(rows):
    return [row.name for row in rows]


def test_agents_are_oneself_the_line_or_all(company):
    assert names(people.agents(by=company.ann)) == ["Ann Agent"]
    assert names(people.agents(by=company.erin)) == ["Ann Agent", "Dan District"]
    assert names(people.agents(by=company.eve)) == ["Ann Agent", "Dan District", "Walt Western"]


def test_a_former_agent_is_left_out_unless_asked_for(company):
    people.deactivate(company.ann_in_east.id, by=company.adam)
    assert names(people.agents(by=company.erin)) == ["Dan District"]
    assert names(people.agents(by=company.erin, with_former=True)) == ["Ann Agent", "Dan District"]


def test_territories_come_as_a_tree(company):
    found = people.territories(by=company.eve)
    assert [(one.depth, one.name) for one in found] == [
        (0, "Country"),
        (1, "East"),
        (2, "East district"),
        (1, "West"),
    ]
    assert found[2].path == "Country › East › East district"


def test_territories_in_scope_are_the_subtree_and_where_one_works(company):
    assert names(people.territories(by=company.erin)) == ["East", "East district"]
    assert names(people.territories(by=company.walt)) == ["West"]


def test_the_calendar_has_federal_holidays_and_our_own(database):
    put(Holiday(day=date(2026, 3, 4), name="Company day"))
    calendar = people.calendar([2026])
    assert calendar.days_between(date(2026, 3, 4), date(2026, 3, 6)) == 1
    assert calendar.days_between(date(2026, 7, 3), date(2026, 7, 4)) == 0


def test_a_view_is_saved_over_one_s_own_of_that_name(company):
    first = people.save_view("pipeline", "Hot", {"priority": "high"}, by=company.ann)
    second = people.save_view("pipeline", "Hot", {"priority": "urgent"}, by=company.ann)
    assert second == first
    (view,) = people.saved_views("pipeline", by=company.ann)
    assert (view.name, dict(view.state), view.is_own) == ("Hot", {"priority": "urgent"}, True)


def test_others_see_shared_views_only_and_of_this_page_only(company):
    people.save_view("pipeline", "Mine", {}, by=company.erin)
    people.save_view("pipeline", "Ours", {"q": "x"}, is_shared=True, by=company.erin)
    people.save_view("kpis", "Elsewhere", {}, is_shared=True, by=company.erin)
    assert [
        (one.name, one.owner, one.is_own) for one in people.saved_views("pipeline", by=company.ann)
    ] == [("Ours", "Erin East", False)]


def test_an_agent_shares_no_views(company):
    with pytest.raises(NotAllowed):
        people.save_view("pipeline", "Ours", {}, is_shared=True, by=company.ann)


def test_a_view_of_somebody_else_is_not_there_to_delete(company):
    view = people.save_view("pipeline", "Ours", {}, is_shared=True, by=company.erin)
    with pytest.raises(NotFound):
        people.delete_view(view, by=company.ann)
    people.delete_view(view, by=company.erin)
    assert people.saved_views("pipeline", by=company.erin) == ()


@pytest.mark.parametrize("name", ["", "  ", "x" * 61])
def test_a_view_needs_a_name_that_fits(company, name):
    with pytest.raises(Invalid):
        people.save_view("pipeline", name, {}, by=company.ann)


def test_managers_to_report_to_are_the_active_ones(company):
    people.deactivate(company.wade_manages_west.id, by=company.adam)
    assert names(people.managers(by=company.adam)) == ["Erin East"]
    with pytest.raises(NotAllowed):
        people.managers(by=make.viewer(make.user(Role.ANALYST)))
