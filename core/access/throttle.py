"""The sign-in throttle: counts failures per account and per address, in the database.

It survives a restart and holds for every server process. An attempt is noted as failed before the
password is looked at, under a lock, so that many tries at once count as many. Names and addresses
are kept as digests under a key that is not in the database.
"""

from __future__ import annotations

import hmac
import math
import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from core.access.tables import SignInAttempt
from core.db import unit_of_work
from core.kit.errors import Refusal
from core.kit.settings import settings

KEY_FILE = "sign_in.key"
KEEP = timedelta(days=1)
_SWEEP = 500


class TooManyAttempts(Refusal):
    """Too many failed sign-ins on this account or from this address; says how long to wait."""

    code = "too_many_attempts"

    def __init__(self, wait: timedelta) -> None:
        minutes = max(1, math.ceil(wait.total_seconds() / 60))
        told = "a minute" if minutes == 1 else f"{minutes} minutes"
        super().__init__("Too many sign-ins have failed.", remedy=f"Try again in {told}.")
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Attempt:
    """A noted attempt; it counts as failed until `succeeded` says otherwise."""

    id: int


def attempt(account: str, address: str, *, now: datetime) -> Attempt:
    """Note an attempt on an account from an address. Raises TooManyAttempts, then nothing is noted."""
    account_mark, address_mark = _mark("account", account), _mark("address", address)
    chosen = settings()
    with unit_of_work() as db:
        # Addresses before accounts, always, so that two attempts never wait for each other.
        for mark in (address_mark, account_mark):
            db.execute(text("select pg_advisory_xact_lock(hashtextextended(:mark, 0))"), {"mark": mark})
        waits = (
            _wait(
                db,
                SignInAttempt.address == address_mark,
                chosen.sign_in_attempts_per_address,
                now=now,
            ),
            _wait(
                db,
                SignInAttempt.account == account_mark,
                chosen.sign_in_attempts_per_account,
                now=now,
                since_success=True,
            ),
        )
        if any(waits):
            raise TooManyAttempts(max(waits))
        noted = db.execute(
            insert(SignInAttempt)
            .values(account=account_mark, address=address_mark, at=now, succeeded=False)
            .returning(SignInAttempt.id)
        ).scalar_one()
    return Attempt(noted)


def succeeded(noted: Attempt, *, now: datetime) -> None:
    """The attempt was a sign-in: the account's earlier failures count no more. Old rows go."""
    with unit_of_work() as db:
        db.execute(update(SignInAttempt).where(SignInAttempt.id == noted.id).values(succeeded=True))
        oldest = select(SignInAttempt.id).order_by(SignInAttempt.id).limit(_SWEEP).scalar_subquery()
        db.execute(delete(SignInAttempt).where(SignInAttempt.id.in_(oldest), SignInAttempt.at < now - KEEP))


def _wait(
    db: Session, whose: ColumnElement[bool], limit: int, *, now: datetime, since_success: bool = False
) -> timedelta:
    """How long until fewer than `limit` failures lie within the window; 0 when that is so now."""
    window = timedelta(minutes=settings().sign_in_window_minutes)
    counted = [whose, SignInAttempt.succeeded.is_(False), SignInAttempt.at > now - window]
    if since_success:
        last = select(func.max(SignInAttempt.id)).where(whose, SignInAttempt.succeeded).scalar_subquery()
        counted.append(SignInAttempt.id > func.coalesce(last, 0))
    nth = db.execute(
        select(SignInAttempt.at)
        .where(*counted)
        .order_by(SignInAttempt.at.desc(), SignInAttempt.id.desc())
        .offset(limit - 1)
        .limit(1)
    ).scalar_one_or_none()
    return nth + window - now if nth is not None else timedelta(0)


def _mark(kind: str, value: str) -> str:
    return hmac.digest(_key(), f"{kind}:{value}".encode(), "sha256").hex()


def _key() -> bytes:
    path = settings().data_dir / KEY_FILE
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return _make_key(path)


def _make_key(path: Path) -> bytes:
    """Write a new key, readable by us alone; of two that do so at once, the first one's stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{KEY_FILE}.{secrets.token_hex(8)}")
    file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "wb") as opened:
        opened.write(secrets.token_bytes(32))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_bytes()
