"""Files that a killed process has left behind: written, and then no row was committed that names them.

Only files of our own making are looked at (`files.store` gives them their names), and only those that are
older than any transaction lasts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.documents.storage import LocalStorage, Storage

OLDER_THAN = timedelta(days=1)
# More than a few at once are no leftovers: the database is an older one than the files, or another's.
MOST_AT_ONCE = 100
AT_ONCE = 20_000
FOLDER, SWEEPS = "documents", "sweeps"
_OURS = re.compile(rf"{FOLDER}/[\w-]{{2}}/([\w-]{{32}}(\.\w+)?|\.[\w-]{{11}}\.part)")
_STORAGE: Storage = LocalStorage()


@dataclass(frozen=True, slots=True)
class Swept:
    """How many old files were looked at, how many of them no row names, and how many were removed.

    `is_shared` tells that another database keeps its files in the same place.
    """

    looked_at: int
    unnamed: int
    removed: int
    is_shared: bool = False


def sweep(
    owner: str,
    named: Callable[[Sequence[str]], set[str]],
    *,
    now: datetime,
    storage: Storage = _STORAGE,
) -> Swept | None:
    """Remove the files older than a day that no row names, once a day; None when that is not due.

    `owner` is the mark of the database, and `named` tells which of some files its rows name. Nothing is
    removed where a second database has left its mark too, nor when there are too many to be leftovers.
    """
    mark = f"{SWEEPS}/{owner}"
    marks = dict(storage.keys(SWEEPS))
    if mark in marks and timedelta() <= now - _written(storage, mark) < OLDER_THAN:
        return None
    storage.write(mark, now.isoformat().encode())
    old = [key for key, at in storage.keys(FOLDER) if at < now - OLDER_THAN and _OURS.fullmatch(key)]
    unnamed = [key for some in _batches(old) for key in sorted(set(some) - named(some))]
    if marks.keys() - {mark}:
        return Swept(len(old), len(unnamed), removed=0, is_shared=True)
    if len(unnamed) > MOST_AT_ONCE:
        return Swept(len(old), len(unnamed), removed=0)
    for key in unnamed:
        storage.delete(key)
    return Swept(len(old), len(unnamed), removed=len(unnamed))


def _batches(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[at : at + AT_ONCE] for at in range(0, len(keys), AT_ONCE))


def _written(storage: Storage, mark: str) -> datetime:
    """When the database has swept last; long ago for what does not say."""
    try:
        return datetime.fromisoformat(storage.read(mark).decode())
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
