from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.access import Role, Viewer
from core.kit.dates import Period
from core.policies.status import TOLD_BY_REASON
from queries import Filters, breakdown, choices, funnel, metrics, rows, value

JANUARY = Filters(Period(date(2026, 1, 1), date(2026, 2, 1)))
ANN = Viewer(11, "ann", "Ann Agent", Role.AGENT, agent_ids=frozenset({11}))
BEN = Viewer(12, "ben", "Ben Agent", Role.AGENT, agent_ids=frozenset({12}))
MIA = Viewer(
    10,
    "mia",
    "Mia Manager",
    Role.MANAGER,
    agent_ids=frozenset({10, 11, 12}),
    territory_ids=frozenset({1, 2}),
)


@pytest.fixture
def filled(store):
    store.territory(1, "East")
    store.territory(2, "Boston", parent=1)
    store.territory(3, "West")
    store.agent(10, "Mia Manager", territory=1)
    store.agent(11, "Ann Agent", territory=2, manager=10)
    store.agent(12, "Ben Agent", territory=1, manager=10)
    store.agent(13, "Cy Agent", territory=3)
    store.product(1, "Term 20")
    store.source(1, "Referral")
    for agent, territory in ((11, 2), (12, 1), (12, 1), (13, 3)):
        shared = {"agent_id": agent, "territory_id": territory, "product_id": 1, "source_id": 1}
        store.deal("won", date(2026, 1, 3), date(2026, 1, 20), value=100, title="Term 20", **shared)
        store.deal("lost", date(2025, 12, 3), date(2026, 1, 9), furthest="proposal", **shared)
        store.deal("proposal", date(2026, 1, 4), value=50, **shared)
    store.publish()
    return store


@pytest.mark.parametrize("slug", sorted(set(metrics()) - {"period_conversion"}))
@pytest.mark.parametrize("viewer", [ANN, BEN, MIA], ids=["ann", "ben", "mia"])
def test_a_tile_opens_exactly_the_rows_that_it_counted(filled, viewer, slug):
    counted = value(slug, JANUARY, today=date(2026, 1, 31), by=viewer).now
    opened = rows(slug, JANUARY, by=viewer)
    assert opened.total == len(opened.records)
    assert opened.total == (counted.n or opened.total)


def test_rows_have_the_code_and_kind_that_open_the_record(filled, executive):
    first = rows("won_value", JANUARY, by=executive).records[0]
    assert (first["kind"], str(first["code"])[:2], first["agent"]) == ("lead", "L-", "Cy Agent")
    assert (first["stage"], first["product"], first["source"]) == ("Won", "Term 20", "Referral")


@pytest.mark.parametrize(("viewer", "agents"), [(ANN, {"Ann Agent"}), (MIA, {"Ann Agent", "Ben Agent"})])
def test_rows_have_the_viewers_scope(filled, viewer, agents):
    assert {record["agent"] for record in rows("new_deals", JANUARY, by=viewer).records} == agents


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.ANALYST, Role.ADMIN])
def test_the_name_of_an_opportunity_is_for_those_who_see_personal_data(store, role):
    store.deal("prospecting", date(2026, 1, 3), kind="opportunity", title="Family Rosenqvist")
    store.publish()
    by = Viewer(1, "x", "X", role)
    (record,) = rows("new_deals", replace(JANUARY, kind="opportunity"), by=by).records
    shown = "Family Rosenqvist" if role is Role.ADMIN else "Opportunity"
    assert record["title"] == shown


def test_rows_are_cut_at_the_limit_and_say_so(filled, executive):
    found = rows("new_deals", JANUARY, limit=3, by=executive)
    assert (len(found.records), found.total, found.is_cut) == (3, 8, True)


def test_the_newest_rows_come_first(filled, executive):
    days = [record["created_on"] for record in rows("new_deals", JANUARY, by=executive).records]
    assert days == sorted(days, reverse=True)


def test_a_deal_created_and_won_in_the_period_is_listed_once(filled):
    codes = [record["code"] for record in rows("period_conversion", JANUARY, by=ANN).records]
    assert len(codes) == len(set(codes)) == 2


def test_a_bar_opens_as_many_rows_as_it_shows(filled, executive):
    groups = breakdown(("won_count",), "agent", JANUARY, by=executive)
    assert len(groups) > 1
    for group in groups:
        opened = rows("won_count", JANUARY.narrowed(agent_id=group.key), by=executive)
        assert opened.total == group.of("won_count")


def test_a_funnel_stage_opens_those_that_reached_it(filled, executive):
    stages = funnel(JANUARY, by=executive)
    assert len(stages) > 1
    for stage in stages:
        opened = rows("new_deals", JANUARY.narrowed(reached=stage.rank), by=executive)
        assert opened.total == stage.reached


def test_choices_name_nobody_outside_the_scope(filled, executive):
    assert [one.label for one in choices("agent", by=ANN)] == ["Ann Agent"]
    assert [one.label for one in choices("agent", by=MIA)] == ["Ann Agent", "Ben Agent", "Mia Manager"]
    assert [one.label for one in choices("territory", by=MIA)] == ["East", "Boston"]
    assert choices("territory", by=ANN) == ()
    assert [one.label for one in choices("manager", by=ANN)] == ["Mia Manager"]
    assert [one.label for one in choices("territory", by=executive)] == ["East", "Boston", "West"]
    assert [one.label for one in choices("product", by=ANN)] == ["Term 20"]


def test_a_policy_for_life_is_listed_without_a_date_of_expiry(store, executive):
    store.product(1, "Term 20")
    store.product(2, "Classic Whole Life", category="whole_life")
    for product, expiry in ((1, date(2046, 1, 9)), (2, date(2126, 1, 9))):
        store.add(
            "fct_policy", policy_id=product, policy_number=f"P-{product}", product_id=product, agent_id=11,
            issue_date=date(2026, 1, 9), issue_month=date(2026, 1, 1), effective_date=date(2026, 1, 9),
            expiry_date=expiry, status="active", is_in_force=True, is_sale=True, annual_premium=100,
        )  # fmt: skip
    store.publish()
    found = rows("average_premium", JANUARY, by=executive).records
    assert {record["code"]: record["cover_ends"] for record in found} == {
        "P-1": date(2046, 1, 9),
        "P-2": None,
    }


def test_why_cover_ended_is_told_as_in_the_list_of_policies(store, executive):
    store.product(1, "Term 20")
    reasons = [*TOLD_BY_REASON, "customer", None]
    for key, reason in enumerate(reasons):
        store.add(
            "fct_policy", policy_id=key, policy_number=f"P-{key}", product_id=1, agent_id=11,
            issue_date=date(2026, 1, 9), issue_month=date(2026, 1, 1), end_date=date(2026, 1, 20),
            end_reason=reason, status="cancelled", is_in_force=False, is_sale=True, annual_premium=100,
        )  # fmt: skip
    store.publish()
    records = rows("average_premium", JANUARY, by=executive).records
    found = {record["code"]: record["status"] for record in records}
    assert [found[f"P-{key}"] for key in range(len(reasons))] == [*TOLD_BY_REASON, "cancelled", "cancelled"]


def test_a_policy_that_lapsed_is_listed_with_the_end_of_its_cover_and_not_of_its_term(store, executive):
    store.product(1, "Term 20")
    store.add(
        "fct_policy", policy_id=1, policy_number="P-1", product_id=1, agent_id=11,
        issue_date=date(2026, 1, 9), issue_month=date(2026, 1, 1), effective_date=date(2026, 1, 9),
        expiry_date=date(2046, 1, 9), end_date=date(2026, 1, 20), status="lapsed", is_in_force=False,
        is_sale=True, annual_premium=100,
    )  # fmt: skip
    store.publish()
    (found,) = rows("average_premium", JANUARY, by=executive).records
    assert found["cover_ends"] == date(2026, 1, 20)
