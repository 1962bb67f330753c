"""A real database, a warehouse of the test's own, and a look at what was published."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import Engine

from core.kit.settings import settings
from etl.publish import Version
from etl.run import refresh


@dataclass(frozen=True)
class Published:
    """What readers see: the pointer, and the file that it names."""

    directory: Path

    @property
    def pointer(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads((self.directory / "current.json").read_text())
        return told

    @property
    def files(self) -> list[str]:
        return sorted(path.name for path in self.directory.iterdir())

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """The answer of the published version."""
        path = self.directory / self.pointer["file"]
        with closing(duckdb.connect(path, read_only=True)) as connection:
            return connection.execute(statement).fetchall()

    def one(self, statement: str) -> Any:
        """The only value of the answer."""
        [[value]] = self.rows(statement)
        return value

    def hashes(self) -> dict[str, str]:
        """A digest of every table's rows, but for the one that tells the version."""
        path = self.directory / self.pointer["file"]
        with closing(duckdb.connect(path, read_only=True)) as connection:
            names = connection.execute("select table_name from duckdb_tables()").fetchall()
            return {name: _digest(connection, name) for [name] in names if name != "etl_meta"}


def _digest(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    rows = connection.execute(f"select t::varchar from {table} as t order by 1").fetchall()
    return hashlib.sha256(repr(rows).encode()).hexdigest()


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Published]:
    """An empty warehouse."""
    directory = tmp_path / "warehouse"
    monkeypatch.setenv("POLICYDESK_WAREHOUSE_DIR", str(directory))
    settings.cache_clear()
    yield Published(directory)
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def run_etl(database: Engine, published: Published) -> Callable[[], Version]:
    """Refresh the warehouse of this test from the database of this test."""
    return refresh
