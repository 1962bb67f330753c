"""The ways an import says no."""

from __future__ import annotations

from core.kit.errors import Refusal


class Unreadable(Refusal):
    """The file can't be read as it is; nothing of it was imported."""

    code = "unreadable"


class BadMapping(Refusal):
    """The mapping does not say enough, or says what can't be; nothing was read."""

    code = "bad_mapping"


class AlreadyRunning(Refusal):
    """Another import of the same records from the same source has not ended."""

    code = "already_running"

    def __init__(self, plural: str, source: str) -> None:
        super().__init__(
            f"An import of {plural} from {source} is running already.",
            remedy="Wait until it has ended.",
        )


class NotRevertible(Refusal):
    """A run can't be taken back without losing what was done since."""

    code = "not_revertible"


class Stopped(Refusal):
    """Somebody has stopped the run; its chunks until then stay."""

    code = "stopped"
