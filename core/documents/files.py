"""Takes a file in, and hands it out again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sqlalchemy import event
from sqlalchemy.orm import Session

from core.documents import checks
from core.documents.storage import LocalStorage, Storage
from core.kit.ids import new_secret

_STORAGE: Storage = LocalStorage()
_UNDONE = "files_undone"


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


def keep(session: Session, content: bytes, name: str, *, storage: Storage = _STORAGE) -> StoredFile:
    """The same with a transaction: when that is undone, the file goes too.

    Once the commit has begun, only the database knows what became of it: then a file without a row is
    better than a row without its file.
    """
    file = store(content, name, storage=storage)
    undone: list[Callable[[], None]] | None = session.info.get(_UNDONE)
    if undone is None:
        undone = session.info[_UNDONE] = []
        event.listen(session, "before_commit", _forget)
        event.listen(session, "after_rollback", _undo)
    undone.append(partial(discard, file.path, storage=storage))
    return file


def _forget(session: Session) -> None:
    session.info[_UNDONE].clear()


def _undo(session: Session) -> None:
    for delete in session.info[_UNDONE]:
        delete()
    session.info[_UNDONE].clear()


def fetch(path: str, *, storage: Storage = _STORAGE) -> bytes:
    """The content of a kept file. Raises FileMissing."""
    return storage.read(path)


def discard(path: str, *, storage: Storage = _STORAGE) -> None:
    """Delete a kept file."""
    storage.delete(path)
