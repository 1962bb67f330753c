"""One's own account: the password, and the sessions that are open on other devices."""

from __future__ import annotations

from sqlalchemy import select

from core import audit
from core.access import Permission, Viewer, action, passwords, read, sessions, throttle
from core.access.tables import User
from core.db import unit_of_work
from core.kit.dates import utc_now
from core.kit.errors import Invalid, NotFound


@action(Permission.HOME_VIEW)
def change_password(old: str, new: str, again: str, *, by: Viewer) -> None:
    """Replace one's own password; every other session of one's own ends.

    Raises Invalid naming the field, and TooManyAttempts: guessing the old one counts like a sign-in.
    """
    now = utc_now()
    if new != again:
        raise Invalid({"again": "The two new passwords differ."})
    with unit_of_work() as db:
        user = db.execute(select(User).where(User.id == by.user_id)).scalar_one()
    passwords.require_good(
        new, about=(user.username, user.email, user.first_name, user.last_name), field="new"
    )
    noted = throttle.attempt(f"user {user.id}", "", now=now)
    if not passwords.matches(old, user.password_hash):
        raise Invalid({"old": "The current password is wrong."})
    throttle.succeeded(noted, now=now)
    if passwords.matches(new, user.password_hash):
        raise Invalid({"new": "The new password is the current one."})
    kept = passwords.hash_password(new)
    with unit_of_work() as db:
        user = db.execute(select(User).where(User.id == by.user_id).with_for_update()).scalar_one()
        user.password_hash = kept
        user.password_changed_at = now
        user.must_change_password = False
        sessions.end_all(by.user_id, now=now, reason="password changed", keep=by.session_id)
        audit.record(db, actor=by, action="people.change_password", entity="users", entity_id=by.user_id)


@read(Permission.HOME_VIEW)
def my_sessions(*, by: Viewer) -> list[sessions.OpenSession]:
    """One's own live sessions, the last used first; the one asking is `by.session_id`."""
    return sessions.open_sessions(by.user_id, now=utc_now())


@action(Permission.HOME_VIEW)
def end_my_session(session_id: int, *, by: Viewer) -> None:
    """Sign one of one's own sessions out. Raises NotFound for any other."""
    with unit_of_work() as db:
        if not sessions.end_one(session_id, user_id=by.user_id, now=utc_now(), reason="ended by owner"):
            raise NotFound("session", session_id)
        audit.record(
            db,
            actor=by,
            action="people.end_session",
            entity="users",
            entity_id=by.user_id,
            details={"session": session_id},
        )


@action(Permission.HOME_VIEW)
def sign_out_everywhere(*, by: Viewer) -> int:
    """End all of one's own sessions, this one included; how many there were."""
    with unit_of_work() as db:
        ended = sessions.end_all(by.user_id, now=utc_now(), reason="signed out everywhere")
        audit.record(
            db,
            actor=by,
            action="people.sign_out_everywhere",
            entity="users",
            entity_id=by.user_id,
            details={"sessions": ended},
        )
    return ended
