"""Whether a PostgreSQL database can be reached and used, told in one sentence."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

import psycopg

from core.kit.errors import Refusal

OLDEST_MAJOR = 14
LAST_TWO_PART_MAJOR = 9  # 9.6 was a major version, 10.1 was not
CONNECT_SECONDS = 5
FORM = "it is no address of the form postgresql://user:password@host:port/database."


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
    if not parts.scheme.startswith("postgres") or _is_cut_in_the_password(parts):
        return "DATABASE_URL"
    return f"{parts.hostname or 'localhost'}{port}{parts.path}"


def _is_cut_in_the_password(parts: SplitResult) -> bool:
    """Whether a sign in the password ends it too early, so that its rest is taken for a host or a path."""
    rest = f"{parts.path}{parts.query}{parts.fragment}"
    return parts.netloc.count("@") > 1 or ("@" not in parts.netloc and ":" in parts.netloc and "@" in rest)


def _has_bad_port(parts: SplitResult) -> bool:
    if "," in parts.netloc:  # several hosts, each with a port
        return False
    try:
        return parts.port == 0
    except ValueError:
        return True


def _reason(error: psycopg.Error, url: str) -> str:
    """What is wrong with the address, else the last part of the driver's message; never the password."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return FORM
    if _is_cut_in_the_password(parts):
        return (
            "its password holds a sign that addresses write in another way: @ as %40, / as %2F, ? as %3F."
        )
    if _has_bad_port(parts):
        return "its port is no number from 1 to 65535."
    if isinstance(error, psycopg.ProgrammingError):
        return FORM
    line = str(error).strip().splitlines()[0] if str(error).strip() else "no reason was given"
    if parts.password:
        line = line.replace(f":{parts.password}@", ":***@")
    return line.rpartition("failed: ")[2].removeprefix("FATAL:").strip().rstrip(".") + "."
