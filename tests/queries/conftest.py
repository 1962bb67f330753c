"""A warehouse of the test's own, and viewers of every scope."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.access import Role, Viewer
from core.kit.settings import settings
from queries import warehouse as reader
from tests.factories.warehouse import Warehouse


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Warehouse]:
    """An unpublished warehouse that the queries will read."""
    monkeypatch.setenv("POLICYDESK_WAREHOUSE_DIR", str(tmp_path / "warehouse"))
    settings.cache_clear()
    yield Warehouse(tmp_path / "warehouse")
    reader.close()
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def executive() -> Viewer:
    return Viewer(user_id=900, username="exec", name="Eve Executive", role=Role.EXECUTIVE)
