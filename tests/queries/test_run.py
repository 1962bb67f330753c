from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from core.access import Role, Viewer
from core.kit.dates import Period, month_of, quarter_of
from core.kit.errors import NotAllowed
from queries import Filters, breakdown, funnel, series, value, values
from queries.filters import NONE_ID

JANUARY = Period(date(2026, 1, 1), date(2026, 2, 1))
LAST = date(2026, 1, 31)
YEAR = Period(date(2025, 2, 1), date(2026, 2, 1))


def one(slug, viewer, *, today=LAST, **filters):
    return value(slug, Filters(**{"period": JANUARY, **filters}), today=today, by=viewer).now


def test_january_converts_13_percent_as_a_cohort_and_14_percent_as_a_period(store, executive):
    # domain.md section 8: 100 created, 13 eventually won; 8 of those and 6 older close in January.
    for number in range(100):
        if number < 8:
            store.deal("won", date(2026, 1, 5), date(2026, 1, 20))
        elif number < 13:
            store.deal("won", date(2026, 1, 5), date(2026, 3, 3))
        else:
            store.deal("new", date(2026, 1, 5))
    for _ in range(6):
        store.deal("won", date(2025, 11, 2), date(2026, 1, 9))
    store.publish()
    cohort, period = one("cohort_conversion", executive), one("period_conversion", executive)
    assert (cohort.value, cohort.n) == (Decimal("0.13"), 100)
    assert (period.value, period.n) == (Decimal("0.14"), 100)


def test_a_rate_of_nothing_is_empty_and_a_sum_of_nothing_is_zero(store, executive):
    store.publish()
    found = values(
        ("win_rate", "average_won", "days_to_win", "median_won", "won_value", "won_count"),
        Filters(JANUARY),
        today=LAST,
        by=executive,
    )
    assert {slug: one.now.value for slug, one in found.items()} == {
        "win_rate": None,
        "average_won": None,
        "days_to_win": None,
        "median_won": None,
        "won_value": 0,
        "won_count": 0,
    }


def test_win_rate_is_won_out_of_those_closed_in_the_period(store, executive):
    store.deal("won", date(2025, 12, 1), date(2026, 1, 1))
    store.deal("lost", date(2026, 1, 2), date(2026, 1, 31))
    store.deal("lost", date(2026, 1, 2), date(2026, 1, 15))
    store.deal("won", date(2026, 1, 2), date(2026, 2, 1))  # the day after the period
    store.deal("proposal", date(2026, 1, 2))
    store.publish()
    found = one("win_rate", executive)
    assert found.value == Decimal(1) / Decimal(3)
    assert found.n == 3


def test_money_adds_up_to_the_cent(store, executive):
    for _ in range(10):
        store.deal("won", date(2026, 1, 1), date(2026, 1, 2), value=Decimal("0.10"))
    store.deal("won", date(2026, 1, 1), date(2026, 1, 2), value=Decimal("12345678901.23"))
    store.publish()
    assert one("won_value", executive).value == Decimal("12345678902.23")


def test_open_deals_without_a_value_are_counted_beside_the_sum(store, executive):
    store.deal("proposal", date(2026, 1, 2), value=1000)  # x 0.50
    store.deal("new", date(2025, 3, 2), value=200)  # x 0.05, created before the period
    store.deal("new", date(2026, 1, 2))
    store.deal("won", date(2026, 1, 2), date(2026, 1, 3), value=9999)
    store.publish()
    weighted, pipeline = one("weighted_pipeline", executive), one("open_pipeline", executive)
    assert (weighted.value, weighted.n, weighted.missing) == (Decimal(510), 3, 1)
    assert (pipeline.value, pipeline.n, pipeline.missing) == (Decimal(1200), 3, 1)


def test_a_pipeline_where_nothing_has_a_value_has_none(store, executive):
    store.deal("new", date(2026, 1, 2))
    store.publish()
    found = one("open_pipeline", executive)
    assert (found.value, found.n, found.missing) == (None, 1, 1)


def test_days_to_win_is_a_mean_and_has_a_median(store, executive):
    for days, value_ in ((1, 100), (2, 200), (10, 601)):
        store.deal("won", date(2026, 1, 2), date(2026, 1, 2 + days), value=value_)
    store.deal("won", date(2026, 1, 1), date(2026, 1, 31), opened_on=date(2026, 1, 28), value=202)
    store.publish()
    assert one("days_to_win", executive).value == Decimal(4)
    assert one("median_days_to_win", executive).value == Decimal("2.5")
    assert one("average_won", executive).value == Decimal("275.75")
    assert one("median_won", executive).value == Decimal(201)


def test_leads_and_opportunities_are_never_mixed(store, executive):
    store.deal("won", date(2026, 1, 1), date(2026, 1, 2), value=1)
    store.deal("closed_won", date(2026, 1, 1), date(2026, 1, 2), value=20, kind="opportunity")
    store.publish()
    assert one("won_value", executive).value == 1
    assert one("won_value", executive, kind="opportunity").value == 20


def test_month_to_date_compares_with_the_same_elapsed_days(store, executive):
    for day in (3, 10, 11, 25):
        store.deal("new", date(2025, 12, day))
        store.deal("new", date(2026, 1, day))
    store.publish()
    today = date(2026, 1, 10)
    found = value("new_deals", Filters(JANUARY), today=today, by=executive)
    assert found.before is not None
    assert found.before.value == 2
    whole = value("new_deals", Filters(JANUARY), today=LAST, by=executive)
    assert whole.before is not None
    assert whole.before.value == 4


def test_a_comparison_may_overlap_the_period(store, executive):
    store.deal("new", date(2024, 6, 1))
    store.deal("new", date(2025, 6, 1))
    store.publish()
    two_years = Filters(Period(date(2024, 2, 1), date(2026, 2, 1)), comparison="year_before")
    found = value("new_deals", two_years, today=LAST, by=executive)
    assert (found.now.value, found.before and found.before.value) == (2, 1)


def test_a_stock_stands_still_and_compares_with_nothing(store, executive):
    store.deal("new", date(2020, 1, 1), value=5)
    store.publish()
    found = value("open_pipeline", Filters(JANUARY), today=LAST, by=executive)
    assert found.now.value == 5
    assert found.before is None


def test_a_metric_that_does_not_know_a_filter_says_so(store, executive):
    store.publish()
    assert not one("followups_completed", executive, product_id=1).applies


def offices(store):
    store.territory(1, "East")
    store.territory(2, "Boston", parent=1)
    store.territory(3, "Back Bay", parent=2)
    store.territory(4, "West")
    store.agent(10, "Mia Manager", territory=1)
    store.agent(20, "Max Manager", territory=4)
    store.agent(11, "Ann Agent", territory=3, manager=10)
    store.agent(12, "Ben Agent", territory=2, manager=10)
    store.agent(21, "Cy Agent", territory=4, manager=20)
    store.product(1, "Term 20")
    store.product(2, "Auto", category="auto")
    store.source(1, "Referral")


def closed(store, agent, territory, won, lost, **columns):
    for stage, count in (("won", won), ("lost", lost)):
        for _ in range(count):
            store.deal(
                stage,
                date(2026, 1, 2),
                date(2026, 1, 9),
                value=100,
                agent_id=agent,
                territory_id=territory,
                **columns,
            )


def test_a_rollup_sums_numerators_and_denominators_and_never_averages_rates(store, executive):
    offices(store)
    closed(store, 11, 3, won=1, lost=0)  # 100 % of 1
    closed(store, 12, 2, won=1, lost=8)  # 11 % of 9
    store.publish()
    tree = breakdown(("win_rate",), "territory", Filters(JANUARY), by=executive)
    assert [(group.label, group.depth, group.of("win_rate")) for group in tree] == [
        ("East", 0, Decimal("0.2")),
        ("Boston", 1, Decimal("0.2")),
        ("Back Bay", 2, Decimal(1)),
    ]
    (east,) = breakdown(("win_rate",), "office", Filters(JANUARY), by=executive)
    assert (east.label, east.of("win_rate"), east.values["win_rate"].n) == ("East", Decimal("0.2"), 10)


def test_agents_are_ranked_and_deals_without_one_are_shown(store, executive):
    offices(store)
    closed(store, 12, 2, won=2, lost=0)
    closed(store, 11, 3, won=3, lost=1)
    closed(store, None, 3, won=1, lost=0)
    store.publish()
    ranked = breakdown(("won_value", "win_rate"), "agent", Filters(JANUARY), by=executive)
    assert [(group.key, group.label, group.of("won_value")) for group in ranked] == [
        (11, "Ann Agent", 300),
        (12, "Ben Agent", 200),
        (None, "No agent", 100),
    ]
    assert ranked[0].of("win_rate") == Decimal("0.75")


def test_members_are_compared_with_the_period_before(store, executive):
    offices(store)
    won = {"value": 100, "territory_id": 2, "created_on": date(2025, 6, 1)}
    for agent, day in (
        (11, date(2026, 1, 9)),
        (11, date(2026, 1, 9)),
        (11, date(2025, 12, 9)),
        (12, date(2025, 12, 9)),
        (21, date(2025, 11, 9)),
    ):
        store.deal("won", closed_on=day, agent_id=agent, **won)
    store.publish()
    slugs = ("won_value", "open_pipeline")
    ranked = breakdown(slugs, "agent", Filters(JANUARY), today=date(2026, 1, 31), by=executive)
    assert [(one.label, one.of("won_value"), one.was("won_value")) for one in ranked] == [
        ("Ann Agent", 200, 100),
        ("Ben Agent", 0, 100),
    ]
    assert ranked[0].was("open_pipeline") is None
    # What lies between a period and the same of the year before belongs to neither.
    year = breakdown(
        slugs, "agent", Filters(JANUARY, comparison="year_before"), today=date(2026, 1, 31), by=executive
    )
    assert [(one.label, one.was("won_value")) for one in year] == [("Ann Agent", 0)]
    alone = breakdown(
        slugs, "agent", Filters(JANUARY, comparison="none"), today=date(2026, 1, 31), by=executive
    )
    assert [(one.label, one.was("won_value")) for one in alone] == [("Ann Agent", None)]


def test_what_belongs_to_a_territory_itself_adds_up_with_those_below_it(store, executive):
    offices(store)
    closed(store, 11, 3, won=4, lost=0)
    closed(store, 12, 2, won=1, lost=0)
    closed(store, 10, 1, won=2, lost=0)
    store.publish()
    own = breakdown(("won_count",), "own_territory", Filters(JANUARY), by=executive)
    assert {group.label: group.of("won_count") for group in own} == {"East": 2, "Boston": 1, "Back Bay": 4}
    assert one("won_count", executive, own_territory_id=2).value == 1


@pytest.mark.parametrize(
    ("dimension", "expected"),
    [
        ("manager", [("Mia Manager", 500), ("Max Manager", 100)]),
        ("office", [("East", 500), ("West", 100)]),
        ("product", [("Auto", 400), ("Term 20", 100), ("No product", 100)]),
        ("category", [("Auto", 400), ("Term", 100), ("No product", 100)]),
        ("source", [("Referral", 100), ("No source", 500)]),
    ],
)
def test_won_value_by_each_dimension(store, executive, dimension, expected):
    offices(store)
    closed(store, 11, 3, won=4, lost=0, product_id=2)
    closed(store, 12, 2, won=1, lost=0, product_id=1, source_id=1)
    closed(store, 21, 4, won=1, lost=0)
    store.publish()
    groups = breakdown(("won_value",), dimension, Filters(JANUARY), by=executive)
    assert [(group.label, group.of("won_value")) for group in groups] == expected


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"territory_id": 1}, 5),
        ({"territory_id": 3}, 4),
        ({"agent_id": 12}, 1),
        ({"manager_id": 20}, 2),
        ({"product_id": 2}, 4),
        ({"category": "term"}, 1),
        ({"source_id": 1}, 1),
        ({"agent_id": NONE_ID}, 1),
        ({"manager_id": NONE_ID}, 1),
        ({"product_id": NONE_ID}, 3),
        ({"territory_id": NONE_ID}, 1),
        ({"territory_id": 1, "product_id": 1}, 1),
    ],
)
def test_filters_narrow(store, executive, filters, expected):
    offices(store)
    closed(store, 11, 3, won=4, lost=0, product_id=2)
    closed(store, 12, 2, won=1, lost=0, product_id=1, source_id=1)
    closed(store, 21, 4, won=2, lost=0)
    closed(store, None, None, won=1, lost=0)
    store.publish()
    assert one("won_count", executive, **filters).value == expected


def test_open_deals_by_stage_come_in_the_order_of_the_stages(store, executive):
    store.deal("proposal", date(2026, 1, 2), value=1000)
    store.deal("new", date(2026, 1, 2), value=10)
    store.deal("closed_lost", date(2026, 1, 2), date(2026, 1, 3), kind="opportunity", value=7)
    store.publish()
    groups = breakdown(("open_pipeline", "open_count"), "stage", Filters(JANUARY), by=executive)
    assert [(group.label, group.of("open_pipeline")) for group in groups] == [
        ("New", 10),
        ("Proposal", 1000),
    ]


def test_the_funnel_counts_the_furthest_stage_that_was_reached(store, executive):
    store.deal("new", date(2026, 1, 2))
    store.deal("lost", date(2026, 1, 2), date(2026, 1, 5), furthest="qualified")
    store.deal("contacted", date(2026, 1, 2), furthest="proposal")  # moved back
    store.deal("won", date(2026, 1, 2), date(2026, 1, 9))
    store.deal("won", date(2025, 1, 2), date(2026, 1, 9))  # created before the period
    store.publish()
    stages = funnel(Filters(JANUARY), by=executive)
    assert [(stage.stage, stage.reached) for stage in stages] == [
        ("new", 4),
        ("contacted", 3),
        ("qualified", 3),
        ("proposal", 2),
        ("won", 1),
    ]


def test_a_series_has_every_month_also_empty_ones(store, executive):
    store.deal("won", date(2025, 11, 1), date(2025, 12, 31), value=5)
    store.deal("won", date(2025, 11, 1), date(2026, 1, 1), value=7)
    store.publish()
    points = series(("won_value", "win_rate", "open_pipeline"), Filters(JANUARY), today=LAST, by=executive)
    won = points["won_value"]
    assert len(won) == 12
    assert [(point.start, point.value.value) for point in won[-3:]] == [
        (date(2025, 11, 1), 0),
        (date(2025, 12, 1), 5),
        (date(2026, 1, 1), 7),
    ]
    assert points["win_rate"][-3].value.value is None
    assert "open_pipeline" not in points


def test_a_series_by_quarter_sums_whole_quarters(store, executive):
    store.deal("won", date(2025, 11, 1), date(2025, 11, 30), value=5)
    store.deal("won", date(2025, 11, 1), date(2025, 12, 31), value=7)
    store.publish()
    points = series(("won_value",), Filters(JANUARY, grain="quarter"), today=LAST, by=executive)[
        "won_value"
    ]
    assert points[-1].start == quarter_of(JANUARY.start).start
    assert [point.value.value for point in points[-2:]] == [12, 0]


def test_the_series_of_a_year_adds_up_to_its_value(store, executive):
    for month in range(1, 13):
        store.deal("won", date(2025, 1, 1), date(2025, month, 28), value=month)
    store.publish()
    year = Filters(Period(date(2025, 1, 1), date(2026, 1, 1)))
    points = series(("won_value",), year, today=LAST, by=executive)["won_value"]
    total = value("won_value", year, today=LAST, by=executive).now.value
    assert sum(point.value.value or 0 for point in points) == total == 78


AGENT = Viewer(11, "ann", "Ann Agent", Role.AGENT, agent_ids=frozenset({11}))
OTHER = Viewer(12, "ben", "Ben Agent", Role.AGENT, agent_ids=frozenset({12}))
MANAGER = Viewer(
    10,
    "mia",
    "Mia Manager",
    Role.MANAGER,
    agent_ids=frozenset({10, 11, 12}),
    territory_ids=frozenset({1, 2, 3}),
)
NOBODY = Viewer(99, "new", "New Agent", Role.AGENT)


@pytest.fixture
def two_teams(store):
    offices(store)
    closed(store, 11, 3, won=4, lost=0)
    closed(store, 12, 2, won=2, lost=1)
    closed(store, 21, 4, won=8, lost=0)
    closed(store, 21, 3, won=16, lost=0)  # another team's agent in the manager's territory
    closed(store, 11, 4, won=32, lost=0)  # the manager's agent outside their territory
    store.publish()
    return store


@pytest.mark.parametrize(
    ("viewer", "won"), [(AGENT, 36), (OTHER, 2), (MANAGER, 54), (NOBODY, 0)], ids=lambda one: str(one)[:24]
)
def test_every_answer_has_the_viewers_scope(two_teams, viewer, won):
    filters = Filters(JANUARY)
    assert one("won_count", viewer).value == won
    agents = breakdown(("won_count",), "agent", filters, by=viewer)
    assert sum(group.of("won_count") or 0 for group in agents) == won
    months = series(("won_count",), filters, today=LAST, by=viewer)["won_count"]
    assert sum(point.value.value or 0 for point in months) == won
    assert funnel(filters, by=viewer)[-1].reached == won


def test_a_filter_never_widens_the_scope(two_teams):
    assert one("won_count", AGENT, agent_id=12).value == 0
    assert one("won_count", AGENT, territory_id=3).value == 4
    assert one("won_count", MANAGER, agent_id=21).value == 16


def test_executives_see_all(two_teams, executive):
    assert one("won_count", executive).value == 62


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.SUPPORT, Role.UNDERWRITER])
def test_a_role_without_the_permission_gets_no_figures(two_teams, role):
    with pytest.raises(NotAllowed):
        one("won_count", Viewer(5, "x", "X", role))


def test_hostile_filter_values_are_only_values(two_teams, executive):
    assert one("won_count", executive, category="' or 1=1 --").value == 0


def test_follow_ups_and_policies_and_claims_are_summed(store, executive):
    store.add(
        "fct_followup",
        followup_id=1,
        deal_kind="lead",
        deal_id=1,
        is_completed=True,
        completed_on=date(2026, 1, 5),
    )
    store.add("fct_followup", followup_id=2, deal_kind="lead", deal_id=1, is_completed=False)
    for number, (is_sale, premium) in enumerate([(True, "1200.50"), (True, "799.50"), (False, "1")]):
        store.add(
            "fct_policy",
            policy_id=number,
            issue_date=date(2026, 1, 4),
            is_sale=is_sale,
            annual_premium=Decimal(premium),
        )
    store.add("fct_claim", claim_id=1, reported_date=date(2026, 1, 6), paid_amount=Decimal("10.10"))
    store.publish()
    found = {
        slug: one(slug, executive).value
        for slug in (
            "followups_completed",
            "policies_issued",
            "annual_premium",
            "average_premium",
            "claims_reported",
            "claims_paid",
        )
    }
    assert found == {
        "followups_completed": 1,
        "policies_issued": 2,
        "annual_premium": 2000,
        "average_premium": 1000,
        "claims_reported": 1,
        "claims_paid": Decimal("10.10"),
    }


def test_a_month_of_a_series_opens_the_same_value(store, executive):
    store.deal("won", date(2025, 11, 1), date(2025, 12, 31), value=5)
    store.publish()
    found = one("won_value", executive, period=month_of(date(2025, 12, 9)))
    assert found.value == 5
