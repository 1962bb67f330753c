"""From a file of claims to the KPI queries: import, refresh, ask; all with our own code."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from core.access import Role
from core.kit.dates import Period
from core.kit.settings import settings
from etl.run import refresh
from queries import Filters, breakdown
from tests import factories as make
from tests.imports import public

pytestmark = public.needs("auto_claims")
EVER = Filters(Period(date(1980, 1, 1), date(2020, 1, 1)))


@pytest.fixture
def executive(database, tmp_path, monkeypatch):
    monkeypatch.setenv("POLICYDESK_WAREHOUSE_DIR", str(tmp_path / "warehouse"))
    settings.cache_clear()
    public.bring("auto_claims")
    viewer = make.viewer(make.user(Role.EXECUTIVE, name="Eve Executive"))
    refresh()
    yield viewer
    monkeypatch.undo()
    settings.cache_clear()


def test_premium_and_claims_by_state_are_the_published_ones_after_a_refresh(executive):
    groups = breakdown(
        ("policies_issued", "claims_paid", "annual_premium"), "territory", EVER, by=executive
    )
    slugs = ("policies_issued", "claims_paid", "annual_premium")
    found = {group.label: tuple(group.of(slug) for slug in slugs) for group in groups}
    assert found.pop("United States") == (1000, Decimal(52761940), Decimal("1256406.15"))
    names = {"IL": "Illinois", "IN": "Indiana", "OH": "Ohio"}
    assert found == {
        names[code]: (one["n"], Decimal(one["claims"]), Decimal(str(one["premium"])))
        for code, one in public.figures("auto_claims")["by_state"].items()
    }
