"""Publishes a built file: under a new name, whole, and only then pointed to.

Readers open the file that `current.json` names. A crash before the pointer is replaced leaves the
last version in use and an orphan that the next run sweeps away; after it, the new version is whole.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

POINTER = "current.json"
NEXT = "next.json"
BUILDING = "building"
LOCK = "refresh.lock"


@dataclass(frozen=True, slots=True)
class Version:
    """What is published: its name, the moment in PostgreSQL that it shows, and its rows by table."""

    name: str
    snapshot_at: datetime
    counts: Mapping[str, int]

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"policydesk-{self.name}.duckdb"


def pointed_at(warehouse: Path) -> dict[str, object]:
    """What the pointer says; empty when nothing has been published."""
    try:
        told: dict[str, object] = json.loads((warehouse / POINTER).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return told


@contextlib.contextmanager
def place_to_build(warehouse: Path) -> Iterator[Path]:
    """An empty directory on the same disk as the published files, removed after the block."""
    building = warehouse / BUILDING
    building.mkdir()
    try:
        yield building
    finally:
        shutil.rmtree(building, ignore_errors=True)


def sweep(warehouse: Path) -> None:
    """Remove what killed runs have left, and versions before the last two."""
    shutil.rmtree(warehouse / BUILDING, ignore_errors=True)
    (warehouse / NEXT).unlink(missing_ok=True)
    pointer = pointed_at(warehouse)
    kept = {pointer.get("file"), pointer.get("previous")}
    for path in warehouse.glob("policydesk-*"):
        if path.name not in kept:
            # Where open files can't be removed, the next run tries again.
            with contextlib.suppress(PermissionError):
                path.unlink()


def publish(built: Path, version: Version, *, warehouse: Path, now: datetime) -> None:
    """Move the built file beside the others and point to it.

    Every step is on the disk before the next begins. Raises OSError, such as when the disk is full.
    """
    _flush(built)
    target = warehouse / version.file
    built.rename(target)
    _flush_directory(warehouse)
    pointer = {
        "version": version.name,
        "file": version.file,
        "previous": pointed_at(warehouse).get("file"),
        "snapshot_at": version.snapshot_at.isoformat(),
        "published_at": now.isoformat(),
        "counts": dict(version.counts),
    }
    following = warehouse / NEXT
    with following.open("w", encoding="utf-8") as file:
        json.dump(pointer, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    following.replace(warehouse / POINTER)
    _flush_directory(warehouse)


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _flush_directory(path: Path) -> None:
    """Have renames in the directory survive a power cut, where directories can be opened."""
    if os.name == "posix":
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
