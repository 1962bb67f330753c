"""People: one's own account and views, and the administration of users."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core import people
from core.access import Permission, Role, Viewer
from core.access.tables import UserSession
from core.kit.ids import digest, new_request_id, new_secret
from core.people.tables import SavedView
from tests.access_cases.world import Case, Owner, about, for_all, only_own
from tests.factories.rows import number, put

HOME, ADMIN = Permission.HOME_VIEW, Permission.USERS_ADMIN


def user(owner: Owner) -> int:
    return owner.user.id


def view(owner: Owner) -> int:
    return put(SavedView(owner_id=owner.user.id, page="pipeline", name=f"V{number()}", state={})).id


def session(owner: Owner) -> int:
    now = datetime.now(UTC)
    row = UserSession(
        user_id=owner.user.id, token_hash=digest(new_secret()), expires_at=now + timedelta(hours=8)
    )
    return put(row).id


def create_user(by: Viewer) -> object:
    n = number()
    new = people.NewUser(
        username=f"new{n}",
        email=f"new{n}@example.com",
        first_name="Nina",
        last_name="New",
        role=Role.SUPPORT,
    )
    return people.create_user(new, request_id=new_request_id(), by=by)


CASES: dict[str, Case] = {
    "people.agents": for_all(HOME, lambda by: people.agents(by=by)),
    "people.territories": for_all(HOME, lambda by: people.territories(by=by)),
    "people.managers": for_all(ADMIN, lambda by: people.managers(by=by)),
    "people.users": for_all(ADMIN, lambda by: people.users(by=by)),
    "people.create_user": for_all(ADMIN, create_user),
    "people.user": about(ADMIN, user, lambda key, by: people.user(key, by=by)),
    "people.deactivate": about(ADMIN, user, lambda key, by: people.deactivate(key, by=by)),
    "people.reactivate": about(ADMIN, user, lambda key, by: people.reactivate(key, by=by)),
    "people.set_role": about(ADMIN, user, lambda key, by: people.set_role(key, Role.SUPPORT, by=by)),
    "people.reset_password": about(ADMIN, user, lambda key, by: people.reset_password(key, by=by)),
    "people.sessions_of": for_all(ADMIN, lambda by: people.sessions_of(by.user_id, by=by)),
    "people.end_sessions": for_all(ADMIN, lambda by: people.end_sessions(by.user_id, by=by)),
    "people.change_password": for_all(HOME, lambda by: people.change_password("a", "b", "c", by=by)),
    "people.my_sessions": about(
        HOME,
        session,
        lambda key, by: key in {found.id for found in people.my_sessions(by=by)},
        is_visible=only_own,
    ),
    "people.end_my_session": about(
        HOME, session, lambda key, by: people.end_my_session(key, by=by), is_visible=only_own
    ),
    "people.sign_out_everywhere": for_all(HOME, lambda by: people.sign_out_everywhere(by=by)),
    "people.saved_views": about(
        HOME,
        view,
        lambda key, by: key in {found.id for found in people.saved_views("pipeline", by=by)},
        is_visible=only_own,
    ),
    "people.save_view": for_all(HOME, lambda by: people.save_view("pipeline", "Mine", {}, by=by)),
    "people.delete_view": about(
        HOME, view, lambda key, by: people.delete_view(key, by=by), is_visible=only_own
    ),
}
