"""The published DuckDB file: found through its pointer, opened read-only, one instance a version.

The ETL publishes every version under a new name and then replaces the pointer, so that a reader
sees a whole version or the one before (quality.md D25).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb

from core.kit.errors import Refusal
from core.kit.settings import settings

POINTER = "current.json"
_KEPT_OPEN = 2


class NoWarehouse(Refusal):
    """Nothing has been published yet, or what was published is gone."""

    code = "no_warehouse"

    def __init__(self) -> None:
        super().__init__(
            "There are no figures yet.",
            remedy="They appear after the first refresh of the data: an administrator starts one "
            "under Refresh data.",
        )


@dataclass(frozen=True, slots=True)
class Published:
    """One published version: its name, its file, and the moment in PostgreSQL that it shows (UTC)."""

    version: str
    path: Path
    snapshot_at: datetime
    published_at: datetime


@dataclass(slots=True)
class _Held:
    """What the process holds: the pointer as last read, and one open instance a version."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    seen: tuple[Path, int, int] | None = None
    newest: Published | None = None
    opened: dict[Path, duckdb.DuckDBPyConnection] = field(default_factory=dict)


_held = _Held()


def published() -> Published:
    """The version that the pointer names; costs one `stat` while it stays the same.

    Raises NoWarehouse when there is none.
    """
    pointer = settings().warehouse_dir / POINTER
    try:
        state = pointer.stat()
    except FileNotFoundError:
        raise NoWarehouse from None
    seen = (pointer, state.st_mtime_ns, state.st_ino)
    with _held.lock:
        if _held.newest is None or _held.seen != seen:
            _held.newest = _read(pointer)
            _held.seen = seen
        return _held.newest


def _read(pointer: Path) -> Published:
    told = json.loads(pointer.read_text(encoding="utf-8"))
    return Published(
        version=told["version"],
        path=pointer.parent / Path(told["file"]).name,
        snapshot_at=datetime.fromisoformat(told["snapshot_at"]),
        published_at=datetime.fromisoformat(told["published_at"]),
    )


@contextmanager
def reading(at: Published | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A cursor of this call's own on a published version, by default the newest.

    A page names the version that it began with, so that its figures belong together.
    Raises NoWarehouse when the version is gone.
    """
    cursor = _instance(at or published()).cursor()
    try:
        yield cursor
    finally:
        cursor.close()


def _instance(at: Published) -> duckdb.DuckDBPyConnection:
    with _held.lock:
        found = _held.opened.get(at.path)
        if found is None:
            found = _opened(at.path)
            _held.opened[at.path] = found
            # Cursors in use keep a dropped instance alive until they are done.
            for path in list(_held.opened)[:-_KEPT_OPEN]:
                del _held.opened[path]
        return found


def _opened(path: Path) -> duckdb.DuckDBPyConnection:
    if not path.exists():
        raise NoWarehouse
    connection = duckdb.connect(
        path, read_only=True, config={"python_enable_replacements": "false", "temp_directory": ""}
    )
    connection.execute("set enable_external_access = false")
    connection.execute("set disabled_filesystems = 'LocalFileSystem'")
    connection.execute("set lock_configuration = true")
    return connection


def close() -> None:
    """Let go of every open file, for tests and for the end of the process."""
    with _held.lock:
        _held.opened.clear()
        _held.seen = _held.newest = None
