"""Structured logs: UTC, the request's reference on every line, and no personal data."""

from __future__ import annotations

import logging
import re
import secrets
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TextIO

import structlog

# No letters or digits that are mistaken for one another when read out over the telephone.
REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

# Keys whose values are personal or secret wherever they occur; callers log codes and ids instead.
PERSONAL_KEYS = frozenset(
    {
        "address", "bank_account", "birth_date", "city", "cookie", "date_of_birth", "dob", "email",
        "first_name", "full_name", "gender", "ip_address", "last_name", "middle_name", "mobile",
        "name", "national_id", "password", "password_hash", "payload", "phone", "postal_code",
        "secret", "sid", "ssn", "street", "tax_id", "token", "totp", "url", "username", "zip_code",
    }
)  # fmt: skip
HIDDEN = "[hidden]"
# PostgreSQL's "DETAIL: Key (email)=(...) already exists." and SQLAlchemy's "[parameters: ...]".
_ROW_VALUES = re.compile(r"(?<=DETAIL:).*|(?<=\[parameters:).*")

_reference: ContextVar[str | None] = ContextVar("log_reference", default=None)


def new_reference() -> str:
    """A short reference that a person can read out, such as `7KQ2-MX9D`; 40 random bits."""
    signs = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(8))
    return f"{signs[:4]}-{signs[4:]}"


def reference() -> str | None:
    """The reference of the request that is being served, if any."""
    return _reference.get()


@contextmanager
def bind_reference(value: str | None = None) -> Iterator[str]:
    """Put a reference (a new one by default) on every line logged inside the block."""
    bound = value or new_reference()
    token = _reference.set(bound)
    try:
        yield bound
    finally:
        _reference.reset(token)


def configure(*, level: str = "INFO", as_json: bool = False, stream: TextIO | None = None) -> None:
    """Set logging up for this process, the standard library's loggers included; safe to repeat.

    Lines go to `stream`, by default to standard error.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_reference,
        hide_personal_data,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                format_exception,
                _renderer(as_json=as_json),
            ],
        )
    )
    root = logging.getLogger()
    for old in [one for one in root.handlers if getattr(one, "is_ours", False)]:
        root.removeHandler(old)
    handler.is_ours = True  # type: ignore[attr-defined]  # a mark of our own
    root.addHandler(handler)
    root.setLevel(level)
    # It tells of its context whenever it is asked which migration a database is at.
    logging.getLogger("alembic").setLevel(max(logging.WARNING, root.level))


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of a module: `logger(__name__).info("lead_lost", lead="LD-000123")`."""
    made: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return made


def add_reference(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Put the request's reference into the line."""
    value = _reference.get()
    if value is not None:
        event["reference"] = value
    return event


def hide_personal_data(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace the values of personal keys, at any depth. The event itself must be a fixed text."""
    return {key: _hidden(key, value) for key, value in event.items()}


def _hidden(key: object, value: object) -> object:
    if isinstance(key, str) and key.lower() in PERSONAL_KEYS:
        return HIDDEN
    if isinstance(value, dict):
        return {inner: _hidden(inner, one) for inner, one in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden(None, one) for one in value]
    return value


def _renderer(*, as_json: bool) -> structlog.typing.Processor:
    if as_json:
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())


def format_exception(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Put the traceback into the line, without what a database tells of the values of a row."""
    structlog.processors.format_exc_info(_logger, _method, event)
    if "exception" in event:
        event["exception"] = _ROW_VALUES.sub(HIDDEN, event["exception"])
    return event
