"""The databases that benchmarks fill: each its own, dropped in the end."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

import core.db
from core.db import embedded, migrate
from core.kit.settings import settings

_TRIES = 60


@contextmanager
def server(data_dir: Path | None = None) -> Iterator[str]:
    """The address of DATABASE_URL's server; without one, of a server of its own in that folder."""
    given = settings().database_url
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory() as folder:
        own = data_dir or Path(folder)
        try:
            yield embedded.start(own)
        finally:
            embedded.remove(own)


@contextmanager
def migrated(url: str, name: str) -> Iterator[str]:
    """A new database on the server, with the newest schema and bound to the core; its address."""
    own = f"policydesk_bench_{name}_{os.getpid()}"
    address = make_url(url).set(database=own).render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"create database {own}".encode())
        try:
            core.db.bind(address)
            migrate.upgrade()
            yield address
        finally:
            core.db.bind(None)
            _drop(connection, own)


def _drop(connection: psycopg.Connection[object], name: str) -> None:
    # A vacuum of the server's own may still be at work, which only a superuser could end.
    for _ in range(_TRIES):
        try:
            connection.execute(f"drop database {name} with (force)".encode())
        except psycopg.errors.InsufficientPrivilege:
            time.sleep(1)
        else:
            return
