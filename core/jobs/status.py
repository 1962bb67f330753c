"""The lifecycle of a refresh: it runs, then it has succeeded or failed; nobody moves it by hand."""

from __future__ import annotations

from core.kit.lifecycle import SYSTEM, Lifecycle, Move, Status, Tone

CLOCK = frozenset({SYSTEM})

RUNNING = "running"
SUCCEEDED = "succeeded"
FAILED = "failed"

REFRESH = Lifecycle(
    entity="refresh_run",
    noun="refresh",
    statuses=(
        Status(RUNNING, "Running", Tone.INFO, moves=(Move(SUCCEEDED, CLOCK), Move(FAILED, CLOCK))),
        Status(SUCCEEDED, "Succeeded", Tone.GOOD),
        Status(FAILED, "Failed", Tone.BAD),
    ),
)
