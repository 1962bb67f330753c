"""The board in a real browser: mouse, keyboard, menu, refusal, and many cards."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.browser.chromium import NONE_FOUND, find_chromium

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CHROMIUM = find_chromium()
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason=NONE_FOUND),
]
DONE = '[data-testid="stApp"][data-test-script-state="notRunning"]'


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def address():
    port = free_port()
    server = subprocess.Popen(
        [
            sys.executable, "-m", "streamlit", "run", str(HERE / "board_app.py"),
            "--server.port", str(port), "--server.address", "127.0.0.1",
        ],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_healthy(url, server)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=10)


def wait_until_healthy(url, server):
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert server.poll() is None, "the test app ended by itself"
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the test app did not start within a minute")


@pytest.fixture(scope="module")
def chromium(browser):
    """The worker's one Chromium: Playwright can't be started twice in a thread."""
    return browser


@pytest.fixture
def page(chromium, address):
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    open_board(opened, address)
    yield opened
    context.close()


def open_board(page, address, leads=50):
    page.goto(f"{address}/?leads={leads}")
    page.wait_for_selector(".card")
    page.wait_for_selector(DONE)


def card(page, number):
    return page.locator(f'.card[data-card="{number}"]')


def column(page, key):
    return page.locator(f'.column[data-column="{key}"]')


def expect_events(page, count):
    page.get_by_text(f"events={count} ").first.wait_for()


def expect_card_in(page, number, key):
    column(page, key).locator(f'.card[data-card="{number}"]:not(.pending)').wait_for()


def test_a_card_dragged_by_the_mouse_moves_and_tells_so_once(page):
    card(page, 4).drag_to(column(page, "contacted"))
    expect_card_in(page, 4, "contacted")
    expect_events(page, 1)
    page.get_by_text("last=Moved(card='4', frm='new', to='contacted', version=1)").first.wait_for()


def test_a_card_dropped_where_it_may_not_go_stays_and_says_where_it_may(page):
    card(page, 4).drag_to(column(page, "proposal"))
    expect_card_in(page, 4, "new")
    page.get_by_text(
        "can't go from New to Proposal. You can move it to Contacted or Lost."
    ).first.wait_for()
    expect_events(page, 0)


def test_only_the_columns_a_card_may_go_to_are_marked_while_it_is_dragged(page):
    card(page, 4).hover()
    page.mouse.down()
    target = column(page, "contacted").bounding_box()
    page.mouse.move(target["x"] + 40, target["y"] + 200, steps=8)
    page.locator(".board.moving").wait_for()
    page.mouse.move(target["x"] + 60, target["y"] + 220, steps=4)
    page.locator('.board.moving .column.target[data-column="contacted"]').wait_for()
    marked = page.locator(".column.allowed").evaluate_all("all => all.map(o => o.dataset.column)")
    aimed = page.locator(".column.target").evaluate_all("all => all.map(o => o.dataset.column)")
    page.keyboard.press("Escape")
    page.mouse.up()
    assert marked == ["contacted", "lost"]
    assert aimed == ["contacted"]


def test_a_refused_move_puts_the_card_back(page):
    card(page, 2).drag_to(column(page, "proposal"))
    expect_events(page, 1)
    expect_card_in(page, 2, "qualified")


def test_a_column_that_asks_keeps_the_card_where_it_was(page):
    card(page, 4).drag_to(column(page, "lost"))
    expect_events(page, 1)
    expect_card_in(page, 4, "new")


def test_the_keyboard_carries_a_card_to_another_column(page):
    card(page, 4).focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect_card_in(page, 4, "contacted")
    expect_events(page, 1)


def test_the_moved_card_keeps_the_focus(page):
    card(page, 4).focus()
    for key in ("Space", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect_card_in(page, 4, "contacted")
    expect_events(page, 1)
    page.wait_for_selector(DONE)
    page.wait_for_selector('.column[data-column="contacted"] .card[data-card="4"]:focus')


def test_escape_puts_a_carried_card_back(page):
    card(page, 4).focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    page.locator(".live", has_text="L-000004 put back.").wait_for(state="attached")
    expect_card_in(page, 4, "new")
    expect_events(page, 0)


def test_what_the_keyboard_does_is_announced(page):
    card(page, 4).focus()
    page.keyboard.press("Space")
    page.locator(".live", has_text="It can go to Contacted, Lost.").wait_for(state="attached")
    page.keyboard.press("ArrowRight")
    page.locator(".live", has_text="Contacted").wait_for(state="attached")


def test_one_card_is_reached_by_tab_and_arrows_reach_the_others(page):
    assert page.locator('.card[tabindex="0"]').count() == 1
    card(page, 4).focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_selector('.card[data-card="8"]:focus')
    page.keyboard.press("ArrowRight")
    page.wait_for_selector('.card[data-card="5"]:focus')
    assert page.locator('.card[tabindex="0"]').count() == 1


def test_enter_and_click_open_a_card(page):
    card(page, 4).focus()
    page.keyboard.press("Enter")
    page.get_by_text("last=Opened(card='4')").first.wait_for()
    card(page, 8).locator(".title").click()
    page.get_by_text("last=Opened(card='8')").first.wait_for()
    expect_events(page, 2)


def test_the_menu_moves_a_card_without_dragging(page):
    card(page, 4).locator(".menu-button").click()
    items = page.locator(".menu [role=menuitem]")
    assert items.all_inner_texts() == ["Contacted", "Lost"]
    items.first.click()
    expect_card_in(page, 4, "contacted")
    expect_events(page, 1)


def test_the_menu_closes_by_escape_and_gives_the_focus_back(page):
    card(page, 4).locator(".menu-button").click()
    page.keyboard.press("Escape")
    page.locator(".menu").wait_for(state="detached")
    page.wait_for_selector('.card[data-card="4"] .menu-button:focus')
    expect_events(page, 0)


def test_names_are_shown_as_text_whatever_they_hold(page):
    assert card(page, 4).locator(".title").inner_text().startswith("<img src=x")
    assert page.locator(".board img").count() == 0
    assert page.title() != "taken"


def test_only_the_board_reruns(page):
    card(page, 4).drag_to(column(page, "contacted"))
    expect_events(page, 1)
    page.get_by_text("events=1 runs=1").first.wait_for()


def test_five_thousand_leads_load_a_page_at_a_time(page, address):
    open_board(page, address, leads=5000)
    assert page.locator(".card").count() == 100
    column(page, "new").locator(".more").click()
    page.wait_for_function(
        "() => [...document.querySelectorAll('*')].some(o => o.shadowRoot?.querySelectorAll("
        "'.column[data-column=new] .card').length === 50)"
    )
    assert "1,200 left" in column(page, "new").locator(".more").inner_text()


def test_a_telephone_shows_one_column_at_a_time_and_the_page_does_not_scroll_sideways(chromium, address):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    open_board(page, address)
    width = column(page, "new").bounding_box()["width"]
    assert 300 < width < 362
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    card(page, 4).locator(".menu-button").tap()
    page.locator(".menu [role=menuitem]").first.tap()
    expect_events(page, 1)
    context.close()
