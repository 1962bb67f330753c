"""Signing in: `identify` checks name and password, `open_session` makes the code that a browser claims.

The steps are apart so that a second factor can come between them without touching either.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select, update

from core import audit
from core.access import passwords, sessions, throttle
from core.access.roles import Role
from core.access.tables import User
from core.db import unit_of_work
from core.kit.errors import Refusal
from core.kit.logs import logger

log = logger(__name__)


class SignInRefused(Refusal):
    """Unknown name, wrong password, or a user who is not let in: one answer for all three."""

    code = "sign_in_refused"

    def __init__(self) -> None:
        super().__init__(
            "User name or password is wrong.",
            remedy="Check both, or ask your administrator for a new password.",
        )


@dataclass(frozen=True, slots=True)
class Identified:
    """Somebody whose password was right; no session yet."""

    user_id: int
    role: Role

    @property
    def role_name(self) -> str:
        """The role's value, as written to the audit log."""
        return self.role.value


def identify(username: str, password: str, *, address: str, now: datetime) -> Identified:
    """The user behind a name (or e-mail address, in any case) and a password.

    An unknown name, a wrong password and a throttled account take the same time.
    Raises SignInRefused, and TooManyAttempts with how long to wait.
    """
    typed = username.strip().lower()
    with unit_of_work() as db:
        found = db.execute(
            select(User.id, User.role, User.password_hash, sessions.is_admitted().label("is_admitted"))
            .where(or_(func.lower(User.username) == typed, func.lower(User.email) == typed))
            .order_by((func.lower(User.username) == typed).desc(), User.id)
            .limit(1)
        ).one_or_none()
    try:
        noted = throttle.attempt(f"user {found.id}" if found else f"name {typed}", address, now=now)
    except throttle.TooManyAttempts:
        passwords.check_nobody(password)
        log.warning("sign_in_throttled", user_id=found.id if found else None)
        raise
    if found is None:
        passwords.check_nobody(password)
        log.warning("sign_in_failed", user_id=None)
        raise SignInRefused
    if not passwords.matches(password, found.password_hash) or not found.is_admitted:
        log.warning("sign_in_failed", user_id=found.id)
        raise SignInRefused
    throttle.succeeded(noted, now=now)
    return Identified(found.id, found.role)


def open_session(user: Identified, *, address: str, user_agent: str, now: datetime) -> sessions.ClaimCode:
    """The one-time code of a new session, for the browser to claim within a minute."""
    with unit_of_work() as db:
        db.execute(update(User).where(User.id == user.user_id).values(last_login=now))
        audit.record(db, actor=user, action="access.sign_in", entity="users", entity_id=user.user_id)
        return sessions.begin(user.user_id, now=now, address=address, user_agent=user_agent)
