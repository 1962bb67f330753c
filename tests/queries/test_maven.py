"""The KPIs of a real pipeline, against figures computed elsewhere (data/README.md beside the checkout)."""

from __future__ import annotations

import csv
import json
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest

from core.kit.dates import Period
from core.kit.settings import ROOT
from queries import Filters, breakdown, rows, series, value
from tests.factories.warehouse import Warehouse

DATA = ROOT.parent / "shared" / "data"
FOLDER = DATA / "maven_crm"
EVER = Filters(Period(date(2016, 1, 1), date(2018, 1, 1)), kind="opportunity")
TODAY = date(2018, 1, 1)
STAGES = {
    "Won": "closed_won",
    "Lost": "closed_lost",
    "Engaging": "qualification",
    "Prospecting": "prospecting",
}

pytestmark = pytest.mark.skipif(
    not FOLDER.exists(), reason="the public data are not beside the checkout (../shared/data/maven_crm)"
)


def read(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def expected():
    return json.loads((DATA / "reference_shared.json").read_text(encoding="utf-8"))["maven_crm"]


@pytest.fixture
def maven(store: Warehouse) -> Warehouse:
    offices: dict[str, int] = {}
    people: dict[str, int] = {}
    products: dict[str, int] = {}
    home: dict[str, int] = {}
    for team in read("sales_teams.csv"):
        office = team["regional_office"]
        if office not in offices:
            offices[office] = len(offices) + 1
            store.territory(offices[office], office)
        for name, manager in ((team["manager"], None), (team["sales_agent"], team["manager"])):
            if name not in people:
                people[name] = len(people) + 1
                above = None if manager is None else people[manager]
                store.agent(people[name], name, territory=offices[office], manager=above)
                home[name] = offices[office]
    for row in read("sales_pipeline.csv"):
        name = "GTX Pro" if row["product"] == "GTXPro" else row["product"]
        if name not in products:
            products[name] = len(products) + 1
            store.product(products[name], name)
        opened = date.fromisoformat(row["engage_date"]) if row["engage_date"] else None
        store.deal(
            STAGES[row["deal_stage"]],
            opened or date(2017, 12, 31),
            date.fromisoformat(row["close_date"]) if row["close_date"] else None,
            kind="opportunity",
            opened_on=opened,
            value=Decimal(row["close_value"]) if row["deal_stage"] == "Won" else None,
            agent_id=people[row["sales_agent"]],
            territory_id=home[row["sales_agent"]],
            product_id=products[name],
        )
    store.publish()
    return store


def cents(amount: Decimal | None) -> Decimal:
    assert amount is not None
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def by(slug, dimension, viewer):
    return {group.label: group.of(slug) for group in breakdown((slug,), dimension, EVER, by=viewer)}


def test_the_kpis_of_the_maven_pipeline_are_its_published_figures(maven, executive, expected):
    def found(slug: str) -> Decimal | None:
        return value(slug, EVER, today=TODAY, by=executive).now.value

    stages = expected["stages"]
    assert found("new_deals") == expected["rows"] == 8800
    assert found("won_count") == stages["Won"] == 4238
    assert found("lost_count") == stages["Lost"] == 2473
    assert found("open_count") == expected["open"] == 2089
    assert found("win_rate") == Decimal(4238) / Decimal(6711)
    assert found("won_value") == Decimal(10005534)
    assert cents(found("average_won")) == Decimal("2360.91")
    assert found("median_won") == 1117
    assert cents(found("days_to_win")) == Decimal("51.78")
    assert cents(found("days_to_lose")) == Decimal("41.48")
    won = value("won_value", EVER, today=TODAY, by=executive).now
    assert (won.n, won.missing) == (4238, 0)
    open_ = value("open_pipeline", EVER, today=TODAY, by=executive).now
    assert (open_.value, open_.missing) == (None, 2089)

    for dimension, reference in (("office", "by_office_value"), ("manager", "by_manager")):
        assert by("won_value", dimension, executive) == {
            name: Decimal(str(amount)) for name, amount in expected[reference].items()
        }
    assert by("won_count", "office", executive) == expected["by_office_won"]
    rates = by("win_rate", "office", executive)
    assert {name: round(float(rate), 4) for name, rate in rates.items()} == expected["by_office_winrate"]

    products = by("won_value", "product", executive)
    raw = {
        "GTX Pro" if name == "GTXPro" else name: amount
        for name, amount in expected["by_product_raw"].items()
    }
    assert {name: float(amount) for name, amount in products.items()} == raw

    top = breakdown(("won_value",), "agent", EVER, by=executive)[:3]
    assert {group.label: group.of("won_value") for group in top} == expected["top_agent"]
    assert len(breakdown(("new_deals",), "agent", EVER, by=executive)) == expected["agents_in_pipeline"]

    year = Filters(Period(date(2017, 1, 1), date(2018, 1, 1)), kind="opportunity", grain="quarter")
    quarters = series(("won_value",), year, today=TODAY, by=executive)["won_value"]
    assert [point.value.value for point in quarters[-4:]] == [1134672, 3086111, 2982255, 2802496]

    central = breakdown(("won_count",), "office", EVER, by=executive)[1]
    assert central.label == "West"
    opened = rows("won_count", EVER.narrowed(territory_id=central.key), by=executive)
    assert (opened.total, len(opened.records)) == (1438, 500)
