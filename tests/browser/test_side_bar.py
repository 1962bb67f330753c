"""The frame: all of the side bar in sight, the current page marked, nothing in the way of anything."""

from __future__ import annotations

import pytest

from tests import factories as make
from tests.browser.conftest import PASSWORD, settled

expect = pytest.importorskip("playwright.sync_api").expect
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SIDE_BAR = '[data-testid="stSidebarContent"]'


def overflow(page, selector):
    """How many pixels an element would have to scroll to show all that it holds."""
    return page.locator(selector).evaluate("one => one.scrollHeight - one.clientHeight")


def current(page):
    return page.locator("nav a[aria-current=page] .label").all_inner_texts()


def test_the_longest_menu_fits_a_window_of_900_pixels(app, page_of):
    page = page_of(app.company.admin)
    page.get_by_role("link", name="Import").wait_for()
    assert overflow(page, SIDE_BAR) == 0
    assert overflow(page, 'nav[aria-label="Menu"]') == 0


def test_in_a_low_window_only_the_rows_scroll(app, page_of):
    page = page_of(app.company.admin, viewport={"width": 1366, "height": 600})
    page.get_by_role("link", name="Import").wait_for()
    assert overflow(page, 'nav[aria-label="Menu"]') > 0
    for one in (
        page.get_by_role("searchbox", name="Find anything"),
        page.get_by_role("link", name="My account"),
        page.get_by_role("button", name="Sign out", exact=True),
    ):
        expect(one).to_be_in_viewport(ratio=1)


def test_a_row_opens_its_page_and_the_way_back_leads_back(app, page_of):
    page = page_of(app.company.ann_in_east, "/account")
    assert current(page) == ["My account"]
    page.get_by_role("link", name="KPIs").click()
    page.get_by_role("heading", name="KPIs", level=1).wait_for()
    settled(page)
    assert page.url == f"{app.url}/kpis"
    assert current(page) == ["KPIs"]
    page.go_back()
    page.get_by_role("heading", name="My account", level=1).wait_for()
    settled(page)
    assert current(page) == ["My account"]


def test_a_row_opens_by_the_keyboard_and_keeps_the_focus(app, page_of):
    page = page_of(app.company.ann_in_east, "/account")
    page.get_by_role("link", name="Accounts", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Accounts", level=1).wait_for()
    settled(page)
    expect(page.get_by_role("link", name="Accounts", exact=True)).to_be_focused()


def test_a_row_opens_in_a_new_tab_when_asked_to(app, page_of):
    page = page_of(app.company.ann_in_east, "/account")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="KPIs").click(modifiers=["ControlOrMeta"])
    opened.value.get_by_role("heading", name="KPIs", level=1).wait_for()
    assert page.url == f"{app.url}/account"


def test_on_a_phone_the_side_bar_closes_after_a_choice(app, page_of):
    page = page_of(app.company.ann_in_east, "/account", **PHONE)
    bar = page.get_by_test_id("stSidebar")
    expect(bar).to_have_attribute("data-collapsed", "true")
    page.get_by_test_id("stExpandSidebarButton").tap()
    expect(bar).to_have_attribute("data-collapsed", "false")
    page.get_by_role("link", name="KPIs").tap()
    page.get_by_role("heading", name="KPIs", level=1).wait_for()
    expect(bar).to_have_attribute("data-collapsed", "true")


def test_on_a_phone_the_side_bar_closes_over_what_was_found(app, page_of):
    page = page_of(app.company.ann_in_east, "/account", **PHONE)
    bar = page.get_by_test_id("stSidebar")
    page.get_by_test_id("stExpandSidebarButton").tap()
    expect(bar).to_have_attribute("data-collapsed", "false")
    box = page.get_by_role("searchbox", name="Find anything").first
    box.press("Enter")
    expect(bar).to_have_attribute("data-collapsed", "false")
    box.fill("Nobody Atall")
    box.press("Enter")
    page.get_by_role("heading", name="Customers", level=1).wait_for()
    expect(bar).to_have_attribute("data-collapsed", "true")
    assert "q=Nobody" in page.url


@pytest.mark.parametrize("window", [{"viewport": {"width": 1440, "height": 900}}, PHONE])
def test_a_passing_message_stands_at_the_foot_where_no_head_has_buttons(app, page_of, window):
    page = page_of(app.company.ann_in_east, "/account", **window)
    page.get_by_role("textbox", name="Current password").fill(PASSWORD)
    page.get_by_role("textbox", name="New password", exact=True).fill("another horse battery")
    page.get_by_role("textbox", name="New password again").fill("another horse battery")
    page.get_by_role("button", name="Change password").click()
    message = page.get_by_test_id("stToast")
    expect(message).to_contain_text("Your password is changed")
    box = message.bounding_box()
    size = window["viewport"]
    assert box["y"] > size["height"] * 0.75
    assert 0 <= box["x"] < box["x"] + box["width"] <= size["width"]


def test_a_table_s_tools_lie_over_nothing_on_a_phone_and_a_choice_stands_whole_on_a_laptop(app, page_of):
    page = page_of(app.company.admin, "/authorities?line=property_casualty", **PHONE)
    tools = page.get_by_test_id("stElementToolbar").bounding_box()
    above = page.get_by_text("Up to which total a role may approve").bounding_box()
    assert tools["y"] >= above["y"] + above["height"]
    page.set_viewport_size({"width": 1440, "height": 900})
    settled(page)
    line = page.get_by_role("combobox", name="Line of business")
    assert line.input_value() == "Property and casualty"
    assert line.evaluate("box => box.scrollWidth <= box.clientWidth")


def test_what_follows_a_table_stands_below_it_without_a_pointer_too(app, page_of):
    for _ in range(16):  # so many that the table scrolls inside, at a height of its own
        make.policy(app.company.ann_in_east)
    page = page_of(app.company.ann_in_east, "/policies", **PHONE)
    frame = page.get_by_test_id("stDataFrame")
    table, room = frame.bounding_box(), frame.locator("xpath=../..").bounding_box()
    assert table["height"] > 500
    assert table["y"] + table["height"] <= room["y"] + room["height"]
    above = page.get_by_text("1 to 16").bounding_box()
    tools = page.get_by_test_id("stElementToolbar").bounding_box()
    assert tools["y"] >= above["y"] + above["height"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_lies_over_what_is_typed_into_the_search_box(app, page_of, scheme):
    page = page_of(app.company.ann_in_east, color_scheme=scheme)
    page.get_by_role("searchbox", name="Find anything").press_sequentially("weber")
    hint = page.locator(SIDE_BAR).get_by_test_id("InputInstructions")
    expect(hint).to_be_attached()
    expect(hint).to_be_hidden()
