"""Where files are kept: a small interface, and the folder of this installation behind it."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from core.kit.errors import Refusal
from core.kit.ids import new_secret
from core.kit.settings import settings

_KEY = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_.-]+)*")


class StorageFull(Refusal):
    """No room is left; nothing was written."""

    code = "storage_full"

    def __init__(self) -> None:
        super().__init__(
            "The file could not be kept: the disk is full. Nothing was changed.",
            remedy="Tell your administrator.",
        )


class FileMissing(Refusal):
    """The file of a record is not where it was put."""

    code = "file_missing"

    def __init__(self) -> None:
        super().__init__("The file is missing from the storage.", remedy="Tell your administrator.")


class Storage(Protocol):
    """Keeps bytes under a key, such as "ab/3f2c.pdf"; the key of a document is written once."""

    def write(self, key: str, content: bytes) -> None: ...
    def read(self, key: str) -> bytes: ...
    def delete(self, key: str) -> None: ...
    def keys(self, folder: str) -> Iterator[tuple[str, datetime]]: ...


class LocalStorage:
    """A folder on this machine, by default that of the settings."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    def write(self, key: str, content: bytes) -> None:
        """Write all of it or nothing: into a temporary file, flushed, then renamed (quality.md R10)."""
        path = self._path(key)
        part = path.with_name(f".{new_secret(64)}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.rename(path)
        except OSError as error:
            part.unlink(missing_ok=True)
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise StorageFull from error
            raise

    def read(self, key: str) -> bytes:
        """The bytes under a key. Raises FileMissing."""
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            raise FileMissing from None

    def delete(self, key: str) -> None:
        """Forget a key; one that is not there is no error."""
        self._path(key).unlink(missing_ok=True)

    def keys(self, folder: str) -> Iterator[tuple[str, datetime]]:
        """Every key below a folder, with when it was written; what is no file of its own is passed by."""
        root = self._path(folder)
        for within, _, names in os.walk(root):
            for name in names:
                path = Path(within, name)
                # It may go while the others are looked at.
                with suppress(FileNotFoundError):
                    found = path.lstat()
                    if stat.S_ISREG(found.st_mode):
                        key = f"{folder}/{path.relative_to(root).as_posix()}"
                        yield key, datetime.fromtimestamp(found.st_mtime, UTC)

    def _path(self, key: str) -> Path:
        """Where a key lies, which is always inside the folder."""
        if not _KEY.fullmatch(key) or ".." in key:
            raise FileMissing
        return (self._folder or settings().storage_dir) / key
