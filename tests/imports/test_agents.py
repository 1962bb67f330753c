"""Agents come in from a file with the dates of where they belong."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from core import organisation, people
from core.audit import SystemActor
from core.db import unit_of_work
from core.imports import store
from core.imports.actions import revert_run
from core.kit.dates import business_date, utc_now
from core.kit.settings import settings
from tests import factories as make

TODAY = business_date(utc_now(), settings().time_zone)
LATER = TODAY + timedelta(days=30)
JOINED = date(2020, 1, 6)


@pytest.fixture
def company(database):
    """Ann of the East is to go to the West in a month."""
    company = make.company()
    place = people.Place(company.west.id, company.wade_manages_west.id, LATER, takes_leads=True)
    organisation.move_agent(company.ann_in_east.id, place, version=1, by=company.adam)
    return company


def spans(company):
    return [
        (one.territory, one.valid_from, one.valid_to, one.is_planned)
        for one in people.assignments(company.ann_in_east.id, by=company.adam)
    ]


def mapping(**fields):
    return {
        "entity": "agent",
        "source": "hr",
        "key": ["user"],
        "adopt": True,
        "fields": {
            "user": {"column": "user"},
            "territory": {"column": "territory"},
            "joined_on": {"constant": JOINED.isoformat()},
            **fields,
        },
    }


@pytest.fixture
def bring_ann(start, tmp_path):
    """Import Ann as a file tells her: `bring_ann(company, "East", target_monthly="900")`."""

    def brought(company, territory, **told):
        path = tmp_path / "agents.csv"
        lines = [["user", "territory", *told], ["Ann Agent", territory, *told.values()]]
        path.write_text("".join(f"{','.join(cells)}\n" for cells in lines))
        fields = {name: {"column": name} for name in told}
        return start(path, mapping(**fields), by=company.adam)

    return brought


def test_a_planned_move_stays_when_a_file_tells_something_else_of_the_agent(company, bring_ann):
    result = bring_ann(company, "East", target_monthly="900")
    assert result.failures == ()
    assert people.agent_profile(company.ann_in_east.id, by=company.adam).target_monthly == 900
    assert spans(company) == [("West", LATER, None, True), ("East", JOINED, LATER, False)]


def test_a_planned_move_stays_when_a_file_moves_the_agent_today(company, bring_ann):
    bring_ann(company, "East district")
    assert spans(company) == [
        ("West", LATER, None, True),
        ("East district", TODAY, LATER, False),
        ("East", JOINED, TODAY, False),
    ]
    organisation.arrive_planned(now=datetime.combine(LATER, datetime.min.time(), UTC) + timedelta(hours=12))
    assert people.agent_profile(company.ann_in_east.id, by=company.adam).territory == "West"


def test_taking_the_file_back_leaves_the_plan_too(company, bring_ann):
    result = bring_ann(company, "East district")
    with unit_of_work() as session:
        run = store.run(session, result.run_id, None)
    revert_run(run, actor=SystemActor())
    assert spans(company) == [
        ("West", LATER, None, True),
        ("East", TODAY, LATER, False),
        ("East", JOINED, TODAY, False),
    ]
