"""Lists, approval limits and closing days: administrators' alone."""

from __future__ import annotations

from datetime import timedelta

from core import catalog, claims, people, sales
from core.access import Permission, Role, Viewer
from core.kit.dates import utc_now
from core.kit.ids import new_request_id
from core.people.tables import Holiday
from core.sales import ListKind
from core.sales.tables import LeadSource, SourceType
from tests.access_cases.world import Case, Owner, about, everybodys, for_all
from tests.factories.rows import number, put

ADMIN, SOURCES = Permission.REFERENCE_ADMIN, ListKind.SOURCES


def source(_: Owner) -> int:
    return put(LeadSource(name=f"Source {number()}", type=SourceType.OTHER)).id


def create(by: Viewer) -> int:
    values = {"name": f"New {number()}", "type": "other"}
    return sales.create_item(SOURCES, values, request_id=new_request_id(), by=by)


def day(_: Owner) -> object:
    after = utc_now().date() + timedelta(days=number() + 30)
    return put(Holiday(day=after, name="Outing", is_federal=False)).day


CASES: dict[str, Case] = {
    "sales.list_items": for_all(ADMIN, lambda by: sales.list_items(SOURCES, by=by)),
    "sales.create_item": for_all(ADMIN, create),
    "sales.edit_item": about(
        ADMIN,
        source,
        lambda key, by: sales.edit_item(SOURCES, key, {"type": "event"}, version=1, by=by),
        is_visible=everybodys,
    ),
    "sales.retire_item": about(
        ADMIN,
        source,
        lambda key, by: sales.retire_item(SOURCES, key, version=1, by=by),
        is_visible=everybodys,
    ),
    "sales.restore_item": about(
        ADMIN,
        source,
        lambda key, by: sales.restore_item(SOURCES, key, version=1, by=by),
        is_visible=everybodys,
    ),
    "sales.delete_item": about(
        ADMIN,
        source,
        lambda key, by: sales.delete_item(SOURCES, key, version=1, by=by),
        is_visible=everybodys,
    ),
    "claims.authority_limits": for_all(ADMIN, lambda by: claims.authority_limits(by=by)),
    "claims.set_authority": for_all(
        ADMIN,
        lambda by: claims.set_authority(Role.MANAGER, catalog.Line.LIFE, "1", version=1, by=by),
    ),
    "people.closed_days": for_all(ADMIN, lambda by: people.closed_days(2026, by=by)),
    "people.add_closed_day": for_all(
        ADMIN, lambda by: people.add_closed_day(None, "", request_id=new_request_id(), by=by)
    ),
    "people.remove_closed_day": about(
        ADMIN, day, lambda key, by: people.remove_closed_day(key, by=by), is_visible=everybodys
    ),
}
