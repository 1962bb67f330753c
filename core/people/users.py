"""What administrators do with users; every change is audited, and holds at the user's next click."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import cast

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import audit
from core.access import Permission, Role, Viewer, action, passwords, read, sessions
from core.access.tables import User
from core.audit import Actor
from core.db import once, unit_of_work
from core.kit.dates import business_date, utc_now
from core.kit.errors import Invalid, NotFound, Refusal
from core.kit.fields import Field, choice, clean, email, key, person_name, phone, plain_text, text
from core.kit.ids import RequestId
from core.kit.settings import settings
from core.people import store
from core.people.placing import Place, check_place, place
from core.people.records import NewSignIn, NewUser, UserPage, UserRecord
from core.people.tables import Agent

SELLING = frozenset({Role.AGENT, Role.SENIOR_AGENT})
MANY = 200
NO_TERRITORY = "Who sells belongs to a territory: choose one."
_NAME = 50
_USERNAME_SIGNS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._-@+")


def _username(value: object) -> str:
    typed = text(_NAME)(value).lower()
    if not set(typed) <= _USERNAME_SIGNS:
        raise Refusal("A user name has letters a to z, digits and . _ - @ + only.")
    return typed


FIELDS = (
    Field("username", "User name", _username, required=True, personal=True),
    Field("email", "E-mail", lambda value: email(value).lower(), required=True, personal=True),
    Field("first_name", "First name", person_name(_NAME), required=True, personal=True),
    Field("last_name", "Last name", person_name(_NAME), required=True, personal=True),
    Field("phone", "Phone", phone, personal=True),
    Field("role", "Role", choice(Role), required=True),
    Field("territory_id", "Territory", key),
    Field("manager_id", "Manager", key),
)


@read(Permission.USERS_ADMIN)
def users(
    words: str = "", *, role: Role | None = None, is_active: bool | None = None, by: Viewer
) -> UserPage:
    """The first 200 users by name whose name, user name or e-mail address holds the words."""
    del by  # administrators see all users
    sought = plain_text(words)[:100]
    with unit_of_work() as db:
        rows, total = store.users(db, sought, role=role, is_active=is_active, now=utc_now(), limit=MANY)
    return UserPage(tuple(UserRecord(**row._mapping) for row in rows), total)  # noqa: SLF001 # public


@read(Permission.USERS_ADMIN)
def user(user_id: int, *, by: Viewer) -> UserRecord:
    """One user. Raises NotFound."""
    del by
    with unit_of_work() as db:
        row = store.user_row(db, user_id, now=utc_now())
    if row is None:
        raise NotFound("user", user_id)
    return UserRecord(**row._mapping)  # noqa: SLF001  # SQLAlchemy's public name for it


@action(Permission.USERS_ADMIN)
def create_user(new: NewUser, *, request_id: RequestId, by: Viewer) -> NewSignIn:
    """Make a user with an initial password; agents get a profile and a code.

    Raises Invalid with a message per field.
    """
    return register(new, actor=by, request_id=request_id)


def register(new: NewUser, *, actor: Actor, request_id: RequestId) -> NewSignIn:
    """`create_user` without a viewer, for the command line."""
    cleaned = _checked(asdict(new))
    password = passwords.initial_password()
    kept = passwords.hash_password(password)
    made: list[int] = []

    def make() -> int:
        made.append(_insert(db, cleaned, kept, actor))
        return made[0]

    try:
        with unit_of_work() as db:
            user_id = once(
                db,
                request_id,
                action="people.create_user",
                content=cleaned,
                actor_id=actor.user_id,
                make=make,
            )
    except IntegrityError as error:
        raise Invalid({"username": "Somebody else has just taken this name or address."}) from error
    return NewSignIn(user_id, str(cleaned["username"]), password if made else None)


def _checked(typed: Mapping[str, object]) -> dict[str, object]:
    """A new user's fields, cleaned. Raises Invalid with everything that is wrong, taken names included."""
    problems: dict[str, str] = {}
    try:
        cleaned = clean(FIELDS, typed)
    except Invalid as invalid:
        problems.update(invalid.fields)
        cleaned = clean(FIELDS, {name: typed[name] for name in typed if name not in problems})
    if "role" in problems and not typed["role"]:
        problems["role"] = "Choose a role."
    if cleaned.get("role") in SELLING and cleaned.get("territory_id") is None:
        problems.setdefault("territory_id", NO_TERRITORY)
    if problems:
        with unit_of_work() as db:
            raise Invalid({**problems, **_taken(db, cleaned)})
    return cleaned


def _taken(db: Session, cleaned: Mapping[str, object]) -> dict[str, str]:
    return {
        name: f"Another user has this {label}."
        for name, label, column in (
            ("username", "user name", User.username),
            ("email", "e-mail address", User.email),
        )
        if name in cleaned and store.is_taken(db, column, str(cleaned[name]))
    }


def _insert(db: Session, cleaned: Mapping[str, object], kept: str, actor: Actor) -> int:
    if taken := _taken(db, cleaned):
        raise Invalid(taken)
    person = {
        name: cleaned[name] for name in ("username", "email", "first_name", "last_name", "phone", "role")
    }
    added = User(**person, password_hash=kept, must_change_password=True)
    db.add(added)
    db.flush()
    if cleaned["role"] in SELLING:
        _give_profile(db, added.id, cleaned["territory_id"], cleaned["manager_id"])
    audit.record(
        db,
        actor=actor,
        action="people.create_user",
        entity="users",
        entity_id=added.id,
        details={"changed": {"role": str(cleaned["role"])}},
    )
    return added.id


def _check_profile(role: Role, territory_id: object) -> None:
    if role in SELLING and territory_id is None:
        raise Invalid({"territory_id": NO_TERRITORY})


def _give_profile(db: Session, user_id: int, territory_id: object, manager_id: object) -> Agent:
    area, boss = cast("int", territory_id), cast("int | None", manager_id)
    check_place(db, user_id, area, boss)
    today = business_date(utc_now(), settings().time_zone)
    return store.new_agent(db, user_id, territory_id=area, manager_id=boss, joined_on=today)


@action(Permission.USERS_ADMIN)
def set_role(
    user_id: int,
    role: Role,
    *,
    territory_id: int | None = None,
    manager_id: int | None = None,
    version: int | None = None,
    by: Viewer,
) -> None:
    """Give a user another role; for those who begin to sell, or to place them, with a territory.

    Raises Refusal for oneself and for the last administrator, Conflict when `version` is not theirs.
    """
    with unit_of_work() as db:
        found = _changeable(db, user_id, by=by, version=version)
        if found.role == Role.ADMIN and role != Role.ADMIN:
            _keep_an_admin(db, user_id)
        changed: dict[str, object] = {}
        if found.role != role:
            found.role = role
            changed["role"] = role.value
        if role in SELLING:
            changed |= _place(db, user_id, territory_id, manager_id)
        if changed:
            _note(db, "people.set_role", user_id, by=by, changed=changed)


def _place(
    db: Session, user_id: int, territory_id: int | None, manager_id: int | None
) -> dict[str, object]:
    """Put a seller into a territory and under a manager; what changed."""
    profile = store.agent_of(db, user_id, lock=True)
    _check_profile(Role.AGENT, territory_id or (profile and profile.territory_id))
    if territory_id is None:
        return {}
    changed: dict[str, object] = {"territory_id": territory_id, "reporting_manager_id": manager_id}
    if profile is None:
        _give_profile(db, user_id, territory_id, manager_id)
        return changed
    if (profile.territory_id, profile.reporting_manager_id) == (territory_id, manager_id):
        return {}
    check_place(db, user_id, territory_id, manager_id)
    today = business_date(utc_now(), settings().time_zone)
    place(db, profile, Place(territory_id, manager_id, today), today=today)
    return changed


@action(Permission.USERS_ADMIN)
def deactivate(user_id: int, *, version: int | None = None, by: Viewer) -> None:
    """Shut a user out at once: their sessions end, and their rows stay as they are.

    Raises Refusal for oneself and for the last administrator.
    """
    with unit_of_work() as db:
        found = _changeable(db, user_id, by=by, version=version)
        if not found.is_active:
            return
        if found.role == Role.ADMIN:
            _keep_an_admin(db, user_id)
        found.is_active = False
        sessions.end_all(user_id, now=utc_now(), reason="user deactivated")
        _note(db, "people.deactivate", user_id, by=by, changed={"is_active": False})


@action(Permission.USERS_ADMIN)
def reactivate(user_id: int, *, version: int | None = None, by: Viewer) -> None:
    """Let a user sign in again, with the password that they had."""
    with unit_of_work() as db:
        found = _changeable(db, user_id, by=by, version=version)
        if not found.is_active:
            found.is_active = True
            _note(db, "people.reactivate", user_id, by=by, changed={"is_active": True})


@action(Permission.USERS_ADMIN)
def reset_password(user_id: int, *, by: Viewer) -> NewSignIn:
    """Give a user a new initial password; all their sessions end."""
    if user_id == by.user_id:
        raise Refusal("Your own password you change yourself.", remedy="Go to My account.")
    return renew_password(user_id, actor=by)


def renew_password(user_id: int, *, actor: Actor) -> NewSignIn:
    """`reset_password` without a viewer, for the command line.

    Raises Refusal for an invented user outside demo mode, whom no password lets in.
    """
    password = passwords.initial_password()
    kept = passwords.hash_password(password)
    now: datetime = utc_now()
    with unit_of_work() as db:
        found = store.locked_user(db, user_id)
        if found is None:
            raise NotFound("user", user_id)
        if found.is_demo and not settings().is_demo:
            raise Refusal(
                f"{found.username} is a demo sign-in, and demo mode is off.",
                remedy="Make a user for whoever works here.",
            )
        found.password_hash, found.must_change_password = kept, True
        sessions.end_all(user_id, now=now, reason="password reset")
        audit.record(db, actor=actor, action="people.reset_password", entity="users", entity_id=user_id)
    return NewSignIn(user_id, found.username, password)


@read(Permission.USERS_ADMIN)
def sessions_of(user_id: int, *, by: Viewer) -> list[sessions.OpenSession]:
    """The live sessions of any user."""
    del by
    return sessions.open_sessions(user_id, now=utc_now())


@action(Permission.USERS_ADMIN)
def end_sessions(user_id: int, *, by: Viewer) -> int:
    """Sign a user out everywhere; how many sessions there were."""
    with unit_of_work() as db:
        ended = sessions.end_all(user_id, now=utc_now(), reason="ended by an administrator")
        if ended:
            audit.record(
                db,
                actor=by,
                action="people.end_sessions",
                entity="users",
                entity_id=user_id,
                details={"sessions": ended},
            )
    return ended


def _changeable(db: Session, user_id: int, *, by: Viewer, version: int | None) -> User:
    """The locked row of somebody else, as it was when it was shown."""
    if user_id == by.user_id:
        raise Refusal(
            "Nobody changes their own role or deactivates themselves.",
            remedy="Ask another administrator.",
        )
    store.lock_active_admins(db)
    found = store.locked_user(db, user_id)
    if found is None:
        raise NotFound("user", user_id)
    audit.check_version(db, "users", "user", found, version)
    return found


def _keep_an_admin(db: Session, user_id: int) -> None:
    if not set(store.lock_active_admins(db)) - {user_id}:
        raise Refusal(
            "This is the last active administrator.", remedy="Make somebody else administrator first."
        )


def _note(db: Session, what: str, user_id: int, *, by: Viewer, changed: Mapping[str, object]) -> None:
    audit.record(
        db, actor=by, action=what, entity="users", entity_id=user_id, details={"changed": dict(changed)}
    )
