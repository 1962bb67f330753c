"""What is known of refreshes, and the rules of when one has failed and when figures are stale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.jobs.status import FAILED, RUNNING
from core.kit.errors import Refusal
from core.kit.settings import settings

# The run says every two seconds that it lives; a machine under load may be late, not this late.
STALLED_AFTER = timedelta(seconds=30)
STALLED = "It ended without a word: it was killed, or its machine stopped."


class AlreadyRunning(Refusal):
    """There is one refresh at a time."""

    code = "already_running"

    def __init__(self) -> None:
        super().__init__("A refresh is already running.", remedy="Wait until it has finished.")


@dataclass(frozen=True, slots=True)
class Refresh:
    """One run: how far it is (percent), and how it ended. Moments are UTC.

    `checks` holds the figures that were compared, by table.
    """

    id: int
    state: str
    step: str
    progress: int
    started_by: str
    started_at: datetime
    heartbeat_at: datetime
    finished_at: datetime | None
    version: str | None
    rows_copied: int | None
    checks: Mapping[str, Any]
    message: str

    @property
    def is_running(self) -> bool:
        """Whether it is still at work."""
        return self.state == RUNNING

    @property
    def is_failed(self) -> bool:
        """Whether it ended without success."""
        return self.state == FAILED

    @property
    def took(self) -> timedelta:
        """How long it ran, or has been running by its last word."""
        return (self.finished_at or self.heartbeat_at) - self.started_at


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old the figures are: when the newest were published, and when a later refresh failed."""

    refreshed_at: datetime | None
    failed_at: datetime | None
    is_running: bool


def is_stalled(state: str, heartbeat_at: datetime, *, now: datetime) -> bool:
    """Whether a run that calls itself running has not been heard of for too long."""
    return state == RUNNING and now - heartbeat_at > STALLED_AFTER


def next_refresh(latest: Refresh | None, *, now: datetime) -> datetime | None:
    """When the next refresh is due: so long after the last began, however that ended; None for never.

    While one is at work nothing is due. A moment that has passed is due now.
    """
    every = timedelta(minutes=settings().refresh_every_minutes)
    if not every or (latest is not None and latest.is_running):
        return None
    return now if latest is None else max(latest.started_at + every, now)
