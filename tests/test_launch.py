"""What the first start does by itself, and never outside demo mode (quality.md S, no default accounts)."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from core import demo, launch
from core.access.tables import User
from core.db import unit_of_work
from core.kit.errors import Refusal
from core.kit.settings import settings
from tests import factories as make


@pytest.fixture
def installed(database, db_url, tmp_path, monkeypatch):
    """An installation of its own with an analytic copy, and a database that is empty."""
    (tmp_path / launch.WAREHOUSE_POINTER).write_text("{}")
    monkeypatch.setenv("POLICYDESK_WAREHOUSE_DIR", str(tmp_path))
    monkeypatch.setenv("POLICYDESK_DEMO_CUSTOMERS", "100")
    monkeypatch.setenv("DATABASE_URL", db_url)
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


def test_on_ones_own_database_nobody_can_sign_in_before_somebody_is_made(installed):
    launch.prepare()
    with unit_of_work() as session:
        assert session.scalar(select(func.count()).select_from(User)) == 0


def test_in_demo_mode_the_first_start_fills_the_company_once(installed, monkeypatch, capsys):
    monkeypatch.setenv("POLICYDESK_DEMO", "true")
    settings.cache_clear()
    launch.prepare()
    assert demo.is_filled()
    assert "Filling demo data (100 customers, once)" in capsys.readouterr().out
    launch.prepare()
    assert "Filling" not in capsys.readouterr().out


def test_demo_mode_over_ones_own_data_is_refused_with_the_way_to_it(installed, monkeypatch):
    make.user(username="ada")
    monkeypatch.setenv("POLICYDESK_DEMO", "true")
    settings.cache_clear()
    with pytest.raises(Refusal, match=r"holds users already.*POLICYDESK_DEMO=false \./run"):
        launch.prepare()
