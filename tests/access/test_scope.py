"""Row scope in statements that are built once for a kind of viewer and run for each of them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.access import Role, bound, in_scope, kind_of
from core.db import unit_of_work
from core.sales.tables import Lead
from tests import factories as make


def leads_of(kind, viewer):
    """The leads that a statement for the kind gives the viewer."""
    statement = select(Lead.id).where(in_scope(kind, Lead.assigned_to, Lead.territory_id))
    with unit_of_work() as session:
        return set(session.scalars(statement, bound(viewer)))


@pytest.fixture
def company(database):
    return make.company()


def test_two_agents_are_of_one_kind_and_see_their_own(company):
    anns, walts = make.lead(company.ann_in_east).id, make.lead(company.walt_in_west).id
    ann, walt = make.viewer(company.ann_in_east), make.viewer(company.walt_in_west)
    assert kind_of(ann) == kind_of(walt)
    assert leads_of(kind_of(ann), ann) == {anns}
    assert leads_of(kind_of(ann), walt) == {walts}


def test_a_manager_sees_the_line_and_the_area_by_the_kind(company):
    anns = make.lead(company.ann_in_east).id
    nobodys = make.lead(None, territory_id=company.east.id).id
    make.lead(company.walt_in_west)
    assert leads_of(kind_of(company.erin), company.erin) == {anns, nobodys}


def test_a_manager_without_an_area_is_of_another_kind_and_sees_nothing(company):
    make.lead(company.ann_in_east, territory_id=company.east.id)
    alone = make.viewer(make.user(Role.MANAGER))
    assert kind_of(alone) != kind_of(company.erin)
    assert leads_of(kind_of(alone), alone) == set()


def test_roles_are_kinds_of_their_own(company):
    ann, boss = make.viewer(company.ann_in_east), make.viewer(make.user(Role.ADMIN))
    assert len({kind_of(ann), kind_of(boss), kind_of(make.viewer(make.user(Role.EXECUTIVE)))}) == 3
