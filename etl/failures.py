"""Why a run failed, in words for the people who read it."""

from __future__ import annotations

import errno
import re

import adbc_driver_manager
import duckdb
import psycopg
import sqlalchemy.exc

from core.db import Unavailable
from core.kit.errors import Refusal

_NO_ROOM = re.compile(
    r"No space left on device|Disk quota exceeded|File too large|max_temp_directory_size", re.IGNORECASE
)
_NO_ROOM_NUMBERS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class DiskFull(Refusal):
    """There is no room to build a new copy; nothing was published."""

    code = "disk_full"

    def __init__(self) -> None:
        super().__init__(
            "The disk is full: there is no room for a new copy. The last one stays in use.",
            remedy="Free some space where POLICYDESK_WAREHOUSE_DIR is, then refresh again.",
        )


def as_refusal(error: BaseException) -> Refusal | None:
    """The expected no that an error of a driver or of the system stands for, if it does."""
    match error:
        case Refusal():
            return error
        case OSError() if error.errno in _NO_ROOM_NUMBERS:
            return DiskFull()
        case duckdb.Error() if _NO_ROOM.search(str(error)):
            return DiskFull()
        case psycopg.OperationalError() | sqlalchemy.exc.OperationalError():
            return Unavailable()
        case adbc_driver_manager.OperationalError():
            return Unavailable()
        case _:
            return None
