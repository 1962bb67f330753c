"""The one connection pool to PostgreSQL, and the unit of work that every change runs in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import Any

import psycopg
from sqlalchemy import Engine, PoolProxiedConnection, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core.db.errors import refusal_of
from core.kit.settings import settings

# A server that has vanished without a word is noticed within half a minute.
_PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}

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
        pool_timeout=chosen.pool_timeout_seconds,
        pool_pre_ping=True,
        pool_recycle=1800,
        connect_args={"options": options, "application_name": "policydesk", **_PATIENCE},
    )


def engine() -> Engine:
    """The engine of this process, made on first use from the settings."""
    return _POOL.get()


def address() -> str:
    """Where this process's database is, with its password: for processes that this one starts."""
    return engine().url.set(drivername="postgresql").render_as_string(hide_password=False)


def bind(url: str | None) -> None:
    """Use another database from now on; None goes back to the settings on next use."""
    _POOL.bind(url)


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """One transaction: everything inside is committed together, or nothing is.

    A unit of work opened inside another joins it, so that actions can be composed. Callbacks
    registered by `before_commit` run just before the outermost commit.
    Raises Unavailable when the server can't be reached or cuts the connection (Uncertain when that
    happens as it commits), Busy when a lock or a statement took too long, and Crowded when no
    connection became free.
    """
    joined = _current.get()
    if joined is not None:
        yield joined
        return
    session = Session(engine(), expire_on_commit=False)
    token = _current.set(session)
    committing = False
    try:
        yield session
        session.flush()
        for callback in session.info.pop("before_commit", ()):
            callback(session)
        committing = True
        session.commit()
    except SQLAlchemyError as error:
        session.rollback()
        refusal = refusal_of(error, committing=committing)
        if refusal is None:
            raise
        raise refusal from error
    except BaseException:
        session.rollback()
        raise
    finally:
        _current.reset(token)
        session.close()


def psycopg_of(held: Session | PoolProxiedConnection) -> psycopg.Connection[Any]:
    """The driver's own connection of a transaction, or of one from the pool: for COPY and locks."""
    pooled = held.connection().connection if isinstance(held, Session) else held
    found: psycopg.Connection[Any] = pooled.driver_connection  # type: ignore[assignment]  # as in our URLs
    return found


def before_commit(session: Session, callback: Callable[[Session], None]) -> None:
    """Run the callback in this transaction, just before it commits."""
    session.info.setdefault("before_commit", []).append(callback)
