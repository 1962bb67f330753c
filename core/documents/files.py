"""Takes a file in, and hands it out again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from core.documents import checks
from core.documents.storage import LocalStorage, Storage
from core.kit.ids import new_secret

_STORAGE: Storage = LocalStorage()


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that was taken in: where it lies, and what the row about it says."""

    path: str
    name: str
    content_type: str
    size_bytes: int
    sha256: str


def store(content: bytes, name: str, *, storage: Storage = _STORAGE) -> StoredFile:
    """Check a file and keep it under a generated name. Raises FileRefused and StorageFull."""
    kind = checks.content_type(name, content)
    secret = new_secret(192)
    path = f"documents/{secret[:2]}/{secret}{checks.suffix_of(name)}"
    storage.write(path, content)
    digest = hashlib.sha256(content).hexdigest()
    return StoredFile(path, checks.shown_name(name), kind, len(content), digest)


@contextmanager
def storing(content: bytes, name: str, *, storage: Storage = _STORAGE) -> Iterator[StoredFile]:
    """The same for the length of a transaction: when that fails, the file goes too."""
    kept = store(content, name, storage=storage)
    try:
        yield kept
    except BaseException:
        discard(kept.path, storage=storage)
        raise


def fetch(path: str, *, storage: Storage = _STORAGE) -> bytes:
    """The content of a kept file. Raises FileMissing."""
    return storage.read(path)


def discard(path: str, *, storage: Storage = _STORAGE) -> None:
    """Delete a kept file."""
    storage.delete(path)
