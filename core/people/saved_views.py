"""Saved views: a page's filters under a name, for oneself or for everybody."""

from __future__ import annotations

from collections.abc import Mapping

from core import audit
from core.access import Permission, Viewer, action, read, require
from core.db import unit_of_work
from core.kit.errors import Invalid, NotFound
from core.kit.fields import plain_text
from core.people import store
from core.people.records import SavedView

LONGEST_NAME = 60
MOST_FILTERS = 40
LONGEST_VALUE = 500


@read(Permission.HOME_VIEW)
def saved_views(page: str, *, by: Viewer) -> tuple[SavedView, ...]:
    """One's own views of a page (a menu slug) by name, then those that others share."""
    with unit_of_work() as db:
        rows = store.saved_views(db, page, by=by)
    return tuple(
        SavedView(
            id=view.id,
            page=view.page,
            name=view.name,
            owner=owner,
            is_own=view.owner_id == by.user_id,
            is_shared=view.is_shared,
            state=dict(view.state),
        )
        for view, owner in rows
    )


@action(Permission.HOME_VIEW)
def save_view(
    page: str, name: str, state: Mapping[str, str], *, is_shared: bool = False, by: Viewer
) -> int:
    """Keep filters (as they stand in the address) under a name; one's own of that name is replaced.

    Raises Invalid, and NotAllowed for sharing without the permission.
    """
    if is_shared:
        require(by, Permission.VIEWS_SHARE, what="people.save_view")
    called = plain_text(name)
    if not called or len(called) > LONGEST_NAME:
        raise Invalid({"name": f"Give the view a name of at most {LONGEST_NAME} characters."})
    kept = {str(key): str(value).replace("\0", "") for key, value in state.items()}
    if len(kept) > MOST_FILTERS or any(
        len(key) + len(value) > LONGEST_VALUE for key, value in kept.items()
    ):
        raise Invalid({"name": "These are too many filters for one view."})
    with unit_of_work() as db:
        view_id = store.put_view(db, page, called, kept, is_shared=is_shared, owner_id=by.user_id)
        audit.record(
            db,
            actor=by,
            action="people.save_view",
            entity="saved_views",
            entity_id=view_id,
            details={"changed": {"is_shared": is_shared}},
        )
    return view_id


@action(Permission.HOME_VIEW)
def delete_view(view_id: int, *, by: Viewer) -> None:
    """Delete a view of one's own. Raises NotFound for any other."""
    with unit_of_work() as db:
        found = store.own_view(db, view_id, by=by)
        if found is None:
            raise NotFound("view", view_id)
        db.delete(found)
        audit.record(db, actor=by, action="people.delete_view", entity="saved_views", entity_id=view_id)
