"""Removes the files that a killed process has left behind without a row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core import audit, claims, customers, documents
from core.db import unit_of_work
from core.kit.logs import logger

log = logger(__name__)


def sweep_files(*, now: datetime) -> int:
    """Once a day: remove the files older than a day that no document's row names; how many went."""
    with unit_of_work() as session:
        owner = audit.beginning(session)
    swept = documents.sweep(owner, _named, now=now) if owner else None
    if swept is None:
        return 0
    counts = {"looked_at": swept.looked_at, "unnamed": swept.unnamed, "removed": swept.removed}
    if swept.removed < swept.unnamed:
        log.error("files_left", **counts, is_shared=swept.is_shared)
    else:
        log.info("files_swept", **counts)
    return swept.removed


def _named(paths: Sequence[str]) -> set[str]:
    return customers.named_files(paths) | claims.named_files(paths)
