import json

import pytest

from core.access import Role, Viewer
from pages._ui import menu, side_bar
from tests import factories as make


def rows_of(role):
    viewer = Viewer(user_id=1, username="x", name="X", role=role)
    return [row for row in menu.allowed(viewer) if not row.is_hidden]


def drawn(app_test):
    """What the menu and the row of the account were sent, in their order in the side bar."""
    sent = [one.proto for one in app_test.sidebar.get("bidi_component")]
    return [json.loads(one.json) for one in sent if one.component_name == "policydesk_menu"]


def test_rows_stand_by_section_in_menu_order_and_home_needs_no_title():
    shown = side_bar.sections(
        [menu.row_of(slug) for slug in ("today", "pipeline", "opportunities", "kpis")]
    )
    assert [(one["title"], [page["label"] for page in one["pages"]]) for one in shown] == [
        ("", ["Today"]),
        ("Sales", ["Pipeline", "Opportunities"]),
        ("Analytics", ["KPIs"]),
    ]


def test_the_home_page_is_at_the_root_and_every_other_at_its_name():
    assert [side_bar.address(slug) for slug in ("", "today", "kpis")] == ["/", "/", "/kpis"]


def test_every_row_of_a_role_is_shown_once():
    rows = rows_of(Role.ADMIN)
    shown = [page["href"] for one in side_bar.sections(rows) for page in one["pages"]]
    assert shown == [side_bar.address(row.slug) for row in rows]


@pytest.mark.page
def test_the_page_that_is_looked_at_is_the_current_row(app_test, signed_in):
    signed_in(app_test, make.agent(), page="pages/sales/board.py")
    assert [one["current"] for one in drawn(app_test)] == ["/pipeline", "/pipeline"]


@pytest.mark.page
def test_the_account_stands_apart_below_the_menu(app_test, signed_in):
    signed_in(app_test, make.agent())
    listed = [
        [page["href"] for one in sent["sections"] for page in one["pages"]] for sent in drawn(app_test)
    ]
    assert "/account" not in listed[0]
    assert listed[1] == ["/account"]


@pytest.mark.page
def test_a_page_that_others_lead_to_has_no_row(app_test, signed_in):
    signed_in(app_test, make.agent())
    listed = {page["href"] for sent in drawn(app_test) for one in sent["sections"] for page in one["pages"]}
    assert listed.isdisjoint({"/customer", "/policy", "/claim", "/missing"})
