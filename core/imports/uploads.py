"""Keeps a file that was sent for import until it has been imported, under a name of our own."""

from __future__ import annotations

import os
import secrets
import time
from pathlib import Path
from typing import BinaryIO

from core.imports.errors import Unreadable
from core.imports.reader import MAX_BYTES
from core.kit.settings import settings

BLOCK = 1024 * 1024
KEPT_SECONDS = 24 * 3600
ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")


def take_in(source: BinaryIO, name: str) -> Path:
    """Store the file beside the documents and return its path. Raises Unreadable.

    Its name is never used but for the ending. Files that nobody came back for are removed.
    """
    ending = Path(name).suffix.lower()
    if ending not in ENDINGS:
        raise Unreadable(f"{name} is no file that can be imported.", remedy=f"Choose {', '.join(ENDINGS)}.")
    folder = settings().storage_dir / "imports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    sweep(folder)
    path = folder / f"{secrets.token_hex(16)}{ending}"
    part = path.with_suffix(".part")
    try:
        _copy(source, part)
        part.rename(path)
    except OSError as error:
        raise Unreadable(
            f"{name} could not be stored: {error.strerror}.", remedy="Try again later."
        ) from None
    finally:
        part.unlink(missing_ok=True)
    return path


def sweep(folder: Path) -> None:
    """Remove what was left behind a day ago or earlier."""
    oldest = time.time() - KEPT_SECONDS
    for path in folder.iterdir():
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)


def _copy(source: BinaryIO, target: Path) -> None:
    done = 0
    with target.open("xb") as file:
        while block := source.read(BLOCK):
            done += len(block)
            if done > MAX_BYTES:
                raise Unreadable("The file is too large.", remedy="Split it into smaller files.")
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
