"""Agents, territories, lists, approval limits, closing days and the audit log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from core import audit, claims, dossiers, people, sales
from core.access import Role
from core.catalog import Line
from core.db import unit_of_work
from core.kit.ids import new_request_id
from core.sales import ListKind
from pages._ui import format as fmt
from pages._ui import viewing
from pages.admin._parts import deeds
from tests import factories as make
from tests.pages.conftest import first_cell_opens, press, press_both

pytestmark = pytest.mark.page


@pytest.fixture
def company(database):
    return make.company()


@pytest.fixture
def opened(app_test, signed_in, company):
    """Opens a page of administration as the administrator."""

    def open_page(name, **query):
        found = signed_in(app_test, company.admin, page=f"pages/admin/{name}.py", query=query)
        assert not found.exception
        return found

    return open_page


def field(app_test, kind, label):
    return next(one for one in getattr(app_test, kind) if one.label == label)


def captions(app_test):
    return [one.value for one in app_test.caption]


def test_agents_are_listed_and_narrowed_by_territory(opened, company):
    assert "3 agents" in captions(opened("agents"))
    assert "2 agents" in captions(opened("agents", territory=str(company.east.id)))


def test_an_agents_target_is_changed(opened, company):
    app_test = opened("agents", agent=str(company.ann_in_east.id))
    field(app_test, "text_input", "Target a month").set_value("9,000")
    press(app_test, "Save")
    assert not app_test.exception
    found = people.agent_profile(company.ann_in_east.id, by=company.adam)
    assert found.target_monthly == Decimal(9000)


def test_an_agent_is_moved_ahead_and_kept_after_all(opened, company):
    later = viewing.today() + timedelta(days=10)
    place = people.Place(company.west.id, company.wade_manages_west.id, later)
    people.assign(company.ann_in_east.id, place, version=1, actor=company.adam, today=viewing.today())
    app_test = opened("agents", agent=str(company.ann_in_east.id))
    assert any("West under Wade West" in one.value for one in app_test.info)
    press(app_test, "Take back the planned move")
    assert people.agent_profile(company.ann_in_east.id, by=company.adam).planned_on is None


def agent_as_it_was(one, viewer):
    from pages.admin._parts import agent_moves

    agent_moves.show(one, viewer)


def test_who_takes_back_a_move_that_somebody_changed_since_is_told(company):
    later = viewing.today() + timedelta(days=10)
    place = people.Place(company.west.id, company.wade_manages_west.id, later)
    people.assign(company.ann_in_east.id, place, version=1, actor=company.adam, today=viewing.today())
    seen = people.agent_profile(company.ann_in_east.id, by=company.adam)
    place = people.Place(company.west.id, company.erin_manages_east.id, later)
    people.assign(
        company.ann_in_east.id, place, version=seen.version, actor=company.erin, today=viewing.today()
    )
    app_test = AppTest.from_function(agent_as_it_was, args=(seen, company.adam)).run()
    press(app_test, "Take back the planned move")
    assert not app_test.exception
    (refused,) = app_test.error
    assert "Erin East" in refused.proto.title + refused.value
    assert people.agent_profile(company.ann_in_east.id, by=company.adam).planned_on == later


def test_an_agent_who_is_not_there_is_told(opened):
    for key in ("999999", "x"):
        app_test = opened("agents", agent=key)
        assert not app_test.exception


def test_the_tree_is_listed(opened):
    assert "4 territories" in captions(opened("territories"))


def test_a_move_of_a_territory_is_previewed_and_done(opened, company):
    app_test = opened("territories", territory=str(company.district.id))
    field(app_test, "selectbox", "Belongs to").select(str(company.west.id)).run()
    assert any("Wade West" in one.value for one in app_test.markdown)
    press(app_test, "Move here")
    assert not app_test.exception
    tree = {one.id: one for one in people.territory_tree(by=company.adam)}
    assert tree[company.district.id].parent_id == company.west.id


def test_what_is_left_in_a_territory_is_listed_and_needs_an_heir(opened, company):
    make.lead(company.walt_in_west, territory_id=company.west.id)
    app_test = opened("territories", territory=str(company.west.id))
    press(app_test, "Retire")
    assert any("1 open lead" in one.value for one in app_test.markdown)
    assert "These go to" in [one.label for one in app_test.selectbox]


def test_a_territory_is_renamed(opened, company):
    app_test = opened("territories", territory=str(company.east.id))
    field(app_test, "text_input", "Name").set_value("Orient")
    press(app_test, "Save")
    assert "Orient" in {one.name for one in people.territory_tree(by=company.adam)}


def test_both_lists_are_shown(opened):
    assert "8 lead sources" in captions(opened("lists"))
    assert "9 lost reasons" in captions(opened("lists", list="lost_reason"))


def test_an_entry_in_use_can_not_be_deleted(opened, company):
    make.lead()
    one = next(x for x in sales.list_items(ListKind.SOURCES, by=company.adam) if x.name == "Website")
    app_test = opened("lists", item=str(one.id))
    press(app_test, "Delete")
    press_both(app_test, "Delete", "Delete lead source")
    assert len(app_test.error) == 1


@pytest.mark.parametrize(
    ("opener", "button", "left"),
    [("Retire", "Retire lead source", [False]), ("Delete", "Delete lead source", [])],
)
def test_an_entry_is_retired_or_deleted_only_after_it_was_asked(opened, company, opener, button, left):
    def kept():
        items = sales.list_items(ListKind.SOURCES, by=company.adam)
        return [one.is_active for one in items if one.name == "Website"]

    one = next(x for x in sales.list_items(ListKind.SOURCES, by=company.adam) if x.name == "Website")
    app_test = opened("lists", item=str(one.id))
    press(app_test, opener)
    assert kept() == [True]
    press_both(app_test, opener, button)
    assert not app_test.exception
    assert kept() == left


def test_a_limit_is_changed(opened, company):
    app_test = opened("authorities", role="manager", line="life")
    field(app_test, "text_input", "Approves up to").set_value("75,000")
    press(app_test, "Save")
    assert not app_test.exception
    limits = {(one.role, one.line): one.max_amount for one in claims.authority_limits(by=company.adam)}
    assert limits[Role.MANAGER, Line.LIFE] == Decimal(75000)
    assert [one.value for one in app_test.toast] == [fmt.plain("Manager, life: up to $75,000.00")]


def test_closing_days_are_shown(opened):
    app_test = opened("holidays")
    assert len(app_test.dataframe) == 1


def test_the_years_of_closing_days_stand_in_order_and_begin_with_this_one(opened):
    app_test = opened("holidays")
    years = field(app_test, "segmented_control", "Year")
    this = viewing.today().year
    assert years.options == [str(year) for year in range(this - 1, this + 3)]
    assert app_test.session_state["filter.year"] == str(this)
    assert app_test.dataframe[0].value["day"].iloc[0].year == this


def next_working_day():
    today = viewing.today()
    return people.calendar([today.year, today.year + 1]).add_days(today, 1)


def own_days(company):
    year = next_working_day().year
    return [one.name for one in people.closed_days(year, by=company.adam) if not one.is_federal]


def test_a_closing_day_is_added(opened, company):
    day = next_working_day()
    app_test = opened("holidays", year=str(day.year))
    press(app_test, "New closing day")
    field(app_test, "date_input", "Day").set_value(day)
    field(app_test, "text_input", "What day it is").input("Founders' day")
    # AppTest runs the whole page, so the dialog must be opened again, and that empties a used form.
    del app_test.session_state["form.new_closing_day"]
    field(app_test, "button", "New closing day").click()
    press(app_test, "Add closing day")
    assert not app_test.exception
    assert own_days(company) == ["Founders' day"]


def test_a_closing_day_is_removed(opened, company):
    day = next_working_day()
    people.add_closed_day(day, "Founders' day", request_id=new_request_id(), by=company.adam)
    days = people.closed_days(day.year, by=company.adam)
    app_test = opened("holidays", year=str(day.year))
    row = [one.day for one in days].index(day)
    app_test.session_state[f"closed_days_{len(days)}"] = {
        "selection": {"rows": [row], "columns": [], "cells": []}
    }
    press(app_test.run(), "Work on 1 day")
    assert not app_test.exception
    assert own_days(company) == []


def test_the_audit_log_says_in_words_what_was_done(opened, company):
    people.edit_territory(company.east.id, {"name": "Orient"}, version=1, by=company.adam)
    shown = opened("audit", record=company.east.code).dataframe[0].value
    assert (list(shown["what"]), list(shown["action"])) == (["Territory edited"], ["territory.edit"])


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("access.sign_in", "Signed in"),
        ("customer.open", "Customer opened"),
        ("customer.open_document", "Customer document opened"),
        ("claim.withdraw_document", "Claim document withdrawn"),
        ("claim.pay", "Claim paid"),
        ("claim.add_document", "Claim document added"),
        ("claim.verify_document", "Claim document verified"),
        ("claim.add_note", "Claim note added"),
        ("claim.add_task", "Claim task added"),
        ("claim.finish_task", "Claim task done"),
        ("claim.flag", "Document anomaly marked"),
        ("claim_payment.move", "Claim payment status changed"),
        ("robot.oil_joints", "Robot: oil joints"),
    ],
)
def test_a_code_of_the_log_is_told_in_words(code, words):
    assert deeds.told(code) == words


def test_the_audit_log_is_read_and_its_chain_checked(opened, company):
    people.edit_territory(company.east.id, {"name": "Orient"}, version=1, by=company.adam)
    app_test = opened("audit", record=company.east.code)
    assert first_cell_opens(app_test.dataframe[0])
    assert list(app_test.dataframe[0].value["changed"]) == ["Name: East → Orient"]
    press(app_test, "Check the chain")
    assert not app_test.exception
    assert len(app_test.success) == 1


def test_the_audit_log_names_what_ids_and_stored_words_stand_for(opened, company):
    ann, day = company.ann_in_east, next_working_day()
    people.add_closed_day(day, "Founders' day", request_id=new_request_id(), by=company.adam)
    people.set_role(ann.id, Role.SENIOR_AGENT, by=company.adam)
    people.move_territory(company.east.id, company.west.id, version=1, by=company.adam)
    people.deactivate(ann.id, by=company.adam)
    won = make.lead(ann)
    was = make.customer(agent=ann)
    with unit_of_work() as session:
        audit.record(
            session, actor=company.adam, action="lead.edit", entity="lead", entity_id=won.id,
            details={"changed": {"customer_id": [None, was.id]}},
        )  # fmt: skip
    shown = opened("audit").dataframe[0].value
    told = {row["action"]: (row["entity"], row["record"], row["changed"]) for _, row in shown.iterrows()}
    assert told["holiday.add"][:2] == ("Closing day", day.isoformat())
    assert told["people.set_role"][2] == "Role: Senior agent"
    assert told["territory.move"][2] == "Belongs to: Country → West"
    assert told["people.deactivate"][2] == "Active: no"
    assert f"Customer: – → {was.customer_code}" in set(shown["changed"])
    assert set(shown["role"]) == {"Administrator"}


def test_the_audit_log_names_approval_limits_by_role_and_line_also_when_they_are_gone(opened, company):
    line = Line.PROPERTY_CASUALTY
    claims.set_authority(Role.ADMIN, line, "300,000", version=1, by=company.adam)
    claims.set_authority(Role.MANAGER, Line.LIFE, None, version=1, by=company.adam)
    shown = opened("audit", kind="claim_authority").dataframe[0].value
    assert set(shown["entity"]) == {"Approval limit"}
    assert list(shown["record"]) == ["Manager, life", "Administrator, property and casualty"]


def test_the_audit_log_tells_moments_in_the_readers_zone(opened, company):
    one = make.customer(agent=company.ann_in_east, territory_id=company.east.id)
    noon = datetime(2026, 1, 15, 17, tzinfo=UTC)
    dossiers.archive(one.id, version=one.version, reason="Moved", by=company.ann, now=noon)
    shown = opened("audit", record=one.customer_code).dataframe[0].value
    assert list(shown["changed"]) == ["Archived at: – → Jan 15, 2026, 12:00 PM"]


def test_an_entry_that_tells_no_moment_is_shown_as_it_is_stored(opened, company):
    one = make.customer(agent=company.ann_in_east, territory_id=company.east.id)
    with unit_of_work() as session:
        audit.record(
            session, actor=company.ann, action="customer.archive", entity="customer", entity_id=one.id,
            details={"changed": {"archived_at": [None, "now"]}},
        )  # fmt: skip
    shown = opened("audit", record=one.customer_code).dataframe[0].value
    assert list(shown["changed"]) == ["Archived at: – → now"]


def test_an_entry_has_no_number_that_looks_like_its_place(opened, company):
    people.edit_territory(company.east.id, {"name": "Orient"}, version=1, by=company.adam)
    app_test = opened("audit", record=company.east.code)
    app_test.session_state["audit_0"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app_test.run()
    (dialog,) = app_test.get("dialog")
    assert dialog.proto.dialog.title == "Territory edited"
    (details,) = (one for one in dialog.get("expander") if one.label == "Details, as they are stored")
    assert "Entry number" in details.caption[0].value
    assert '"East"' in details.code[0].value


@pytest.mark.parametrize("name", ["agents", "territories", "lists", "authorities", "holidays", "audit"])
def test_a_manager_has_no_such_page(app_test, signed_in, company, name):
    app_test = signed_in(app_test, company.erin_manages_east)
    with pytest.raises(ValueError, match=name):
        app_test.switch_page(f"pages/admin/{name}.py").run()
