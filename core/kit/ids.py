"""Ids that clients make, and the business codes that people read."""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from collections.abc import Mapping
from typing import NewType

RequestId = NewType("RequestId", str)
MOST_DIGITS = 18  # any number of so many fits into a bigint


def new_request_id() -> RequestId:
    """A once-only id for one form or upload; kept by the client until the answer is there."""
    return RequestId(str(uuid.uuid4()))


def new_secret(bits: int = 256) -> str:
    """A URL-safe random secret of the given strength in bits."""
    return secrets.token_urlsafe(bits // 8)


def digest(text: str) -> str:
    """SHA-256 of the text as 64 hex digits; how secrets are stored."""
    return hashlib.sha256(text.encode()).hexdigest()


def fingerprint(content: Mapping[str, object]) -> str:
    """SHA-256 of a request's content, equal for equal content whatever the order of its keys."""
    canonical = json.dumps(content, sort_keys=True, default=str, ensure_ascii=False)
    return digest(canonical)


def business_code(prefix: str, number: int, *, width: int = 6) -> str:
    """The code of a numbered thing, such as L-000123 for lead 123."""
    return f"{prefix}-{number:0{width}d}"


def record_id(text: str) -> int | None:
    """The id that a text such as a part of an address names; None where no record can have it."""
    is_id = text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS
    return int(text) if is_id else None
