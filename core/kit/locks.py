"""Locks between processes of one machine, released by the system when their holder dies."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int, *, shared: bool, wait: bool) -> None:  # noqa: ARG001 - one signature
        # Windows has no shared locks on files: every holder there is alone.
        msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(descriptor: int, *, shared: bool, wait: bool) -> None:
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        fcntl.flock(descriptor, kind if wait else kind | fcntl.LOCK_NB)


@contextlib.contextmanager
def held(path: Path, *, shared: bool = False, wait: bool = True) -> Iterator[bool]:
    """Hold a lock on `path` (created when missing) for the length of the block.

    Yields whether the lock was got: always true with `wait`, else false when another holds it.
    Raises OSError when the file can't be made.
    """
    with path.open("a+b") as file:
        try:
            _take(file.fileno(), shared=shared, wait=wait)
        except BlockingIOError:
            yield False
        else:
            yield True
