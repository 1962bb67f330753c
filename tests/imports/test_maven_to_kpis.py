"""From the files of a real pipeline to the KPI queries: import, refresh, ask; all with our own code."""

from __future__ import annotations

import json
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest

from core.access import Role
from core.audit import SystemActor
from core.imports import runs, shipped
from core.kit.dates import Period
from core.kit.settings import ROOT, settings
from etl.run import refresh
from queries import Filters, breakdown, series, value
from tests import factories as make

DATA = ROOT.parent / "shared" / "data"
FOLDER = DATA / "maven_crm"
# Deals without an engage date are created when they are imported, so the period reaches to today.
EVER = Filters(Period(date(2016, 1, 1), date(2100, 1, 1)), kind="opportunity")
TODAY = date(2099, 12, 31)

pytestmark = pytest.mark.skipif(
    not FOLDER.exists(), reason="the public data are not beside the checkout (../shared/data/maven_crm)"
)


@pytest.fixture
def executive(database, tmp_path, monkeypatch):
    """Everything imported and published; the viewer who sees all of it."""
    monkeypatch.setenv("POLICYDESK_WAREHOUSE_DIR", str(tmp_path / "warehouse"))
    settings.cache_clear()
    for path, part in shipped.parts_in(FOLDER, "maven_crm"):
        runs.execute(runs.prepare(path, shipped.mappings()[part.template], actor=SystemActor()))
    viewer = make.viewer(make.user(Role.EXECUTIVE, name="Eve Executive"))
    refresh()
    yield viewer
    monkeypatch.undo()
    settings.cache_clear()


def test_the_kpis_of_an_imported_pipeline_are_its_published_figures(executive):
    expected = json.loads((DATA / "reference_shared.json").read_text(encoding="utf-8"))["maven_crm"]

    def found(slug: str) -> Decimal:
        told = value(slug, EVER, today=TODAY, by=executive).now.value
        assert told is not None, slug
        return Decimal(told)

    def cents(slug: str) -> Decimal:
        return found(slug).quantize(Decimal("0.01"), ROUND_HALF_UP)

    def grouped(slug: str, dimension: str) -> dict[str, object]:
        groups = breakdown((slug,), dimension, EVER, by=executive)
        return {group.label: group.of(slug) for group in groups if group.of(slug)}

    assert found("won_count") == 4238
    assert found("lost_count") == 2473
    assert found("open_count") == 2089
    assert found("win_rate").quantize(Decimal("0.0001"), ROUND_HALF_UP) == Decimal("0.6315")
    assert found("won_value") == Decimal(10005534)
    assert cents("average_won") == Decimal("2360.91")
    assert found("median_won") == 1117
    assert cents("days_to_win") == Decimal("51.78")
    assert cents("days_to_lose") == Decimal("41.48")
    assert grouped("won_value", "office") == {
        "Central": Decimal(3346293),
        "East": Decimal(3090594),
        "West": Decimal(3568647),
    }
    assert grouped("won_count", "office") == {"Central": 1629, "East": 1171, "West": 1438}
    assert grouped("won_value", "manager") == {
        name: Decimal(str(amount)) for name, amount in expected["by_manager"].items()
    }
    assert len(grouped("won_count", "agent")) == 30

    year = Filters(Period(date(2017, 1, 1), date(2018, 1, 1)), kind="opportunity", grain="quarter")
    quarters = series(("won_value",), year, today=TODAY, by=executive)["won_value"]
    assert [point.value.value for point in quarters[-4:]] == [1134672, 3086111, 2982255, 2802496]
