"""The one connection pool to PostgreSQL, and the unit of work that every change runs in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from core.kit.errors import Refusal
from core.kit.settings import settings

_current: ContextVar[Session | None] = ContextVar("unit_of_work", default=None)


class _Pool:
    """Holds the engine of this process; `bind` swaps it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._engine: Engine | None = None

    def get(self) -> Engine:
        with self._lock:
            if self._engine is None:
                self._engine = _make_engine(settings().require_database_url())
            return self._engine

    def bind(self, url: str | None) -> None:
        with self._lock:
            if self._engine is not None:
                self._engine.dispose()
            self._engine = _make_engine(url) if url else None


_POOL = _Pool()


def sqlalchemy_url(url: str) -> str:
    """A postgres:// or postgresql:// address with the psycopg driver named."""
    parsed = make_url(url).set(drivername="postgresql+psycopg")
    return parsed.render_as_string(hide_password=False)


def _make_engine(url: str) -> Engine:
    chosen = settings()
    options = (
        f"-c timezone=UTC -c statement_timeout={chosen.statement_timeout_ms}"
        f" -c lock_timeout={chosen.lock_timeout_ms}"
        " -c idle_in_transaction_session_timeout=60000"
    )
    return create_engine(
        sqlalchemy_url(url),
        pool_size=chosen.pool_size,
        max_overflow=chosen.pool_size,
        pool_timeout=10,
        pool_pre_ping=True,
        pool_recycle=1800,
        connect_args={"options": options, "connect_timeout": 5, "application_name": "policydesk"},
    )


def engine() -> Engine:
    """The engine of this process, made on first use from the settings."""
    return _POOL.get()


def bind(url: str | None) -> None:
    """Use another database from now on; None goes back to the settings on next use."""
    _POOL.bind(url)


class Unavailable(Refusal):
    """The database did not answer; nothing was written."""

    code = "unavailable"

    def __init__(self) -> None:
        super().__init__(
            "The database is not answering just now. Nothing was changed.",
            remedy="Wait a moment and try again.",
        )


class Busy(Refusal):
    """Somebody else holds the record, or the server is overloaded; nothing was written."""

    code = "busy"

    def __init__(self) -> None:
        super().__init__(
            "This took too long, because others are working on the same records. Nothing was changed.",
            remedy="Wait a moment and try again.",
        )


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """One transaction: everything inside is committed together, or nothing is.

    A unit of work opened inside another joins it, so that actions can be composed. Callbacks
    registered by `before_commit` run just before the outermost commit.
    Raises Unavailable when the server can't be reached or cuts the connection, and
    Busy when a lock or a statement took too long.
    """
    joined = _current.get()
    if joined is not None:
        yield joined
        return
    session = Session(engine(), expire_on_commit=False)
    token = _current.set(session)
    try:
        yield session
        session.flush()
        for callback in session.info.pop("before_commit", ()):
            callback(session)
        session.commit()
    except OperationalError as error:
        session.rollback()
        raise _refusal(error) or error from error
    except BaseException:
        session.rollback()
        raise
    finally:
        _current.reset(token)
        session.close()


def _refusal(error: OperationalError) -> Refusal | None:
    # psycopg gives failures to connect no SQLSTATE; class 08 and 57P are lost connections,
    # 55P03 is a lock waited for too long, 57014 a statement that took too long.
    state = getattr(error.orig, "sqlstate", None)
    if error.connection_invalidated or state is None or state.startswith(("08", "57P")):
        return Unavailable()
    return Busy() if state in {"55P03", "57014", "40P01"} else None


def before_commit(session: Session, callback: Callable[[Session], None]) -> None:
    """Run the callback in this transaction, just before it commits."""
    session.info.setdefault("before_commit", []).append(callback)
