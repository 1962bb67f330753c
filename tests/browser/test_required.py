"""A form that is sent with blanks from a phone: whoever is at its button sees why nothing happened."""

from __future__ import annotations

import pytest

from tests.browser.conftest import settled

pytestmark = pytest.mark.browser
MARK = "one => getComputedStyle(one.closest('.stTextInput').querySelector('label'), '::after').content"


def test_a_blank_new_customer_says_at_its_button_and_beside_its_fields_what_is_missing(app, page_of):
    api = pytest.importorskip("playwright.sync_api")
    page = page_of(
        app.company.ann_in_east, "/new-customer", viewport={"width": 390, "height": 844}, is_mobile=True,
        has_touch=True,
    )  # fmt: skip
    first = page.get_by_role("textbox", name="First name", exact=True)
    assert first.evaluate(MARK) == '"(required)"'
    assert page.get_by_role("textbox", name="E-mail", exact=True).evaluate(MARK) == "none"
    page.get_by_role("textbox", name="City", exact=True).fill("Columbus")
    button = page.get_by_role("button", name="Create customer")
    button.tap()
    line = page.get_by_text("fields need your attention")
    line.wait_for()
    settled(page)
    names = line.inner_text().partition("attention: ")[2]
    assert names == "First name, Last name, Date of birth, Gender, Phone, Address, State, Postal code."
    for shown in (line, button):
        api.expect(shown).to_be_in_viewport(ratio=1)
    below = page.get_by_text("Enter the first name.").bounding_box()
    field = first.bounding_box()
    assert 0 < below["y"] - field["y"] < 100
    assert page.get_by_role("textbox", name="City", exact=True).input_value() == "Columbus"
