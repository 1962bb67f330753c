"""Lead sources and lost reasons as administrators keep them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core import sales
from core.access import Role
from core.kit.errors import Conflict, Invalid, Refusal, RepeatedWithOtherContent
from core.kit.ids import new_request_id
from core.sales import ListKind
from tests import factories as make


@pytest.fixture
def admin(database):
    return make.viewer(make.user(Role.ADMIN))


def item(kind, name, by):
    return next(one for one in sales.list_items(kind, by=by) if one.name == name)


def create(kind, by, request_id=None, **values):
    return sales.create_item(kind, values, request_id=request_id or new_request_id(), by=by)


def test_a_source_is_kept_with_its_cost(admin):
    create(ListKind.SOURCES, admin, name=" Radio  spot ", type="event", cost_per_lead="12.50")
    found = item(ListKind.SOURCES, "Radio spot", admin)
    assert (found.kind, found.cost_per_lead, found.is_active) == ("event", Decimal("12.50"), True)
    agent = make.viewer(make.agent())
    assert "Radio spot" in {one.name for one in sales.lead_sources(by=agent)}


def test_one_form_makes_one_entry(admin):
    request = new_request_id()
    keys = {create(ListKind.REASONS, admin, request, name="Moved", category="timing") for _ in range(2)}
    assert len(keys) == 1
    with pytest.raises(RepeatedWithOtherContent):
        create(ListKind.REASONS, admin, request, name="Moved on", category="timing")


def test_a_name_is_given_once_in_any_case(admin):
    with pytest.raises(Invalid) as refusal:
        create(ListKind.SOURCES, admin, name="WEBSITE", type="online")
    assert list(refusal.value.fields) == ["name"]


def test_the_second_of_two_editors_is_told(admin):
    one = item(ListKind.REASONS, "Not now", admin)
    sales.edit_item(ListKind.REASONS, one.id, {"name": "Later"}, version=one.version, by=admin)
    with pytest.raises(Conflict, match="changed its name"):
        sales.edit_item(ListKind.REASONS, one.id, {"name": "Never"}, version=one.version, by=admin)


def test_what_is_in_use_is_retired_and_never_deleted(admin):
    make.lead()
    one = item(ListKind.SOURCES, "Website", admin)
    with pytest.raises(Refusal, match="in use"):
        sales.delete_item(ListKind.SOURCES, one.id, version=one.version, by=admin)
    sales.retire_item(ListKind.SOURCES, one.id, version=one.version, by=admin)
    agent = make.viewer(make.agent())
    assert "Website" not in {found.name for found in sales.lead_sources(by=agent)}
    one = item(ListKind.SOURCES, "Website", admin)
    sales.restore_item(ListKind.SOURCES, one.id, version=one.version, by=admin)
    assert item(ListKind.SOURCES, "Website", admin).is_active


def test_what_was_never_used_is_deleted(admin):
    one = item(ListKind.SOURCES, "Event", admin)
    sales.delete_item(ListKind.SOURCES, one.id, version=one.version, by=admin)
    assert "Event" not in {found.name for found in sales.list_items(ListKind.SOURCES, by=admin)}


def test_the_last_entry_in_use_stays(admin):
    first, *others = sales.list_items(ListKind.REASONS, by=admin)
    for one in others:
        sales.retire_item(ListKind.REASONS, one.id, version=one.version, by=admin)
    with pytest.raises(Refusal, match="last lost reason"):
        sales.retire_item(ListKind.REASONS, first.id, version=first.version, by=admin)
