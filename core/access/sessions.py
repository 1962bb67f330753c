"""Sessions: kept in PostgreSQL, so that a sign-out or a deactivation holds at once and everywhere.

The browser holds a random token in a cookie that scripts can't read; the database holds its SHA-256.
A sign-in makes a one-time code first, which the page swaps for the cookie over HTTP, because a
WebSocket can't set one. The token is made at the swap and exists nowhere but in the cookie.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NewType, cast

from sqlalchemy import ColumnElement, CursorResult, and_, insert, literal, or_, select, update

from core.access.tables import User, UserSession
from core.db import unit_of_work
from core.kit import ids
from core.kit.errors import Refusal
from core.kit.settings import settings

ClaimCode = NewType("ClaimCode", str)
Token = NewType("Token", str)

CLAIM_SECONDS = 60
SEEN_SECONDS = 60
_AGENT_LENGTH = 300


class ClaimRefused(Refusal):
    """The one-time code is unknown, used or too old."""

    code = "claim_refused"

    def __init__(self) -> None:
        super().__init__("This sign-in has expired.", remedy="Sign in again.")


# Why sessions end, and what the person is told whose browser held one (`why_over`).
SIGNED_OUT = "signed out"
SIGNED_IN_AGAIN = "signed in again"
_BY_ADMINISTRATOR = "Your session was ended by an administrator."
_TOLD = {
    SIGNED_OUT: "",
    SIGNED_IN_AGAIN: "",
    "ended by an administrator": _BY_ADMINISTRATOR,
    "user deactivated": _BY_ADMINISTRATOR,
    "password reset": _BY_ADMINISTRATOR,
    "password changed": "Your password was changed elsewhere, which ended this session.",
    "signed out everywhere": "You signed out everywhere.",
    "ended by owner": "You ended this session from another one.",
}


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One live session, as its owner or an administrator sees it. Times are UTC."""

    id: int
    user_id: int
    signed_in_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    ip_address: str
    user_agent: str


def cookie_name() -> str:
    """The cookie's name; its prefix makes browsers insist on TLS where there is TLS."""
    return "__Host-sid" if settings().secure_cookies else "sid"


def is_live(now: datetime) -> ColumnElement[bool]:
    """The condition on user_sessions for sessions that count at a moment."""
    idle = timedelta(minutes=settings().session_idle_minutes)
    return and_(
        UserSession.claim_hash.is_(None),
        UserSession.ended_at.is_(None),
        UserSession.expires_at > now,
        UserSession.last_seen_at > now - idle,
    )


def is_admitted() -> ColumnElement[bool]:
    """The condition on users for those who may come in: active, and invented ones in demo mode only."""
    return and_(User.is_active, or_(User.is_demo.is_(False), literal(settings().is_demo)))


def begin(user_id: int, *, now: datetime, address: str = "", user_agent: str = "") -> ClaimCode:
    """Make a session that becomes live when its one-time code is claimed within a minute."""
    code = ClaimCode(ids.new_secret())
    with unit_of_work() as db:
        db.execute(
            insert(UserSession).values(
                user_id=user_id,
                token_hash=ids.digest(ids.new_secret()),
                claim_hash=ids.digest(code),
                claim_expires_at=now + timedelta(seconds=CLAIM_SECONDS),
                created_at=now,
                last_seen_at=now,
                expires_at=now + timedelta(hours=settings().session_absolute_hours),
                ip_address=_inet(address),
                user_agent=user_agent[:_AGENT_LENGTH],
            )
        )
    return code


def claim(code: str, *, now: datetime, replacing: str = "") -> Token:
    """Swap the one-time code for the session's token, once; raises ClaimRefused.

    The session that the browser had before ends, so that no token outlives a sign-in (ASVS 7.2.4).
    """
    token = Token(ids.new_secret())
    with unit_of_work() as db:
        claimed = db.execute(
            update(UserSession)
            .where(
                UserSession.claim_hash == ids.digest(code),
                UserSession.claim_expires_at > now,
                UserSession.ended_at.is_(None),
            )
            .values(token_hash=ids.digest(token), claim_hash=None, last_seen_at=now)
            .returning(UserSession.id)
        ).scalar_one_or_none()
        if claimed is None:
            raise ClaimRefused
        if replacing:
            end(replacing, now=now, reason=SIGNED_IN_AGAIN)
    return token


def end(token: str, *, now: datetime, reason: str = SIGNED_OUT) -> None:
    """End the session of a token; one that is unknown or over already is left as it is."""
    _end(UserSession.token_hash == ids.digest(token), now=now, reason=reason)


def end_one(session_id: int, *, user_id: int, now: datetime, reason: str) -> bool:
    """End one session of a user; False when it was over already or is somebody else's."""
    return _end(UserSession.id == session_id, UserSession.user_id == user_id, now=now, reason=reason) > 0


def end_all(user_id: int, *, now: datetime, reason: str, keep: int | None = None) -> int:
    """End every session of a user but the one to keep; how many were live."""
    others = [UserSession.id != keep] if keep is not None else []
    return _end(UserSession.user_id == user_id, *others, now=now, reason=reason)


def _end(*where: ColumnElement[bool], now: datetime, reason: str) -> int:
    with unit_of_work() as db:
        done = db.execute(
            update(UserSession)
            .where(*where, UserSession.ended_at.is_(None))
            .values(ended_at=now, end_reason=reason)
            .execution_options(synchronize_session=False)
        )
        return cast("CursorResult[Any]", done).rowcount


def admits(token: str, *, now: datetime) -> bool:
    """Whether the token belongs to a live session of an active user: for files and uploads."""
    if not token:
        return False
    with unit_of_work() as db:
        found = db.execute(
            select(UserSession.id)
            .join(User, User.id == UserSession.user_id)
            .where(
                UserSession.token_hash == ids.digest(token),
                is_live(now),
                is_admitted(),
                User.must_change_password.is_(False),
            )
        ).one_or_none()
    return found is not None


def why_over(token: str, *, now: datetime) -> str:
    """Why the session is over that a browser still holds the token of; empty for a token of none.

    Only who had signed in holds such a token, so this tells nobody who exists.
    """
    if not token:
        return ""
    with unit_of_work() as db:
        found = db.execute(
            select(
                UserSession.ended_at,
                UserSession.end_reason,
                UserSession.expires_at,
                is_admitted().label("is_admitted"),
            )
            .join(User, User.id == UserSession.user_id)
            .where(UserSession.token_hash == ids.digest(token), UserSession.claim_hash.is_(None))
        ).one_or_none()
    if found is None:
        return ""
    if found.ended_at is not None:
        return _TOLD.get(found.end_reason, "Your session has ended.")
    if not found.is_admitted:
        return _BY_ADMINISTRATOR
    if found.expires_at <= now:
        return f"Sessions last {settings().session_absolute_hours} hours. Sign in again to go on."
    idle = settings().session_idle_minutes
    return f"You were signed out after {idle} minutes without a click. Sign in again to go on."


def saw(session_id: int, *, now: datetime) -> None:
    """Note that the session was used; callers ask at most once a minute, see SEEN_SECONDS."""
    with unit_of_work() as db:
        db.execute(
            update(UserSession)
            .where(UserSession.id == session_id, UserSession.last_seen_at < now)
            .values(last_seen_at=now)
            .execution_options(synchronize_session=False)
        )


def open_sessions(user_id: int, *, now: datetime) -> list[OpenSession]:
    """The live sessions of a user, the last used first."""
    with unit_of_work() as db:
        rows = db.scalars(
            select(UserSession)
            .where(UserSession.user_id == user_id, is_live(now))
            .order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())
            .limit(200)
        ).all()
    return [
        OpenSession(
            id=row.id,
            user_id=row.user_id,
            signed_in_at=row.created_at,
            last_seen_at=row.last_seen_at,
            expires_at=row.expires_at,
            ip_address=str(row.ip_address or ""),
            user_agent=row.user_agent or "",
        )
        for row in rows
    ]


def _inet(address: str) -> str | None:
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None
