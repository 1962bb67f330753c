"""Whether a PostgreSQL database can be reached and used, told in one sentence."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import psycopg

from core.kit.errors import Refusal

OLDEST_MAJOR = 14
LAST_TWO_PART_MAJOR = 9  # 9.6 was a major version, 10.1 was not
CONNECT_SECONDS = 5


def require_usable(url: str) -> None:
    """Raises Refusal unless `url` leads to a database in UTF-8 on PostgreSQL 14 or later."""
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_SECONDS) as connection:
            version = connection.info.server_version
            encoding = connection.info.parameter_status("server_encoding")
    except psycopg.Error as error:
        raise Refusal(
            f"The database at {without_password(url)} could not be opened: {_reason(error, url)}",
            remedy="Check DATABASE_URL, and that the server runs.",
        ) from None
    refuse_old(version)
    if encoding != "UTF8":
        raise Refusal(
            f"The database at {without_password(url)} is encoded in {encoding}, not in UTF8.",
            remedy="Make one with: create database policydesk encoding 'UTF8' template template0",
        )


def refuse_old(server_version: int) -> None:
    """Raises Refusal for a `server_version_num` (such as 130014) below PostgreSQL 14."""
    if server_version < OLDEST_MAJOR * 10_000:
        major, minor = divmod(server_version // 100, 100)
        told = str(major) if major > LAST_TWO_PART_MAJOR else f"{major}.{minor}"
        raise Refusal(
            f"The server is PostgreSQL {told}, and PolicyDesk needs {OLDEST_MAJOR} or later.",
            remedy="Point DATABASE_URL to a newer server, or unset it to use the one that comes along.",
        )


def without_password(url: str) -> str:
    """Where a connection address leads: `host:port/database`, and nothing secret."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "DATABASE_URL"
    if not parts.scheme.startswith("postgres"):
        return "DATABASE_URL"
    return f"{parts.hostname or 'localhost'}{port}{parts.path}"


def _reason(error: psycopg.Error, url: str) -> str:
    """The last part of the driver's message, which never repeats the address itself."""
    if isinstance(error, psycopg.ProgrammingError):
        return "it is no address of the form postgresql://user:password@host:port/database."
    line = str(error).strip().splitlines()[0] if str(error).strip() else "no reason was given"
    secret = re.search(r"://[^:/@]*:([^@]*)@", url)
    if secret and secret.group(1):
        line = line.replace(secret.group(1), "***")
    return line.rpartition("failed: ")[2].removeprefix("FATAL:").strip().rstrip(".") + "."
