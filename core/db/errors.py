"""The ways the database says no, told as refusals that somebody may simply try again."""

from __future__ import annotations

import psycopg
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core.kit.errors import Refusal

LATER = "Wait a moment and try again."


class Unavailable(Refusal):
    """The database did not answer; nothing was written."""

    code = "unavailable"
    passes = True

    def __init__(
        self,
        message: str = "The database is not answering just now. Nothing was changed.",
        *,
        remedy: str = LATER,
    ) -> None:
        super().__init__(message, remedy=remedy)


class Uncertain(Unavailable):
    """The database went away while it was told to keep a change: it may or may not have done so."""

    code = "uncertain"

    def __init__(self) -> None:
        super().__init__(
            "The database went away while this was being saved.",
            remedy="Wait a moment and try again. What was saved already is not saved twice.",
        )


class Busy(Refusal):
    """Somebody else holds the record, or the server is overloaded; nothing was written."""

    code = "busy"
    passes = True

    def __init__(
        self,
        message: str = "This took too long, because others are working on the same records. "
        "Nothing was changed.",
    ) -> None:
        super().__init__(message, remedy=LATER)


class Crowded(Busy):
    """No connection became free in time; nothing was written."""

    code = "crowded"

    def __init__(self) -> None:
        super().__init__("More is being asked for than can be answered just now. Nothing was changed.")


# SQLSTATEs. 55P03 is a lock and 57014 a statement that took too long, 25P03 a transaction left open for
# too long, 40 a deadlock or a clash. 08 and 57P are lost connections, 53 is a server short of something.
_SLOW = ("55P03", "57014", "25P03", "40")
_GONE = ("08", "57P", "53")


def refusal_of(error: SQLAlchemyError, *, committing: bool) -> Refusal | None:
    """What to tell about a failure that passes by itself; None for a defect of ours."""
    if isinstance(error, PoolTimeout):
        return Crowded()
    if not isinstance(error, DBAPIError):
        return None
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # what psycopg finds by itself: no connection can be made, or it is lost
        is_gone = error.connection_invalidated or isinstance(error.orig, psycopg.OperationalError)
    elif state.startswith(_SLOW):
        return Busy()
    else:
        is_gone = state.startswith(_GONE)
    if not is_gone:
        return None
    return Uncertain() if committing else Unavailable()
