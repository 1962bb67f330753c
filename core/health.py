"""Whether the server lives, and whether it can serve: what /healthz and /readyz answer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import psycopg

from core.db import migrate
from core.kit.errors import Refusal
from core.kit.settings import settings

PROBE_SECONDS = 2


@dataclass(frozen=True)
class Readiness:
    """What serving needs, each with "ok" or the reason why not; no names, addresses or versions."""

    checks: dict[str, str]

    @property
    def is_ready(self) -> bool:
        return all(state == "ok" for state in self.checks.values())


def live() -> dict[str, str]:
    """The process answers; nothing else is asked, so that a slow database restarts nobody."""
    return {"status": "ok", "app": "policydesk"}


def ready() -> Readiness:
    """The database answers and has the schema that this code expects.

    Asked over a connection of its own, because a pool that is used up is a reason of its own.
    """
    try:
        url = settings().require_database_url()
        with psycopg.connect(
            url,
            connect_timeout=PROBE_SECONDS,
            options=f"-c statement_timeout={PROBE_SECONDS * 1000}",
            application_name="policydesk readyz",
        ) as connection:
            row = connection.execute("select version_num from alembic_version").fetchone()
    except (psycopg.OperationalError, Refusal):
        return Readiness({"database": "does not answer", "schema": "unknown"})
    except psycopg.Error:
        return Readiness({"database": "ok", "schema": "missing"})
    is_current = row is not None and row[0] == _expected()
    return Readiness({"database": "ok", "schema": "ok" if is_current else "of another version"})


@lru_cache(maxsize=1)
def _expected() -> str:
    return migrate.newest()
