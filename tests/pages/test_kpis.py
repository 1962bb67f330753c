"""The KPI page on a small warehouse, for those who see all, a team, or their own numbers."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core import jobs
from core.access import Role, Viewer
from core.kit.settings import ROOT, settings
from pages._ui import charts, export, guard
from queries import warehouse as reader
from tests.factories.warehouse import Warehouse

pytestmark = pytest.mark.page

PAGE = ROOT / "pages/analytics/kpis.py"
EXECUTIVE = Viewer(900, "eve", "Eve", Role.EXECUTIVE)
ANN = Viewer(11, "ann", "Ann", Role.AGENT, agent_ids=frozenset({11}))
MIA = Viewer(
    10, "mia", "Mia", Role.MANAGER, agent_ids=frozenset({10, 11, 12}), territory_ids=frozenset({1})
)
FRESH = jobs.Freshness(datetime(2026, 1, 31, 23, tzinfo=UTC), None, is_running=False)


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("POLICYDESK_WAREHOUSE_DIR", str(tmp_path))
    settings.cache_clear()
    st.cache_data.clear()
    monkeypatch.setattr(jobs, "freshness", lambda **_: FRESH)
    yield Warehouse(tmp_path)
    reader.close()
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def filled(store):
    store.territory(1, "East")
    store.territory(2, "West")
    store.agent(10, "Mia Manager", territory=1)
    store.agent(11, "Ann Agent", territory=1, manager=10)
    store.agent(12, "Ben Agent", territory=1, manager=10)
    store.agent(13, "Cy Agent", territory=2)
    store.product(1, "Term 20")
    store.source(1, "Referral")
    for agent, territory, won in ((11, 1, 1), (12, 1, 2), (13, 2, 4)):
        shared = {"agent_id": agent, "territory_id": territory, "product_id": 1, "source_id": 1}
        for _ in range(won):
            store.deal("won", date(2026, 1, 3), date(2026, 1, 20), value=Decimal("1000.10"), **shared)
        store.deal("lost", date(2026, 1, 3), date(2026, 1, 9), furthest="proposal", **shared)
        store.deal("proposal", date(2026, 1, 4), value=50, **shared)
    store.publish()
    return store


@pytest.fixture
def see(monkeypatch):
    """The page as somebody sees it, with an address."""

    def opened(viewer: Viewer, **query: str) -> AppTest:
        monkeypatch.setattr(guard, "viewer", lambda *_: viewer)
        at = AppTest.from_file(PAGE, default_timeout=30)
        for name, value in query.items():
            at.query_params[name] = value
        at.run()
        assert not at.exception, at.exception
        return at

    return opened


def tiles(at):
    return {tile.label: tile.value for tile in at.metric}


@pytest.mark.parametrize(
    ("viewer", "won", "value"),
    [(EXECUTIVE, "7", "$7,000.70"), (MIA, "3", "$3,000.30"), (ANN, "1", "$1,000.10")],
    ids=["executive", "manager", "agent"],
)
def test_everybody_sees_the_numbers_of_their_own_scope(filled, see, viewer, won, value):
    at = see(viewer)
    assert (tiles(at)["Won"], tiles(at)["Won value"]) == (won, value)


def test_a_rate_shows_its_n_and_a_rate_of_nothing_a_dash(filled, see):
    at = see(EXECUTIVE)
    assert tiles(at)["Win rate"] == "70.0%"
    assert "of 10 leads closed" in [one.value for one in at.caption]
    opportunities = see(EXECUTIVE, kind="opportunity")
    assert tiles(opportunities)["Win rate"] == "–"
    assert tiles(opportunities)["Won value"] == "$0.00"


def test_a_change_names_the_dates_that_it_is_against(filled, see):
    filled.deal("won", date(2025, 12, 2), date(2025, 12, 20), value=Decimal("30.00"))
    filled.publish()
    won_value = next(tile for tile in see(EXECUTIVE).metric if tile.label == "Won value")
    assert won_value.proto.delta_description == "vs Dec 2025"
    year = see(EXECUTIVE, period="month", period_compare="year_before")
    assert "Jan 1, 2026 – Jan 31, 2026, compared with Jan 1, 2025 – Jan 31, 2025" in [
        one.value for one in year.caption
    ]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"period": "last_quarter"}, "vs Jul–Sep"),
        ({"period": "last_year"}, "vs 2024"),
        ({"period": "12_months"}, "vs previous"),
        ({"period": "12_months", "period_compare": "year_before"}, "vs year ago"),
        ({"period": "custom", "period_days": "2025-11-15.2026-01-10"}, "vs previous"),
    ],
)
def test_a_long_comparison_is_named_in_the_few_signs_that_fit(filled, see, query, told):
    filled.deal("won", date(2024, 11, 2), date(2024, 12, 20), value=Decimal("30.00"))
    filled.deal("won", date(2025, 9, 20), date(2025, 10, 20), value=Decimal("30.00"))
    filled.publish()
    shown = [one.proto.delta_description for one in see(EXECUTIVE, **query).metric]
    assert {one for one in shown if one} == {told}


def test_a_tile_where_nothing_changed_points_nowhere(filled, see):
    for _ in range(7):
        filled.deal("won", date(2025, 12, 2), date(2025, 12, 20), value=Decimal("1000.10"))
    filled.publish()
    won = next(tile for tile in see(EXECUTIVE).metric if tile.label == "Won")
    assert won.delta == "0.0%"
    assert won.proto.direction == won.proto.MetricDirection.NONE


def test_a_tiles_line_ends_with_the_last_finished_month(filled, see):
    filled.deal("won", date(2025, 12, 2), date(2025, 12, 20), value=Decimal("30.00"))
    filled.publish()
    at = see(EXECUTIVE)
    won_value = next(tile for tile in at.metric if tile.label == "Won value")
    assert won_value.value == "$7,000.70"
    line = next(one.value for one in at.markdown if one.value.startswith("![Won value"))
    assert "; 30](data:image/svg" in line


def test_open_leads_without_a_value_are_counted_beside_the_sum(filled, see):
    filled.deal("new", date(2026, 1, 4))
    filled.publish()
    assert "4 open leads, 1 without value" in [one.value for one in see(EXECUTIVE).caption]


def test_the_filters_of_an_address_narrow_every_tile(filled, see):
    at = see(EXECUTIVE, agent="12")
    assert tiles(at)["Won"] == "2"
    assert tiles(see(EXECUTIVE, territory="2", product="1"))["Won"] == "4"


def test_an_address_never_widens_the_scope(filled, see):
    assert tiles(see(ANN, agent="13", territory="2"))["Won"] == "1"


def test_before_the_first_refresh_the_page_says_what_to_do(store, see):
    at = see(EXECUTIVE)
    assert "**There are no figures yet\\.**" in [one.value for one in at.markdown]
    assert tiles(at) == {}


def test_after_a_failed_refresh_the_old_numbers_stay_under_a_banner(filled, see, monkeypatch):
    failed = jobs.Freshness(FRESH.refreshed_at, datetime(2026, 2, 1, 9, tzinfo=UTC), is_running=False)
    monkeypatch.setattr(jobs, "freshness", lambda **_: failed)
    at = see(EXECUTIVE)
    assert "The figures are those of" in at.warning[0].value
    assert tiles(at)["Won"] == "7"


def test_a_tile_opens_the_rows_that_it_counted(filled, see):
    at = see(MIA)
    at.button(key="sales.won_count.rows").click().run()
    assert not at.exception
    rows = next(one.value for one in at.dataframe if "code" in one.value.columns)
    assert len(rows) == 3
    assert "title" not in rows.columns
    assert set(rows["agent"]) == {"Ann Agent", "Ben Agent"}


def test_a_published_version_is_shown_at_the_next_run(filled, see):
    at = see(EXECUTIVE)
    filled.deal("won", date(2026, 1, 3), date(2026, 1, 20))
    filled.publish()
    assert tiles(at.run())["Won"] == "8"


def test_what_is_exported_is_exact_and_plain(filled, see, monkeypatch):
    saved = {}
    monkeypatch.setattr(
        export, "buttons", lambda records, _columns, *, name, **_: saved.setdefault(name, records)
    )
    see(EXECUTIVE)
    won, rate = (
        next(one for one in saved["kpis"] if one["label"] == label) for label in ("Won value", "Win rate")
    )
    assert (str(won["value"]), won["n"]) == ("7000.70", 7)
    assert (str(rate["value"]), rate["n"]) == ("0.700000", 10)
    assert saved["funnel"][0] == {"stage": "New", "reached": 13}
    assert [(row["period"], str(row["value"]), row["n"]) for row in saved["won-value-by-month"]][-1] == (
        "Jan 2026", "7000.70", 7,
    )  # fmt: skip
    assert [str(row["won_value"]) for row in saved["kpis-by-agent"]] == ["4000.40", "2000.20", "1000.10"]


def test_a_file_to_date_is_named_after_the_days_that_are_in_it(filled, see, monkeypatch):
    named: dict[str, str] = {}
    monkeypatch.setattr(export, "buttons", lambda *_, name, of, **__: named.setdefault(name, of))
    see(EXECUTIVE, period="custom", period_days="2026-01-03.2026-03-31")
    assert set(named.values()) == {"2026-01-03-to-2026-01-31"}


def test_every_button_of_an_export_tells_what_it_saves(filled, see):
    offered = [
        one.proto for one in see(EXECUTIVE).get("download_button") if one.proto.label.endswith("CSV")
    ]
    assert len(offered) > 3
    assert {one.label for one in offered if not one.help} == {"Tiles as CSV", "Table as CSV"}
    assert "Saves Won value by month." in [one.help for one in offered]


def test_those_without_the_permission_to_export_get_no_downloads(filled, see, monkeypatch):
    assert see(EXECUTIVE).get("download_button")
    monkeypatch.setattr(Viewer, "can", lambda _, permission: permission.name == "KPIS_VIEW")
    assert not see(EXECUTIVE).get("download_button")


def drawn(monkeypatch):
    """The rankings that are drawn, by key: names, values and comparison."""
    found = {}

    def ranking(names, values, *, key, compare=None, **_):
        found[key] = (list(names), [int(one) for one in values], compare)

    monkeypatch.setattr(charts, "ranking", ranking)
    return found


def test_territories_are_shown_one_level_at_a_time_and_add_up(filled, see, monkeypatch):
    filled.territory(3, "Boston", parent=1)
    filled.deal("won", date(2026, 1, 3), date(2026, 1, 20), territory_id=3, value=Decimal(500))
    filled.publish()
    shown = drawn(monkeypatch)
    query = {"by_agent": "territory", "metric": "won_count"}
    see(EXECUTIVE, **query)
    assert shown["agent.ranking"][:2] == (["East", "West"], [4, 4])
    see(EXECUTIVE, **query, level="1")
    assert shown["agent.ranking"][:2] == (["Boston", "East itself"], [1, 3])


def test_a_long_ranking_says_how_many_it_shows_and_shows_all(filled, see, monkeypatch):
    for number in range(100, 114):
        filled.agent(number, f"Agent {number}", territory=1)
        filled.deal("won", date(2026, 1, 3), date(2026, 1, 20), agent_id=number, value=Decimal(10))
    filled.publish()
    shown = drawn(monkeypatch)
    at = see(EXECUTIVE)
    assert "Won value by agent, 12 of 17" in [one.value for one in at.caption]
    assert len(shown["agent.ranking"][0]) == 12
    next(one for one in at.button if one.label == "Show all 17").click().run()
    assert len(shown["agent.ranking"][0]) == 17
    assert "Won value by agent" in [one.value for one in at.caption]


def test_members_are_shown_beside_the_comparison(filled, see, monkeypatch):
    filled.deal("won", date(2025, 12, 2), date(2025, 12, 20), agent_id=12, value=Decimal("1000.10"))
    filled.publish()
    shown = drawn(monkeypatch)
    table = next(one.value for one in see(EXECUTIVE).dataframe if "change" in one.value.columns)
    assert shown["agent.ranking"][2] == [0, Decimal("1000.10"), 0]
    ben = table[table["label"] == "Ben Agent"].iloc[0]
    assert (str(ben["won_value"]), str(ben["before"]), ben["change"]) == ("2000.20", "1000.10", 100.0)
    alone = see(EXECUTIVE, period="month", period_compare="none")
    assert not [one for one in alone.dataframe if "change" in one.value.columns]
    assert shown["agent.ranking"][2] is None


@pytest.mark.parametrize(
    ("viewer", "address", "whose"),
    [
        (EXECUTIVE, {}, "The whole company"),
        (EXECUTIVE, {"territory": "2"}, "West"),
        (EXECUTIVE, {"territory": "1", "agent": "11"}, "East · Ann Agent"),
        (EXECUTIVE, {"manager": "13"}, "Team of Cy Agent"),
        (EXECUTIVE, {"territory": "99"}, "The whole company"),
        (MIA, {}, "Your team and territories"),
        (MIA, {"agent": "11"}, "Ann Agent"),
        (ANN, {"agent": "11"}, "Your own numbers"),
    ],
)
def test_the_head_says_whose_figures_are_shown(filled, see, viewer, address, whose):
    filled.agent(14, "Di Agent", territory=2, manager=13)
    filled.publish()
    assert see(viewer, **address).caption[0].value == whose
