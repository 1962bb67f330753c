"""The hash-chained audit log, the status history, and the one way to change a status."""

from core.audit.log import (
    Actor,
    ChainCheck,
    LastChange,
    SystemActor,
    beginning,
    check_chain,
    entries,
    last_change,
    record,
    record_many,
)
from core.audit.moves import born, check_version, move

__all__ = [
    "Actor",
    "ChainCheck",
    "LastChange",
    "SystemActor",
    "beginning",
    "born",
    "check_chain",
    "check_version",
    "entries",
    "last_change",
    "move",
    "record",
    "record_many",
]
